"""Goldens of ddim.test.ts: the published formulas of diffusers' DDIMScheduler (0.31, eta 0), written out in NumPy.

`python src/families/diffusion/golden_ddim.py > src/families/diffusion/golden-ddim.json`
"""

import json
import math

import numpy as np

BASE = {
    "num_train_timesteps": 1000, "beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "linear",
    "clip_sample": False, "clip_sample_range": 1.0, "set_alpha_to_one": True, "steps_offset": 0,
    "prediction_type": "epsilon", "thresholding": False, "timestep_spacing": "leading", "rescale_betas_zero_snr": False,
}
CONFIGS = {
    "scene": BASE | {
        "beta_schedule": "squaredcos_cap_v2", "prediction_type": "v_prediction", "timestep_spacing": "trailing",
        "rescale_betas_zero_snr": True,
    },
    "stable-diffusion": BASE | {
        "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "set_alpha_to_one": False, "steps_offset": 1,
    },
    "linear-clipped-sample": BASE | {"prediction_type": "sample", "clip_sample": True, "timestep_spacing": "linspace"},
}


def betas(c):
    n = c["num_train_timesteps"]
    if c["beta_schedule"] == "linear":
        b = np.linspace(c["beta_start"], c["beta_end"], n)
    elif c["beta_schedule"] == "scaled_linear":
        b = np.linspace(c["beta_start"] ** 0.5, c["beta_end"] ** 0.5, n) ** 2
    else:
        bar = lambda t: math.cos((t + 0.008) / 1.008 * math.pi / 2) ** 2  # noqa: E731
        b = np.array([min(1 - bar((i + 1) / n) / bar(i / n), 0.999) for i in range(n)])
    if c["rescale_betas_zero_snr"]:
        root = np.sqrt(np.cumprod(1 - b))
        first, last = root[0].copy(), root[-1].copy()
        root = (root - last) * (first / (first - last))
        bars = root**2
        b = 1 - np.concatenate([bars[:1], bars[1:] / bars[:-1]])
    return b


def timesteps(c, steps):
    n = c["num_train_timesteps"]
    if c["timestep_spacing"] == "linspace":
        return np.linspace(0, n - 1, steps).round()[::-1].astype(np.int64)
    if c["timestep_spacing"] == "leading":
        return (np.arange(0, steps) * (n // steps)).round()[::-1].astype(np.int64) + c["steps_offset"]
    return np.round(np.arange(n, 0, -n / steps)).astype(np.int64) - 1


def step(c, bars, t, steps, x, out):
    previous = t - c["num_train_timesteps"] // steps
    a = bars[t]
    a_previous = bars[previous] if previous >= 0 else (1.0 if c["set_alpha_to_one"] else bars[0])
    if c["prediction_type"] == "epsilon":
        clean, noise = (x - (1 - a) ** 0.5 * out) / a**0.5, out
    elif c["prediction_type"] == "sample":
        clean, noise = out, (x - a**0.5 * out) / (1 - a) ** 0.5
    else:
        clean, noise = a**0.5 * x - (1 - a) ** 0.5 * out, a**0.5 * out + (1 - a) ** 0.5 * x
    if c["clip_sample"]:
        clean = np.clip(clean, -c["clip_sample_range"], c["clip_sample_range"])
    return clean, a_previous**0.5 * clean + (1 - a_previous) ** 0.5 * noise


def main():
    rng = np.random.default_rng(7)
    cases = []
    for name, c in CONFIGS.items():
        bars = np.cumprod(1 - betas(c))
        steps = 7
        x = rng.normal(size=6)
        rows = []
        for t in timesteps(c, steps):
            out = rng.normal(size=6)
            clean, after = step(c, bars, int(t), steps, x, out)
            rows.append({"t": int(t), "latents": x.tolist(), "prediction": out.tolist(), "clean": clean.tolist(), "next": after.tolist()})
            x = after
        cases.append({
            "name": name, "config": c, "steps": steps, "rows": rows,
            "alphas": {str(t): float(bars[t]) for t in (0, 1, 250, 500, 998, 999)},
            "timesteps": {str(s): timesteps(c, s).tolist() for s in range(1, 51)},
        })
    print(json.dumps(cases))


if __name__ == "__main__":
    main()
