"""The generative models: frozen vision tower of scene-clip-vit, a bridge, a causal decoder.

Laid out and named as in transformers: `LlamaForCausalLM` (RMSNorm, rotary positions, SwiGLU), LLaVA's
`multi_modal_projector`, BLIP-2's `qformer` with `query_tokens` and `language_projection`. Attention is written out.
"""

from dataclasses import dataclass

import torch
from torch import nn


@dataclass
class DecoderConfig:
    vocab_size: int = 260
    width: int = 192
    inner: int = 512
    layers: int = 6
    heads: int = 4
    theta: float = 10000.0
    eps: float = 1e-5


class LlamaRMSNorm(nn.Module):
    def __init__(self, width: int, eps: float):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(width)), eps

    def forward(self, x):
        y = x.float()
        return self.weight * (y * torch.rsqrt(y.pow(2).mean(-1, keepdim=True) + self.eps)).to(x.dtype)


def rotate_half(x):
    a, b = x.chunk(2, dim=-1)
    return torch.cat([-b, a], dim=-1)


class LlamaAttention(nn.Module):
    def __init__(self, c: DecoderConfig):
        super().__init__()
        self.heads, self.head_width = c.heads, c.width // c.heads
        self.scale = self.head_width**-0.5
        self.q_proj = nn.Linear(c.width, c.width, bias=False)
        self.k_proj = nn.Linear(c.width, c.width, bias=False)
        self.v_proj = nn.Linear(c.width, c.width, bias=False)
        self.o_proj = nn.Linear(c.width, c.width, bias=False)

    def split(self, x):
        return x.view(x.shape[0], x.shape[1], self.heads, self.head_width).transpose(1, 2)

    def forward(self, x, cos, sin, mask, past):
        q, k, v = self.split(self.q_proj(x)), self.split(self.k_proj(x)), self.split(self.v_proj(x))
        q, k = q * cos + rotate_half(q) * sin, k * cos + rotate_half(k) * sin
        if past is not None:
            k, v = torch.cat([past[0], k], dim=2), torch.cat([past[1], v], dim=2)
        pattern = torch.softmax(torch.matmul(q, k.transpose(2, 3)) * self.scale + mask, dim=-1)
        z = torch.matmul(pattern, v).transpose(1, 2).reshape(x.shape[0], x.shape[1], self.heads * self.head_width)
        return self.o_proj(z), (k, v)


class LlamaMLP(nn.Module):
    def __init__(self, c: DecoderConfig):
        super().__init__()
        self.gate_proj = nn.Linear(c.width, c.inner, bias=False)
        self.up_proj = nn.Linear(c.width, c.inner, bias=False)
        self.down_proj = nn.Linear(c.inner, c.width, bias=False)
        self.act_fn = nn.SiLU()

    def forward(self, x):
        return self.down_proj(self.act_fn(self.gate_proj(x)) * self.up_proj(x))


class LlamaDecoderLayer(nn.Module):
    def __init__(self, c: DecoderConfig):
        super().__init__()
        self.self_attn = LlamaAttention(c)
        self.mlp = LlamaMLP(c)
        self.input_layernorm = LlamaRMSNorm(c.width, c.eps)
        self.post_attention_layernorm = LlamaRMSNorm(c.width, c.eps)

    def forward(self, x, cos, sin, mask, past):
        h, cache = self.self_attn(self.input_layernorm(x), cos, sin, mask, past)
        x = x + h
        return x + self.mlp(self.post_attention_layernorm(x)), cache


class LlamaModel(nn.Module):
    def __init__(self, c: DecoderConfig):
        super().__init__()
        self.embed_tokens = nn.Embedding(c.vocab_size, c.width)
        self.layers = nn.ModuleList(LlamaDecoderLayer(c) for _ in range(c.layers))
        self.norm = LlamaRMSNorm(c.width, c.eps)
        half = c.width // c.heads // 2
        self.register_buffer("inv_freq", c.theta ** (-torch.arange(half).float() / half), persistent=False)

    def forward(self, inputs_embeds, mask, position_ids, pasts=None):
        """mask: additive [batch or 1, 1, query, key]; pasts: per layer (key, value) [batch, head, past, head width]."""
        angle = position_ids[:, None, :, None].float() * torch.cat([self.inv_freq, self.inv_freq])
        cos, sin = angle.cos(), angle.sin()
        x, caches = inputs_embeds, []
        for i, layer in enumerate(self.layers):
            x, cache = layer(x, cos, sin, mask, pasts[i] if pasts else None)
            caches.append(cache)
        return self.norm(x), caches


