"""Golden values for TextSpan, from an independent implementation in NumPy. Seeded; run in this folder:

    python3 make_textspan.py

Made with Python 3.11+ and NumPy 2.4 on a CPU. The reference works in embedding space with whole matrices (numpy.linalg.svd,
explicit residuals of data and texts), after algorithm 1 of Gandelsman et al. 2024, in float64.
"""

import json
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
rng = np.random.default_rng(20241124)


def numbers(array, digits=9):
    return [float(f"{x:.{digits}g}") for x in np.asarray(array, dtype=np.float64).ravel()]


def text_span(contributions, texts, words, rank):
    _, _, v = np.linalg.svd(contributions, full_matrices=False)
    v = v[:rank]
    projected = texts @ v.T @ v
    data = contributions - contributions.mean(axis=0)
    total = (data**2).sum()
    chosen, explained = [], []
    for _ in range(words):
        best = int(np.argmax((data @ projected.T).std(axis=0)))
        direction = projected[best] / np.linalg.norm(projected[best])
        data = data - np.outer(data @ direction, direction)
        projected = projected - np.outer(projected @ direction, direction)
        chosen.append(best)
        explained.append(1 - (data**2).sum() / total)
    reconstructed = contributions.mean(axis=0) + (contributions - contributions.mean(axis=0)) - data
    return chosen, explained, reconstructed


def case(images, size, head_width, pool, words):
    # A head writes in a space of its own width, with a mean that is no part of it.
    output = rng.normal(size=(head_width, size)) / np.sqrt(size)
    scales = np.geomspace(3, 0.2, head_width)
    contributions = (rng.normal(size=(images, head_width)) * scales) @ output + 0.3 * rng.normal(size=size)
    texts = rng.normal(size=(pool, size))
    # Half of the texts lean towards what the head writes.
    texts[::2] += 2 * rng.normal(size=(len(texts[::2]), head_width)) @ output
    texts /= np.linalg.norm(texts, axis=1, keepdims=True)
    contributions, texts = contributions.astype(np.float32), texts.astype(np.float32)
    rank = min(80, head_width)
    chosen, explained, reconstructed = text_span(
        contributions.astype(np.float64), texts.astype(np.float64), words, rank
    )
    return {
        "images": images, "size": size, "headWidth": head_width, "pool": pool,
        "contributions": numbers(contributions), "texts": numbers(texts),
        "chosen": chosen, "explained": numbers(explained), "firstRow": numbers(reconstructed[0]),
    }


cases = [case(23, 17, 6, 41, 5), case(60, 24, 8, 150, 8), case(9, 13, 13, 20, 6)]
(HERE / "textspan.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")
