"""The autoencoder of scene-diffusion: 128x128x3 <-> 16x16 latents, with the roles of diffusers' `AutoencoderKL`.

The first convolution has stride 4 and the last layer is a pixel shuffle by 4: nothing ever runs at
full resolution, which is what makes it cheap enough to train on two cores.
"""

from dataclasses import dataclass

import torch
from torch import nn


@dataclass
class VaeConfig:
    low: int = 48
    high: int = 96
    latent: int = 8


class ResnetBlock(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.norm1 = nn.GroupNorm(8, channels)
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm2 = nn.GroupNorm(8, channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        self.nonlinearity = nn.SiLU()
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x):
        h = self.conv1(self.nonlinearity(self.norm1(x)))
        return x + self.conv2(self.nonlinearity(self.norm2(h)))


class Encoder(nn.Module):
    def __init__(self, low: int, high: int, latent: int):
        super().__init__()
        self.conv_in = nn.Conv2d(3, low, 8, stride=4, padding=2)
        self.resnets_32 = nn.Sequential(ResnetBlock(low))
        self.downsampler = nn.Conv2d(low, high, 4, stride=2, padding=1)
        self.resnets_16 = nn.Sequential(ResnetBlock(high), ResnetBlock(high))
        self.conv_norm_out = nn.GroupNorm(8, high)
        self.conv_act = nn.SiLU()
        self.conv_out = nn.Conv2d(high, 2 * latent, 3, padding=1)

    def forward(self, x):
        x = self.resnets_16(self.downsampler(self.resnets_32(self.conv_in(x))))
        return self.conv_out(self.conv_act(self.conv_norm_out(x)))


class Decoder(nn.Module):
    def __init__(self, low: int, high: int, latent: int):
        super().__init__()
        self.conv_in = nn.Conv2d(latent, high, 3, padding=1)
        self.resnets_16 = nn.Sequential(ResnetBlock(high), ResnetBlock(high), ResnetBlock(high))
        self.upsampler = nn.ConvTranspose2d(high, low, 4, stride=2, padding=1)
        self.resnets_32 = nn.Sequential(ResnetBlock(low), ResnetBlock(low))
        self.conv_norm_out = nn.GroupNorm(8, low)
        self.conv_act = nn.SiLU()
        self.conv_out = nn.Conv2d(low, 3 * 16, 3, padding=1)
        self.shuffle = nn.PixelShuffle(4)

    def forward(self, z):
        x = self.resnets_32(self.upsampler(self.resnets_16(self.conv_in(z))))
        return self.shuffle(self.conv_out(self.conv_act(self.conv_norm_out(x))))


class AutoencoderKL(nn.Module):
    def __init__(self, c: VaeConfig):
        super().__init__()
        self.encoder = Encoder(c.low, c.high, c.latent)
        self.decoder = Decoder(c.low, c.high, c.latent)

    def encode(self, x):
        """x [batch, 3, y, x] in [-1, 1] -> mean and log-variance [batch, latent, y/8, x/8]."""
        mean, logvar = self.encoder(x).chunk(2, dim=1)
        return mean, logvar.clamp(-20, 10)

    def decode(self, z):
        return self.decoder(z)
