"""Who is speaking, read from the words of `data/records/entities.yml`."""

from __future__ import annotations

import pytest

from lantern import entities
from lantern.nlu.spacy_tokenizer import SpacyTokenizer, build_language, without_passers_by

LANGUAGE = build_language(entities.load_patterns())


def role(text: str) -> str | None:
    """The role that the slot takes: of several the last."""
    found = without_passers_by([SpacyTokenizer._entity(span) for span in LANGUAGE(text).ents])
    return found[-1]["value"] if found else None


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("my 16yo sent a picture", "parent"),
        ("What should I do if your child is threatened?", "parent"),
        ("My daughter told me that a friend of mine has seen it", "parent"),
        ("one of my best friends is being blackmailed", "friend"),
        ("I teach at a middle school", "staff"),
        ("How should schools treat sexting?", "staff"),
        ("You're a middle-school principal who finds a picture", "staff"),
        ("a friend told me that it is illegal", None),
        ("the students at my school share my picture", "me"),
        ("what teachers can i talk to", None),
        ("a girl i know is being blackmailed", "friend"),
        ("a boy i know from snap wants to meet", None),
        ("my little sister talks to grown men on discord", "friend"),
        ("my 13 year old sister was sent a picture", "friend"),
        ("my 12-year-old brother paid someone", "friend"),
        ("someone is threatening my girlfriend", "friend"),
        ("i was seeing my best friend's cousin", None),
        ("my friend's being blackmailed", "friend"),
        ("My girlfriend (17) told me last night that her ex has pictures", "friend"),
        ("my boyfriend told me to send it", None),
        ("my girlfriend is being blackmailed", "friend"),
        ("how can I help my brother", "friend"),
        ("my girlfriend is threatening me", "me"),
        ("they want to send it to my sister and my cousins", None),
        ("my boyfriend wants me to send pics", None),
    ],
)
def test_the_words_tell_who_is_speaking(text: str, who: str | None) -> None:
    assert role(text) == who
