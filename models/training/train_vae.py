"""Trains the autoencoder: L1 + MSE + 1e-3 KL. `python models/training/train_vae.py --minutes 25`

Writes runs/vae.pt: weights, their moving average, and `scaling_factor` (1 / standard deviation of the latents).
"""

import argparse

import numpy as np
import torch

from common import Average, Clock, arguments, load, save, schedule, seed_all
from data import Scenes
from vae import AutoencoderKL


def psnr(vae, scenes, count=256):
    errors, latents = [], []
    with torch.no_grad():
        for i in range(0, count, 32):
            x = torch.from_numpy(scenes.batch(range(i, i + 32)))
            z, _ = vae.encode(x)
            latents.append(z)
            y = vae.decode(z).clamp(-1, 1)
            errors.append(((x - y) / 2).pow(2).mean(dim=(1, 2, 3)))
    return float((-10 * torch.cat(errors).log10()).mean()), torch.cat(latents)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--lr", type=float, default=2e-3)
    args = arguments(parser)
    rng = seed_all(args.seed)
    vae = AutoencoderKL().to(args.device)
    optimiser = torch.optim.AdamW(vae.parameters(), args.lr, betas=(0.9, 0.99), weight_decay=0.01)
    average = Average(vae, 0.998)
    path, step, seconds = args.runs / "vae.pt", 0, 0.0
    if state := load(path):
        vae.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        average.values, average.steps = state["average"], state["step"]
        step, seconds = state["step"], state["seconds"]
        rng = seed_all(args.seed + step)
    scenes, clock, saved = Scenes(args.data, "train"), Clock(seconds), seconds

    def checkpoint():
        frozen = AutoencoderKL()
        frozen.load_state_dict(average.values)
        held = Scenes(args.data, "heldout", 1)
        quality, latents = psnr(frozen.eval(), held if len(held) else scenes)
        save(path, {
            "model": vae.state_dict(), "optimiser": optimiser.state_dict(), "average": average.values, "step": step,
            "seconds": clock.seconds(), "scaling_factor": 1 / float(latents.std()), "psnr": quality, "batch": args.batch,
        })
        print(f"step {step} {clock.seconds():.0f}s scenes {len(scenes)} psnr {quality:.2f} std {latents.std():.3f}", flush=True)

    while clock.seconds() < args.minutes * 60:
        if step % 200 == 0:
            scenes.refresh()
        for group in optimiser.param_groups:
            group["lr"] = args.lr * schedule(clock.seconds() / (args.minutes * 60))
        x = torch.from_numpy(scenes.batch(rng.integers(0, len(scenes), args.batch))).to(args.device)
        if rng.random() < 0.5:
            x = x.flip(-1)
        with torch.autocast(args.device, dtype=torch.bfloat16):
            mean, logvar = vae.encode(x)
            mean, logvar = mean.float(), logvar.float()
            y = vae.decode(mean + torch.randn_like(mean) * (0.5 * logvar).exp()).float()
        kl = 0.5 * (mean**2 + logvar.exp() - 1 - logvar).mean()
        loss = (x - y).abs().mean() + (x - y).pow(2).mean() + 1e-3 * kl
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(vae.parameters(), 1.0)
        optimiser.step()
        average.update(vae)
        step += 1
        if step % 50 == 0:
            print(f"step {step} loss {loss.item():.4f} kl {kl.item():.2f}", flush=True)
        if clock.seconds() - saved > 180:
            saved = clock.seconds()
            checkpoint()
    checkpoint()


if __name__ == "__main__":
    main()
