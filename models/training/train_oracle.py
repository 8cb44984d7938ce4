"""Trains scene-oracle, the scorer. `python models/training/train_oracle.py --minutes 20`

Its scenes are its own (`--shards 100:...`, drawn by no other training). Half of the pictures are blurred, noised or
squeezed, because it has to judge pictures that a decoder drew. Writes runs/oracle.pt.
"""

import argparse

import numpy as np
import torch
from torch.nn.functional import cross_entropy, interpolate

from common import Muon, Training, arguments
from data import PLANES, Scenes
from models import build, oracle_heads


def worn(x, rng):
    """Pictures [batch, 3, y, x] in [-1, 1], some of them softened, noised, or with shifted tones."""
    u = rng.random()
    if u < 0.35:
        side = int(128 / rng.uniform(1.3, 2.6))
        x = interpolate(interpolate(x, size=(side, side), mode="area"), size=(128, 128), mode="bilinear")
    if 0.25 < u < 0.6:
        x = x + torch.randn_like(x) * rng.uniform(0.02, 0.12)
    if 0.5 < u < 0.8:
        x = x * rng.uniform(0.85, 1.1) + rng.uniform(-0.06, 0.06)
    return x.clamp(-1, 1)


@torch.no_grad()
def score(model, scenes, count=256):
    """Mean over labels of the pooled intersection over union, per head."""
    heads = oracle_heads()
    both = {h: np.zeros((2, len(labels))) for h, labels in heads.items()}
    for start in range(0, count, 64):
        picked = range(start, start + 64)
        truth = np.stack([scenes.label(i) for i in picked])
        for (head, sums), logits in zip(both.items(), model(torch.from_numpy(scenes.batch(picked)))):
            best, plane = logits.argmax(1).numpy(), truth[:, PLANES.index(head)]
            for label in range(sums.shape[1]):
                sums[:, label] += ((best == label) & (plane == label)).sum(), ((best == label) | (plane == label)).sum()
    return {"scores": {h: float((s[0, 1:] / s[1, 1:])[s[1, 1:] > 0].mean()) for h, s in both.items()}}


def main():
    args = arguments(argparse.ArgumentParser(), minutes=20, batch=32, lr=2e-3)
    args.seed += 100
    scenes, held = Scenes(args.data, "oracle"), Scenes(args.data, "heldout", 1)
    model = build("oracle").to(args.device)
    optimiser = Muon(model, args.lr, plain=("stem", "heads"), decay=0.01)
    run = Training("oracle", model, optimiser, args, average=0.998, finish=lambda r: score(r.averaged(build("oracle")), held))
    planes = [PLANES.index(head) for head in oracle_heads()]
    for _ in run.steps():
        picked = run.rng.integers(0, len(scenes), args.batch)
        x = worn(torch.from_numpy(scenes.batch(picked)), run.rng).to(args.device)
        truth = torch.from_numpy(np.stack([scenes.label(i) for i in picked])).long().to(args.device)
        with run.autocast():
            logits = model(x)
        losses = [cross_entropy(l.float(), truth[:, p]) for l, p in zip(logits, planes)]
        run.descend(sum(losses))
        run.say(**dict(zip(oracle_heads(), losses)))


if __name__ == "__main__":
    main()
