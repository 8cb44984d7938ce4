"""Scenes on disk. `python models/training/data.py --shards 0:24` draws them with the world's own generator.

A shard holds 2048 scenes (seeds from 2048 x shard number) in `runs/data/train/00012/`:
images.npy  [scene, y 128, x 128, rgb] u8
labels.npy  [scene, plane (object, color, part, scene), y 64, x 64] u8, every second pixel
meta.json   the records: things, facts, captions with their claims, questions with answers
Held-out scenes come from the world's `heldout` split and are never trained on. `--as oracle` keeps train scenes in a folder of
their own: the scorer learns from scenes that no other model has seen.
"""

import argparse
import json
import os
import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np

from common import MODELS, RUNS

SIZE, GRID, SHARD = 128, 64, 2048
PLANES = ("object", "color", "part", "scene")
REPOSITORY = MODELS.parent


def stream(seed: int, count: int, split: str):
    """Yields (record, image, planes) from the TypeScript generator."""
    command = [
        "npx", "tsx", "--tsconfig", "tsconfig.node.json", "src/headless/world-stream.ts", "--seed", str(seed),
        "--count", str(count), "--size", str(SIZE), "--split", split, "--captions", "4",
    ]
    process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE)
    out = process.stdout
    for _ in range(count):
        (length,) = struct.unpack("<I", out.read(4))
        record = json.loads(out.read(length))
        pixels = SIZE * SIZE
        image = np.frombuffer(out.read(pixels * 3), np.uint8).reshape(SIZE, SIZE, 3)
        planes = np.frombuffer(out.read(pixels * 4), np.uint8).reshape(4, SIZE, SIZE)
        yield record, image, planes
    if process.wait() != 0:
        raise SystemExit(f"world-stream failed for seed {seed}")


def draw(folder: Path, shard: int, split: str, name: str, count: int = SHARD):
    target = folder / name / f"{shard:05d}"
    if target.exists():
        return
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    images = np.empty((count, SIZE, SIZE, 3), np.uint8)
    labels = np.empty((count, 4, GRID, GRID), np.uint8)
    records = []
    for i, (record, image, planes) in enumerate(stream(shard * SHARD, count, split)):
        images[i], labels[i] = image, planes[:, 1::2, 1::2]
        records.append(record)
    np.save(partial / "images.npy", images)
    np.save(partial / "labels.npy", labels)
    (partial / "meta.json").write_text(json.dumps(records))
    os.replace(partial, target)
    print(f"{name} shard {shard}: {count} scenes", flush=True)


class Scenes:
    """Every finished shard of a split. `refresh()` picks up those drawn since."""

    def __init__(self, folder: Path, split: str, limit: int | None = None):
        self.folder, self.limit, self.names = folder / split, limit, []
        self.images, self.labels, self.records = [], [], []
        self.refresh()

    def refresh(self):
        for path in sorted(self.folder.glob("[0-9]*")):
            if path.name.endswith(".partial") or path.name in self.names:
                continue
            if self.limit is not None and len(self.names) >= self.limit:
                break
            self.names.append(path.name)
            self.images.append(np.load(path / "images.npy", mmap_mode="r"))
            self.labels.append(np.load(path / "labels.npy"))
            self.records += json.loads((path / "meta.json").read_text())
        return self

    def __len__(self):
        return len(self.records)

    def image(self, i):
        return self.images[i // SHARD][i % SHARD]

    def label(self, i):
        return self.labels[i // SHARD][i % SHARD]

    def batch(self, indices):
        """[scene, 3, y, x] float32 in [-1, 1]."""
        pixels = np.stack([self.image(i) for i in indices]).transpose(0, 3, 1, 2)
        return pixels.astype(np.float32) * (2 / 255) - 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--shards", default="0:24", help="from:to, 2048 scenes each")
    parser.add_argument("--split", default="train", choices=["train", "heldout"])
    parser.add_argument("--as", dest="name", help="folder of the shards, if it isn't the split's name")
    parser.add_argument("--data", type=Path, default=RUNS / "data")
    args = parser.parse_args()
    first, last = map(int, args.shards.split(":"))
    for shard in range(first, last):
        draw(args.data, shard, args.split, args.name or args.split)
