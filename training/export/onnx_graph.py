"""Writes the trained network as an ONNX graph, int8 per channel, and its pair scorers as arrays.

    python -m training.export.onnx_graph AVERAGE.pt [MORE.pt ...] --start FOLDER --out src/dateline/language/weights

Several checkpoints of one start are averaged weight by weight, with --ancestor also the checkpoint from which they went
on, but for the heads named by --fresh, which it did not have or used otherwise. The graph is written node by node: it
reads one window at a time (no padding, no mask), looks word pieces up in an int8 table with a scale per row, and
returns for every word the outputs of all heads side by side. Linear maps run as dynamically quantised int8 with a
scale per channel.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from training.train import network as net

LONGEST = 320  # positions kept: windows have at most 190 pieces, a single giant paragraph mark more does no harm


def main() -> None:
    """Parse the command line, average, export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("--start", type=Path, required=True, help="folder with vocab.txt")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--float", action="store_true", help="keep 32-bit weights (to measure what int8 costs)")
    parser.add_argument("--seven-bit", action="store_true", help="weights in 7 bits, safe on processors without VNNI")
    parser.add_argument("--ancestor", type=Path, help="what the checkpoints went on from, averaged with them")
    parser.add_argument("--fresh", nargs="*", default=[], help="heads that the ancestor has no say in")
    options = parser.parse_args()
    network, relations = average(options.checkpoints)
    if options.ancestor:
        join(network, net.load(options.ancestor)[0], len(options.checkpoints), options.fresh)
    options.out.mkdir(parents=True, exist_ok=True)
    export(network, relations, options.out, quantised=not options.float, seven_bit=options.seven_bit)
    shutil.copy(options.start / "vocab.txt", options.out / "vocabulary.txt")


def average(paths: list[Path]) -> tuple[net.Network, list[str]]:
    """The network whose weights are the mean of the checkpoints' (Wortsman et al. 2022, model soups)."""
    loaded = [net.load(path) for path in paths]
    network, relations = loaded[0]
    states = [other.state_dict() for other, _ in loaded]
    network.load_state_dict({key: torch.stack([s[key].float() for s in states]).mean(0) for key in states[0]})
    return network.eval(), relations


def join(network: net.Network, ancestor: net.Network, count: int, fresh: list[str]) -> None:
    """Average a mean of `count` checkpoints with what they went on from (Wortsman et al. 2022, WiSE-FT).

    fresh: heads of the layout that stay as the checkpoints have them, and the non-linear part of the acts with theirs.
    """
    rows = torch.ones(sum(network.layout.values()), dtype=torch.bool)
    for name, place in net.rows_of(network.layout).items():
        rows[place] = name not in fresh
    old = ancestor.state_dict()
    mean = {key: value.float() for key, value in network.state_dict().items()}
    joined = {key: (value * count + old[key].float()) / (count + 1) for key, value in mean.items()}
    for key, value in mean.items():
        if key.startswith("heads."):
            joined[key][~rows] = value[~rows]
        elif key.startswith("act_") and "act_cue" in fresh:
            joined[key] = value
    network.load_state_dict(joined)


def export(network: net.Network, relations: list[str], out: Path, *, quantised: bool, seven_bit: bool) -> None:
    """Write model.onnx, scorers.npz and labels.json into `out`."""
    graph = Graph(network)
    model = graph.build()
    onnx.checker.check_model(model, full_check=False)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        onnx.save(model, str(plain))
        if quantised:
            quantize_dynamic(
                plain,
                out / "model.onnx",
                op_types_to_quantize=["MatMul"],
                per_channel=True,
                reduce_range=seven_bit,
                weight_type=QuantType.QInt8,
                extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
            )
        else:
            shutil.copy(plain, out / "model.onnx")
    value = {key: parameter.detach().float().numpy() for key, parameter in network.named_parameters()}
    np.savez_compressed(
        out / "scorers.npz",
        transitions=value["transitions"],
        starts=value["starts"],
        link_distance=value["link_distance"],
        arc_bias=value["arc_bias"],
        relation_weight=value["relation_out.weight"].T.copy(),
        relation_bias=value["relation_out.bias"],
    )
    (out / "labels.json").write_text(
        json.dumps(
            {
                "layout": net.whole_layout(network),
                "relations": relations,
                "link": network.shape.link,
                "arc": network.shape.arc,
                "branch": network.shape.branch,
            },
            indent=1,
        )
        + "\n"
    )


