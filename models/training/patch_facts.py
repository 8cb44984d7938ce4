"""What is true of the thing under a patch, as dense targets for a vision tower: every fact ("striped it", "it left of house", "2 it",
"light left"), and one answer to each question about it (of what is it, what is left of it).

A contrastive loss asks the class token alone; the patch states are what a generative model reads, and have to hold as much.
"""

from collections import Counter

import numpy as np
import torch

from common import catalogue

KINDS = ["none", *catalogue()["labels"]["object"]]
SCENIC = ("place ", "time ", "weather ", "light ")
COMMON = 100  # scenes in which a fact has to occur to be asked
ASKED = ("left of", "right of", "above", "below", "on", "in front of")
UNKNOWN = -100  # the class that cross-entropy ignores


def owners(shares):
    """shares [scene, patch, object label] -> the label of the thing that fills at least a fifth of the patch, 0 if none [scene, patch]."""
    filled = shares.clone()
    filled[:, :, 0] = 0.2
    return filled.argmax(-1).numpy()


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

    def batch(self, records, owner):
        """owner [scene, patch] of `owners` -> [scene, patch, fact] 0/1 float32."""
        targets = np.zeros((*owner.shape, len(self)), np.float32)
        for target, own, record in zip(targets, owner, records):
            for label in np.unique(own):
                known = [self.listed[f] for f in of_kind(record["facts"], KINDS[label]) if f in self.listed]
                target[np.ix_(own == label, known)] = 1
        return torch.from_numpy(targets)


class PatchAttributes:
    """One class an attribute for every patch of a thing: what a softmax learns where hundreds of facts, each rare, drown it."""

    def __init__(self):
        listed = catalogue()
        kinds = {kind: i for i, kind in enumerate(KINDS)}
        self.own = {
            "material": listed["builds"], "pattern": listed["patterns"], "state": listed["states"], "secondColor": list(listed["colours"]),
        }
        self.kinds, self.things, self.patterned = kinds, listed["objects"], listed["patterned"]
        self.names = [*self.own, "count", *ASKED]
        self.sizes = [*(len(values) for values in self.own.values()), 4, *(len(self.things) for _ in ASKED)]

    def of_kind(self, record, kind):
        """[attribute] class of each, UNKNOWN where things of this kind differ or the question has no single answer."""
        same = [t for t in record["things"] if t["kind"] == kind]
        known = []
        for name, values in self.own.items():
            found = {t.get(name) for t in same}
            known.append(values.index(found.pop()) if len(found) == 1 and None not in found else UNKNOWN)
        if kind not in self.patterned:
            known[list(self.own).index("pattern")] = UNKNOWN
        known.append(len(same) - 1)
        for relation in ASKED:
            end = f" {relation} {kind}"
            found = {f[: -len(end)] for f in record["facts"] if f.endswith(end)}
            known.append(self.things.index(found.pop()) if len(found) == 1 else UNKNOWN)
        return known

    def batch(self, records, owner):
        """owner [scene, patch] of `owners` -> [attribute, scene, patch] int64."""
        targets = np.full((len(self.sizes), *owner.shape), UNKNOWN)
        for b, record in enumerate(records):
            for kind in {t["kind"] for t in record["things"]}:
                targets[:, b, owner[b] == self.kinds[kind]] = np.array(self.of_kind(record, kind))[:, None]
        return torch.from_numpy(targets)
