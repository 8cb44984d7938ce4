"""Goes on with the autoencoder's decoder alone, encoder frozen. `python models/training/train_decoder.py --minutes 5`

It learns from the cached latents plus a little noise of random strength, because at generation time it meets the
denoiser's latents, which are never quite right. The latents, and so the U-Net, stay as they are. Updates runs/vae.pt.
"""

import argparse

import numpy as np
import torch

from common import Muon, Training, arguments, load, save
from data import Scenes
from models import build
from train_vae import score

NOISE = 0.2  # largest deviation, in units of the latents' own


def main():
    args = arguments(argparse.ArgumentParser(), minutes=5, batch=32, lr=1e-3)
    path = args.runs / "vae.pt"
    state, vae = load(path), build("vae")
    vae.load_state_dict(state["average"])
    decoder, scenes = vae.decoder, Scenes(args.data, "train")
    latents = np.load(args.runs / "latents.npy", mmap_mode="r")
    run = Training("decoder", decoder, Muon(decoder, args.lr, plain=("conv_in", "conv_out"), decay=0.01), args, average=0.998)
    for _ in run.steps():
        picked = run.rng.integers(0, len(latents), args.batch)
        x = torch.from_numpy(scenes.batch(picked))
        z = torch.from_numpy(latents[picked].astype(np.float32))
        z = (z + torch.randn_like(z) * torch.rand(len(z), 1, 1, 1) * NOISE) / state["scaling_factor"]
        with run.autocast():
            y = decoder(z).float()
        loss = (x - y).abs().mean() + (x - y).pow(2).mean()
        run.descend(loss)
        run.say(loss=loss)
    decoder.load_state_dict(run.average.values)
    quality = score(vae.eval(), Scenes(args.data, "heldout", 1))["psnr"]
    state["average"] = state["model"] = vae.state_dict()
    save(path, state | {"decoder_steps": run.step, "decoder_seconds": run.seconds(), "psnr": quality})
    print(f"step {run.step} psnr {quality:.2f}", flush=True)


if __name__ == "__main__":
    main()
