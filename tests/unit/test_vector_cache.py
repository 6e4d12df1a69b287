"""Sentence vectors kept between trainings: read as written, and a broken file is no file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lantern.nlu.vector_cache import key_of, read_vectors, write_vectors


def test_vectors_are_read_as_written(tmp_path: Path) -> None:
    vectors = {key_of(text): np.full(512, i, dtype=np.float32) for i, text in enumerate(["he wants money", "help"])}
    write_vectors(vectors, tmp_path / "cache" / "vectors.npz")
    read = read_vectors(tmp_path / "cache" / "vectors.npz")
    assert read.keys() == vectors.keys()
    assert all(np.array_equal(read[key], vectors[key]) for key in vectors)
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["vectors.npz"]


def test_a_missing_or_broken_file_gives_none(tmp_path: Path) -> None:
    assert read_vectors(tmp_path / "vectors.npz") == {}
    (tmp_path / "vectors.npz").write_bytes(b"PK not an archive")
    assert read_vectors(tmp_path / "vectors.npz") == {}


def test_no_vectors_are_not_written(tmp_path: Path) -> None:
    write_vectors({}, tmp_path / "vectors.npz")
    assert not (tmp_path / "vectors.npz").exists()
