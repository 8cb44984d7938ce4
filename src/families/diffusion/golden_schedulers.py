"""Goldens of scheduler.test.ts: diffusers' own schedulers (0.42, torch 2.13) on a seeded made-up model.

`python src/families/diffusion/golden_schedulers.py > src/families/diffusion/golden-schedulers.json`
The model's output is a fixed function of its input, so that errors of one step reach the next.
"""

import json

import torch
from diffusers import EulerAncestralDiscreteScheduler, EulerDiscreteScheduler, LCMScheduler

SD = {"num_train_timesteps": 1000, "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
CASES = {
    "euler, leading, epsilon": (EulerDiscreteScheduler, SD | {"timestep_spacing": "leading", "steps_offset": 1}, 4),
    "euler, linspace, v": (EulerDiscreteScheduler, SD | {"timestep_spacing": "linspace", "prediction_type": "v_prediction"}, 3),
    "euler, trailing, one step": (EulerDiscreteScheduler, SD | {"timestep_spacing": "trailing"}, 1),
    "ancestral, leading, epsilon": (EulerAncestralDiscreteScheduler, SD | {"timestep_spacing": "leading", "steps_offset": 1}, 4),
    "ancestral, trailing, v": (
        EulerAncestralDiscreteScheduler, SD | {"timestep_spacing": "trailing", "prediction_type": "v_prediction"}, 3),
    "lcm": (LCMScheduler, SD | {"original_inference_steps": 50, "clip_sample": False, "set_alpha_to_one": True}, 4),
    # Scaled down, so that the boundary condition is felt.
    "lcm, boundary": (LCMScheduler, SD | {"timestep_scaling": 0.001, "clip_sample": True, "clip_sample_range": 0.8}, 3),
    "lcm, v, two steps": (
        LCMScheduler, SD | {"original_inference_steps": 50, "prediction_type": "v_prediction", "clip_sample": False}, 2),
}


def model(x, t):
    return 0.7 * torch.sin(1.3 * x + 0.001 * float(t)) + 0.1 * x


def run(kind, config, steps):
    scheduler = kind(**config)
    scheduler.set_timesteps(steps)
    generator = torch.Generator().manual_seed(7)
    start = torch.randn(1, 1, 2, 3, generator=generator, dtype=torch.float32)
    # The noise that every step would draw, drawn ahead in the same order.
    noises = [torch.randn(start.shape, generator=generator) for _ in range(steps)]
    x = start * scheduler.init_noise_sigma
    rows = []
    for index, t in enumerate(scheduler.timesteps):
        scaled = scheduler.scale_model_input(x, t)
        out = model(scaled, t)
        drawn = iter([noises[index]])
        import diffusers.schedulers.scheduling_euler_ancestral_discrete as ancestral
        import diffusers.schedulers.scheduling_lcm as lcm

        for module in (ancestral, lcm):
            module.randn_tensor = lambda shape, **_: next(drawn)
        result = scheduler.step(out, t, x)
        clean = result.denoised if kind is LCMScheduler else result.pred_original_sample
        rows.append({"timestep": float(t), "input": scaled.flatten().tolist(), "prediction": out.flatten().tolist(),
                     "clean": clean.flatten().tolist(), "next": result.prev_sample.flatten().tolist()})
        x = result.prev_sample
    return {"config": {"_class_name": kind.__name__} | config, "steps": steps, "start": start.flatten().tolist(),
            "noises": [n.flatten().tolist() for n in noises], "rows": rows}


print(json.dumps([{"name": name} | run(*case) for name, case in CASES.items()], separators=(",", ":")))
