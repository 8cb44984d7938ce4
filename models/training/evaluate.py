"""Scores of the exported ONNX files. `python models/training/evaluate.py clip|vae|diffusion [--out grid.png]`

Prints JSON. Held-out scenes only; prompts and seeds are fixed by `--seed`.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from clip import CLIPModel
from common import MODELS, RUNS, load
from data import Scenes
from models import clip_config
from png import grid, to_bytes, write_png
from scheduler import ddim
from tokenizer import Tokenizer
from truth import KINDS, PAIRS, PLACES, phrase, place_phrase

CLIP, DIFFUSION = MODELS / "scene-clip-vit" / "onnx", MODELS / "scene-diffusion" / "onnx"


def session(source, threads=1):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    data = source if isinstance(source, bytes) else str(source)
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


class Clip:
    def __init__(self):
        self.vision, self.text, self.tokenizer = session(CLIP / "vision_model.onnx"), session(CLIP / "text_model.onnx"), Tokenizer()

    def images(self, pixels):
        return np.concatenate([unit(self.vision.run(["image_embeds"], {"pixel_values": x})[0]) for x in split(pixels)])

    def texts(self, texts):
        ids = np.array([self.tokenizer.encode(t) for t in texts], np.int64)
        return np.concatenate([unit(self.text.run(["text_embeds"], {"input_ids": x})[0]) for x in split(ids)])


def split(x, size=64):
    return [x[i : i + size] for i in range(0, len(x), size)]


def clip_scores(args):
    clip, held = Clip(), Scenes(args.data, "heldout", 2)
    singles = [i for i, r in enumerate(held.records) if len(r["things"]) == 1][:2000]
    images = clip.images(held.batch(singles))
    things = [held.records[i]["things"][0] for i in singles]
    best = (images @ clip.texts([phrase(c, k) for c, k in PAIRS]).T).argmax(1)
    right = np.array([PAIRS[b] == (t["color"], t["kind"]) for b, t in zip(best, things)])
    unseen = np.array([held.records[i].get("unseen", False) for i in singles])
    place = (images @ clip.texts([place_phrase(p) for p in PLACES]).T).argmax(1)
    pool = list(range(200))
    recall = (clip.images(held.batch(pool)) @ clip.texts([held.records[i]["captions"][0] for i in pool]).T).argmax(1) == np.arange(200)
    return {
        "single_object_scenes": len(singles),
        "pair_of_120": right.mean(),
        "pair_of_120_seen_combinations": right[~unseen].mean(),
        "pair_of_120_unseen_combinations": right[unseen].mean(),
        "kind_of_12": np.mean([PAIRS[b][1] == t["kind"] for b, t in zip(best, things)]),
        "colour_of_10": np.mean([PAIRS[b][0] == t["color"] for b, t in zip(best, things)]),
        "place_of_6": np.mean([PLACES[b] == held.records[i]["place"] for b, i in zip(place, singles)]),
        "caption_recall_at_1_of_200": recall.mean(),
    }


def vae_scores(args):
    held = Scenes(args.data, "heldout", 1)
    x = held.batch(range(256))
    encoder, decoder = session(DIFFUSION / "vae_encoder.onnx"), session(DIFFUSION / "vae_decoder.onnx")
    z = np.concatenate([encoder.run(None, {"sample": b})[0] for b in split(x, 32)])
    y = np.concatenate([decoder.run(None, {"latent_sample": b})[0] for b in split(z, 32)]).clip(-1, 1)
    if args.out:
        write_png(args.out, grid(np.stack([to_bytes(x[:24]), to_bytes(y[:24])], 1).reshape(48, 128, 128, 3), 8))
    return {"psnr_db": (-10 * np.log10((((x - y) / 2) ** 2).mean((1, 2, 3)))).mean(), "latent_deviation": z.std(), "scenes": 256}


class Diffusion:
    """The pipeline on ONNX Runtime; with `maps`, the cross-attention of the conditional half, averaged over steps."""

    def __init__(self, maps=False):
        model = onnx.load(DIFFUSION / "unet.onnx")
        self.taps = [n.output[0] for n in model.graph.node if n.op_type == "Softmax" and "/attn2/" in n.name] if maps else []
        model.graph.output.extend(onnx.ValueInfoProto(name=t) for t in self.taps)
        self.unet, self.decoder = session(model.SerializeToString()), session(DIFFUSION / "vae_decoder.onnx")
        self.text, self.tokenizer = session(CLIP / "text_model.onnx"), Tokenizer()
        self.scaling = json.loads((MODELS / "scene-diffusion" / "config.json").read_text())["vae"]["scaling_factor"]

    def hidden(self, prompts):
        ids = np.array([self.tokenizer.encode(p) for p in prompts], np.int64)
        return self.text.run(["last_hidden_state"], {"input_ids": ids})[0]

    def generate(self, prompts, seeds, steps=25, guidance=4.0):
        """-> pixels [picture, 3, 128, 128] in [-1, 1], attention [picture, y 16, x 16, token] (mean of layers, heads, steps)."""
        n = len(prompts)
        text = np.concatenate([self.hidden([""] * n), self.hidden(prompts)])
        noise = np.stack([np.random.default_rng(s).standard_normal((4, 16, 16)) for s in seeds]).astype(np.float32)
        total = np.zeros((n, 16, 16, text.shape[1]))

        def denoise(x, t):
            feeds = {"sample": np.concatenate([x, x]).astype(np.float32), "timestep": np.full(2 * n, t, np.int64), "encoder_hidden_states": text}
            v, *patterns = self.unet.run(["out_sample", *self.taps], feeds)
            for p in patterns:
                side = int(p.shape[2] ** 0.5)
                p = p[n:].mean(1).reshape(n, side, side, -1)
                total[:] += p.repeat(16 // side, 1).repeat(16 // side, 2) / (len(patterns) * steps)
            return v[:n] + guidance * (v[n:] - v[:n])

        z = ddim(denoise, noise, steps) / self.scaling
        return self.decoder.run(None, {"latent_sample": z.astype(np.float32)})[0].clip(-1, 1), total


def fixed_prompts(count, seed):
    rng = np.random.default_rng(seed)
    pairs = [PAIRS[i] for i in rng.permutation(len(PAIRS))[:count]]
    return pairs, [phrase(c, k) for c, k in pairs]


def object_masks(pixels, kinds):
    """[picture, y 16, x 16] bool: patches where the training-time patch head of the ViT sees the kind. Not used by the app."""
    state = load(RUNS / "clip.pt")
    clip = CLIPModel(clip_config()).eval()
    clip.load_state_dict(state["average"])
    heads = state["average_heads"]
    with torch.no_grad():
        hidden = torch.cat([clip.image(torch.from_numpy(x))[1][:, 1:] for x in split(pixels)])
        normed = torch.nn.functional.layer_norm(hidden, hidden.shape[-1:], heads["heads.patch_norm.weight"], heads["heads.patch_norm.bias"])
        logits = torch.nn.functional.linear(normed, heads["heads.patch.weight"], heads["heads.patch.bias"])[..., :32]
        share = logits.softmax(-1).numpy()
    masks = np.stack([share[i, :, KINDS.index(k) + 1] for i, k in enumerate(kinds)]).reshape(-1, 8, 8) > 0.4
    return masks.repeat(2, 1).repeat(2, 2)


def diffusion_scores(args):
    clip, pipe = Clip(), Diffusion(maps=True)
    pairs, prompts = fixed_prompts(args.count, args.seed)
    made, maps = [], []
    for start in range(0, len(prompts), 25):
        pixels, attention = pipe.generate(prompts[start : start + 25], range(start, start + len(prompts[start : start + 25])), args.steps, args.guidance)
        made.append(pixels)
        maps.append(attention)
    pixels, maps = np.concatenate(made), np.concatenate(maps)
    if args.out:
        write_png(args.out, grid(to_bytes(pixels), 10))
    best = (clip.images(pixels) @ clip.texts([phrase(c, k) for c, k in PAIRS]).T).argmax(1)
    masks = object_masks(pixels, [k for _, k in pairs])
    inside, spread = [], []
    for (color, kind), prompt, mask, attention in zip(pairs, prompts, masks, maps):
        token = pipe.tokenizer.words(prompt).index(kind) + 1
        heat = attention[..., token]
        if mask.any() and not mask.all():
            inside.append(heat[mask].mean() > heat[~mask].mean())
            spread.append(heat[mask].mean() / heat[~mask].mean())
    wrong = [f"{prompts[i]} -> {phrase(*PAIRS[b])}" for i, b in enumerate(best) if PAIRS[b] != pairs[i]]
    return {
        "prompts": len(prompts),
        "caption_first_of_120": np.mean([PAIRS[b] == p for b, p in zip(best, pairs)]),
        "kind_right": np.mean([PAIRS[b][1] == k for b, (_, k) in zip(best, pairs)]),
        "colour_right": np.mean([PAIRS[b][0] == c for b, (c, _) in zip(best, pairs)]),
        "word_hotter_inside": np.mean(inside) if inside else 0.0,
        "inside_over_outside": np.median(spread) if spread else 0.0,
        "scored_masks": len(inside),
        "wrong": wrong[:40],
    }


def sheet(args):
    """Pictures of the prompts given, in a grid."""
    pipe = Diffusion()
    prompts = [p for p in args.prompts for _ in range(args.columns)]
    made = [pipe.generate(p, range(i, i + len(p)), args.steps, args.guidance)[0] for i, p in zip(range(0, len(prompts), 20), split(prompts, 20))]
    write_png(args.out, grid(to_bytes(np.concatenate(made)), args.columns))
    return {"prompts": args.prompts}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["clip", "vae", "diffusion", "sheet"])
    parser.add_argument("prompts", nargs="*")
    parser.add_argument("--data", type=Path, default=RUNS / "data")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--steps", type=int, default=25)
    parser.add_argument("--columns", type=int, default=4)
    parser.add_argument("--guidance", type=float, default=4.0)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    scores = {"clip": clip_scores, "vae": vae_scores, "diffusion": diffusion_scores, "sheet": sheet}[args.what](args)
    print(json.dumps(scores, indent=1, default=float))
