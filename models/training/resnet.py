"""The vision tower of scene-clip-rn: a narrow ResNet laid out and named as torchvision's, made for 128x128 pictures.

`layer3` keeps its stride, `layer4` keeps the grid of `layer3` (8x8), so that a unit of the last layer still has a place.
"""

from dataclasses import dataclass

import torch
from torch import nn


@dataclass
class ResNetConfig:
    stem: int = 32
    widths: tuple = (32, 64, 128, 256)
    blocks: tuple = (2, 2, 2, 2)
    strides: tuple = (1, 2, 2, 1)
    projection: int = 128


class BasicBlock(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU()
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        h = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(h + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    def __init__(self, c: ResNetConfig):
        super().__init__()
        self.conv1 = nn.Conv2d(3, c.stem, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(c.stem)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        inputs = c.stem
        for i, (width, blocks, stride) in enumerate(zip(c.widths, c.blocks, c.strides), 1):
            layer = [BasicBlock(inputs if k == 0 else width, width, stride if k == 0 else 1) for k in range(blocks)]
            setattr(self, f"layer{i}", nn.Sequential(*layer))
            inputs = width
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        """pixels [batch, 3, y 128, x 128] -> layer4 [batch, channel 256, y 8, x 8]."""
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        return self.layer4(self.layer3(self.layer2(self.layer1(x))))


class VisionRN(nn.Module):
    """image_embeds [batch, 128] by the mean of layer4; the text tower is scene-clip-vit's, frozen."""

    def __init__(self, c: ResNetConfig | None = None):
        super().__init__()
        c = c or ResNetConfig()
        self.vision_model = ResNet(c)
        self.visual_projection = nn.Linear(c.widths[-1], c.projection)

    def forward(self, pixel_values):
        hidden = self.vision_model(pixel_values)
        return self.visual_projection(hidden.mean(dim=(2, 3))), hidden
