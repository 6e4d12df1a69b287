"""Writes the fine-tuned weights as the files that Lantern reads: eight-bit ONNX, tokenizer and labels.

usage: python -m scripts.fine_tune.export WEIGHTS.npz BASE_FOLDER TARGET_FOLDER

The graph takes one message without padding: `ids` and `positions`, both int64 of shape (1, tokens). It returns the
probabilities of all labels, shape (1, labels): the topics first, then the findings.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from scripts.fine_tune.encoder import HEADS, LAYERS, WIDTH
from scripts.fine_tune.examples import load_examples
from scripts.fine_tune.train import SCALE

OPSET = 20
# at least these, so that older versions of the runtime read the file
IR_VERSION = 9


class Graph:
    """Collects nodes and weights; each method returns the name of its output."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights, self.nodes, self.constants = weights, [], []

    def constant(self, value: np.ndarray) -> str:
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def add(self, kind: str, *inputs: str, outputs: int = 1, **attributes: object) -> str:
        names = [f"{kind}_{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names[0] if outputs == 1 else names

    def linear(self, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """`weight` of shape (inputs, outputs)."""
        return self.add("Add", self.add("MatMul", x, self.constant(np.ascontiguousarray(weight))), self.constant(bias))

    def dense(self, x: str, name: str) -> str:
        return self.linear(x, self.weights[f"{name}.weight"].T, self.weights[f"{name}.bias"])

    def norm(self, x: str, name: str) -> str:
        scale, bias = (self.constant(self.weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return self.add("LayerNormalization", x, scale, bias, axis=-1, epsilon=1e-12)

    def attention(self, x: str, name: str) -> str:
        parts = ("query", "key", "value")
        weight = np.concatenate([self.weights[f"{name}.self.{part}.weight"].T for part in parts], axis=1)
        bias = np.concatenate([self.weights[f"{name}.self.{part}.bias"] for part in parts])
        split = self.add("Split", self.linear(x, weight, bias), outputs=3, axis=-1, num_outputs=3)
        shape = self.constant(np.array([0, 0, HEADS, WIDTH // HEADS]))
        query, key, value = (self.add("Reshape", part, shape) for part in split)
        query, value = (self.add("Transpose", part, perm=[0, 2, 1, 3]) for part in (query, value))
        scores = self.add("MatMul", query, self.add("Transpose", key, perm=[0, 2, 3, 1]))
        scores = self.add("Div", scores, self.constant(np.float32(np.sqrt(WIDTH // HEADS))))
        mixed = self.add("MatMul", self.add("Softmax", scores, axis=-1), value)
        mixed = self.add("Transpose", mixed, perm=[0, 2, 1, 3])
        mixed = self.add("Reshape", mixed, self.constant(np.array([0, 0, WIDTH])))
        return self.dense(mixed, f"{name}.output.dense")

    def layer(self, x: str, name: str) -> str:
        x = self.norm(self.add("Add", x, self.attention(x, f"{name}.attention")), f"{name}.attention.output.LayerNorm")
        inner = self.add("Gelu", self.dense(x, f"{name}.intermediate.dense"))
        return self.norm(self.add("Add", x, self.dense(inner, f"{name}.output.dense")), f"{name}.output.LayerNorm")


def build(weights: dict[str, np.ndarray], order: list[int]) -> onnx.ModelProto:
    """Returns the whole network, its outputs in `order`."""
    graph = Graph(weights)
    words = graph.add("Gather", graph.constant(weights["embeddings.word_embeddings.weight"]), "ids")
    places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    x = graph.norm(
        graph.add("Add", words, graph.add("Gather", graph.constant(places), "positions")), "embeddings.LayerNorm"
    )
    for i in range(LAYERS):
        x = graph.layer(x, f"encoder.layer.{i}")
    pooled = graph.add("ReduceMean", x, graph.constant(np.array([1])), keepdims=0)
    length = graph.add("ReduceL2", pooled, graph.constant(np.array([1])), keepdims=1)
    scores = graph.linear(graph.add("Div", pooled, length), SCALE * weights["weight"][:, order], weights["bias"][order])
    graph.nodes.append(helper.make_node("Softmax", [scores], ["probabilities"], axis=-1))
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, [1, "tokens"]) for name in ("ids", "positions")]
    output = helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [1, len(order)])
    built = helper.make_graph(graph.nodes, "reader", inputs, [output], graph.constants)
    return helper.make_model(built, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)


def labels_of(folder: Path) -> list[str]:
    """Returns the labels of the reader in `folder`, in the order of its outputs."""
    named = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    return [*named["topics"], *named["findings"]]


def main(weights_path: str, base: str, target: str) -> None:
    arrays = np.load(weights_path)
    weights = {name: arrays[name] for name in arrays.files}
    labels = weights.pop("labels").tolist()
    findings = {example.label for example in load_examples() if example.is_finding}
    order = sorted(range(len(labels)), key=lambda i: (labels[i] in findings, labels[i]))
    folder = Path(target)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        onnx.save(build(weights, order), whole)
        # seven bits: older processors overflow with eight
        quantize_dynamic(whole, folder / "model.onnx", weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    if Path(base).resolve() != folder.resolve():
        shutil.copyfile(Path(base) / "tokenizer.json", folder / "tokenizer.json")
    named = {
        "topics": [labels[i] for i in order if labels[i] not in findings],
        "findings": [labels[i] for i in order if labels[i] in findings],
    }
    (folder / "labels.json").write_text(json.dumps(named, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
