"""Trains the denoiser of scene-diffusion. `python models/training/train_unet.py --minutes 65 [--warm]`

v-prediction on the latents of the frozen autoencoder, conditioned on the frozen text tower of scene-clip-vit (its
last hidden state, padding as it comes from the tower). Everything frozen is computed once, before. Two auxiliary losses use
what the world knows: labels of every cell from the middle block (that head is thrown away), and `grounding.py`. Writes runs/unet.pt.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.functional import adaptive_avg_pool2d

import shipped
from captions import phrase
from common import Muon, Training, arguments, catalogue, load
from data import PLANES, Scenes
from grounding import Grounding, outside, recorded
from models import build, files, vae_config
from scheduler import alphas_cumprod
from tokenizer import Tokenizer
from train_clip import patch_targets

LISTED_SHARE = 0.5  # of captions: a bare list of the scene's things, as people write prompts
LISTED = 3  # things at most
DROP = 0.1  # of captions: emptied, for classifier-free guidance
# How often scenes of one, two, three and four things are drawn, against each other: two are the hardest to paint apart.
DRAWN = (1.0, 2.0, 1.0, 0.5)
# The end token and the padding of a causal tower know the whole sentence: a denoiser may read only them, and its maps
# of the words then say nothing. So in most samples they are those of the empty prompt, and the words must do the work.
BLANK_TAIL = 0.6
LABEL, GROUND = 0.05, 0.1  # weights of the auxiliary losses; the denoiser's own is about 0.25
THING = 1.0  # how much more a cell of a thing counts than one of sky, ground or rain


def encode_latents(scenes, vae, scaling, path):
    """[scene, channel, 16, 16] float16 on disk, scaled to unit deviation."""
    shape = (vae_config().latent, 16, 16)
    done = np.load(path) if path.exists() else np.zeros((0, *shape), np.float16)
    chunks = [done]
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for start in range(len(done), len(scenes), 256):
            pixels = torch.from_numpy(scenes.batch(range(start, min(start + 256, len(scenes)))))
            mean = torch.cat([vae.encode(x)[0].float() for x in pixels.split(32)])
            chunks.append((mean * scaling).half().numpy())
    latents = np.concatenate(chunks)
    np.save(path, latents)
    return torch.from_numpy(latents)


def listing(record, rng):
    """ "a red car and a blue dog on the lawn", things in any order, half of the time without the place; None for too many things."""
    things = [phrase(t["color"], t["kind"]) for t in record["things"]]
    if len(things) > LISTED:
        return None
    rng.shuffle(things)
    place = record["place"]
    return " and ".join(things) + (f" {'in' if place in ('desert', 'city') else 'on'} the {place}" if rng.random() < 0.5 else "")


class Texts:
    """Hidden states of every caption, computed once: [text, token, width] float16, and which texts a scene has."""

    def __init__(self, scenes, clip, tokenizer, rng):
        index, self.own, self.listed = {"": 0}, [], []
        for record in scenes.records:
            texts = [c["text"] for c in record["captions"][:2]] + [record["fullCaption"]["text"]]
            self.own.append([index.setdefault(t, len(index)) for t in texts])
            text = listing(record, rng)
            self.listed.append(text and index.setdefault(text, len(index)))
        self.ids = ids = torch.tensor([tokenizer.encode(t) for t in index])
        self.tail = (ids == tokenizer.end).int().cumsum(1).bool()  # from the end token on
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            parts = [clip.text(x)[1].half() for x in ids.split(512)]
        self.hidden = torch.cat(parts)
        print(f"{len(index)} different captions", flush=True)

    def draw(self, picked, rng):
        """Hidden states [scene, token, width] and the token ids [scene, token] behind them."""
        chosen = []
        for i in picked:
            u = rng.random()
            if u < DROP:
                chosen.append(0)
            elif u < DROP + LISTED_SHARE and self.listed[i]:
                chosen.append(self.listed[i])
            else:
                chosen.append(self.own[i][rng.integers(len(self.own[i]))])
        blank = self.tail[chosen] & torch.from_numpy(rng.random(len(chosen)) < BLANK_TAIL)[:, None]
        return torch.where(blank[..., None], self.hidden[0], self.hidden[chosen]).float(), self.ids[chosen].numpy()


class Labels(nn.Module):
    """Reads the labels of every cell from the middle block [batch, width, 8, 8]; thrown away after training."""

    def __init__(self, width: int):
        super().__init__()
        labels = catalogue()["labels"]
        self.sizes = [len(labels[plane]) + 1 for plane in PLANES]
        self.norm, self.head = nn.GroupNorm(16, width), nn.Conv2d(width, sum(self.sizes), 1)

    def forward(self, x):
        return self.head(self.norm(x)).float().flatten(2).transpose(1, 2).split(self.sizes, dim=-1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--warm", action="store_true", help="start from the shipped weights")
    parser.add_argument("--fresh", nargs="*", default=[], help="layers that start anew, e.g. conv_in conv_out for another autoencoder")
    parser.add_argument("--init", type=Path, help="start from the averaged weights of this checkpoint")
    args = arguments(parser, minutes=65, batch=16, lr=1.2e-3)
    frozen = load(args.runs / "vae.pt")
    vae, clip, scenes = build("vae").eval(), build("clip").eval(), Scenes(args.data, "train")
    vae.load_state_dict(frozen["average"])
    clip.load_state_dict({k: load(args.runs / "clip.pt")["average"][k] for k in clip.state_dict()})
    latents = encode_latents(scenes, vae, frozen["scaling_factor"], args.runs / "latents.npy")
    unet = build("unet")
    if args.warm:
        shipped.read(*files("unet", unet)[0], fresh=args.fresh)
    if args.init:
        unet.load_state_dict({k: load(args.init)["average"][k] for k in unet.state_dict()})
    unet.labels = Labels(unet.config.channels[-1])
    middle = []
    unet.mid_block.register_forward_hook(lambda module, inputs, output: middle.append(output))
    patterns = recorded(unet)
    unet.to(args.device)
    optimiser = Muon(unet, args.lr, plain=("conv_in", "conv_out", "time_embedding", "time_emb_proj", "labels"), decay=0.01)
    run = Training("unet", unet, optimiser, args, average=0.9985)
    tokenizer = Tokenizer()
    texts, grounding = Texts(scenes, clip, tokenizer, run.rng), Grounding(tokenizer)
    share = np.array([DRAWN[min(len(r["things"]), len(DRAWN)) - 1] for r in scenes.records])
    share /= share.sum()
    bars = torch.from_numpy(alphas_cumprod()).float()
    for _ in run.steps():
        picked = run.rng.choice(len(latents), args.batch, p=share)
        clean = latents[picked].float().to(args.device)
        text, ids = texts.draw(picked, run.rng)
        labels = np.stack([scenes.label(i) for i in picked])
        # Logit-normal times learn fastest; a fifth uniform ones keep both ends honest (pure noise is where sampling starts).
        t = torch.sigmoid(torch.randn(args.batch) + 0.4)
        t = torch.where(torch.rand(args.batch) < 0.2, torch.rand(args.batch), t)
        t = (t * 1000).long().clamp(0, 999)
        signal = bars[t].view(-1, 1, 1, 1).sqrt().to(args.device)
        spread = (1 - bars[t]).view(-1, 1, 1, 1).sqrt().to(args.device)
        noise = torch.randn_like(clean)
        target = signal * noise - spread * clean
        noisy, left = signal * clean + spread * noise, signal.flatten()
        with run.autocast():
            v = unet(noisy, t.to(args.device), text.to(args.device))
            known = unet.labels(middle.pop())
        things = torch.from_numpy(np.isin(labels[:, PLANES.index("object")], grounding.things)).float()
        weight = 1 + THING * adaptive_avg_pool2d(things[:, None], clean.shape[2:]).to(args.device)
        denoise = ((v.float() - target).square() * weight).mean() / weight.mean()
        cells = zip(patch_targets(labels, unet.labels.sizes), known)
        label = sum(-((share.to(args.device) * p.log_softmax(-1)).sum(-1).mean(-1) * left).mean() for share, p in cells) / len(PLANES)
        ground = outside(patterns, grounding.batch(ids, labels), left)
        patterns.clear()
        run.descend(denoise + LABEL * label + GROUND * ground)
        run.say(denoise=denoise, label=label, ground=ground)


if __name__ == "__main__":
    main()
