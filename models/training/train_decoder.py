"""Goes on with the decoder alone, encoder frozen. `python models/training/train_decoder.py --minutes 5`

It learns from the cached latents plus a little noise of random strength, because at generation time it meets the
denoiser's latents, which are never quite right. The latents, and so the U-Net, stay as they are. Updates runs/vae.pt.
"""

import argparse

import numpy as np
import torch

from common import Average, Clock, Crew, arguments, load, save, schedule, seed_all
from data import Scenes
from train_vae import psnr
from vae import AutoencoderKL

NOISE = 0.2  # largest deviation, in units of the latents' own


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--lr", type=float, default=1e-3)
    args = arguments(parser)
    rng = seed_all(args.seed)
    path = args.runs / "vae.pt"
    state = load(path)
    vae = AutoencoderKL()
    vae.load_state_dict(state["average"])
    decoder = vae.decoder
    scenes = Scenes(args.data, "train")
    latents = np.load(args.runs / "latents.npy", mmap_mode="r")
    optimiser = torch.optim.AdamW(decoder.parameters(), args.lr, betas=(0.9, 0.99), weight_decay=0.01)
    average, crew, clock, step = Average(decoder, 0.99), Crew(decoder, args.threads, 8), Clock(), 0
    while clock.seconds() < args.minutes * 60:
        for group in optimiser.param_groups:
            group["lr"] = args.lr * schedule(clock.seconds() / (args.minutes * 60))
        picked = rng.integers(0, len(latents), args.batch)
        x = torch.from_numpy(scenes.batch(picked))
        z = torch.from_numpy(latents[picked].astype(np.float32))
        z = (z + torch.randn_like(z) * torch.rand(len(z), 1, 1, 1) * NOISE) / state["scaling_factor"]

        def loss(replica, part):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                y = replica(z[part]).float()
            return ((x[part] - y).abs().sum() + (x[part] - y).pow(2).sum()) / x.numel()

        value = crew.backward(loss, args.batch)
        torch.nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        optimiser.step()
        average.update(decoder)
        step += 1
        if step % 50 == 0:
            print(f"step {step} {clock.seconds():.0f}s loss {value:.4f}", flush=True)
    decoder.load_state_dict(average.values)
    quality, _ = psnr(vae.eval(), Scenes(args.data, "heldout", 1))
    state["average"] = state["model"] = vae.state_dict()
    save(path, state | {"decoder_steps": step, "decoder_seconds": clock.seconds(), "psnr": quality})
    print(f"step {step} {clock.seconds():.0f}s psnr {quality:.2f}", flush=True)


if __name__ == "__main__":
    main()
