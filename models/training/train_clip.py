"""Trains scene-clip-vit. `python models/training/train_clip.py --minutes 28 [--warm]`

Contrastive loss (captions that are also true of another scene of the batch are not negatives), plus auxiliary losses whose
heads are thrown away: labels under every patch, facts of the thing there and answers to what can be asked of it, all facts of
the scene from CLS, all claims of a caption from its embedding, and the next word from the text tower. A fifth of the pictures
lose their colours, and then nothing asks for them: shapes have to be known apart from the colours they come in, or unseen
pairs fail. Writes runs/clip.pt.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, normalize

import shipped
from captions import Captions, bare, contrastive, phrase, place_phrase
from common import Muon, Training, arguments, catalogue, load
from data import PLANES, Scenes
from gray import answerable, fade
from models import build, clip_config, files
from patch_facts import UNKNOWN, PatchAttributes, PatchFacts, owners
from tokenizer import Tokenizer
from truth import SLOTS, multi_hot

PLAIN = ("embedding", "heads", "projection")
PATCHES = 8  # along a side


class Heads(nn.Module):
    """The auxiliary heads, thrown away after training."""

    def __init__(self, c, patch_facts: int, attributes: list[int]):
        super().__init__()
        labels = catalogue()["labels"]
        self.sizes = [len(labels[plane]) + 1 for plane in PLANES]
        self.patch_norm = nn.LayerNorm(c.vision_width)
        self.patch = nn.Linear(c.vision_width, sum(self.sizes))
        self.patch_facts = nn.Linear(c.vision_width, patch_facts)
        self.attributes = nn.Linear(c.vision_width, sum(attributes))
        self.facts = nn.Linear(c.vision_width, SLOTS)
        self.claims = nn.Linear(c.text_width, SLOTS)
        self.word = nn.Linear(c.text_width, c.vocab_size)
        for head in (self.patch_facts, self.facts, self.claims):
            nn.init.constant_(head.bias, -4.0)


def patch_targets(labels, sizes):
    """labels [scene, plane, y 64, x 64] -> per plane, share of each label under every patch [scene, 64, label]."""
    b, planes, side, _ = labels.shape
    cell = side // PATCHES
    x = torch.from_numpy(labels).view(b, planes, PATCHES, cell, PATCHES, cell).permute(0, 1, 2, 4, 3, 5)
    x = x.reshape(b, planes, PATCHES**2, cell**2)
    targets = []
    for p, size in enumerate(sizes):
        share = torch.zeros(b, PATCHES**2, size)
        share.scatter_add_(2, x[:, p].long(), torch.full((b, PATCHES**2, cell**2), 1 / cell**2))
        targets.append(share)
    return targets


def take_over(clip, trained):
    """Weights of a checkpoint, its heads where they fit; rows for words that it did not know keep their values."""
    own = clip.state_dict()
    for name, value in trained.items():
        if value.shape == own[name].shape:
            own[name].copy_(value)
        elif not name.startswith("heads"):
            own[name][: len(value)].copy_(value)


def answered(logits, classes):
    """Cross-entropy over the patches that have an answer; logits [scene, patch, class], classes [scene, patch]."""
    return cross_entropy(logits.flatten(0, 1), classes.flatten(), ignore_index=UNKNOWN) if (classes != UNKNOWN).any() else logits.sum() * 0


def retelling(heads, words, ids, claims, tokenizer):
    """What a caption claims, from its end; and its next word: the losses of the text tower's hidden states [caption, token, width]."""
    end = words[torch.arange(len(ids)), (ids == tokenizer.end).int().argmax(1)]
    following = cross_entropy(heads.word(words[:, :-1]).float().flatten(0, 1), ids[:, 1:].flatten(), ignore_index=tokenizer.pad)
    return binary_cross_entropy_with_logits(heads.claims(end).float(), claims) * 10 + 0.1 * following


