"""Network dissection in NumPy, written from the paper and not from our code: what `npm run bench -- dissection` is judged by.

    python3 netdissect.py FOLDER

FOLDER holds `dump.json` (scenes, units, rows, columns, height, width, names: labels a category, quantile, loopScenes),
`activations.bin` (float32 [scene, unit, row, column]) and `labels.bin` (uint8 [scene, category, y, x], 0 is none). Prints a JSON:
thresholds, IoU [unit, label], and seconds of three ways, reading the files and the quantile pass counted in each:
`reference` (float64, whole arrays, scene by scene), `vectorised` (float32 matrix products: enlarge, threshold, meet the labels)
and `loop` (unit by unit as NetDissect-Lite goes about it: enlarge with Pillow, list the pixels, count their labels),
measured on loopScenes scenes and scaled up. Needs NumPy and Pillow.
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
                    for label in np.unique(labels[s, c]):
                        if label:
                            meet[c][part, label - 1] += mask[:, labels[s, c] == label].sum(axis=1)
        for c, n in enumerate(names):
            area[c] += np.bincount(labels[s, c].ravel(), minlength=n + 1)[1:]
    iou = [m / np.maximum(f[:, None] + a[None] - m, 1) for m, f, a in zip(meet, fires, area)]
    flat = acts.transpose(1, 0, 2, 3).reshape(units, -1)
    dead = flat.max(axis=1) == flat.min(axis=1)
    table = np.concatenate(iou, axis=1)
    table[dead] = 0
    return limit, table


def vectorised():
    acts, labels = read()
    limit = thresholds(acts, np.float32)
    down, across = axis(rows, height, np.float32), axis(columns, width, np.float32)
    enlarge = np.einsum("yr,xc->rcyx", down, across).reshape(rows * columns, height * width)
    starts = np.concatenate([[0], np.cumsum(names)])
    meet = np.zeros((units, starts[-1]), dtype=np.float64)
    fires = np.zeros((units, len(names)), dtype=np.float64)
    area = np.zeros(starts[-1])
    for s in range(scenes):
        mask = (acts[s].reshape(units, -1) @ enlarge > limit[:, None]).astype(np.float32)
        truth = np.zeros((height * width, starts[-1]), dtype=np.float32)
        flat = labels[s].reshape(len(names), -1)
        for c in range(len(names)):
            where = np.nonzero(flat[c])[0]
            truth[where, starts[c] + flat[c, where] - 1] = 1
        meet += mask @ truth
        fires += mask.sum(axis=1)[:, None] * flat.any(axis=1)[None]
        area += truth.sum(axis=0)
    per_label = np.repeat(fires, names, axis=1)
    return meet / np.maximum(per_label + area[None] - meet, 1)


def loop(count):
    acts, labels = read()
    began = time.perf_counter()
    limit = thresholds(acts, np.float32)
    passed = time.perf_counter() - began
    began = time.perf_counter()
    starts = np.concatenate([[0], np.cumsum(names)])
    meet = np.zeros((units, starts[-1] + 1))
    fires = np.zeros(units)
    for s in range(count):
        pixels = np.stack([np.where(labels[s, c] > 0, labels[s, c] + starts[c], 0) for c in range(len(names))])
        for unit in range(units):
            feature = acts[s, unit]
            if feature.max() > limit[unit]:
                mask = np.asarray(Image.fromarray(feature, mode="F").resize((width, height), resample=Image.BILINEAR))
                where = np.argwhere(mask > limit[unit])
                fires[unit] += len(where)
                counts = np.bincount(pixels[:, where[:, 0], where[:, 1]].ravel())
                meet[unit, : len(counts)] += counts
    return passed + (time.perf_counter() - began) * scenes / count


def timed(work):
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


vector_seconds, _ = timed(vectorised)
loop_seconds = loop(dump["loopScenes"])
reference_seconds, (limit, iou) = timed(reference)
print(json.dumps({
    "thresholds": limit.tolist(), "iou": iou.ravel().tolist(),
    "seconds": {"reference": reference_seconds, "vectorised": vector_seconds, "loop": loop_seconds},
}))
