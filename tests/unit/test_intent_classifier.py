"""Who gets the benefit of the doubt: a victim or an honest question before a refusal or "you hurt someone"."""

from __future__ import annotations

import pytest

from lantern.nlu.intent_classifier import likely_victims_first
from lantern.topics import load_topics


@pytest.mark.parametrize(
    ("confidences", "first"),
    [
        ({"i_did_this_to_someone": 0.66, "sent_image": 0.2}, "sent_image"),
        ({"i_did_this_to_someone": 0.85, "sent_image": 0.14}, "i_did_this_to_someone"),
        ({"i_did_this_to_someone": 0.6, "smalltalk": 0.4}, "i_did_this_to_someone"),
        ({"misuse": 0.5, "sent_image": 0.4}, "sent_image"),
        ({"misuse": 0.5, "prevention": 0.3}, "prevention"),
        ({"misuse": 0.9, "sent_image": 0.1}, "misuse"),
        ({"misuse": 0.5, "smalltalk": 0.5}, "misuse"),
    ],
)
def test_an_unsure_accusation_gives_way(confidences: dict[str, float], first: str) -> None:
    ranking = [{"name": name, "confidence": confidence} for name, confidence in confidences.items()]
    assert likely_victims_first(ranking, load_topics())[0]["name"] == first
