"""Noise schedule and sampler, the same numbers as diffusers' `DDIMScheduler` with the configuration below."""

import math

import numpy as np

CONFIG = {
    "_class_name": "DDIMScheduler",
    "num_train_timesteps": 1000,
    "beta_schedule": "squaredcos_cap_v2",
    "beta_start": 0.0001,
    "beta_end": 0.02,
    "prediction_type": "v_prediction",
    "timestep_spacing": "trailing",
    "rescale_betas_zero_snr": True,
    "clip_sample": False,
    "clip_sample_range": 1.0,
    "set_alpha_to_one": True,
    "steps_offset": 0,
    "thresholding": False,
}


def alphas_cumprod() -> np.ndarray:
    """[1000] float64: the cosine schedule, betas capped at 0.999, then shifted and scaled so that the last SNR is 0."""
    n = CONFIG["num_train_timesteps"]

    def bar(t):
        return math.cos((t + 0.008) / 1.008 * math.pi / 2) ** 2

    betas = np.array([min(1 - bar((i + 1) / n) / bar(i / n), 0.999) for i in range(n)])
    root = np.sqrt(np.cumprod(1 - betas))
    root = (root - root[-1]) * root[0] / (root[0] - root[-1])
    return root**2


def timesteps(steps: int) -> np.ndarray:
    """Trailing spacing: 999 first, e.g. 25 steps -> 999, 959, ..., 39."""
    n = CONFIG["num_train_timesteps"]
    return np.round(np.arange(n, 0, -n / steps)).astype(np.int64) - 1


def ddim(denoise, latents, steps=25):
    """denoise(x, t) -> v. Deterministic DDIM (eta 0) from pure noise; returns clean latents."""
    bars = alphas_cumprod()
    stride = CONFIG["num_train_timesteps"] // steps
    x = latents
    for t in timesteps(steps):
        bar, previous = bars[t], (bars[t - stride] if t - stride >= 0 else 1.0)
        v = denoise(x, int(t))
        clean = bar**0.5 * x - (1 - bar) ** 0.5 * v
        noise = bar**0.5 * v + (1 - bar) ** 0.5 * x
        x = previous**0.5 * clean + (1 - previous) ** 0.5 * noise
    return x
