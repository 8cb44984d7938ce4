"""Trained weights out of a shipped ONNX file, back into the PyTorch module it was exported from.

The exporter renames the matrices of MatMul nodes and may fold what it can, so names alone do not lead back. A *probe* does: the
same module, filled with values that occur once, is exported in memory; where its values turn up in the probe's file, the
shipped file of the same architecture holds the trained ones.
"""

import copy
import io
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper


def constants(model) -> list[np.ndarray]:
    """Every weight as its operators see it, in the order of their use: float16 behind a Cast, int8 behind a Cast and a scale are float32."""
    held, used = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}, []
    for node in model.graph.node:
        if node.op_type in ("Cast", "Mul") and all(name in held for name in node.input):
            first, *scale = (held[name].astype(np.float32) for name in node.input)
            held[node.output[0]] = first * scale[0] if scale else first
        else:
            used += [held[name].astype(np.float32) for name in node.input if name in held]
    return used


def to_graph(module, inputs: dict, outputs: dict):
    """inputs: name -> (example, dynamic axes); outputs: name -> dynamic axes; the way `export.py` calls the exporter."""
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module, tuple(x for x, _ in inputs.values()), file, input_names=list(inputs), output_names=list(outputs),
            dynamic_axes={k: a for k, (_, a) in inputs.items()} | outputs, opset_version=17, dynamo=False, do_constant_folding=True,
        )
    return onnx.load_from_string(file.getvalue())


def read(module, inputs: dict, outputs: dict, path: Path, fresh=()) -> list[str]:
    """Fills `module` (in place) with the weights of the file; returns the parameters that the file does not use.

    A parameter may have more rows than the file's (a grown vocabulary, more positions): the new rows keep their values. Parameters whose
    names start with one of `fresh` keep theirs as well. Raises ValueError where the architectures differ.
    """
    probe = copy.deepcopy(module).eval()
    start = 1
    for p in probe.parameters():
        p.data = (torch.arange(start, start + p.numel()) * 2.0**-20).view_as(p)
        start += p.numel()
    seen, trained = constants(to_graph(probe, inputs, outputs)), constants(onnx.load(path))
    if len(seen) != len(trained):
        raise ValueError(f"{path}: {len(trained)} weights, the architecture has {len(seen)}")
    marks = {float(ours.flat[0]): (ours, theirs) for ours, theirs in zip(seen, trained) if ours.size}
    own, unused = dict(module.named_parameters()), []
    for name, p in probe.named_parameters():
        if name.startswith(tuple(fresh)):
            continue
        if (pair := marks.get(p.flatten()[0].item())) is None:
            unused.append(name)
            continue
        ours, theirs = pair
        if ours.ndim == 2 and not np.array_equal(ours, p.detach().numpy()):
            theirs = theirs.T
        elif ours.shape[1:] == theirs.shape[1:]:  # the exporter may have reshaped it
            theirs = theirs.reshape(-1, *p.shape[1:])
        if theirs.shape[1:] != p.shape[1:] or len(theirs) > len(p):
            raise ValueError(f"{path}: {name} is {list(theirs.shape)}, the architecture has {list(p.shape)}")
        own[name].data[: len(theirs)] = torch.from_numpy(np.ascontiguousarray(theirs))
    return unused
