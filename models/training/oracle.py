"""scene-oracle: a small segmentation network that scores pictures. Objects, colours and scene labels at every second pixel.

A U: the stem halves twice, two more halvings, and skips; the heads answer for a 2x2 block of each cell of the 32x32 grid.
"""

import torch
from torch import nn

from vae import ResnetBlock


class Oracle(nn.Module):
    def __init__(self, heads: dict[str, int], widths=(64, 96, 144)):
        """`heads`: how many labels each has, "none" counted."""
        super().__init__()
        a, b, c = widths
        self.sizes = heads
        self.stem = nn.Conv2d(3, a, 8, stride=4, padding=2)
        self.down1 = ResnetBlock(a)
        self.shrink1 = nn.Conv2d(a, b, 2, stride=2)
        self.down2 = nn.Sequential(ResnetBlock(b), ResnetBlock(b))
        self.shrink2 = nn.Conv2d(b, c, 2, stride=2)
        self.middle = nn.Sequential(*(ResnetBlock(c) for _ in range(4)))
        self.grow2 = nn.ConvTranspose2d(c, b, 2, stride=2)
        self.up2 = nn.Sequential(ResnetBlock(b), ResnetBlock(b))
        self.grow1 = nn.ConvTranspose2d(b, a, 2, stride=2)
        self.up1 = nn.Sequential(ResnetBlock(a), ResnetBlock(a))
        self.norm = nn.GroupNorm(8, a)
        self.heads = nn.ModuleDict({name: nn.Conv2d(a, 4 * labels, 1) for name, labels in heads.items()})

    def forward(self, pixel_values):
        """pixels [batch, 3, y 128, x 128] in [-1, 1] -> per head, logits [batch, label, y 64, x 64]."""
        x32 = self.down1(self.stem(pixel_values))
        x16 = self.down2(self.shrink1(x32))
        x = self.middle(self.shrink2(x16))
        x = self.up2(x16 + self.grow2(x))
        x = torch.nn.functional.silu(self.norm(self.up1(x32 + self.grow1(x))))
        return tuple(torch.nn.functional.pixel_shuffle(head(x), 2) for head in self.heads.values())
