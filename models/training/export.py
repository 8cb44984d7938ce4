"""PyTorch -> plain ONNX: opset 17, float32 compute, large weights stored as float16 behind a Cast.

`python models/training/export.py clip|vae|unet [--random]` writes models/*/onnx and checks each file in
ONNX Runtime against PyTorch holding the same rounded weights. `--random` exports untrained weights.
"""

import argparse
import copy
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper

from clip import CLIPModel
from common import MODELS, RUNS, load
from models import clip_config, unet_config
from unet import UNet2DConditionModel
from vae import AutoencoderKL

TOLERANCE = 1e-3
MIN_BYTES = 1024


def halve_storage(path: Path):
    """Keep float32 compute, store every weight of 1 KB and more as float16; all tensors as raw_data."""
    model = onnx.load(path)
    casts, kept = [], []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype == np.float32 and values.nbytes >= MIN_BYTES:
            small = numpy_helper.from_array(values.astype(np.float16), tensor.name + "_f16")
            casts.append(helper.make_node("Cast", [small.name], [tensor.name], name=tensor.name + "/Cast", to=TensorProto.FLOAT))
            kept.append(small)
        else:
            kept.append(numpy_helper.from_array(values, tensor.name))
    nodes = casts + list(model.graph.node)
    for node in nodes:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.TENSOR:
                attribute.t.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(attribute.t), attribute.t.name))
    del model.graph.initializer[:]
    del model.graph.node[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend(nodes)
    del model.graph.value_info[:]
    onnx.checker.check_model(model)
    partial = path.with_suffix(".partial")
    onnx.save(model, partial)
    partial.replace(path)


def rounded(module):
    """A copy whose large weights went through float16, as the stored ones do."""
    module = copy.deepcopy(module).eval()
    for p in module.parameters():
        if p.numel() * 4 >= MIN_BYTES:
            p.data = p.data.half().float()
    return module


def export(module, inputs: dict, outputs: dict, path: Path):
    """inputs: name -> (example, dynamic axes); outputs: name -> dynamic axes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    module = rounded(module)
    examples = tuple(x for x, _ in inputs.values())
    axes = {k: a for k, (_, a) in inputs.items()} | outputs
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module, examples, str(path), input_names=list(inputs), output_names=list(outputs),
            dynamic_axes=axes, opset_version=17, dynamo=False, do_constant_folding=True,
        )
    halve_storage(path)
    with torch.no_grad():
        expected = module(*examples)
    expected = expected if isinstance(expected, tuple) else (expected,)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    actual = session.run(None, {k: x.numpy() for k, (x, _) in inputs.items()})
    worst = max(float(np.abs(e.numpy() - a).max()) for e, a in zip(expected, actual))
    print(f"{path.relative_to(MODELS)}: {path.stat().st_size:,} bytes, max difference {worst:.2e}")
    if worst > TOLERANCE:
        raise SystemExit(f"{path}: ONNX Runtime differs from PyTorch by {worst}")


class Vision(torch.nn.Module):
    def __init__(self, clip):
        super().__init__()
        self.vision_model, self.visual_projection = clip.vision_model, clip.visual_projection

    def forward(self, pixel_values):
        hidden, pooled = self.vision_model(pixel_values)
        return self.visual_projection(pooled), hidden


class Text(torch.nn.Module):
    def __init__(self, clip):
        super().__init__()
        self.text_model, self.text_projection = clip.text_model, clip.text_projection

    def forward(self, input_ids):
        hidden, pooled = self.text_model(input_ids)
        return self.text_projection(pooled), hidden


def weights(model, path: Path, random: bool):
    if random:
        for p in model.parameters():  # layers that start at zero would hide everything before them
            if p.ndim > 1 and not p.any():
                torch.nn.init.normal_(p, std=0.02)
    else:
        state = load(path)
        if state is None:
            raise SystemExit(f"no checkpoint at {path}")
        model.load_state_dict(state["average"] if "average" in state else state["model"])
    return model


def export_clip(runs: Path, random=False):
    clip = weights(CLIPModel(clip_config()), runs / "clip.pt", random)
    folder = MODELS / "scene-clip-vit" / "onnx"
    batch = {0: "batch"}
    export(
        Vision(clip), {"pixel_values": (torch.randn(3, 3, 128, 128), batch)},
        {"image_embeds": batch, "last_hidden_state": batch}, folder / "vision_model.onnx",
    )
    ids = torch.randint(4, clip.config.vocab_size, (3, 11))
    ids[:, 7] = clip.config.eos_id
    both = {0: "batch", 1: "sequence"}
    export(Text(clip), {"input_ids": (ids, both)}, {"text_embeds": batch, "last_hidden_state": both}, folder / "text_model.onnx")


def export_vae(runs: Path, random=False):
    vae = weights(AutoencoderKL(), runs / "vae.pt", random)
    folder, batch = MODELS / "scene-diffusion" / "onnx", {0: "batch"}

    class Encode(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.encoder = vae.encoder

        def forward(self, sample):
            return self.encoder(sample).chunk(2, dim=1)[0]

    class Decode(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.decoder = vae.decoder

        def forward(self, latent_sample):
            return self.decoder(latent_sample)

    export(Encode(), {"sample": (torch.rand(3, 3, 128, 128) * 2 - 1, batch)}, {"latent_sample": batch}, folder / "vae_encoder.onnx")
    export(Decode(), {"latent_sample": (torch.randn(3, 4, 16, 16), batch)}, {"sample": batch}, folder / "vae_decoder.onnx")


def export_unet(runs: Path, random=False):
    unet = weights(UNet2DConditionModel(unet_config()), runs / "unet.pt", random)
    batch = {0: "batch"}
    export(
        unet,
        {
            "sample": (torch.randn(3, 4, 16, 16), batch),
            "timestep": (torch.tensor([999, 500, 3]), batch),
            "encoder_hidden_states": (torch.randn(3, 24, 160), {0: "batch", 1: "sequence"}),
        },
        {"out_sample": batch}, MODELS / "scene-diffusion" / "onnx" / "unet.onnx",
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("model", choices=["clip", "vae", "unet"])
    parser.add_argument("--random", action="store_true")
    parser.add_argument("--runs", type=Path, default=RUNS)
    args = parser.parse_args()
    {"clip": export_clip, "vae": export_vae, "unet": export_unet}[args.model](args.runs, args.random)
