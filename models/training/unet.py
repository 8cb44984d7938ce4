"""The denoiser of scene-diffusion, laid out and named as diffusers' `UNet2DConditionModel`.

Two resolutions (16x16 and 8x8 latents), a transformer (self-attention, cross-attention to the text,
feed-forward) after every residual block but the last of the middle. Attention is written out.
"""

import math
from dataclasses import dataclass

import torch
from torch import nn


@dataclass
class UNetConfig:
    latent: int = 4
    channels: tuple = (64, 160)
    heads: int = 4
    text_width: int = 160
    groups: int = 16


class Timesteps(nn.Module):
    """Sinusoids, cosine first (diffusers' flip_sin_to_cos), frequencies 1 to 1/10000."""

    def __init__(self, width: int):
        super().__init__()
        self.register_buffer("frequencies", torch.exp(-math.log(10000) * torch.arange(width // 2) / (width // 2)), persistent=False)

    def forward(self, t):
        angle = t.to(torch.float32)[:, None] * self.frequencies[None]
        return torch.cat([torch.cos(angle), torch.sin(angle)], dim=-1)


class TimestepEmbedding(nn.Module):
    def __init__(self, width: int, out: int):
        super().__init__()
        self.linear_1 = nn.Linear(width, out)
        self.act = nn.SiLU()
        self.linear_2 = nn.Linear(out, out)

    def forward(self, x):
        return self.linear_2(self.act(self.linear_1(x)))


class ResnetBlock2D(nn.Module):
    def __init__(self, inputs: int, outputs: int, time: int, groups: int):
        super().__init__()
        self.norm1 = nn.GroupNorm(groups, inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.time_emb_proj = nn.Linear(time, outputs)
        self.norm2 = nn.GroupNorm(groups, outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.nonlinearity = nn.SiLU()
        self.conv_shortcut = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x, emb):
        h = self.conv1(self.nonlinearity(self.norm1(x)))
        h = h + self.time_emb_proj(self.nonlinearity(emb))[:, :, None, None]
        return self.conv_shortcut(x) + self.conv2(self.nonlinearity(self.norm2(h)))


class Attention(nn.Module):
    def __init__(self, width: int, heads: int, context: int):
        super().__init__()
        self.heads, self.head_width = heads, width // heads
        self.scale = self.head_width**-0.5
        self.to_q = nn.Linear(width, width, bias=False)
        self.to_k = nn.Linear(context, width, bias=False)
        self.to_v = nn.Linear(context, width, bias=False)
        self.to_out = nn.ModuleList([nn.Linear(width, width), nn.Identity()])

    def split(self, x):
        return x.view(x.shape[0], x.shape[1], self.heads, self.head_width).transpose(1, 2)

    def pattern(self, x, context):
        """[batch, head, y * x, token]"""
        q, k = self.split(self.to_q(x) * self.scale), self.split(self.to_k(context))
        return torch.softmax(torch.matmul(q, k.transpose(-1, -2)), dim=-1)

    def forward(self, x, context):
        z = torch.matmul(self.pattern(x, context), self.split(self.to_v(context))).transpose(1, 2).reshape(x.shape[0], x.shape[1], self.heads * self.head_width)
        return self.to_out[0](z)


class GELU(nn.Module):
    """Named as diffusers' activation module; the feed-forward is plain, not gated, and 4 times as wide."""

    def __init__(self, width: int, inner: int):
        super().__init__()
        self.proj = nn.Linear(width, inner)

    def forward(self, x):
        return nn.functional.gelu(self.proj(x))


class FeedForward(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.net = nn.ModuleList([GELU(width, 4 * width), nn.Identity(), nn.Linear(4 * width, width)])

    def forward(self, x):
        return self.net[2](self.net[0](x))


class BasicTransformerBlock(nn.Module):
    def __init__(self, width: int, heads: int, context: int):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attn1 = Attention(width, heads, width)
        self.norm2 = nn.LayerNorm(width)
        self.attn2 = Attention(width, heads, context)
        self.norm3 = nn.LayerNorm(width)
        self.ff = FeedForward(width)

    def forward(self, x, context):
        h = self.norm1(x)
        x = x + self.attn1(h, h)
        x = x + self.attn2(self.norm2(x), context)
        return x + self.ff(self.norm3(x))


class Transformer2DModel(nn.Module):
    def __init__(self, width: int, heads: int, context: int, groups: int):
        super().__init__()
        self.norm = nn.GroupNorm(groups, width)
        self.proj_in = nn.Linear(width, width)
        self.transformer_blocks = nn.ModuleList([BasicTransformerBlock(width, heads, context)])
        self.proj_out = nn.Linear(width, width)
        nn.init.zeros_(self.proj_out.weight)

    def forward(self, x, context):
        b, c, h, w = x.shape
        y = self.proj_in(self.norm(x).reshape(b, c, h * w).transpose(1, 2))
        for block in self.transformer_blocks:
            y = block(y, context)
        return x + self.proj_out(y).transpose(1, 2).reshape(b, c, h, w)


class Downsample2D(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, stride=2, padding=1)

    def forward(self, x):
        return self.conv(x)


class Upsample2D(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x):
        return self.conv(nn.functional.interpolate(x, scale_factor=2.0, mode="nearest"))


class Block(nn.Module):
    """A level of the U: residual blocks, each followed by a transformer, then a change of resolution."""

    def __init__(self, pairs, time: int, c: UNetConfig, down=False, up=False):
        super().__init__()
        self.resnets = nn.ModuleList(ResnetBlock2D(i, o, time, c.groups) for i, o in pairs)
        self.attentions = nn.ModuleList(Transformer2DModel(o, c.heads, c.text_width, c.groups) for _, o in pairs)
        width = pairs[-1][1]
        if down:
            self.downsamplers = nn.ModuleList([Downsample2D(width)])
        if up:
            self.upsamplers = nn.ModuleList([Upsample2D(width)])


class MidBlock(nn.Module):
    def __init__(self, width: int, time: int, c: UNetConfig):
        super().__init__()
        self.attentions = nn.ModuleList([Transformer2DModel(width, c.heads, c.text_width, c.groups)])
        self.resnets = nn.ModuleList(ResnetBlock2D(width, width, time, c.groups) for _ in range(2))

    def forward(self, x, emb, context):
        return self.resnets[1](self.attentions[0](self.resnets[0](x, emb), context), emb)


class UNet2DConditionModel(nn.Module):
    def __init__(self, c: UNetConfig):
        super().__init__()
        self.config = c
        a, b = c.channels
        time = 4 * a
        self.conv_in = nn.Conv2d(c.latent, a, 3, padding=1)
        self.time_proj = Timesteps(a)
        self.time_embedding = TimestepEmbedding(a, time)
        self.down_blocks = nn.ModuleList([Block([(a, a)], time, c, down=True), Block([(a, b)], time, c)])
        self.mid_block = MidBlock(b, time, c)
        self.up_blocks = nn.ModuleList(
            [Block([(b + b, b), (b + a, b)], time, c, up=True), Block([(b + a, a), (a + a, a)], time, c)]
        )
        self.conv_norm_out = nn.GroupNorm(c.groups, a)
        self.conv_act = nn.SiLU()
        self.conv_out = nn.Conv2d(a, c.latent, 3, padding=1)
        nn.init.zeros_(self.conv_out.weight)

    def forward(self, sample, timestep, encoder_hidden_states):
        """sample [batch, latent, y, x], timestep [batch] in 0..999, text [batch, token, width] -> v, as sample."""
        emb = self.time_embedding(self.time_proj(timestep))
        text = encoder_hidden_states
        x = self.conv_in(sample)
        skips = [x]
        for block in self.down_blocks:
            for resnet, attention in zip(block.resnets, block.attentions):
                x = attention(resnet(x, emb), text)
                skips.append(x)
            if hasattr(block, "downsamplers"):
                x = block.downsamplers[0](x)
                skips.append(x)
        x = self.mid_block(x, emb, text)
        for block in self.up_blocks:
            for resnet, attention in zip(block.resnets, block.attentions):
                x = attention(resnet(torch.cat([x, skips.pop()], dim=1), emb), text)
            if hasattr(block, "upsamplers"):
                x = block.upsamplers[0](x)
        return self.conv_out(self.conv_act(self.conv_norm_out(x)))
