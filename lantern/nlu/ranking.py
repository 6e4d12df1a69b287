"""What several components do with the ranking of topics: `[{"name": ..., "confidence": ...}, ...]`, likeliest first."""

from __future__ import annotations

from typing import Any

from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from lantern.topics import Topic

# surely one of the readings, so that nothing asks back
SURE = 0.5


def trouble_of(ranking: list[dict[str, Any]], topics: dict[str, Topic]) -> float:
    """Returns the summed probability of the topics that somebody in trouble asks about."""
    return sum(r["confidence"] for r in ranking if r["name"] in topics and topics[r["name"]].trouble)


def without(ranking: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Returns the ranking without one label, the confidences of the others summing to 1 again."""
    others = [entry for entry in ranking if entry["name"] != name]
    total = sum(entry["confidence"] for entry in others) or 1.0
    return [{**entry, "confidence": entry["confidence"] / total} for entry in others]


def lead_with(message: Message, name: str, confidence: float = SURE) -> None:
    """Makes `name` the message's topic, the others behind it at half their confidence."""
    first = {"name": name, "confidence": confidence}
    others = [
        {**entry, "confidence": entry["confidence"] / 2}
        for entry in message.get(INTENT_RANKING_KEY) or []
        if entry["name"] != name
    ]
    message.set(INTENT, first, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [first, *others], add_to_output=True)
