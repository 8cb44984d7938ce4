"""PyTorch -> plain ONNX: opset 17, float32 compute, large weights stored as float16 behind a Cast; the denoiser's kernels as int8.

`python models/training/export.py MODEL [--random]` writes models/*/onnx and checks each file in
ONNX Runtime against PyTorch holding the same rounded weights. `--random` exports untrained weights.
"""

import argparse
import copy
import math
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper

from common import MODELS, RUNS, load
from models import build, files
from shipped import to_graph

TOLERANCE = 1e-3
MIN_BYTES = 1024
KERNEL_BYTES = 65536


def is_kernel(values) -> bool:
    """A convolution's weight [output channel, input channel, y, x] that is large enough to be worth int8."""
    return len(values.shape) == 4 and 4 * math.prod(values.shape) >= KERNEL_BYTES


def quantised(values):
    """int8 values and the float32 scale [output channel, 1, 1, 1] that they are to be multiplied by: the largest of a channel is 127."""
    scale = np.abs(values).max(axis=(1, 2, 3), keepdims=True).clip(1e-12) / 127
    return np.rint(values / scale).astype(np.int8), scale.astype(np.float32)


def shrink_storage(model, path: Path, int8: bool):
    """Writes the model with its large weights stored small, computing in float32; all tensors as raw_data.

    1 KB and more: float16 behind a Cast. With `int8`, kernels of 64 KB and more: int8 behind a Cast and a Mul.
    """
    before, kept = [], []
    for tensor in model.graph.initializer:
        values, name = numpy_helper.to_array(tensor), tensor.name
        if int8 and is_kernel(values):
            small, scale = quantised(values)
            kept += [numpy_helper.from_array(small, name + "_i8"), numpy_helper.from_array(scale, name + "_scale")]
            before.append(helper.make_node("Cast", [name + "_i8"], [name + "_cast"], name=name + "/Cast", to=TensorProto.FLOAT))
            before.append(helper.make_node("Mul", [name + "_cast", name + "_scale"], [name], name=name + "/Mul"))
        elif values.dtype == np.float32 and values.nbytes >= MIN_BYTES:
            kept.append(numpy_helper.from_array(values.astype(np.float16), name + "_f16"))
            before.append(helper.make_node("Cast", [name + "_f16"], [name], name=name + "/Cast", to=TensorProto.FLOAT))
        else:
            kept.append(numpy_helper.from_array(values, name))
    nodes = before + list(model.graph.node)
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


def rounded(module, int8: bool):
    """A copy whose large weights went through float16 or int8, as the stored ones do."""
    module = copy.deepcopy(module).eval()
    for p in module.parameters():
        if int8 and is_kernel(p):
            small, scale = quantised(p.detach().numpy())
            p.data = torch.from_numpy(small * scale)
        elif p.numel() * 4 >= MIN_BYTES:
            p.data = p.data.half().float()
    return module


def export(module, inputs: dict, outputs: dict, path: Path, int8=False):
    """inputs: name -> (example, dynamic axes); outputs: name -> dynamic axes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    module = rounded(module, int8)
    examples = tuple(x for x, _ in inputs.values())
    shrink_storage(to_graph(module, inputs, outputs), path, int8)
    with torch.no_grad():
        expected = module(*examples)
    expected = expected if isinstance(expected, tuple) else (expected,)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    actual = session.run(None, {k: x.numpy() for k, (x, _) in inputs.items()})
    worst = max(float(np.abs(e.numpy() - a).max()) for e, a in zip(expected, actual))
    print(f"{path.relative_to(MODELS)}: {path.stat().st_size:,} bytes, max difference {worst:.2e}")
    if worst > TOLERANCE:
        raise SystemExit(f"{path}: ONNX Runtime differs from PyTorch by {worst}")


def weights(model, path: Path, random: bool):
    if random:
        for p in model.parameters():  # layers that start at zero would hide everything before them
            if p.ndim > 1 and not p.any():
                torch.nn.init.normal_(p, std=0.02)
    else:
        state = load(path)
        if state is None:
            raise SystemExit(f"no checkpoint at {path}")
        model.load_state_dict({k: state["average"][k] for k in model.state_dict()})
    return model.eval()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model", choices=["clip", "rn", "vae", "unet", "mlp", "qformer", "oracle"])
    parser.add_argument("--random", action="store_true", help="untrained weights, to build against")
    parser.add_argument("--runs", type=Path, default=RUNS)
    args = parser.parse_args()
    model = weights(build(args.model), args.runs / f"{args.model}.pt", args.random)
    for part in files(args.model, model):
        export(*part, int8=args.model == "unet")


if __name__ == "__main__":
    main()
