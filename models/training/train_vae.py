"""Trains the autoencoder: L1 + MSE + KL. `python models/training/train_vae.py --minutes 25`

Writes runs/vae.pt: weights, their moving average, and `scaling_factor` (1 / standard deviation of the latents).
"""

import argparse

import torch

from common import Muon, Training, arguments
from data import Scenes
from models import vae_config
from vae import AutoencoderKL

KL = 1e-4


@torch.no_grad()
def score(vae, scenes, count=256):
    """Mean of the pictures' PSNR on [0, 1], and the latents' scaling factor."""
    errors, latents = [], []
    for i in range(0, count, 32):
        x = torch.from_numpy(scenes.batch(range(i, i + 32)))
        z, _ = vae.encode(x)
        latents.append(z)
        errors.append(((x - vae.decode(z).clamp(-1, 1)) / 2).pow(2).mean(dim=(1, 2, 3)))
    return {"psnr": float((-10 * torch.cat(errors).log10()).mean()), "scaling_factor": 1 / float(torch.cat(latents).std())}


def main():
    args = arguments(argparse.ArgumentParser(), minutes=25, batch=32, lr=2e-3)
    scenes, held = Scenes(args.data, "train"), Scenes(args.data, "heldout", 1)
    vae = AutoencoderKL(vae_config()).to(args.device)
    optimiser = Muon(vae, args.lr, plain=("conv_in", "conv_out"), decay=0.01)
    run = Training("vae", vae, optimiser, args, average=0.998, finish=lambda r: score(r.averaged(AutoencoderKL(vae_config())), held))
    for step in run.steps():
        if step % 200 == 0:
            scenes.refresh()
        x = torch.from_numpy(scenes.batch(run.rng.integers(0, len(scenes), args.batch))).to(args.device)
        if run.rng.random() < 0.5:
            x = x.flip(-1)
        with run.autocast():
            mean, logvar = (part.float() for part in vae.encode(x))
            y = vae.decode(mean + torch.randn_like(mean) * (0.5 * logvar).exp()).float()
        kl = 0.5 * (mean**2 + logvar.exp() - 1 - logvar).mean()
        loss = (x - y).abs().mean() + (x - y).pow(2).mean() + KL * kl
        run.descend(loss)
        run.say(loss=loss, kl=kl)


if __name__ == "__main__":
    main()
