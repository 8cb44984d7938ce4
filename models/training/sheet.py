"""Pictures of prompts, in a grid. `python models/training/sheet.py "a red car on a lawn" ... --out sheet.png`

The shipped ONNX files, as the app runs them; to look at, not to score: scores are `npm run eval -- models`.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime

from models import CLIP, DIFFUSION, vae_config
from png import grid, to_bytes, write_png
from scheduler import ddim
from tokenizer import Tokenizer


def session(path: Path, threads=1):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class Diffusion:
    def __init__(self):
        self.unet, self.decoder = session(DIFFUSION / "onnx/unet.onnx"), session(DIFFUSION / "onnx/vae_decoder.onnx")
        self.text, self.tokenizer = session(CLIP / "onnx/text_model.onnx"), Tokenizer()
        self.scaling = json.loads((DIFFUSION / "config.json").read_text())["vae"]["scaling_factor"]

    def hidden(self, prompts):
        ids = np.array([self.tokenizer.encode(p) for p in prompts], np.int64)
        return self.text.run(["last_hidden_state"], {"input_ids": ids})[0]

    def generate(self, prompts, seeds, steps=25, guidance=4.0):
        """-> pixels [picture, 3, 128, 128] in [-1, 1]"""
        n, shape = len(prompts), (vae_config().latent, 16, 16)
        text = np.concatenate([self.hidden([""] * n), self.hidden(prompts)])
        noise = np.stack([np.random.default_rng(s).standard_normal(shape) for s in seeds]).astype(np.float32)

        def denoise(x, t):
            feeds = {"sample": np.concatenate([x, x]).astype(np.float32), "timestep": np.full(2 * n, t, np.int64), "encoder_hidden_states": text}
            (v,) = self.unet.run(["out_sample"], feeds)
            return v[:n] + guidance * (v[n:] - v[:n])

        z = ddim(denoise, noise, steps) / self.scaling
        return self.decoder.run(None, {"latent_sample": z.astype(np.float32)})[0].clip(-1, 1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("prompts", nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--columns", type=int, default=4)
    parser.add_argument("--steps", type=int, default=25)
    parser.add_argument("--guidance", type=float, default=4.0)
    args = parser.parse_args()
    pipe, rows = Diffusion(), []
    for k, prompt in enumerate(args.prompts):
        seeds = range(k * args.columns, (k + 1) * args.columns)
        rows.append(pipe.generate([prompt] * args.columns, seeds, args.steps, args.guidance))
    write_png(args.out, grid(to_bytes(np.concatenate(rows)), args.columns))


if __name__ == "__main__":
    main()
