"""Captions as the contrastive trainings draw them, with what they claim; and the loss that believes the claims."""

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from truth import SLOTS, multi_hot

PROMPT_SHARE = 0.3  # of captions replaced by a bare phrase: "a red car", "a car", "the sea"


def phrase(color: str, kind: str) -> str:
    """The world's canonical prompt."""
    article = "an" if color[0] in "aeiou" else "a"
    return f"a person in {article} {color} shirt" if kind == "person" else f"{article} {color} {kind}"


def bare(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def place_phrase(place: str) -> str:
    return "the sea" if place == "sea" else f"a {place}"


class Captions:
    """Draws a caption for a scene; remembers token ids and claims of every text."""

    def __init__(self, tokenizer, rng):
        self.tokenizer, self.rng, self.memory = tokenizer, rng, {}

    def lookup(self, text, claims):
        if text not in self.memory:
            self.memory[text] = (self.tokenizer.encode(text), np.flatnonzero(multi_hot(claims)))
        return self.memory[text]

    def draw(self, record, gray=False):
        """`gray`: of a picture without colours, so a caption that names none."""
        if gray:
            thing = record["things"][self.rng.integers(len(record["things"]))]
            kind, place = thing["kind"], record["place"]
            return self.lookup(bare(kind), [kind]) if self.rng.random() < 0.8 else self.lookup(place_phrase(place), [f"place {place}"])
        if self.rng.random() < PROMPT_SHARE:
            thing = record["things"][self.rng.integers(len(record["things"]))]
            kind, color = thing["kind"], thing["color"]
            u = self.rng.random()
            if u < 0.6:
                return self.lookup(phrase(color, kind), [f"{color} {kind}"])
            if u < 0.85:
                return self.lookup(bare(kind), [kind])
            return self.lookup(place_phrase(record["place"]), [f"place {record['place']}"])
        if record.get("fullCaption") and self.rng.random() < 0.25:
            return self.lookup(record["fullCaption"]["text"], record["fullCaption"]["claims"])
        caption = record["captions"][self.rng.integers(len(record["captions"]))]
        return self.lookup(caption["text"], caption["claims"])

    def batch(self, records, gray):
        """Token ids [scene, 32] and claims [scene, slot]; gray [scene] bool."""
        drawn = [self.draw(r, g) for r, g in zip(records, gray)]
        claims = np.zeros((len(drawn), SLOTS), np.float32)
        for row, (_, slots) in zip(claims, drawn):
            row[slots] = 1
        return torch.tensor([ids for ids, _ in drawn]), torch.from_numpy(claims)


def contrastive(image, text, scale, truth, claims):
    """Symmetric cross-entropy; pairs where the caption is true of the other scene are left out.

    image, text [scene, width] of length one; truth, claims [scene, slot] 0/1.
    """
    logits = scale * image @ text.T
    also_true = (claims @ (1 - truth).T).T < 0.5  # [scene, caption]
    also_true.fill_diagonal_(False)
    logits = logits.masked_fill(also_true, -1e4)
    target = torch.arange(len(logits), device=logits.device)
    return (cross_entropy(logits, target) + cross_entropy(logits.T, target)) / 2
