"""Fine-tunes the published encoder on the training sentences, with one output a label.

usage: python -m scripts.fine_tune.train BASE_FOLDER WEIGHTS.npz

`BASE_FOLDER` holds the published `model.safetensors` and `tokenizer.json`.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax
from tokenizers import Tokenizer

from scripts.fine_tune.encoder import LENGTHS, WIDTH, Weights, encode, load_weights
from scripts.fine_tune.examples import load_examples

SEED, EPOCHS, BATCH = 1, 3, 32
# the lowest layers and the word vectors stay as published: there is too little to learn them anew from
FROZEN = ("embeddings.", "encoder.layer.0.", "encoder.layer.1.")
DROPOUT, SMOOTHING, DECAY = 0.1, 0.1, 0.01
RATE, HEAD_RATE = 1.5e-4, 4e-3
# a reader that was trained before takes this share of the rates when it learns more, and so many epochs
FURTHER_SHARE, FURTHER_EPOCHS = 0.4, 2
# vectors have length 1: the head sees them this much longer
SCALE = 8.0


def tokenize(tokenizer: Tokenizer, texts: list[str]) -> list[list[int]]:
    """Returns token numbers, at most as many as the longest padded length."""
    rows = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    return [row if len(row) <= LENGTHS[-1] else row[: LENGTHS[-1] - 1] + row[-1:] for row in rows]


def batches(rows: list[list[int]], source: random.Random) -> list[tuple[int, list[int]]]:
    """Returns (padded length, row numbers) of every batch of an epoch, rows of alike lengths together."""
    order, waiting, full = list(range(len(rows))), {length: [] for length in LENGTHS}, []
    source.shuffle(order)
    for i in order:
        length = next(length for length in LENGTHS if len(rows[i]) <= length)
        waiting[length].append(i)
        if len(waiting[length]) == BATCH:
            full.append((length, waiting[length]))
            waiting[length] = []
    rest = [(length, part + source.choices(part, k=BATCH - len(part))) for length, part in waiting.items() if part]
    full += rest
    source.shuffle(full)
    return full


def padded(rows: list[list[int]], length: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns token numbers and mask, both of shape (len(rows), length)."""
    ids, mask = np.zeros((len(rows), length), np.int32), np.zeros((len(rows), length), np.float32)
    for i, row in enumerate(rows):
        ids[i, : len(row)], mask[i, : len(row)] = row, 1.0
    return ids, mask


def loss_of(
    trained: dict, frozen: Weights, ids: jax.Array, mask: jax.Array, wanted: jax.Array, key: jax.Array
) -> jax.Array:
    """Returns the mean cross-entropy of a batch."""
    inner, outer = jax.random.split(key)
    vectors = encode({**frozen, **trained["encoder"]}, ids, mask, inner, DROPOUT) * SCALE
    vectors = jnp.where(jax.random.bernoulli(outer, 1.0 - DROPOUT, vectors.shape), vectors / (1.0 - DROPOUT), 0.0)
    scores = vectors @ trained["head"]["weight"] + trained["head"]["bias"]
    target = optax.smooth_labels(jax.nn.one_hot(wanted, scores.shape[1]), SMOOTHING)
    return optax.softmax_cross_entropy(scores, target).mean()


def optimizer(steps: int, share: float = 1.0) -> optax.GradientTransformation:
    def adam(rate: float) -> optax.GradientTransformation:
        schedule = optax.warmup_cosine_decay_schedule(0.0, rate, steps // 15, steps, rate * 0.02)
        return optax.adamw(schedule, weight_decay=DECAY)

    parts = {"encoder": adam(RATE * share), "head": adam(HEAD_RATE * share)}
    return optax.chain(
        optax.clip_by_global_norm(1.0), optax.multi_transform(parts, {"encoder": "encoder", "head": "head"})
    )


def schedule(rows: list[list[int]], epochs: int) -> Iterator[tuple[int, list[int]]]:
    source = random.Random(SEED)
    for _ in range(epochs):
        yield from batches(rows, source)


def fine_tune(
    weights: Weights, rows: list[list[int]], wanted: np.ndarray, labels: int, head: Weights | None = None
) -> dict:
    """Returns `{"encoder": ..., "head": {"weight", "bias"}}`, trained on `rows`, whose labels are `wanted`.

    With the `head` of an earlier training it goes on from there, at a lower rate.
    """
    share = FURTHER_SHARE if head else 1.0
    frozen = {name: w for name, w in weights.items() if name.startswith(FROZEN)}
    trained = {
        "encoder": {name: w for name, w in weights.items() if name not in frozen},
        "head": head or {"weight": jnp.zeros((WIDTH, labels)), "bias": jnp.zeros(labels)},
    }
    plan = list(schedule(rows, FURTHER_EPOCHS if head else EPOCHS))
    adam = optimizer(len(plan), share)
    state, key, start, total = adam.init(trained), jax.random.PRNGKey(SEED), time.monotonic(), 0.0

    @jax.jit
    def step(trained: dict, state: tuple, ids: jax.Array, mask: jax.Array, wanted: jax.Array, key: jax.Array) -> tuple:
        loss, gradient = jax.value_and_grad(loss_of)(trained, frozen, ids, mask, wanted, key)
        change, state = adam.update(gradient, state, trained)
        return optax.apply_updates(trained, change), state, loss

    for done, (length, part) in enumerate(plan, start=1):
        key, now = jax.random.split(key)
        ids, mask = padded([rows[i] for i in part], length)
        trained, state, loss = step(trained, state, ids, mask, wanted[np.array(part)], now)
        total += float(loss)
        if done % 100 == 0:
            print(
                f"{done} of {len(plan)} batches, loss {total / 100:.3f}, {time.monotonic() - start:.0f} s", flush=True
            )
            total = 0.0
    return {"encoder": {**frozen, **trained["encoder"]}, "head": trained["head"]}


def main(base: str, target: str) -> None:
    examples = load_examples()
    labels = sorted({example.label for example in examples})
    number = {label: i for i, label in enumerate(labels)}
    tokenizer = Tokenizer.from_file(str(Path(base) / "tokenizer.json"))
    tokenizer.no_padding()
    rows = tokenize(tokenizer, [example.text for example in examples])
    wanted = np.array([number[example.label] for example in examples])
    print(f"{len(rows)} sentences, {len(labels)} labels", flush=True)
    result = fine_tune(load_weights(str(Path(base) / "model.safetensors")), rows, wanted, len(labels))
    arrays = {name: np.asarray(w) for part in result.values() for name, w in part.items()}
    np.savez(target, labels=np.array(labels), **arrays)


if __name__ == "__main__":
    main(*sys.argv[1:])
