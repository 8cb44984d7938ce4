"""Golden values for src/datasets from reference implementations. Seeded; run in this folder:

    python3 make_goldens.py

Needs NumPy, Pillow and pycocotools (the reference of COCO's run lengths). PNGs of several kinds are written by Pillow.
"""

import base64
import io
import json
from pathlib import Path

import numpy as np
from PIL import Image
from pycocotools import mask as coco

rng = np.random.default_rng(7)
HERE = Path(__file__).parent


def run_lengths():
    cases = []
    for height, width, share in [(5, 7, 0.5), (40, 30, 0.02), (3, 90, 0.9), (4, 4, 0.0)]:
        mask = (rng.random((height, width)) < share).astype(np.uint8)
        mask[height // 3 : height // 2 + 1, width // 4 :] = share > 0
        counts = coco.encode(np.asfortranarray(mask))["counts"].decode()
        cases.append({"size": [height, width], "counts": counts, "mask": mask.ravel().tolist()})
    return cases


def pngs():
    cases = []
    for mode, array in [
        ("RGB", rng.integers(0, 256, (5, 7, 3))),
        ("RGBA", rng.integers(0, 256, (3, 4, 4))),
        ("L", rng.integers(0, 256, (6, 9))),
        ("LA", rng.integers(0, 256, (4, 3, 2))),
        ("1", rng.integers(0, 2, (5, 11))),
        ("I;16", rng.integers(0, 65536, (3, 5))),
        ("P", rng.integers(0, 6, (7, 5))),
    ]:
        if mode == "P":
            image = Image.fromarray(array.astype(np.uint8), mode="P")
            image.putpalette(list(range(30, 48)))
        elif mode == "1":
            image = Image.fromarray((array * 255).astype(np.uint8)).convert("1")
        elif mode == "I;16":
            image = Image.fromarray(array.astype(np.uint16))
        else:
            image = Image.fromarray(array.astype(np.uint8), mode=mode)
        out = io.BytesIO()
        image.save(out, "png")
        cases.append({
            "mode": mode, "dims": list(array.shape[:2]), "samples": array.ravel().tolist(),
            "png": base64.b64encode(out.getvalue()).decode(),
        })
    return cases


(HERE / "golden-files.json").write_text(json.dumps({"runLengths": run_lengths(), "pngs": pngs()}, separators=(",", ":")) + "\n")
