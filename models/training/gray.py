"""A fifth of the training pictures lose their colours, and then no loss asks for a colour.

Shapes have to be known apart from the colours they come in; otherwise a combination that training never showed is taken for
something else.
"""

import numpy as np
import torch

from common import catalogue
from truth import multi_hot

SHARE = 0.2


def fade(pixels, rng):
    """pixels [scene, 3, y, x] in [-1, 1] -> the same, some of them as luminance under a random tint; which [scene] bool."""
    gray = torch.from_numpy(rng.random(len(pixels)) < SHARE)
    light = (pixels[gray] * torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)
    tint = torch.from_numpy(rng.uniform(0.75, 1.0, (len(light), 3, 1, 1)).astype(np.float32))
    pixels[gray] = (light + 1) * tint - 1
    return pixels, gray


def answerable(records):
    """[2 (in colour, gray), slot] 0/1: facts that occur at all (an unseen pair must not be learned as impossible), and those without a colour."""
    names, occurring = set(catalogue()["colours"]), {f for r in records for f in r["facts"]}
    return torch.from_numpy(np.stack([multi_hot(occurring), multi_hot([f for f in occurring if not names & set(f.split())])]))
