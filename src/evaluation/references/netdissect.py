"""Network dissection in NumPy, written from the paper and not from our code: what `npm run bench -- dissection` is judged by.

    python3 netdissect.py FOLDER

FOLDER holds `dump.json` (scenes, units, rows, columns, height, width, names: labels a category, quantile, fewScenes),
`activations.bin` (float32 [scene, unit, row, column]) and `labels.bin` (uint8 [scene, category, y, x], 0 is none). Prints a JSON:
thresholds, IoU [unit, label] of `reference` (float64, whole arrays, scene by scene), and of two other ways the seconds, reading
the labels and the quantile pass counted in both:

`loop` is NetDissect-Lite's own way (its `feature_operation.py`, one process, PARALLEL = 1 as published): activations in a float64
memory map, int16 label planes, and for every unit of every picture: does its peak pass the threshold; the map to Pillow (as
SciPy's imresize did it, in bytes), enlarged bilinearly; the firing pixels listed; their labels gathered from all planes and counted;
the categories met; sums. Its quantile was a sampled sketch, `np.percentile` before that: here the exact and faster one. No label of
this world covers a whole picture, so its way with those is left out. Over all scenes; `loopIou` [unit, label] is what it found: it
counts firing for a category where the unit fires on one of its labels, not in every picture that has some (all else is equal to 1e-14).
`vectorised` is matrix products in float32 (enlarge, threshold, meet the labels), on fewScenes scenes and scaled up.
Needs NumPy and Pillow.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image

folder = Path(sys.argv[1])
dump = json.loads((folder / "dump.json").read_text())
scenes, units, rows, columns, height, width = (dump[k] for k in ("scenes", "units", "rows", "columns", "height", "width"))
names, quantile = dump["names"], dump["quantile"]


def read():
    acts = np.fromfile(folder / "activations.bin", dtype=np.float32).reshape(scenes, units, rows, columns)
    labels = np.fromfile(folder / "labels.bin", dtype=np.uint8).reshape(scenes, len(names), height, width)
    return acts, labels


def axis(source, target, dtype):
    """[target, source] weights of bilinear enlargement with pixel centres at i + 0.5, edges repeated."""
    matrix = np.zeros((target, source), dtype=dtype)
    for o in range(target):
        centre = (o + 0.5) * source / target - 0.5
        left = int(np.floor(centre))
        t = centre - left
        matrix[o, min(max(left, 0), source - 1)] += 1 - t
        matrix[o, min(max(left + 1, 0), source - 1)] += t
    return matrix


def thresholds(acts, dtype):
    values = acts.transpose(1, 0, 2, 3).reshape(units, -1).astype(dtype)
    return np.quantile(values, 1 - quantile, axis=1).astype(np.float32)


def reference():
    acts, labels = read()
    limit = thresholds(acts, np.float64).astype(np.float64)
    down, across = axis(rows, height, np.float64), axis(columns, width, np.float64)
    meet = [np.zeros((units, n)) for n in names]
    fires = [np.zeros(units) for _ in names]
    area = [np.zeros(n) for n in names]
    for s in range(scenes):
        for first in range(0, units, 128):
            part = slice(first, first + 128)
            mask = down @ acts[s, part].astype(np.float64) @ across.T > limit[part, None, None]
            for c, n in enumerate(names):
                if labels[s, c].any():
                    fires[c][part] += mask.sum(axis=(1, 2))
                    # Counts stay below 2^24: exact in float32.
                    truth = (labels[s, c].reshape(-1, 1) == np.arange(1, n + 1)).astype(np.float32)
                    meet[c][part] += mask.reshape(len(mask), -1).astype(np.float32) @ truth
        for c, n in enumerate(names):
            area[c] += np.bincount(labels[s, c].ravel(), minlength=n + 1)[1:]
    iou = [m / np.maximum(f[:, None] + a[None] - m, 1) for m, f, a in zip(meet, fires, area)]
    flat = acts.transpose(1, 0, 2, 3).reshape(units, -1)
    dead = flat.max(axis=1) == flat.min(axis=1)
    table = np.concatenate(iou, axis=1)
    table[dead] = 0
    return limit, table


def vectorised(count):
    acts, labels = read()
    began = time.perf_counter()
    limit = thresholds(acts, np.float32)
    passed = time.perf_counter() - began
    began = time.perf_counter()
    down, across = axis(rows, height, np.float32), axis(columns, width, np.float32)
    enlarge = np.einsum("yr,xc->rcyx", down, across).reshape(rows * columns, height * width)
    starts = np.concatenate([[0], np.cumsum(names)])
    meet = np.zeros((units, starts[-1]), dtype=np.float64)
    fires = np.zeros((units, len(names)), dtype=np.float64)
    area = np.zeros(starts[-1])
    for s in range(count):
        mask = (acts[s].reshape(units, -1) @ enlarge > limit[:, None]).astype(np.float32)
        truth = np.zeros((height * width, starts[-1]), dtype=np.float32)
        flat = labels[s].reshape(len(names), -1)
        for c in range(len(names)):
            where = np.nonzero(flat[c])[0]
            truth[where, starts[c] + flat[c, where] - 1] = 1
        meet += mask @ truth
        fires += mask.sum(axis=1)[:, None] * flat.any(axis=1)[None]
        area += truth.sum(axis=0)
    return passed + (time.perf_counter() - began) * scenes / count


def loop():
    """Seconds, and IoU [unit, label]."""
    _, labels = read()
    features = np.memmap(folder / "features.mmap", dtype=np.float64, mode="r", shape=(scenes, units, rows, columns))
    began = time.perf_counter()
    limit = np.percentile(features, 100 * (1 - quantile), axis=(0, 2, 3))
    starts = np.concatenate([[0], np.cumsum(names)])
    category_of = np.zeros((starts[-1] + 1, len(names)))
    for c in range(len(names)):
        category_of[starts[c] + 1 : starts[c + 1] + 1, c] = 1
    meet = np.zeros((units, starts[-1] + 1))
    fires = np.zeros(units)
    fires_in = np.zeros((units, len(names)))
    area = np.zeros(starts[-1] + 1)
    for s in range(scenes):
        planes = [np.where(labels[s, c] > 0, labels[s, c] + starts[c], 0).astype(np.int16) for c in range(len(names))]
        pixels = np.stack(planes)
        counts = np.bincount(pixels.ravel())
        counts[0] = 0
        area[: len(counts)] += counts
        for unit in range(units):
            feature = features[s][unit]
            if feature.max() > limit[unit]:
                small = Image.frombytes("F", (columns, rows), np.asarray(feature).astype(np.float32).tobytes())
                mask = np.array(small.resize((width, height), resample=Image.BILINEAR))
                where = np.argwhere(mask > limit[unit])
                fires[unit] += len(where)
                counts = np.bincount(pixels[:, where[:, 0], where[:, 1]].ravel())
                if len(counts) > 0:
                    counts[0] = 0
                categories = np.dot(counts[None, :], category_of[: len(counts), :])[0]
                meet[unit, : len(counts)] += counts
                fires_in[unit] += len(where) * (categories > 0)
    iou = meet / (np.dot(fires_in, category_of.T) + area[None, :] - meet + 1e-10)
    return time.perf_counter() - began, iou[:, 1:]


features = np.memmap(folder / "features.mmap", dtype=np.float64, mode="w+", shape=(scenes, units, rows, columns))
features[:] = read()[0]
features.flush()
loop_seconds, loop_iou = loop()
vector_seconds = vectorised(dump["fewScenes"])
limit, iou = reference()
print(json.dumps({
    "thresholds": limit.tolist(), "iou": iou.ravel().tolist(), "loopIou": loop_iou.ravel().tolist(),
    "seconds": {"vectorised": vector_seconds, "loop": loop_seconds},
}))
