"""What every training shares: seeds, atomic checkpoints, learning-rate schedule, moving averages, the optimiser."""

import json
import os
import random
import time
from pathlib import Path

import numpy as np
import torch

TRAINING = Path(__file__).resolve().parent
MODELS = TRAINING.parent
RUNS = TRAINING / "runs"


def catalogue() -> dict:
    """What the world can contain, as its generator lists it; see README.md for the command that writes it."""
    return json.loads((RUNS / "catalogue.json").read_text())


def seed_all(seed: int) -> np.random.Generator:
    random.seed(seed)
    torch.manual_seed(seed)
    return np.random.default_rng(seed)


def arguments(parser, minutes: float, batch: int, lr: float):
    """Options every training takes, and its defaults."""
    parser.add_argument("--minutes", type=float, default=minutes, help="when the learning rate reaches its end")
    parser.add_argument("--batch", type=int, default=batch)
    parser.add_argument("--lr", type=float, default=lr)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--data", type=Path, default=RUNS / "data")
    parser.add_argument("--runs", type=Path, default=RUNS)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    args.runs.mkdir(parents=True, exist_ok=True)
    return args


def save(path: Path, state: dict):
    """Write, then rename: a reader or a crash never sees half a checkpoint."""
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    os.replace(partial, path)


def load(path: Path):
    return torch.load(path, map_location="cpu", weights_only=False) if path.exists() else None


def write_json(path: Path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def schedule(fraction: float, warm: float = 0.03) -> float:
    """Linear warm-up, then cosine to 2%, as a function of the fraction of training done."""
    if fraction < warm:
        return max(fraction / warm, 0.01)
    x = min(1.0, (fraction - warm) / (1 - warm))
    return 0.02 + 0.98 * 0.5 * (1 + float(np.cos(np.pi * x)))


class Average:
    """Exponential moving average of the weights, with a short memory at first so that it never lags a young model."""

    def __init__(self, model, decay=0.999):
        self.decay, self.steps = decay, 0
        self.values = {k: v.detach().clone() for k, v in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model):
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for k, v in model.state_dict().items():
            if v.dtype.is_floating_point:
                self.values[k].lerp_(v, 1 - decay)
            else:
                self.values[k].copy_(v)


class Training:
    """One run of one model: resumes from its checkpoint, sets the learning rate by the time left, averages the weights, saves
    every few minutes.

        run = Training("vae", model, optimiser, args, average=0.998)
        for step in run.steps():
            run.descend(loss)
            run.say(loss=loss.item())

    `finish(run)`, where given, is called with every checkpoint and returns what else belongs into it (scores, scalings).
    """

    def __init__(self, name, model, optimiser, args, average=0.999, clip=1.0, warm=0.03, finish=None):
        self.model, self.optimiser, self.args, self.clip, self.warm, self.finish = model, optimiser, args, clip, warm, finish
        self.path = args.runs / f"{name}.pt"
        self.average, self.step, self.before = Average(model, average), 0, 0.0
        if state := load(self.path):
            model.load_state_dict(state["model"])
            optimiser.load_state_dict(state["optimiser"])
            self.average.values, self.average.steps = state["average"], state["step"]
            self.step, self.before = state["step"], state["seconds"]
        self.rng = seed_all(args.seed + self.step)
        self.start = self.saved = self.told = time.time()
        self.recent = {}

    def seconds(self) -> float:
        """Trained so far, over resumptions."""
        return self.before + time.time() - self.start

    def steps(self):
        while (fraction := self.seconds() / (self.args.minutes * 60)) < 1:
            for group in self.optimiser.param_groups:
                group["lr"] = self.args.lr * schedule(fraction, self.warm)
            yield self.step
            if time.time() - self.saved > 240:
                self.checkpoint()
        self.checkpoint()

    def autocast(self):
        return torch.autocast(self.args.device, dtype=torch.bfloat16)

    def descend(self, loss):
        self.optimiser.zero_grad()
        loss.backward()
        self.update()

    def update(self):
        """One step down the gradients that the parameters hold."""
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.clip)
        self.optimiser.step()
        self.average.update(self.model)
        self.step += 1

    def say(self, **figures):
        for name, value in figures.items():
            self.recent.setdefault(name, []).append(value.item() if isinstance(value, torch.Tensor) else value)
        if time.time() - self.told > 20:
            self.told = time.time()
            means = " ".join(f"{name} {np.mean(values):.4f}" for name, values in self.recent.items())
            print(f"step {self.step} {self.seconds():.0f}s {means} {self.step * self.args.batch / self.seconds():.0f}/s", flush=True)
            self.recent = {}

    def averaged(self, model):
        """`model` (of the same architecture) with the averaged weights, for scoring."""
        model.load_state_dict({k: v for k, v in self.average.values.items() if k in model.state_dict()})
        return model.eval()

    def checkpoint(self):
        scores = self.finish(self) if self.finish else {}
        save(self.path, {
            "model": self.model.state_dict(), "optimiser": self.optimiser.state_dict(), "average": self.average.values,
            "step": self.step, "seconds": self.seconds(), "batch": self.args.batch, **scores,
        })
        print(f"saved at step {self.step}, {self.seconds():.0f}s {scores}", flush=True)
        self.saved = time.time()


@torch.no_grad()
def orthogonalise(g, steps=5):
    """Newton-Schulz iteration, in bfloat16, towards the nearest semi-orthogonal matrix (Jordan et al., Muon, 2024)."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = (g / (g.norm() + 1e-7)).bfloat16()
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    for _ in range(steps):
        s = x @ x.T
        x = a * x + (b * s + c * s @ s) @ x
    return (x.T if tall else x).float()


class Muon(torch.optim.Optimizer):
    """Momentum, orthogonalised, for hidden matrices and convolution kernels; AdamW for everything else.

    Updates are scaled by 0.2 sqrt(max(rows, columns)) so that one learning rate suits both.
    """

    def __init__(self, model, lr, plain=(), momentum=0.95, decay=0.02, betas=(0.9, 0.99)):
        hidden, other = [], []
        for name, p in model.named_parameters():
            matrix = p.ndim >= 2 and not any(part in name for part in plain)
            (hidden if matrix else other).append(p)
        super().__init__(
            [{"params": hidden, "muon": True}, {"params": other, "muon": False}],
            {"lr": lr, "momentum": momentum, "decay": decay, "betas": betas},
        )

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state, lr = self.state[p], group["lr"]
                if not state:
                    state["m"], state["t"] = torch.zeros_like(p), 0
                    if not group["muon"]:
                        state["v"] = torch.zeros_like(p)
                state["t"] += 1
                if group["muon"]:
                    state["m"].mul_(group["momentum"]).add_(p.grad)
                    g = p.grad.add(state["m"], alpha=group["momentum"]).flatten(1)
                    u = orthogonalise(g).view_as(p) * (0.2 * max(g.shape) ** 0.5)
                    p.mul_(1 - lr * group["decay"]).add_(u, alpha=-lr)
                else:
                    b1, b2 = group["betas"]
                    state["m"].lerp_(p.grad, 1 - b1)
                    state["v"].mul_(b2).addcmul_(p.grad, p.grad, value=1 - b2)
                    u = state["m"] / (1 - b1 ** state["t"])
                    p.addcdiv_(u, (state["v"] / (1 - b2 ** state["t"])).sqrt().add_(1e-8), value=-lr)
