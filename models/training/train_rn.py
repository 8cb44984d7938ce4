"""Trains the ResNet tower of scene-clip-rn against scene-clip-vit's frozen text tower. `python models/training/train_rn.py --minutes 20`

Contrastive loss, plus all facts of the scene from the pooled layer4 (that head is thrown away). No patch labels: what its
channels detect, they found by themselves. Writes runs/rn.pt.
"""

import argparse

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, normalize

import shipped
from captions import Captions, contrastive
from common import Muon, Training, arguments, load
from data import Scenes
from gray import answerable, fade
from models import build, files, resnet_config, unfold
from tokenizer import Tokenizer
from train_clip import evaluate
from truth import SLOTS, multi_hot


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--warm", action="store_true", help="start from the shipped weights")
    args = arguments(parser, minutes=20, batch=128, lr=1.5e-3)
    tokenizer, clip = Tokenizer(), build("clip").eval()
    clip.load_state_dict({k: load(args.runs / "clip.pt")["average"][k] for k in clip.state_dict()})
    clip.to(args.device)
    model = build("rn")
    scenes = Scenes(args.data, "train")
    if args.warm:
        flat = files("rn", build("rn"))[0]
        shipped.read(*flat)
        unfold(model, flat[0], torch.from_numpy(scenes.batch(range(256))))
    model.logit_scale = nn.Parameter(torch.tensor(3.0))
    model.facts = nn.Linear(resnet_config().widths[-1], SLOTS)
    nn.init.constant_(model.facts.bias, -4.0)
    model.to(args.device)
    held = Scenes(args.data, "heldout", 1)

    def finish(run):
        mean = run.averaged(build("rn"))
        return {"scores": evaluate(lambda x: mean(x)[0], lambda x: clip.text(x)[0], held, tokenizer)}

    optimiser = Muon(model, args.lr, plain=("projection", "facts"))
    run = Training("rn", model, optimiser, args, average=0.998, clip=2.0, finish=finish)
    captions, asked = Captions(tokenizer, run.rng), answerable(scenes.records).to(args.device)
    for _ in run.steps():
        picked = run.rng.choice(len(scenes), args.batch, replace=False)
        records = [scenes.records[i] for i in picked]
        pixels, gray = (x.to(args.device) for x in fade(torch.from_numpy(scenes.batch(picked)), run.rng))
        truth = torch.from_numpy(np.stack([multi_hot(r["facts"]) for r in records])).to(args.device)
        drawn = [captions.batch(records, gray.tolist()) for _ in range(2)]
        ids, claims = (torch.cat(x).to(args.device) for x in zip(*drawn))
        with run.autocast():
            with torch.no_grad():
                text = clip.text(ids)[0]
            image, hidden = model(pixels)
            facts = model.facts(hidden.mean(dim=(2, 3))).float()
        image, text = normalize(image.float(), dim=-1), normalize(text.float(), dim=-1)
        half = len(picked)
        scale = model.logit_scale.exp()
        match = sum(contrastive(image, text[h], scale, truth, claims[h]) for h in (slice(0, half), slice(half, 2 * half))) / 2
        fact = (binary_cross_entropy_with_logits(facts, truth, reduction="none") * asked[gray.long()]).mean() * 20
        run.descend(match + fact)
        with torch.no_grad():
            model.logit_scale.clamp_(max=4.6052)
        run.say(match=match, fact=fact, scale=scale)


if __name__ == "__main__":
    main()
