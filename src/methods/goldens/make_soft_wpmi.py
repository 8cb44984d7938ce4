"""Golden values for SoftWPMI (CLIP-Dissect), from an independent implementation in NumPy. Seeded; run in this folder:

    python3 make_soft_wpmi.py

Made with Python 3.11+ and NumPy 2.4 on a CPU, in float64, from the formulas of Oikarinen and Weng 2023 (section 3 and the defaults of
its appendix): whole matrices, top images by argsort.
"""

import json
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
rng = np.random.default_rng(20241125)


def soft_wpmi(cosines, activity, top, sharpness=10.0, first=0.998, last=0.97, lam=1.0, least=1e-7):
    scaled = np.exp(sharpness * cosines)
    shares = scaled / scaled.sum(axis=1, keepdims=True)
    belongs = first - np.arange(top) / top * (first - last)
    order = np.argsort(-activity, axis=0)[:top]
    picked = shares[order]
    likelihood = np.log(1 + belongs[:, None, None] * (picked - 1) + least).sum(axis=0)
    prior = np.log(np.exp(likelihood).mean(axis=0))
    return likelihood - lam * prior


def case(images, units, concepts, top):
    cosines = rng.uniform(-0.2, 0.4, size=(images, concepts)).astype(np.float32)
    activity = rng.standard_normal((images, units)).astype(np.float32)
    # Unit 0 answers to what concept 1 is about.
    activity[:, 0] = cosines[:, 1] + 0.01 * activity[:, 0]
    scores = soft_wpmi(cosines.astype(np.float64), activity, top)
    return {
        "images": images, "units": units, "concepts": concepts, "top": top,
        "cosines": [float(f"{x:.9g}") for x in cosines.ravel()],
        "activity": [float(f"{x:.9g}") for x in activity.ravel()],
        "scores": [float(f"{x:.9g}") for x in scores.ravel()],
    }


(HERE / "soft-wpmi.json").write_text(json.dumps([case(40, 5, 7, 12), case(30, 3, 4, 30)]))
