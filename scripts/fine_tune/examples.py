"""The training sentences, each with the one label that the reader learns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from lantern.text import normalize

DATA = Path(__file__).resolve().parents[2] / "data"
_ANNOTATED = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True)
class Example:
    """One sentence and its label: a topic, or the finding that a question asks for."""

    text: str
    label: str
    is_finding: bool


def load_examples(folder: Path = DATA) -> list[Example]:
    """Returns the sentences of every `nlu.yml`, in lower case, as the reader sees messages."""
    examples = []
    for path in sorted(folder.glob("*/*/nlu.yml")):
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if "intent" in item:
                finding = (item.get("metadata") or {}).get("finding")
                for line in item["examples"].splitlines():
                    if line.startswith("- "):
                        text = normalize(_ANNOTATED.sub(r"\1", line[2:])).lower()
                        examples.append(Example(text, finding or item["intent"], bool(finding)))
    return examples
