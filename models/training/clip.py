"""scene-clip-vit: a small CLIP whose modules carry the names of Hugging Face's `CLIPModel`.

Attention is written out (MatMul, Softmax, MatMul) instead of calling a fused kernel, so that the
exported graph shows every pattern as a plain tensor.
"""

from dataclasses import dataclass

import torch
from torch import nn


@dataclass
class ClipConfig:
    image_size: int = 128
    patch_size: int = 16
    vision_width: int = 192
    vision_layers: int = 6
    vision_heads: int = 4
    text_width: int = 160
    text_layers: int = 4
    text_heads: int = 5
    max_length: int = 32
    vocab_size: int = 160
    eos_id: int = 1
    projection: int = 128


class QuickGELU(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(1.702 * x)


class CLIPAttention(nn.Module):
    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads, self.head_width = heads, width // heads
        self.scale = self.head_width**-0.5
        self.k_proj = nn.Linear(width, width)
        self.v_proj = nn.Linear(width, width)
        self.q_proj = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, width)

    def split(self, x):
        return x.view(x.shape[0], x.shape[1], self.heads, self.head_width).transpose(1, 2)

    def forward(self, x, mask=None):
        q, k, v = self.split(self.q_proj(x) * self.scale), self.split(self.k_proj(x)), self.split(self.v_proj(x))
        scores = torch.matmul(q, k.transpose(-1, -2))
        if mask is not None:
            scores = scores + mask
        pattern = torch.softmax(scores, dim=-1)
        z = torch.matmul(pattern, v).transpose(1, 2).reshape(x.shape[0], x.shape[1], self.heads * self.head_width)
        return self.out_proj(z)


class CLIPMLP(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.activation_fn = QuickGELU()
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x):
        return self.fc2(self.activation_fn(self.fc1(x)))


class CLIPEncoderLayer(nn.Module):
    def __init__(self, width: int, heads: int):
        super().__init__()
        self.self_attn = CLIPAttention(width, heads)
        self.layer_norm1 = nn.LayerNorm(width)
        self.mlp = CLIPMLP(width)
        self.layer_norm2 = nn.LayerNorm(width)

    def forward(self, x, mask=None):
        x = x + self.self_attn(self.layer_norm1(x), mask)
        return x + self.mlp(self.layer_norm2(x))


class CLIPEncoder(nn.Module):
    def __init__(self, width: int, heads: int, layers: int):
        super().__init__()
        self.layers = nn.ModuleList(CLIPEncoderLayer(width, heads) for _ in range(layers))

    def forward(self, x, mask=None):
        for layer in self.layers:
            x = layer(x, mask)
        return x


class CLIPVisionEmbeddings(nn.Module):
    def __init__(self, c: ClipConfig):
        super().__init__()
        width = c.vision_width
        self.class_embedding = nn.Parameter(torch.randn(width) * 0.02)
        self.patch_embedding = nn.Conv2d(3, width, c.patch_size, c.patch_size, bias=False)
        self.position_embedding = nn.Embedding((c.image_size // c.patch_size) ** 2 + 1, width)

    def forward(self, pixels):
        patches = self.patch_embedding(pixels).flatten(2).transpose(1, 2)
        cls = self.class_embedding.expand(pixels.shape[0], 1, -1)
        return torch.cat([cls, patches], dim=1) + self.position_embedding.weight


class CLIPVisionTransformer(nn.Module):
    def __init__(self, c: ClipConfig):
        super().__init__()
        self.embeddings = CLIPVisionEmbeddings(c)
        self.pre_layrnorm = nn.LayerNorm(c.vision_width)
        self.encoder = CLIPEncoder(c.vision_width, c.vision_heads, c.vision_layers)
        self.post_layernorm = nn.LayerNorm(c.vision_width)

    def forward(self, pixels):
        hidden = self.encoder(self.pre_layrnorm(self.embeddings(pixels)))
        return hidden, self.post_layernorm(hidden[:, 0])


class CLIPTextEmbeddings(nn.Module):
    def __init__(self, c: ClipConfig):
        super().__init__()
        self.token_embedding = nn.Embedding(c.vocab_size, c.text_width)
        self.position_embedding = nn.Embedding(c.max_length, c.text_width)

    def forward(self, ids):
        return self.token_embedding(ids) + self.position_embedding.weight[: ids.shape[1]]


class CLIPTextTransformer(nn.Module):
    def __init__(self, c: ClipConfig):
        super().__init__()
        self.eos_id = c.eos_id
        self.embeddings = CLIPTextEmbeddings(c)
        self.encoder = CLIPEncoder(c.text_width, c.text_heads, c.text_layers)
        self.final_layer_norm = nn.LayerNorm(c.text_width)
        mask = torch.full((c.max_length, c.max_length), -1e4).triu(1)
        self.register_buffer("causal_mask", mask, persistent=False)

    def forward(self, ids):
        length = ids.shape[1]
        mask = self.causal_mask[:length, :length]
        hidden = self.final_layer_norm(self.encoder(self.embeddings(ids), mask))
        # The first end token: later ones (padding written as end tokens, say) change nothing.
        eos = (ids == self.eos_id).to(torch.int32).argmax(dim=1)
        index = eos.to(torch.int64).view(-1, 1, 1).expand(-1, 1, hidden.shape[2])
        return hidden, hidden.gather(1, index).squeeze(1)


class CLIPModel(nn.Module):
    def __init__(self, c: ClipConfig):
        super().__init__()
        self.config = c
        self.text_model = CLIPTextTransformer(c)
        self.vision_model = CLIPVisionTransformer(c)
        self.visual_projection = nn.Linear(c.vision_width, c.projection, bias=False)
        self.text_projection = nn.Linear(c.text_width, c.projection, bias=False)
        self.logit_scale = nn.Parameter(torch.tensor(2.6592))
        self.apply(initialise)
        for tower, layers in ((self.text_model, c.text_layers), (self.vision_model, c.vision_layers)):
            for layer in tower.encoder.layers:
                for linear in (layer.self_attn.out_proj, layer.mlp.fc2):
                    nn.init.normal_(linear.weight, std=linear.in_features**-0.5 * (2 * layers) ** -0.5)

    def image(self, pixels):
        """pixels [batch, 3, y, x] in [-1, 1] -> embedding [batch, projection], hidden [batch, 1 + patch, width]."""
        hidden, pooled = self.vision_model(pixels)
        return self.visual_projection(pooled), hidden

    def text(self, ids):
        """ids [batch, token] -> embedding [batch, projection], hidden [batch, token, width] after the final norm."""
        hidden, pooled = self.text_model(ids)
        return self.text_projection(pooled), hidden


def initialise(module):
    if isinstance(module, nn.Linear):
        nn.init.normal_(module.weight, std=module.in_features**-0.5)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)
