"""Who gets the benefit of the doubt: a victim or an honest question before a refusal or "you hurt someone"."""

from __future__ import annotations

import pytest

from lantern.nlu.intent_classifier import for_the_writer, likely_victims_first
from lantern.topics import load_topics


@pytest.mark.parametrize(
    ("confidences", "first"),
    [
        ({"i_did_this_to_someone": 0.66, "sent_image": 0.2}, "sent_image"),
        ({"i_did_this_to_someone": 0.81, "telling_parents": 0.13, "smalltalk": 0.06}, "telling_parents"),
        ({"i_did_this_to_someone": 0.92, "sent_image": 0.08}, "i_did_this_to_someone"),
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


@pytest.mark.parametrize(
    ("role", "read", "told"),
    [
        ("parent", "student_targeted", "child_targeted"),
        ("staff", "child_targeted", "student_targeted"),
        ("parent", "friend_targeted", "child_targeted"),
        ("parent", "sent_image", "sent_image"),
        (None, "student_targeted", "student_targeted"),
        ("me", "friend_targeted", "friend_targeted"),
    ],
)
def test_what_is_about_another_is_told_to_whoever_writes(role: str | None, read: str, told: str) -> None:
    ranking = [{"name": read, "confidence": 0.5}, {"name": "child_targeted", "confidence": 0.3}]
    if read == "child_targeted":
        ranking = ranking[:1]
    answer = for_the_writer(ranking, role)
    assert answer[0]["name"] == told
    assert sum(entry["confidence"] for entry in answer) == pytest.approx(sum(e["confidence"] for e in ranking))
