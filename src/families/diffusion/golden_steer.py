"""Goldens of steer.test.ts: Prompt-to-Prompt's controllers and DAAM on a tiny U-Net, by hooks into PyTorch's attention.

    PYTHONPATH=models/training python src/families/diffusion/golden_steer.py > src/families/diffusion/golden-steer.json

Written after the papers (Hertz et al. 2022, Tang et al. 2022), not after the TypeScript: the controllers edit the attention
probabilities of the conditional half while the module runs, in a batch [uncond source, uncond target, cond source, cond target].
The U-Net's weights are random, seeded and stored in the golden as an ONNX file in base64.
"""

import base64
import io
import json
import sys
import warnings

import onnx
import torch
import unet as unet_module
from scheduler import alphas_cumprod, timesteps
from unet import UNet2DConditionModel, UNetConfig

LATENT, HEIGHT, WIDTH, TOKENS, TEXT = 3, 8, 4, 7, 6
STEPS, GUIDANCE = 5, 3.0


class Controller:
    """Called by every attention with its probabilities [batch, head, query, key] and whether it is cross attention."""

    def __init__(self):
        self.step = 0
        self.cross_maps = []  # per step: list over layers of [2, head, query, key]

    def __call__(self, pattern, is_cross, layer):
        half = pattern.shape[0] // 2
        conditional = self.edit(pattern[half:].clone(), is_cross, layer)
        pattern = torch.cat([pattern[:half], conditional])
        if is_cross:
            self.cross_maps[-1].append(conditional)
        return pattern

    def edit(self, pair, is_cross, layer):
        return pair

    def scores(self, scores, is_cross):
        return scores

    def after(self, x):
        return x


class PromptToPrompt(Controller):
    def __init__(self, cross_until, self_until, mapper=None, alphas=None, equalizer=None, renormalise=False, local=None):
        super().__init__()
        self.cross_until, self.self_until = cross_until, self_until
        self.mapper = torch.eye(TOKENS) if mapper is None else mapper
        self.alphas = torch.ones(TOKENS) if alphas is None else alphas
        self.equalizer = torch.ones(TOKENS) if equalizer is None else equalizer
        self.renormalise, self.local = renormalise, local

    def edit(self, pair, is_cross, layer):
        source, target = pair
        if is_cross and self.step < self.cross_until:
            carried = torch.einsum("hpw,wn->hpn", source, self.mapper)
            target = carried * self.alphas + target * (1 - self.alphas)
            target = target * self.equalizer
            if self.renormalise:
                target = target / target.sum(-1, keepdim=True)
        elif not is_cross and self.step < self.self_until and target.shape[-2] <= 256:
            target = source
        return torch.stack([source, target])

    def after(self, x):
        if self.local is None:
            return x
        masks = []
        for image, words in enumerate(self.local):
            total = torch.zeros(1, 1, HEIGHT, WIDTH)
            for layers in self.cross_maps:
                for maps in layers:
                    if maps.shape[2] != HEIGHT * WIDTH:
                        continue
                    total += maps[image][:, :, words].sum((0, 2)).reshape(1, 1, HEIGHT, WIDTH)
            pooled = torch.nn.functional.max_pool2d(total, 3, stride=1, padding=1)
            masks.append((pooled / pooled.max() > 0.3).float()[0])
        mask = torch.clamp(masks[0] + masks[1], 0, 1)
        return torch.stack([x[0], x[0] + mask * (x[1] - x[0])])


class Paint(Controller):
    """Scores of the target's conditional row, before the softmax."""

    def __init__(self, token, cells, strength, until):
        super().__init__()
        self.token, self.cells, self.strength, self.until = token, cells, strength, until

    def scores(self, scores, is_cross):
        if not is_cross or self.step >= self.until:
            return scores
        rows = int(round((scores.shape[2] * HEIGHT / WIDTH) ** 0.5))
        columns = scores.shape[2] // rows
        bias = torch.full((rows, columns), -self.strength)
        for y in range(rows):
            for x in range(columns):
                if self.cells(int((y + 0.5) * 16 / rows), int((x + 0.5) * 16 / columns)):
                    bias[y, x] = self.strength
        scores = scores.clone()
        scores[-1, :, :, self.token] += bias.reshape(-1)
        return scores


def hook(controller, layer_of):
    def forward(self, x, context):
        q, k, v = self.split(self.to_q(x) * self.scale), self.split(self.to_k(context)), self.split(self.to_v(context))
        is_cross = context is not x
        scores = controller.scores(torch.matmul(q, k.transpose(-1, -2)), is_cross)
        pattern = controller(torch.softmax(scores, dim=-1), is_cross, layer_of[self])
        z = torch.matmul(pattern, v).transpose(1, 2).reshape(x.shape[0], x.shape[1], self.heads * self.head_width)
        return self.to_out[0](z)

    return forward


def run(model, controller, noise, texts, values=None):
    """texts: uncond, source, target. `values`: (target text, steps) fed instead of the target's. Final clean latents [2, c, y, x]."""
    bars = alphas_cumprod()
    plain = unet_module.Attention.forward
    layer_of = {m: n for n, m in model.named_modules() if isinstance(m, unet_module.Attention)}
    unet_module.Attention.forward = hook(controller, layer_of)
    x = torch.stack([noise, noise])
    stride = 1000 // STEPS
    try:
        for index, t in enumerate(timesteps(STEPS)):
            controller.step = index
            controller.cross_maps.append([])
            target = values[0] if values is not None and index < values[1] else texts[2]
            with torch.no_grad():
                v = model(torch.cat([x, x]), torch.full((4,), int(t)), torch.stack([texts[0], texts[0], texts[1], target]))
            v = v[:2] + GUIDANCE * (v[2:] - v[:2])
            bar = bars[t]
            after = bars[t - stride] if t >= stride else 1.0
            clean = bar**0.5 * x - (1 - bar) ** 0.5 * v
            noise_part = bar**0.5 * v + (1 - bar) ** 0.5 * x
            x = controller.after((after**0.5 * clean + (1 - after) ** 0.5 * noise_part).float())
            clean = controller.after(clean.float())
    finally:
        unet_module.Attention.forward = plain
    return clean