class LlamaForCausalLM(nn.Module):
    def __init__(self, c: DecoderConfig):
        super().__init__()
        self.config = c
        self.model = LlamaModel(c)
        self.lm_head = nn.Linear(c.width, c.vocab_size, bias=False)
        for name, p in self.named_parameters():
            if p.ndim == 2:
                nn.init.normal_(p, std=0.02 if "embed" in name or "head" in name else p.shape[1] ** -0.5)
            if name.endswith(("o_proj.weight", "down_proj.weight")):
                p.data.mul_((2 * c.layers) ** -0.5)


class LlavaMultiModalProjector(nn.Module):
    """Patches only: the class token is dropped here, so that the vision file can be shared."""

    def __init__(self, vision: int, width: int):
        super().__init__()
        self.linear_1 = nn.Linear(vision, 2 * width)
        self.act = nn.GELU()
        self.linear_2 = nn.Linear(2 * width, width)

    def forward(self, last_hidden_state):
        return self.linear_2(self.act(self.linear_1(last_hidden_state[:, 1:])))


@dataclass
class QFormerConfig:
    queries: int = 16
    width: int = 192
    layers: int = 4
    heads: int = 4
    vision: int = 192


class Blip2QFormerMultiHeadAttention(nn.Module):
    def __init__(self, c: QFormerConfig, source: int):
        super().__init__()
        self.heads, self.head_width = c.heads, c.width // c.heads
        self.query = nn.Linear(c.width, c.width)
        self.key = nn.Linear(source, c.width)
        self.value = nn.Linear(source, c.width)

    def split(self, x):
        return x.view(x.shape[0], x.shape[1], self.heads, self.head_width).transpose(1, 2)

    def forward(self, x, source):
        q, k, v = self.split(self.query(x)), self.split(self.key(source)), self.split(self.value(source))
        pattern = torch.softmax(torch.matmul(q, k.transpose(-1, -2)) / self.head_width**0.5, dim=-1)
        return torch.matmul(pattern, v).transpose(1, 2).reshape(x.shape[0], x.shape[1], self.heads * self.head_width)


class Output(nn.Module):
    """BERT's: project, add, normalise."""

    def __init__(self, inputs: int, width: int):
        super().__init__()
        self.dense = nn.Linear(inputs, width)
        self.LayerNorm = nn.LayerNorm(width)

    def forward(self, hidden, residual):
        return self.LayerNorm(self.dense(hidden) + residual)


class Blip2QFormerAttention(nn.Module):
    def __init__(self, c: QFormerConfig, source: int):
        super().__init__()
        self.attention = Blip2QFormerMultiHeadAttention(c, source)
        self.output = Output(c.width, c.width)

    def forward(self, x, source):
        return self.output(self.attention(x, source), x)


class Intermediate(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.dense = nn.Linear(width, 4 * width)
        self.intermediate_act_fn = nn.GELU()

    def forward(self, x):
        return self.intermediate_act_fn(self.dense(x))


class Blip2QFormerLayer(nn.Module):
    def __init__(self, c: QFormerConfig):
        super().__init__()
        self.attention = Blip2QFormerAttention(c, c.width)
        self.crossattention = Blip2QFormerAttention(c, c.vision)
        self.intermediate_query = Intermediate(c.width)
        self.output_query = Output(4 * c.width, c.width)

    def forward(self, x, patches):
        x = self.attention(x, x)
        x = self.crossattention(x, patches)
        return self.output_query(self.intermediate_query(x), x)


class Blip2QFormerEncoder(nn.Module):
    def __init__(self, c: QFormerConfig):
        super().__init__()
        self.layer = nn.ModuleList(Blip2QFormerLayer(c) for _ in range(c.layers))

    def forward(self, x, patches):
        for layer in self.layer:
            x = layer(x, patches)
        return x


class Blip2QFormerModel(nn.Module):
    def __init__(self, c: QFormerConfig):
        super().__init__()
        self.layernorm = nn.LayerNorm(c.width)
        self.encoder = Blip2QFormerEncoder(c)

    def forward(self, queries, patches):
        return self.encoder(self.layernorm(queries), patches)


class QFormerBridge(nn.Module):
    def __init__(self, c: QFormerConfig, width: int):
        super().__init__()
        self.query_tokens = nn.Parameter(torch.randn(1, c.queries, c.width) * 0.5)
        self.vision_layernorm = nn.LayerNorm(c.vision)
        self.qformer = Blip2QFormerModel(c)
        self.language_projection = nn.Linear(c.width, width)

    def forward(self, last_hidden_state):
        """[batch, 65, vision] -> [batch, query, width]."""
        queries = self.query_tokens.expand(last_hidden_state.shape[0], -1, -1)
        return self.language_projection(self.qformer(queries, self.vision_layernorm(last_hidden_state)))


class Generative(nn.Module):
    def __init__(self, bridge: nn.Module, c: DecoderConfig):
        super().__init__()
        self.bridge, self.language_model = bridge, LlamaForCausalLM(c)
