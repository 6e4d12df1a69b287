"""Goes on from the present second reader: some minutes, for some hundred new sentences or a new topic.

usage: python -m scripts.fine_tune.further

The reader is asked about every training sentence. Then it learns from those that it does not know yet, and from as many
others again so that it forgets none, at a lower rate than when it was made. `make fine-tune` makes it from nothing.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper
from tokenizers import Tokenizer

from scripts.fine_tune import TARGET, export, train
from scripts.fine_tune.encoder import LAYERS, WIDTH
from scripts.fine_tune.examples import Example, load_examples

# a sentence whose label the reader gives less than this is learned again, with this many others for each
KNOWN_FROM, OTHERS = 0.6, 4.0
# the reader that is kept lies so far on the way from the weights of before to the learned ones: it forgets less
LEARNED = 0.45


def constants(path: Path) -> list[np.ndarray]:
    """Returns the constants of the network in the order in which `export.Graph` made them, as plain numbers."""
    found = {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(path).graph.initializer}
    plain = []
    while True:
        name = f"constant_{len(plain)}"
        if name in found:
            plain.append(found[name])
        elif f"{name}_quantized" in found:
            scale, zero = found[f"{name}_scale"], found[f"{name}_zero_point"]
            plain.append((found[f"{name}_quantized"].astype(np.float32) - zero.astype(np.float32)) * scale)
        else:
            return plain


def weights_of(folder: Path, labels: list[str], known: list[str]) -> tuple[train.Weights, train.Weights]:
    """Returns the encoder's weights by their published names, and `weight` and `bias` of the head for `labels`.

    Args:
        folder: where `model.onnx` lies.
        labels: what the head shall tell apart; a new one starts from nothing.
        known: the labels of the present head, in its order.
    """
    rest = iter(constants(folder / "model.onnx"))
    weights = {"embeddings.word_embeddings.weight": next(rest), "embeddings.position_embeddings.weight": next(rest)}
    weights["embeddings.token_type_embeddings.weight"] = np.zeros((2, WIDTH), np.float32)

    def take(name: str, *parts: str) -> None:
        for part in parts:
            value = next(rest)
            weights[f"{name}.{part}"] = value.T if value.ndim == 2 else value

    take("embeddings.LayerNorm", "weight", "bias")
    for i in range(LAYERS):
        name = f"encoder.layer.{i}"
        for part in ("weight", "bias"):
            value = next(rest)
            for kind, own in zip(("query", "key", "value"), np.split(value, 3, axis=-1), strict=True):
                weights[f"{name}.attention.self.{kind}.{part}"] = own.T if own.ndim == 2 else own
        for _ in range(3):
            next(rest)  # two shapes and a divisor
        take(f"{name}.attention.output.dense", "weight", "bias")
        take(f"{name}.attention.output.LayerNorm", "weight", "bias")
        take(f"{name}.intermediate.dense", "weight", "bias")
        take(f"{name}.output.dense", "weight", "bias")
        take(f"{name}.output.LayerNorm", "weight", "bias")
    next(rest), next(rest)
    scores, bias = next(rest) / train.SCALE, next(rest)
    head = {"weight": np.zeros((WIDTH, len(labels)), np.float32), "bias": np.full(len(labels), bias.min(), np.float32)}
    for i, label in enumerate(labels):
        if label in known:
            head["weight"][:, i], head["bias"][i] = scores[:, known.index(label)], bias[known.index(label)]
    return weights, head


def unknown(examples: list[Example], rows: list[list[int]], known: list[str]) -> list[int]:
    """Returns the numbers of the sentences whose label the present reader does not find."""
    session = onnxruntime.InferenceSession(TARGET / "model.onnx", providers=["CPUExecutionProvider"])
    place, missed = {label: i for i, label in enumerate(known)}, []
    for i, (example, row) in enumerate(zip(examples, rows, strict=True)):
        inputs = {"ids": np.array([row], np.int64), "positions": np.arange(len(row))[None]}
        (told,) = session.run(None, inputs)
        if example.label not in place or told[0][place[example.label]] < KNOWN_FROM:
            missed.append(i)
        if i % 10000 == 0:
            print(f"asked about {i} of {len(rows)} sentences, {len(missed)} to learn", flush=True)
    return missed


def between(before: train.Weights, learned: train.Weights, new: list[int]) -> train.Weights:
    """Returns the weights on the way from `before` to `learned`; a label of the head that is `new` keeps the learned.

    Averaging a network with its fine-tuned self often does better than either (Wortsman et al. 2022, WiSE-FT).
    """
    mixed = {name: LEARNED * w + (1.0 - LEARNED) * before[name] for name, w in learned.items()}
    if new:
        for name in mixed:
            mixed[name] = mixed[name].at[..., np.array(new)].set(learned[name][..., np.array(new)])
    return mixed


def main() -> None:
    examples, known = load_examples(), export.labels_of(TARGET)
    labels = sorted({example.label for example in examples})
    tokenizer = Tokenizer.from_file(str(TARGET / "tokenizer.json"))
    tokenizer.no_padding()
    rows = train.tokenize(tokenizer, [example.text for example in examples])
    missed = unknown(examples, rows, known)
    others = sorted(set(range(len(rows))) - set(missed))
    picked = missed + random.Random(train.SEED).sample(others, min(len(others), int(len(missed) * OTHERS)))
    print(f"{len(missed)} sentences to learn, {len(picked) - len(missed)} others beside them", flush=True)
    weights, head = weights_of(TARGET, labels, known)
    number = {label: i for i, label in enumerate(labels)}
    wanted = np.array([number[examples[i].label] for i in picked])
    weights, head = jax.tree.map(jnp.asarray, (weights, head))
    result = train.fine_tune(weights, [rows[i] for i in picked], wanted, len(labels), head=head)
    new = [i for i, label in enumerate(labels) if label not in known]
    result = {"encoder": between(weights, result["encoder"], []), "head": between(head, result["head"], new)}
    with tempfile.TemporaryDirectory() as scratch:
        arrays = {name: np.asarray(w) for part in result.values() for name, w in part.items()}
        np.savez(Path(scratch) / "weights.npz", labels=np.array(labels), **arrays)
        export.main(str(Path(scratch) / "weights.npz"), str(TARGET), str(TARGET))
    print(f"{TARGET} has learned more; run make test before you commit it.")


if __name__ == "__main__":
    main()
