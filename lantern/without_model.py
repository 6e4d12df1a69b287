"""What Lantern says when the model is gone or throws: the crisis gate on the raw text, else the plain trouble reply."""

from __future__ import annotations

from typing import Any

import yaml

from lantern.crisis import default_gate
from lantern.crisis_records import LABELS
from lantern.records import DATA

TROUBLE = "utter_trouble"


def read_response(area: str, topic: str) -> dict[str, Any]:
    """Returns the variation without condition of `utter_<topic>`, straight from its file."""
    content = yaml.safe_load((DATA / area / topic / "responses.yml").read_text(encoding="utf-8"))
    return next(variation for variation in content["responses"][f"utter_{topic}"] if "condition" not in variation)


class WithoutModel:
    """Answers without Rasa. Reads its replies at the start of the server; the patterns only when they are needed."""

    def __init__(self) -> None:
        self._crisis = {label: read_response("safety", label) for label in LABELS}
        self._trouble = read_response("system", "trouble")

    def reply(self, text: str) -> dict[str, Any]:
        """Returns `text` and `custom.kind` of the answer; without buttons, which would need the model."""
        labels = default_gate().labels(text)
        response = self._crisis[labels[0]] if labels else self._trouble
        return {"text": response["text"], "custom": {"kind": response["metadata"]["kind"]}}
