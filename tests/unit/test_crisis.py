"""The crisis gate: what must fire, what must not, however it is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantern.crisis import CrisisGate, default_gate
from lantern.crisis_records import FOLDER, LABELS
from lantern.records import RecordError

GATE = default_gate()

FIRES = [
    ("self_harm", "kms"),
    ("self_harm", "im gonna kms"),
    ("self_harm", "k m s"),
    ("self_harm", "i w a n t t o d i e"),
    ("self_harm", "i wanna k1ll my self"),
    ("self_harm", "I don\u2019t want to be here anymore."),
    ("self_harm", "thinking about su!cide again"),
    ("self_harm", "i feel suicidle"),
    ("self_harm", "theyd be better off without me"),
    ("self_harm", "theres no way out of this"),
    ("self_harm", "cant do this anymore"),
    ("self_harm", "he gave me until midnight"),
    ("self_harm", "lol kms this homework"),
    ("self_harm", "i want to die because i failed my math test"),
    ("self_harm", "I want to die. How many victims do?"),
    ("self_harm_other", "my friend says she wants to die"),
    ("self_harm_other", "My daughter said she'd kill herself."),
    ("self_harm_other", "my friend says shes gonna kill herself if i tell anyone"),
    ("immediate_danger", "he is outside my house"),
    ("immediate_danger", "hes coming over right now"),
    ("immediate_danger", "im meeting him tonight"),
    ("immediate_danger", "he has a gun"),
    ("immediate_danger", "he knows where i live and says hell come tonight"),
    ("immediate_danger", "a man is following me"),
    ("immediate_danger", "he wont let me leave"),
    ("abuse_offline", "my stepdad touches me"),
    ("abuse_offline", "im 12 and being forced"),
    ("abuse_offline", "my coach hurts me"),
    ("abuse_offline", "A student told me her uncle touches her."),
]

CALM = [
    "this homework is killing me",
    "i cant do this anymore, algebra is too hard",
    "no way out of this boss level",
    "i could die of embarrassment",
    "my phone died",
    "my ride is outside",
    "i want to die laughing",
    "i dont want to die",
    "im not suicidal",
    "how many victims tried suicide",
    "what percent of boys attempted suicide",
    "why do victims think about suicide",
    "he says hell kill himself if i dont send",
    "what is the 988 line",
    "is 988 only for suicide",
    "i used to self harm but i got help and im ok now",
    "my mom is gonna kill me",
    "hello",
    "what is sextortion",
    "",
    "??",
]


@pytest.mark.parametrize(("label", "text"), FIRES)
def test_fires(label: str, text: str) -> None:
    assert label in GATE.labels(text)


@pytest.mark.parametrize("text", CALM)
def test_stays_calm(text: str) -> None:
    assert GATE.labels(text) == []


@pytest.mark.parametrize(
    "text", ["i tried to kill myself last week", "used to self harm. all good until last night i did it again"]
)
def test_a_past_mention_alone_clears_nothing(text: str) -> None:
    assert "self_harm" in GATE.labels(text)


def test_keeps_no_word_of_a_message() -> None:
    before = len(GATE._vocab.strings)
    for number in range(50):
        GATE.labels(f"unheardof{number} and more")
    assert len(GATE._vocab.strings) - before < 5


def test_labels_come_most_urgent_first() -> None:
    labels = GATE.labels("i want to die. he is outside my house. my stepdad touches me")
    assert labels == [label for label in LABELS if label in labels]
    assert {"immediate_danger", "self_harm", "abuse_offline"} <= set(labels)


@given(
    before=st.text(alphabet="abcdefg ,\n\u200b\U0001f62d", max_size=40),
    phrase=st.sampled_from(["i want to kill myself", "kms", "I WANT TO END MY LIFE", "im suicidal"]),
    after=st.text(alphabet="hijlop ,!?\n", max_size=40),
)
@settings(max_examples=100, deadline=None)
def test_fires_inside_other_text(before: str, phrase: str, after: str) -> None:
    assert "self_harm" in GATE.labels(f"{before} . {phrase} . {after}")


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_takes_any_text(text: str) -> None:
    assert set(GATE.labels(text)) <= set(LABELS)


def test_names_every_fault_in_the_records(tmp_path: Path) -> None:
    for path in FOLDER.glob("*.yml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "misuse.yml").write_text("patterns: [{name: a, why: b, any: [c], oops: 1}, {name: d, any: []}]\n")
    with pytest.raises(RecordError) as error:
        CrisisGate(tmp_path)
    assert len(error.value.problems) == 3
    (tmp_path / "misuse.yml").write_text("patterns: [{name: a, why: b, any: [<nowhere>]}]\n")
    with pytest.raises(RecordError, match="<nowhere>"):
        CrisisGate(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "i meant what i said about not wanting to be here anymore",
        "he keeps sending me threats and i want to end it all",
        "he controls everything and wants pics and i want to end my life",
        "what i wrote was true, i dont want to live anymore, please ignore the typo in my name, i still want to die",
    ],
)
def test_words_of_a_tactic_or_of_a_mistake_clear_no_crisis_of_the_writer(text: str) -> None:
    assert default_gate().labels(text)
