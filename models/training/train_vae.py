"""Trains the autoencoder: L1 + MSE + KL. `python models/training/train_vae.py --minutes 25`

With `--like CHECKPOINT` it goes on from that autoencoder and keeps to its latents, so that a denoiser trained on them needs no
training: what the encoder adds, it has to add in small. Writes runs/vae.pt: weights, their moving average, and
`scaling_factor` (1 / standard deviation of the latents).
"""

import argparse
from pathlib import Path

import torch
from torch.nn.functional import avg_pool2d

from common import Muon, Training, arguments, load
from data import Scenes
from models import vae_config
from vae import AutoencoderKL

KL = 1e-4
SQUARE = 4.0  # of the square error, which PSNR is, against L1
BROAD = 1.0  # of L1 on means of 8x8 pixels: a thing's colour, which fine errors would drown
KEEP = 0.3  # of the square distance to the latents of `--like`, in their standard deviation


@torch.no_grad()
def score(vae, scenes, count=256):
    """PSNR of the mean square error and mean of the pictures' own, on [0, 1]; the latents' scaling factor."""
    errors, latents = [], []
    for i in range(0, count, 32):
        x = torch.from_numpy(scenes.batch(range(i, i + 32)))
        z, _ = vae.encode(x)
        latents.append(z)
        errors.append(((x - vae.decode(z).clamp(-1, 1)) / 2).pow(2).mean(dim=(1, 2, 3)))
    errors = torch.cat(errors)
    psnr, mean = float(-10 * errors.mean().log10()), float((-10 * errors.log10()).mean())
    return {"psnr": psnr, "mean_psnr": mean, "scaling_factor": 1 / float(torch.cat(latents).std())}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--like", type=Path, help="go on from this checkpoint and keep its latents")
    args = arguments(parser, minutes=25, batch=32, lr=2e-3)
    scenes, held = Scenes(args.data, "train"), Scenes(args.data, "heldout", 1)
    vae = AutoencoderKL(vae_config()).to(args.device)
    before = None
    if args.like:
        like = load(args.like)
        vae.load_state_dict(like["average"])
        before = AutoencoderKL(vae_config()).to(args.device).requires_grad_(False)
        before.load_state_dict(like["average"])
    optimiser = Muon(vae, args.lr, plain=("conv_in", "conv_out"), decay=0.01)

    def finish(run):
        scores = score(run.averaged(AutoencoderKL(vae_config())), held)
        return scores | ({"scaling_factor": like["scaling_factor"]} if before else {})

    run = Training("vae", vae, optimiser, args, average=0.998, finish=finish)
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
        error = x - y
        loss = error.abs().mean() + SQUARE * error.pow(2).mean() + BROAD * avg_pool2d(error, 8).abs().mean() + KL * kl
        if before:
            with torch.no_grad(), run.autocast():
                kept = before.encode(x)[0].float()
            moved = ((mean - kept) * like["scaling_factor"]).square().mean()
            loss = loss + KEEP * moved
            run.say(moved=moved)
        run.descend(loss)
        run.say(loss=loss, kl=kl, psnr=-10 * (error / 2).square().mean().log10())


if __name__ == "__main__":
    main()
