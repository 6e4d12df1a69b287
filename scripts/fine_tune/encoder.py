"""The transformer in JAX: weights as a flat dictionary with the names of the published file."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import load_file

HEADS, LAYERS, WIDTH = 12, 6, 384
# lengths that batches are padded to: each is compiled once
LENGTHS = (8, 12, 16, 24, 32, 48, 64, 96, 128)

Weights = dict[str, jax.Array]


def load_weights(path: str) -> Weights:
    """Returns the weights of a published `model.safetensors`, without what mean pooling does not use."""
    weights = load_file(path)
    return {name: jnp.asarray(w) for name, w in weights.items() if "position_ids" not in name and "pooler" not in name}


def dropout(x: jax.Array, key: jax.Array, rate: float) -> jax.Array:
    return jnp.where(jax.random.bernoulli(key, 1.0 - rate, x.shape), x / (1.0 - rate), 0.0)


def layer_norm(w: Weights, name: str, x: jax.Array) -> jax.Array:
    mean = x.mean(-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) / jnp.sqrt(variance + 1e-12) * w[f"{name}.weight"] + w[f"{name}.bias"]


def linear(w: Weights, name: str, x: jax.Array) -> jax.Array:
    return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]


def attention(w: Weights, name: str, x: jax.Array, bias: jax.Array) -> jax.Array:
    batch, length, _ = x.shape

    def heads(part: str) -> jax.Array:
        return linear(w, f"{name}.self.{part}", x).reshape(batch, length, HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)

    scores = heads("query") @ heads("key").transpose(0, 1, 3, 2) / np.sqrt(WIDTH // HEADS)
    mixed = jax.nn.softmax(scores + bias, axis=-1) @ heads("value")
    return linear(w, f"{name}.output.dense", mixed.transpose(0, 2, 1, 3).reshape(batch, length, WIDTH))


def encode(w: Weights, ids: jax.Array, mask: jax.Array, key: jax.Array, rate: float) -> jax.Array:
    """Returns sentence vectors of length 1, shape (batch, 384).

    Args:
        w: the weights.
        ids: token numbers, shape (batch, length).
        mask: 1.0 for a token, 0.0 for padding, same shape.
        key: randomness of the dropout.
        rate: share of the values that dropout takes away.
    """
    keys = jax.random.split(key, 2 * LAYERS + 1)
    x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.token_type_embeddings.weight"][0]
    x = layer_norm(w, "embeddings.LayerNorm", x + w["embeddings.position_embeddings.weight"][: ids.shape[1]])
    x = dropout(x, keys[-1], rate)
    bias = jnp.where(mask[:, None, None, :] > 0, 0.0, -1e9)
    for i in range(LAYERS):
        name = f"encoder.layer.{i}"
        mixed = dropout(attention(w, f"{name}.attention", x, bias), keys[2 * i], rate)
        x = layer_norm(w, f"{name}.attention.output.LayerNorm", x + mixed)
        inner = jax.nn.gelu(linear(w, f"{name}.intermediate.dense", x), approximate=False)
        x = layer_norm(
            w, f"{name}.output.LayerNorm", x + dropout(linear(w, f"{name}.output.dense", inner), keys[2 * i + 1], rate)
        )
    pooled = (x * mask[..., None]).sum(1)
    return pooled / jnp.linalg.norm(pooled, axis=1, keepdims=True)
