"""Trains the denoiser of scene-diffusion. `python models/training/train_unet.py --minutes 65`

v-prediction on the latents of the frozen autoencoder, conditioned on the frozen text tower of scene-clip-vit (its
last hidden state, 24 tokens, padding as it comes from the tower). Everything frozen is computed once, before.
Writes runs/unet.pt.
"""

import argparse

import numpy as np
import torch

from clip import CLIPModel
from common import Average, Clock, Crew, Muon, arguments, load, save, schedule, seed_all
from data import Scenes
from models import clip_config, unet_config
from scheduler import alphas_cumprod
from tokenizer import Tokenizer
from truth import KINDS, phrase
from unet import UNet2DConditionModel
from vae import AutoencoderKL

PROMPT_SHARE = 0.2  # of captions: the bare canonical phrase, for scenes with one thing
DROP = 0.1  # of captions: emptied, for classifier-free guidance
# The end token and the padding of a causal tower know the whole sentence: a denoiser may read only them, and its maps
# of the words then say nothing. So in most samples they are those of the empty prompt, and the words must do the work.
BLANK_TAIL = 0.6


def encode_latents(scenes, vae, scaling, path):
    """[scene, 4, 16, 16] float16 on disk, scaled to unit deviation."""
    done = np.load(path) if path.exists() else np.zeros((0, 4, 16, 16), np.float16)
    chunks = [done]
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for start in range(len(done), len(scenes), 256):
            pixels = torch.from_numpy(scenes.batch(range(start, min(start + 256, len(scenes)))))
            mean = torch.cat([vae.encode(x)[0].float() for x in pixels.split(32)])
            chunks.append((mean * scaling).half().numpy())
    latents = np.concatenate(chunks)
    np.save(path, latents)
    return torch.from_numpy(latents)


class Texts:
    """Hidden states of every caption, computed once: [text, 24, width] float16, and which texts a scene has."""

    def __init__(self, scenes, clip, tokenizer):
        index, self.own, self.phrases = {"": 0}, [], []
        for record in scenes.records:
            things = [phrase(t["color"], t["kind"]) for t in record["things"] if t["kind"] in KINDS]
            self.own.append([index.setdefault(c, len(index)) for c in record["captions"]])
            self.phrases.append([index.setdefault(c, len(index)) for c in things[:1]] if len(things) == 1 else [])
        ids = torch.tensor([tokenizer.encode(t) for t in index])
        self.tail = (ids == tokenizer.end).int().cumsum(1).bool()  # from the end token on
        with torch.no_grad():
            self.hidden = torch.cat([clip.text(x)[1].half() for x in ids.split(512)])
        print(f"{len(index)} different captions", flush=True)

    def draw(self, picked, rng):
        chosen = []
        for i in picked:
            u = rng.random()
            if u < DROP:
                chosen.append(0)
            elif u < DROP + PROMPT_SHARE and self.phrases[i]:
                chosen.append(self.phrases[i][0])
            else:
                chosen.append(self.own[i][rng.integers(len(self.own[i]))])
        blank = self.tail[chosen] & torch.from_numpy(rng.random(len(chosen)) < BLANK_TAIL)[:, None]
        return torch.where(blank[..., None], self.hidden[0], self.hidden[chosen]).float()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=65)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--lr", type=float, default=1.5e-3)
    args = arguments(parser)
    rng = seed_all(args.seed)
    frozen = load(args.runs / "vae.pt")
    vae, clip, scenes = AutoencoderKL().eval(), CLIPModel(clip_config()).eval(), Scenes(args.data, "train")
    vae.load_state_dict(frozen["average"])
    clip.load_state_dict(load(args.runs / "clip.pt")["average"])
    latents = encode_latents(scenes, vae, frozen["scaling_factor"], args.runs / "latents.npy")
    texts = Texts(scenes, clip, Tokenizer())
    print(f"{len(latents)} latents, deviation {latents[:2000].float().std():.3f}", flush=True)

    unet = UNet2DConditionModel(unet_config()).to(args.device)
    optimiser = Muon(unet, args.lr, plain=("conv_in", "conv_out", "time_embedding", "time_emb_proj"), decay=0.01)
    average = Average(unet)
    path, step, seconds = args.runs / "unet.pt", 0, 0.0
    if state := load(path):
        unet.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        average.values, average.steps = state["average"], state["step"]
        step, seconds = state["step"], state["seconds"]
        rng = seed_all(args.seed + step)
    crew = Crew(unet, args.threads if args.device == "cpu" else 1, 16 if args.device == "cpu" else args.batch)
    bars = torch.from_numpy(alphas_cumprod()).float()
    clock, saved, recent = Clock(seconds), seconds, []

    def checkpoint():
        save(path, {
            "model": unet.state_dict(), "optimiser": optimiser.state_dict(), "average": average.values, "step": step,
            "seconds": clock.seconds(), "batch": args.batch, "samples": step * args.batch,
        })

    while clock.seconds() < args.minutes * 60:
        for group in optimiser.param_groups:
            group["lr"] = args.lr * schedule(clock.seconds() / (args.minutes * 60))
        picked = rng.integers(0, len(latents), args.batch)
        clean = latents[picked].float().to(args.device)
        text = texts.draw(picked, rng).to(args.device)
        # Logit-normal times learn fastest; a fifth uniform ones keep both ends honest (pure noise is where sampling starts).
        t = torch.sigmoid(torch.randn(args.batch) + 0.2)
        t = torch.where(torch.rand(args.batch) < 0.2, torch.rand(args.batch), t)
        t = (t * 1000).long().clamp(0, 999)
        signal = bars[t].view(-1, 1, 1, 1).sqrt().to(args.device)
        spread = (1 - bars[t]).view(-1, 1, 1, 1).sqrt().to(args.device)
        noise = torch.randn_like(clean)
        target = signal * noise - spread * clean
        noisy, t = signal * clean + spread * noise, t.to(args.device)

        def loss(replica, part):
            with torch.autocast(args.device, dtype=torch.bfloat16):
                v = replica(noisy[part], t[part], text[part])
            return (v.float() - target[part]).pow(2).sum() / target.numel()

        mean_loss = crew.backward(loss, args.batch)
        torch.nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
        optimiser.step()
        average.update(unet)
        step += 1
        recent.append(mean_loss)
        if step % 50 == 0:
            rate = step * args.batch / clock.seconds()
            print(f"step {step} {clock.seconds():.0f}s loss {np.mean(recent[-50:]):.4f} {rate:.1f} samples/s", flush=True)
        if clock.seconds() - saved > 150:
            saved = clock.seconds()
            checkpoint()
    checkpoint()


if __name__ == "__main__":
    main()
