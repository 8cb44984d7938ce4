"""Where the drawn world ends: a Gaussian over the features of held-out scenes, and a threshold measured on others.

`python models/training/world_statistics.py [--photos FOLDER]` writes scene-clip-vit/world_statistics.json from
vision_model.onnx as shipped. With --photos it also prints the score of each photograph (needs Pillow).

Features: CLS token, mean and standard deviation over patches of last_hidden_state, 3 x 192 numbers. Score: squared
Mahalanobis distance under a probabilistic PCA (Tipping and Bishop, 1999): k directions keep their own variance, the
others share one. So d2 = |x|^2 / s - |A x|^2 with x = f - mean, A_i = sqrt(1 / s - 1 / l_i) u_i.
"""

import argparse
import base64
import json
from pathlib import Path

import numpy as np

from common import RUNS, write_json
from data import Scenes
from models import CLIP
from sheet import session

KEPT = 60


def features(vision, pixels):
    rows = []
    for x in (pixels[i : i + 64] for i in range(0, len(pixels), 64)):
        hidden = vision.run(["last_hidden_state"], {"pixel_values": x})[0].astype(np.float64)
        patches = hidden[:, 1:]
        rows.append(np.concatenate([hidden[:, 0], patches.mean(1), patches.std(1)], axis=1))
    return np.concatenate(rows)


def fit(f):
    mean = f.mean(0)
    values, vectors = np.linalg.eigh(np.cov((f - mean).T))
    values, vectors = values[::-1], vectors[:, ::-1]
    rest = values[KEPT:].mean()
    a = vectors[:, :KEPT].T * np.sqrt(1 / rest - 1 / values[:KEPT])[:, None]
    return mean.astype(np.float32), a.astype(np.float32), float(rest)


def score(f, mean, a, rest):
    x = f - mean
    return (x**2).sum(1) / rest - ((x @ a.T.astype(np.float64)) ** 2).sum(1)


def photographs(folder):
    from PIL import Image

    names, pixels = [], []
    for path in sorted(folder.iterdir()):
        image = Image.open(path).convert("RGB")
        factor = 128 / min(image.size)
        image = image.resize([max(128, round(s * factor)) for s in image.size], Image.BILINEAR)
        left, top = ((s - 128) // 2 for s in image.size)
        pixels.append(np.asarray(image.crop((left, top, left + 128, top + 128)), np.float32))
        names.append(path.name)
    return names, np.stack(pixels).transpose(0, 3, 1, 2) / 127.5 - 1


def encode(x):
    return base64.b64encode(np.ascontiguousarray(x, "<f4").tobytes()).decode()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=RUNS / "data")
    parser.add_argument("--photos", type=Path)
    args = parser.parse_args()
    vision, held = session(CLIP / "onnx/vision_model.onnx"), Scenes(args.data, "heldout", 4)
    f = features(vision, np.concatenate([held.batch(range(i, i + 512)) for i in range(0, 8192, 512)]))
    mean, a, rest = fit(f[:4096])
    calibration, test = score(f[4096:6144], mean, a, rest), score(f[6144:], mean, a, rest)
    limits = {str(q): float(np.percentile(calibration, q)) for q in (99, 99.5, 99.9)}
    report = {q: float((test > t).mean()) for q, t in limits.items()}
    print(json.dumps({"limits": limits, "fresh_scenes_flagged": report, "median": float(np.median(test)), "largest": float(test.max())}, indent=1))
    if args.photos:
        names, pixels = photographs(args.photos)
        for name, d in zip(names, score(features(vision, pixels), mean, a, rest)):
            print(f"{name:28} {d:12.1f} {'flagged' if d > limits['99'] else 'NOT FLAGGED'}")
    write_json(
        CLIP / "world_statistics.json",
        {
            "recipe": "ppca-mahalanobis",
            "formula": "f = concat(h[0], mean over patches of h[1..64], population standard deviation over patches of h[1..64]) with h = "
            "last_hidden_state; x = f - mean; score = sum(x^2) / rest - sum((A x)^2); outside of the world if score > threshold",
            "preprocessing": "shorter side to 128 (bilinear), centre crop 128x128, RGB / 127.5 - 1",
            "output": "last_hidden_state",
            "dimensions": int(len(mean)),
            "directions": KEPT,
            "encoding": "base64 of little-endian float32, A row by row [direction, dimension]",
            "fitted_on": "heldout scenes, seeds 0 to 4095",
            "thresholds_measured_on": "heldout scenes, seeds 4096 to 6143",
            "thresholds": limits,
            "threshold": limits["99"],
            "fresh_scenes_flagged": report["99"],
            "rest": rest,
            "mean": encode(mean),
            "A": encode(a),
        },
    )


if __name__ == "__main__":
    main()
