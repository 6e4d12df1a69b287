"""A crisis is noticed inside any other text, and in the middle of any conversation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lantern.crisis import default_gate
from tests.conftest import Server

STORIES = Path(__file__).resolve().parents[1] / "conversations"
# never harmless, whatever stands around them
FIRM = {
    "i want to kill myself": "self_harm",
    "i dont want to live anymore": "self_harm",
    "im gonna kms": "self_harm",
    "i want to unalive myself": "self_harm",
    "my friend wants to kill herself": "self_harm_other",
    "he is outside my house with a gun": "immediate_danger",
    "my uncle touches me at night": "abuse_offline",
}
AROUND = [
    "hi",
    "so about the homework",
    "he wants 200 dollars in gift cards",
    "lol",
    "my mom doesnt know",
    "where do i report this?",
    "we talked on snap for two weeks.",
    "he has my pictures and says he will post them",
]


def spaced(text: str) -> str:
    return "  ".join(text.split())


def without_apostrophes(text: str) -> str:
    return text.replace("'", "")


def shouted(text: str) -> str:
    return text.upper() + "!!"


def stretched(text: str) -> str:
    return text[:-1] + text[-1] * 5


def zero_width(text: str) -> str:
    return "\u200b".join(text)


SPELLINGS = [str, spaced, without_apostrophes, shouted, stretched, zero_width]


@settings(max_examples=300, deadline=None)
@given(
    phrase=st.sampled_from(sorted(FIRM)),
    before=st.lists(st.sampled_from(AROUND), max_size=3),
    after=st.lists(st.sampled_from(AROUND), max_size=3),
    spell=st.sampled_from(SPELLINGS),
    mark=st.sampled_from([" ", ". ", "\n", ", ", " ... "]),
)
def test_a_crisis_phrase_inside_other_text_is_noticed(
    phrase: str, before: list[str], after: list[str], spell: Any, mark: str
) -> None:
    assert default_gate().labels(mark.join([*before, spell(phrase), *after]))


@pytest.mark.parametrize(("phrase", "label"), FIRM.items(), ids=list(FIRM))
def test_the_most_urgent_label_comes_first(phrase: str, label: str) -> None:
    assert default_gate().labels(phrase)[0] == label


def stories() -> list[tuple[str, list[str]]]:
    """Every scenario's name and the messages of its user, entities unmarked."""
    import re

    found = []
    for path in sorted(STORIES.rglob("test_*.yml")):
        for story in yaml.safe_load(path.read_text(encoding="utf-8"))["stories"]:
            texts = [step["user"] for step in story["steps"] if step.get("user")]
            found.append((story["story"], [re.sub(r"\[([^\]]+)\]\{[^}]*\}", r"\1", text).strip() for text in texts]))
    return found


def test_a_crisis_is_answered_at_the_end_of_every_scenario(server: Server) -> None:
    """Whatever was said before, the next message raises the crisis reply with its numbers."""
    phrases = sorted(FIRM)
    told = stories()
    assert len(told) > 100
    for index, (name, texts) in enumerate(told):
        say = server.talk()
        for text in texts:
            say(text)
        reply = say(phrases[index % len(phrases)])[-1]
        assert reply["custom"]["kind"] == "crisis", name
        assert "911" in reply["text"], name
