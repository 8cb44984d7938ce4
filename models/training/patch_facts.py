"""What is true of the thing under a patch, as a dense target for a vision tower: "striped it", "it left of house", "2 it", "light left".

A contrastive loss asks the class token alone; the patch states are what a generative model reads, and have to hold as much.
"""

from collections import Counter

import numpy as np
import torch

from common import catalogue

KINDS = ["none", *catalogue()["labels"]["object"]]
SCENIC = ("place ", "time ", "weather ", "light ")
COMMON = 100  # scenes in which a fact has to occur to be asked


def of_kind(facts, kind):
    """The facts that name `kind`, said of "it"; and those of the whole scene."""
    for fact in facts:
        words = fact.split()
        if kind in words:
            yield " ".join("it" if w == kind else w for w in words)
        elif fact.startswith(SCENIC):
            yield fact


class PatchFacts:
    """Multi-hot targets of every patch, from the kind that fills most of it."""

    def __init__(self, records):
        counts = Counter()
        for record in records:
            for kind in {t["kind"] for t in record["things"]}:
                counts.update(of_kind(record["facts"], kind))
        self.listed = {fact: i for i, fact in enumerate(sorted(f for f, n in counts.items() if n >= COMMON))}

    def __len__(self):
        return len(self.listed)

    def batch(self, records, shares):
        """shares [scene, patch, object label] -> [scene, patch, fact] 0/1 float32."""
        filled = shares.clone()
        filled[:, :, 0] = 0.2  # a thing has to fill a fifth of the patch
        owner = filled.argmax(-1).numpy()
        targets = np.zeros((*owner.shape, len(self)), np.float32)
        for target, own, record in zip(targets, owner, records):
            for label in np.unique(own):
                known = [self.listed[f] for f in of_kind(record["facts"], KINDS[label]) if f in self.listed]
                target[np.ix_(own == label, known)] = 1
        return torch.from_numpy(targets)
