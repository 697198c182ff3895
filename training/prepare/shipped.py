"""Turns the shipped weights back into a checkpoint, so that training can go on from them: new heads, new data.

    python -m training.prepare.shipped --weights src/dateline/language/weights --start runs/start --out runs/shipped.pt

The int8 maps are read with their scales, so the checkpoint is as exact as what is shipped. Heads that the shipped
weights do not have keep a fresh start; word pieces and far positions, which training leaves alone, come from the start.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from dateline.language.analysis import ACTS
from training.export.onnx_graph import LONGEST, Graph
from training.train import network as net


def main() -> None:
    """Parse the command line and write the checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True, help="folder of training.prepare.start")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    network, relations, missing = restore(options.weights, options.start)
    net.save(network, relations, options.out)
    print(f"{options.out}: restored; fresh: {', '.join(missing) or 'nothing'}")


def restore(weights: Path, start: Path) -> tuple[net.Network, list[str], list[str]]:
    """The network of some shipped weights, the names of its relations, and the heads that it did not have."""
    labels = json.loads((weights / "labels.json").read_text())
    torch.manual_seed(7)
    trunk = {name: width for name, width in labels["layout"].items() if name in net.layout(net.Shape())}
    shape = net.Shape(
        relations=len(labels["relations"]), link=labels["link"], arc=labels["arc"], branch=labels.get("branch", 0)
    )
    network = net.Network(shape)
    net.load_pretrained(network, start)
    stored = {
        tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(weights / "model.onnx").graph.initializer
    }
    scorers = np.load(weights / "scorers.npz")
    with torch.no_grad():
        for name, constant in _constants(network).items():
            parameter = network.get_parameter(name)
            value = _value(constant, stored)
            if name.startswith("heads."):
                _copy_heads(parameter, value, trunk, network.layout)
            elif name == "act_out":
                half, acts = parameter.shape[1], len(ACTS)
                parameter.copy_(
                    torch.stack(
                        [torch.tensor(value[side * half :][:half, side * acts :][:, :acts].copy()) for side in (0, 1)]
                    )
                )
            elif name == "encoder.positions.weight":
                parameter[: len(value)] = torch.tensor(value)
            else:
                # the graph multiplies from the right, so it holds the maps' matrices turned
                parameter.copy_(torch.tensor(value.T.copy() if value.ndim == 2 and "signs" not in name else value))
        for name in ("transitions", "starts", "link_distance", "arc_bias"):
            network.get_parameter(name).copy_(torch.tensor(scorers[name]))
        network.relation_out.weight.copy_(torch.tensor(scorers["relation_weight"].T.copy()))
        network.relation_out.bias.copy_(torch.tensor(scorers["relation_bias"]))
    return network, labels["relations"], [name for name in network.layout if name not in labels["layout"]]


def _constants(network: net.Network) -> dict[str, str]:
    """Which constant of the graph holds which parameter: told by giving every parameter values of its own."""
    twin = net.Network(network.shape)
    with torch.no_grad():
        for parameter in twin.parameters():
            parameter.normal_()
    graph = Graph(twin)
    graph.build()
    known = {numpy_helper.to_array(constant).tobytes(): constant.name for constant in graph.constants}
    found = {}
    for name, parameter in twin.named_parameters():
        value = parameter.detach().numpy()
        shapes = [value, value.T, value[:LONGEST]] if value.ndim == 2 else [value]
        hit = next((known[s.tobytes()] for s in map(np.ascontiguousarray, shapes) if s.tobytes() in known), None)
        if hit is not None:
            found[name] = hit
    side = twin.act_out.detach().numpy()
    joined = next(
        c.name
        for c in graph.constants
        if list(c.dims) == [2 * side.shape[1], 2 * side.shape[2]]
        and np.array_equal(numpy_helper.to_array(c)[: side.shape[1], : side.shape[2]], side[0])
    )
    return found | {"act_out": joined}


def _value(name: str, stored: dict[str, np.ndarray]) -> np.ndarray:
    if name in stored:
        return stored[name]
    quantised, scale = stored[f"{name}_quantized"], stored[f"{name}_scale"]
    return ((quantised.astype(np.float32) - stored[f"{name}_zero_point"].astype(np.float32)) * scale).astype(np.float32)


def _copy_heads(parameter: torch.Tensor, value: np.ndarray, old: dict[str, int], new: dict[str, int]) -> None:
    """Rows of the heads' matrix, or of its bias, to their place in the new layout."""
    value = value.T if value.ndim == 2 else value
    places, were = net.rows_of(new), net.rows_of(old)
    for name in old:
        parameter[places[name]] = torch.tensor(value[were[name]].copy())


if __name__ == "__main__":
    main()