def daam(controller, token, height, width, image=0):
    """Tang et al.: bicubic to the output grid, clamp, sum over layers, heads and steps; here the mean of the same terms."""
    total, count = torch.zeros(height, width), 0
    by_layer = {}
    for layers in controller.cross_maps:
        for index, maps in enumerate(layers):
            by_layer.setdefault(index, []).append(maps[image][:, :, token])
    for maps in by_layer.values():
        mean = torch.stack(maps).mean((0, 1))
        rows = int(round((len(mean) * HEIGHT / WIDTH) ** 0.5))
        up = torch.nn.functional.interpolate(
            mean.reshape(1, 1, rows, -1), size=(height, width), mode="bicubic", align_corners=False
        )
        total += up[0, 0].clamp(min=0)
        count += 1
    return total / count


def export(model):
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            (torch.randn(3, LATENT, HEIGHT, WIDTH), torch.tensor([999, 500, 3]), torch.randn(3, TOKENS, TEXT)),
            buffer, input_names=["sample", "timestep", "encoder_hidden_states"], output_names=["out_sample"],
            dynamic_axes={"sample": {0: "batch"}, "timestep": {0: "batch"}, "encoder_hidden_states": {0: "batch", 1: "sequence"}, "out_sample": {0: "batch"}},
            opset_version=17, dynamo=False, do_constant_folding=True,
        )
    graph = onnx.load_from_string(buffer.getvalue())
    for node in graph.graph.node:
        node.doc_string = ""
    return base64.b64encode(graph.SerializeToString()).decode()


def rounded(tensor, digits=6):
    return [round(float(v), digits) for v in tensor.reshape(-1)]


def main():
    torch.manual_seed(11)
    torch.set_num_threads(1)
    model = UNet2DConditionModel(UNetConfig(latent=LATENT, channels=(4, 6), heads=2, text_width=TEXT, groups=2)).eval()
    for p in model.parameters():
        # Layers that start at zero would hide everything before them; larger weights make maps that differ.
        p.data = torch.randn_like(p) * (0.6 if p.ndim == 2 else 0.25)
    noise = torch.randn(LATENT, HEIGHT, WIDTH)
    texts = torch.randn(4, TOKENS, TEXT) * 1.5
    uncond, source, target, hidden = texts
    mixed = source.clone()
    mixed[2:] = hidden[2:]
    # Words of 1, 2, 1 tokens become 1, 1, 2 tokens: start, a, b b, c, end, pad -> start, a, b, c c, end, pad.
    uneven = torch.zeros(TOKENS, TOKENS)
    for i, j, w in [(0, 0, 1), (1, 1, 1), (2, 2, 1), (3, 2, 1), (4, 3, 0.5), (4, 4, 0.5), (5, 5, 1), (6, 6, 1)]:
        uneven[i, j] = w
    # refine: start a c end pad pad pad -> start a NEW c end pad pad
    refine, alphas = torch.zeros(TOKENS, TOKENS), torch.zeros(TOKENS)
    for j, i in [(0, 0), (1, 1), (3, 2), (4, 3), (5, 5), (6, 6)]:
        refine[i, j], alphas[j] = 1, 1
    scale = torch.ones(TOKENS)
    scale[3] = -1.5
    louder = torch.ones(TOKENS)
    louder[1] = 3
    cells = lambda y, x: 2 <= y < 8 and 6 <= x < 15  # noqa: E731
    cases = {
        "plain": Controller(),
        "replace": PromptToPrompt(4, 2, mapper=uneven),
        "refine": PromptToPrompt(3, 2, mapper=refine, alphas=alphas),
        "reweight": PromptToPrompt(5, 0, equalizer=scale),
        "renormalised": PromptToPrompt(5, 0, equalizer=louder, renormalise=True),
        "blend": PromptToPrompt(2, 1, local=([2], [2, 3])),
        "values": PromptToPrompt(4, 0),
        "paint": Paint(3, cells, 2.5, 3),
    }
    results = {}
    for name, controller in cases.items():
        second = {"reweight": source, "renormalised": source, "values": source, "paint": source}.get(name, target)
        final = run(model, controller, noise, torch.stack([uncond, source, second]), (mixed, 4) if name == "values" else None)
        results[name] = {
            "source": rounded(final[0]), "target": rounded(final[1]),
            "daam": [rounded(daam(controller, token, 13, 9, image=1)) for token in (1, 3)],
        }
    print(json.dumps({
        "dims": [LATENT, HEIGHT, WIDTH], "tokens": TOKENS, "width": TEXT, "steps": STEPS, "guidance": GUIDANCE,
        "noise": rounded(noise, 8), "texts": [rounded(t, 8) for t in texts],
        "uneven": rounded(uneven), "refine": rounded(refine), "alphas": rounded(alphas),
        "results": results, "unet": export(model),
    }))


if __name__ == "__main__":
    sys.exit(main())
