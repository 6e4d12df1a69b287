"""Whoever writes about a sister or a partner is not told about "your friend"."""

from __future__ import annotations

import pytest
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.slots import CategoricalSlot
from rasa.shared.core.trackers import DialogueStateTracker

from lantern.close_ones import close_one_in, speak_of
from lantern.conversation import close_one

ROLE = CategoricalSlot("role", mappings=[{}], values=["me", "friend", "parent", "staff"])


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("my little sis is", "sister"),
        ("threatening my girlfriend", "girlfriend"),
        ("My 12-year-old brother", "brother"),
        ("my best friend is", None),
        ("a girl i know", None),
    ],
)
def test_the_word_for_the_person(text: str, word: str | None) -> None:
    assert close_one_in(text) == word


def test_the_reply_speaks_of_them() -> None:
    said = 'Your friend did nothing wrong. It is your friend\'s phone. Say: "My friend needs help." Ask two friends.'
    assert speak_of("sister", said).startswith("Your sister did nothing wrong. It is your sister's phone.")
    assert 'My sister needs help." Ask two friends.' in speak_of("sister", said)
    assert speak_of(None, said) == said


def tracker(role: str, *texts: str) -> DialogueStateTracker:
    result = DialogueStateTracker.from_events("sender", [], slots=[ROLE])
    for text in texts:
        entity = {"entity": "role", "value": "friend", "start": 0, "end": len(text)}
        result.update(UserUttered(text, entities=[entity]))
    result.update(SlotSet("role", role))
    return result


def test_the_person_is_the_one_named_last() -> None:
    assert close_one(tracker("friend", "my sister is", "my bf is")) == "boyfriend"
    assert close_one(tracker("friend", "my sister is", "my best friend is")) is None
    assert close_one(tracker("parent", "my sister is")) is None
