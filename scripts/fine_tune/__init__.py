"""How the reader in `lantern/nlu/reader/` is made: `make fine-tune`. Nothing that serves or trains Lantern needs this.

A small published sentence encoder (all-MiniLM-L6-v2, Apache-2.0) learns Lantern's topics and findings from the training
sentences, and is written as an ONNX file with eight-bit weights. It takes most of an hour on two cores; the file is
committed, and the rest of the pipeline is trained on whatever the sentences are today.
"""

from __future__ import annotations

from pathlib import Path

# where the reader lies
TARGET = Path(__file__).resolve().parents[2] / "lantern" / "nlu" / "reader"
