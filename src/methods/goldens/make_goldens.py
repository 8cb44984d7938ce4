"""Golden values for src/tensor and src/methods, from reference implementations. Seeded; run in this folder:

    python3 make_goldens.py

Made with Python 3.11+, NumPy 2.4 and PyTorch 2.13 on a CPU. References: torch.nn.functional.interpolate
(align_corners=False, antialias=False), numpy.quantile, NetDissect's pooled IoU written with whole arrays, and the
per-head, per-patch decomposition of a CLS-pooled ViT in embedding space (float64 torch) beside its plain forward pass.
"""

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

HERE = Path(__file__).parent
rng = np.random.default_rng(20240607)


def numbers(array, digits=9):
    return [float(f"{x:.{digits}g}") for x in np.asarray(array, dtype=np.float64).ravel()]


def save(name, value):
    (HERE / name).write_text(json.dumps(value, separators=(",", ":")) + "\n")


def resize_cases():
    cases = []
    for rows, columns, height, width in [(3, 5, 12, 10), (4, 4, 7, 13), (1, 6, 4, 9), (11, 9, 4, 5), (2, 3, 2, 3)]:
        source = rng.normal(size=(rows, columns)).astype(np.float32)
        for mode in ["bilinear", "bicubic"]:
            result = F.interpolate(torch.from_numpy(source)[None, None], size=(height, width), mode=mode)[0, 0]
            cases.append(
                {"interpolation": mode, "from": [rows, columns], "to": [height, width],
                 "source": numbers(source), "result": numbers(result)}
            )
    return cases


def netdissect():
    scenes, units, rows, columns, height, width = 9, 4, 3, 5, 14, 11
    names = [3, 2]  # labels of two categories
    quantile = 0.05
    acts = rng.normal(size=(scenes, units, rows, columns)).astype(np.float32)
    acts[:, 1] = np.maximum(acts[:, 1], 0)  # a rectified unit
    acts[:, 2] = 0.25  # a dead unit
    labels = np.zeros((scenes, 2, height, width), dtype=np.int64)
    for s in range(scenes):
        for plane, count in enumerate(names):
            if plane == 1 and s % 3 == 0:
                continue  # images without the second category
            for _ in range(3):
                y, x = rng.integers(0, height - 4), rng.integers(0, width - 4)
                h, w = rng.integers(2, 8), rng.integers(2, 8)
                labels[s, plane, y : y + h, x : x + w] = rng.integers(1, count + 1)
    # Unit 3 follows label 1 of the second category.
    small = F.interpolate(torch.from_numpy((labels[:, 1:2] == 1).astype(np.float32)), size=(rows, columns), mode="bilinear")
    acts[:, 3] += 6 * small[:, 0].numpy()
    thresholds = np.quantile(acts.transpose(1, 0, 2, 3).reshape(units, -1).astype(np.float64), 1 - quantile, axis=1)
    up = F.interpolate(torch.from_numpy(acts), size=(height, width), mode="bilinear").numpy()
    fires = up > thresholds.astype(np.float32)[None, :, None, None]
    iou = []
    for plane, count in enumerate(names):
        contains = (labels[:, plane] > 0).any(axis=(1, 2))
        for label in range(1, count + 1):
            truth = (labels[:, plane] == label)[contains][:, None]
            both = (fires[contains] & truth).sum(axis=(0, 2, 3))
            either = (fires[contains] | truth).sum(axis=(0, 2, 3))
            iou.append(both / either)
    iou = np.stack(iou, axis=1)
    iou[2] = 0  # dead
    return {
        "dims": [scenes, units, rows, columns, height, width], "names": names, "quantile": quantile,
        "activations": numbers(acts), "labels": labels.ravel().tolist(), "thresholds": numbers(thresholds),
        "iou": numbers(iou),  # [unit, label of all categories]
    }


def relevance():
    torch.manual_seed(7)
    torch.set_default_dtype(torch.float64)
    layers, heads, dim, width, embedding, gy, gx = 3, 2, 4, 8, 6, 2, 3
    tokens = gy * gx + 1
    r = lambda *shape: torch.randn(*shape) * 0.6
    gamma, beta, epsilon, projection, text = 1 + r(width), r(width), 1e-5, r(width, embedding), r(embedding)
    x = r(tokens, width)
    embed0 = x[0].clone()
    out_layers, patches, rest = [], torch.zeros(tokens, embedding), torch.zeros(embedding)
    writes, cls = [], []
    for _ in range(layers):
        wq, wk, wv, wo, bo, bv = r(width, heads * dim), r(width, heads * dim), r(width, heads * dim), r(heads * dim, width), r(width), r(heads * dim)
        w1, w2 = r(width, 16), r(16, width)
        h = F.layer_norm(x, (width,))
        q, k, v = ((h @ w).view(tokens, heads, dim) for w in (wq, wk, wv))
        v = v + bv.view(heads, dim)
        pattern = torch.softmax(torch.einsum("qhd,khd->hqk", q, k) / dim**0.5, dim=-1)
        mixed = torch.einsum("hqk,khd->qhd", pattern, v).reshape(tokens, heads * dim)
        x = x + mixed @ wo + bo
        mlp = F.gelu(F.layer_norm(x, (width,)) @ w1) @ w2
        x = x + mlp
        writes += [bo, mlp[0]]
        cls.append((pattern[:, 0], v, wo))
        out_layers.append({"pattern": numbers(pattern[:, 0]), "value": numbers(v), "output": numbers(wo)})
    total = F.layer_norm(x[0], (width,), gamma, beta, epsilon) @ projection @ text
    # In embedding space: every write, centred, divided by the final state's deviation, scaled, projected.
    deviation = torch.sqrt(x[0].var(correction=0) + epsilon)
    to_embedding = lambda write: (write - write.mean(dim=-1, keepdim=True)) / deviation * gamma @ projection
    for pattern, v, wo in cls:
        each = torch.einsum("hk,khd,hdw->hkw", pattern, v, wo.view(heads, dim, width))
        patches += to_embedding(each).sum(0)
    rest = to_embedding(torch.stack(writes)).sum(0) + to_embedding(embed0) + beta @ projection
    assert torch.allclose((patches.sum(0) + rest) @ text, total)
    return {
        "dims": [layers, heads, dim, width, embedding, gy, gx], "gamma": numbers(gamma), "beta": numbers(beta),
        "epsilon": epsilon, "projection": numbers(projection), "text": numbers(text), "state": numbers(x[0]),
        "layers": out_layers, "writes": numbers(torch.stack([embed0, *writes])), "keys": numbers(patches @ text), "total": float(total),
    }


save("resize.json", resize_cases())
save("netdissect.json", netdissect())
save("relevance.json", relevance())