class Graph:
    """Collects nodes and constants of the graph."""

    def __init__(self, network: net.Network) -> None:
        self.network, self.nodes, self.constants = network, [], []
        self._count = 0

    def build(self) -> onnx.ModelProto:
        """pieces (pieces,), signs (pieces,), words (words,) int64 in; outputs (words, width) float32 out."""
        network, shape = self.network, self.network.shape
        x = forked = self._embed()
        for number, layer in enumerate(network.encoder.stack):
            if number == shape.layers - shape.branch:
                forked = x
            x = self._layer(x, layer)
        x = self._words(x)
        hidden = self.node("Relu", [self._linear(x, network.act_hidden)])
        act_out = network.act_out.detach().float().numpy()
        joined = np.zeros((2 * act_out.shape[1], 2 * act_out.shape[2]), np.float32)
        for side in range(2):
            joined[side * 96 : side * 96 + 96, side * 12 : side * 12 + 12] = act_out[side]
        acts = self.node("MatMul", [hidden, self.constant(joined)])
        plain = self._linear(x, network.heads)
        # the non-linear part of the act scores joins the linear one at its place in the layout
        before = net.rows_of(network.layout)["act_cue"].start
        after = sum(network.layout.values()) - before - joined.shape[1]
        pads = self.constant(np.array([0, before, 0, after], np.int64))
        joined_heads = [self.node("Add", [plain, self.node("Pad", [acts, pads])])]
        if shape.branch:
            for layer in network.branch:
                forked = self._layer(forked, layer)
            joined_heads.append(self._linear(self._words(forked), network.event_heads))
        out = self.node("Concat", joined_heads, name="outputs", axis=-1)
        assert out == "outputs"
        assert shape.hidden == 384
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, [size])
            for name, size in (("pieces", "pieces"), ("signs", "pieces"), ("words", "words"))
        ]
        width = sum(net.whole_layout(network).values())
        output = helper.make_tensor_value_info("outputs", TensorProto.FLOAT, ["words", width])
        graph = helper.make_graph(self.nodes, "dateline", inputs, [output], self.constants)
        return helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)], ir_version=9
        )

    def _words(self, x: str) -> str:
        """The vectors of the words' first pieces."""
        x = self.node("Squeeze", [x, self.constant(np.array([0], np.int64))])
        return self.node("Gather", [x, "words"], axis=0)

    def _embed(self) -> str:
        encoder = self.network.encoder
        table = encoder.pieces.weight.detach().float().numpy()
        scale = np.abs(table).max(1, keepdims=True) / 127
        rows = self.node(
            "Cast",
            [self.node("Gather", [self.constant(np.round(table / scale).astype(np.int8)), "pieces"])],
            to=TensorProto.FLOAT,
        )
        x = self.node("Mul", [rows, self.node("Gather", [self.constant(scale.astype(np.float32)), "pieces"])])
        length = self.node("Shape", ["pieces"])
        positions = self.node(
            "Slice",
            [
                self.constant(encoder.positions.weight.detach().float().numpy()[:LONGEST]),
                self.constant(np.array([0], np.int64)),
                length,
                self.constant(np.array([0], np.int64)),
            ],
        )
        x = self.node("Add", [x, positions])
        x = self.node(
            "Add", [x, self.node("Gather", [self.constant(encoder.signs.weight.detach().float().numpy()), "signs"])]
        )
        x = self.node("Unsqueeze", [x, self.constant(np.array([0], np.int64))])
        return self._norm(x, encoder.norm)

    def _layer(self, x: str, layer: net.Layer) -> str:
        q, k, v = self.nodes_out("Split", [self._linear(x, layer.qkv)], 3, axis=-1)
        mixed = self.node("MultiHeadAttention", [q, k, v], domain="com.microsoft", num_heads=layer.heads)
        x = self._norm(self.node("Add", [x, self._linear(mixed, layer.out)]), layer.norm1)
        up = self.node("Gelu", [self._linear(x, layer.up)], domain="com.microsoft")
        return self._norm(self.node("Add", [x, self._linear(up, layer.down)]), layer.norm2)

    def _norm(self, x: str, norm: torch.nn.LayerNorm) -> str:
        return self.node(
            "LayerNormalization",
            [x, self.constant(_array(norm.weight)), self.constant(_array(norm.bias))],
            axis=-1,
            epsilon=1e-12,
        )

    def _linear(self, x: str, linear: torch.nn.Linear) -> str:
        product = self.node("MatMul", [x, self.constant(_array(linear.weight).T.copy())])
        return self.node("Add", [product, self.constant(_array(linear.bias))])

    def constant(self, array: np.ndarray) -> str:
        """Add a constant and return its name."""
        self._count += 1
        name = f"c{self._count}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(
        self, kind: str, inputs: list[str], *, name: str | None = None, domain: str = "", **attributes: object
    ) -> str:
        """Add a node of one output and return the output's name."""
        self._count += 1
        out = name or f"n{self._count}"
        self.nodes.append(
            helper.make_node(kind, inputs, [out], name=f"{kind}{self._count}", domain=domain, **attributes)
        )
        return out

    def nodes_out(self, kind: str, inputs: list[str], count: int, **attributes: object) -> list[str]:
        """Add a node of several outputs and return their names."""
        self._count += 1
        outs = [f"n{self._count}_{number}" for number in range(count)]
        self.nodes.append(helper.make_node(kind, inputs, outs, name=f"{kind}{self._count}", **attributes))
        return outs


def _array(parameter: torch.Tensor) -> np.ndarray:
    return parameter.detach().float().numpy()


if __name__ == "__main__":
    main()