@torch.no_grad()
def evaluate(images_of, texts_of, scenes, tokenizer, count=400):
    """Zero-shot on single-object held-out scenes, and recall@1 of full captions among 200 scenes; the shipped files have their own."""
    things = [r["things"] for r in scenes.records]
    singles = [i for i in range(len(scenes)) if len(things[i]) == 1][:count]
    listed = catalogue()
    kinds, colours, places = listed["objects"], list(listed["colours"]), listed["places"]

    def text(phrases):
        return normalize(texts_of(torch.tensor([tokenizer.encode(t) for t in phrases])), dim=-1)

    def images(indices):
        parts = [images_of(torch.from_numpy(scenes.batch(indices[i : i + 64]))) for i in range(0, len(indices), 64)]
        return normalize(torch.cat(parts), dim=-1)

    def right(embeds, phrases, truth):
        best = (embeds @ text(phrases).T).argmax(1).tolist()
        return float(np.mean([truth[b](i) for b, i in zip(best, singles)]))

    seen = images(singles)
    pairs = [(c, k) for k in kinds for c in colours]
    pool = list(range(200))
    recall = (images(pool) @ text([scenes.records[i]["fullCaption"]["text"] for i in pool]).T).argmax(1)
    return {
        "kind": right(seen, [bare(k) for k in kinds], [lambda i, k=k: things[i][0]["kind"] == k for k in kinds]),
        "pair": right(seen, [phrase(*p) for p in pairs], [lambda i, p=p: (things[i][0]["color"], things[i][0]["kind"]) == p for p in pairs]),
        "place": right(seen, [place_phrase(p) for p in places], [lambda i, p=p: scenes.records[i]["place"] == p for p in places]),
        "recall_of_200": float((recall == torch.arange(200)).float().mean()),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--warm", action="store_true", help="start from the shipped weights")
    parser.add_argument("--init", type=Path, help="start from the averaged weights of this checkpoint")
    parser.add_argument("--vision-only", action="store_true", help="leave the text tower as it is: others may read it already")
    args = arguments(parser, minutes=28, batch=128, lr=1.5e-3)
    config, tokenizer = clip_config(), Tokenizer()
    clip = build("clip")
    if args.warm:
        for part in files("clip", clip):
            shipped.read(*part)
        clip.logit_scale.data.fill_(3.0)
    scenes = Scenes(args.data, "train")
    of_patch = PatchFacts(scenes.records)
    attributes = PatchAttributes()
    clip.heads = Heads(config, len(of_patch), attributes.sizes)
    if args.init:
        take_over(clip, load(args.init)["average"])
    if args.vision_only:
        for part in (clip.text_model, clip.text_projection):
            part.requires_grad_(False)
    clip.to(args.device)
    held = Scenes(args.data, "heldout", 1)

    def finish(run):
        mean = run.averaged(build("clip"))
        return {"scores": evaluate(lambda x: mean.image(x)[0], lambda x: mean.text(x)[0], held, tokenizer)}

    run = Training("clip", clip, Muon(clip, args.lr, plain=PLAIN), args, average=0.998, clip=2.0, warm=0.05, finish=finish)
    captions = Captions(tokenizer, run.rng)
    asked = answerable(scenes.records).to(args.device)
    tellings = 1 if args.vision_only else 2  # captions a picture: the second is there for the text tower
    for step in run.steps():
        if step % 100 == 0:
            scenes.refresh()
        picked = run.rng.choice(len(scenes), args.batch, replace=False)
        records = [scenes.records[i] for i in picked]
        pixels, gray = (x.to(args.device) for x in fade(torch.from_numpy(scenes.batch(picked)), run.rng))
        shares = patch_targets(np.stack([scenes.label(i) for i in picked]), clip.heads.sizes)
        owner = owners(shares[PLANES.index("object")])
        under, asked_of = (of.batch(records, owner).to(args.device) for of in (of_patch, attributes))
        targets = [t.to(args.device) for t in shares]
        truth = torch.from_numpy(np.stack([multi_hot(r["facts"]) for r in records])).to(args.device)
        drawn = [captions.batch(records, gray.tolist()) for _ in range(tellings)]
        ids, claims = (torch.cat(x).to(args.device) for x in zip(*drawn))
        with run.autocast():
            image, hidden = clip.image(pixels)
            with torch.set_grad_enabled(not args.vision_only):
                text, words = clip.text(ids)
            states = clip.heads.patch_norm(hidden[:, 1:])
            patches = clip.heads.patch(states).float().split(clip.heads.sizes, dim=-1)
            said = clip.heads.patch_facts(states).float()
            answers = clip.heads.attributes(states[~gray]).float().split(attributes.sizes, dim=-1)
            facts = clip.heads.facts(clip.vision_model.post_layernorm(hidden[:, 0])).float()
        image, text = normalize(image.float(), dim=-1), normalize(text.float(), dim=-1)
        scale, half = clip.logit_scale.exp(), len(picked)
        halves = [slice(k * half, (k + 1) * half) for k in range(tellings)]
        match = sum(contrastive(image, text[h], scale, truth, claims[h]) for h in halves) / tellings
        shown = [~gray if plane == "color" else torch.ones_like(gray) for plane in PLANES]
        patch = sum(-(t * p.log_softmax(-1)).sum(-1)[s].mean() for t, p, s in zip(targets, patches, shown)) / len(targets)
        fact = (binary_cross_entropy_with_logits(facts, truth, reduction="none") * asked[gray.long()]).mean() * 20
        thing = binary_cross_entropy_with_logits(said[~gray], under[~gray]) * 10
        each = [answered(a, t[~gray]) for a, t in zip(answers, asked_of)]
        told = 0 if args.vision_only else retelling(clip.heads, words, ids, claims, tokenizer)
        run.descend(match + patch + fact + thing + told + 0.4 * sum(each))
        with torch.no_grad():
            clip.logit_scale.clamp_(max=4.6052)
        run.say(match=match, patch=patch, fact=fact, thing=thing, told=told, scale=scale, **dict(zip(attributes.names, each)))


if __name__ == "__main__":
    main()
