"""Where the words of a caption are in the picture, as an auxiliary loss on cross-attention (TokenCompose, Wang et al. 2024).

A denoiser that is trained on captions alone needs very many of them before it binds a word to its thing. Here the world knows
where each thing is: the share of a word's map that lies on its thing is pulled towards one, and two words for two things are
kept apart from the start. Heads stay free: only their mean is asked.
"""

import numpy as np
import torch
from torch.nn.functional import adaptive_avg_pool2d

from common import catalogue
from data import PLANES

TOUCHED = 0.1  # share of a cell that a thing has to cover


class Grounding:
    """Masks for the words of captions that name a kind or a colour of a thing."""

    def __init__(self, tokenizer):
        listed = catalogue()
        kinds, colours, size = listed["labels"]["object"], listed["labels"]["color"], len(tokenizer.vocab)
        self.kind, self.colour = np.zeros(size, int), np.zeros(size, int)
        for word, at in tokenizer.vocab.items():
            for label, kind in enumerate(kinds, 1):
                if kind in listed["objects"] and word in (kind, f"{kind}s", f"{kind}es", "people" if kind == "person" else kind):
                    self.kind[at] = label
            if word in colours:
                self.colour[at] = colours.index(word) + 1
        self.things = [kinds.index(kind) + 1 for kind in listed["objects"]]

    def batch(self, ids, labels):
        """ids [scene, token]; labels [scene, plane, y, x] -> (scene [word], token [word], mask [word, y, x] 0/1)."""
        object_plane, colour_plane = labels[:, PLANES.index("object")], labels[:, PLANES.index("color")]
        of_thing = np.isin(object_plane, self.things)
        rows, tokens, masks = [], [], []
        for b, token in zip(*np.nonzero(self.kind[ids] + self.colour[ids])):
            kind, colour = self.kind[ids[b, token]], self.colour[ids[b, token]]
            mask = object_plane[b] == kind if kind else of_thing[b] & (colour_plane[b] == colour)
            if mask.any():
                rows.append(b)
                tokens.append(token)
                masks.append(mask)
        shape = (0, *object_plane.shape[1:])
        return torch.tensor(rows, dtype=torch.long), torch.tensor(tokens, dtype=torch.long), torch.from_numpy(np.array(masks or np.zeros(shape)))


def recorded(unet):
    """A list that every forward pass fills with the cross-attention patterns [batch, head, y * x, token], layer by layer."""
    patterns = []
    for name, module in unet.named_modules():
        if name.endswith("attn2"):
            def keep(x, context, pattern=module.pattern):
                patterns.append(pattern(x, context))
                return patterns[-1]

            module.pattern = keep
    return patterns


def outside(patterns, where, weight):
    """Mean over layers and words of (1 - share of the word's map on its thing)^2; weight [scene] by how much of the picture is left in the noise."""
    rows, tokens, masks = where
    if not len(rows):
        return torch.zeros(())
    total, cells = 0.0, {}
    for pattern in patterns:
        side = int(pattern.shape[2] ** 0.5)
        if side not in cells:
            cells[side] = (adaptive_avg_pool2d(masks.float()[:, None], side).flatten(1) > TOUCHED).float().to(pattern.device)
        heat = pattern.float().mean(1)[rows, :, tokens]
        share = (heat * cells[side]).sum(1) / heat.sum(1)
        total = total + ((1 - share).square() * weight[rows]).mean()
    return total / len(patterns)
