"""What the crisis gate makes of patterns and classifier together."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from lantern.crisis import CrisisGate
from lantern.nlu.crisis_gate import CrisisGateComponent


@pytest.fixture(scope="module")
def component() -> CrisisGateComponent:
    made = CrisisGateComponent(CrisisGateComponent.get_default_config(), None, None)
    made._gate = CrisisGate()
    made._known = frozenset("i feel so empty today my phone died he says will himself if block".split())
    return made


def processed(component: CrisisGateComponent, text: str, **confidences: float) -> Message:
    ranking = [{"name": name, "confidence": value} for name, value in confidences.items()]
    message = Message({"text": text, "intent": ranking[0], "intent_ranking": ranking})
    component.process([message])
    return message


def read(component: CrisisGateComponent, text: str, **confidences: float) -> dict[str, Any]:
    message = processed(component, text, **confidences)
    return {
        "intent": message.get("intent")["name"],
        "crisis": message.get("crisis"),
        "check": message.get("crisis_check"),
    }


def test_a_pattern_is_enough(component: CrisisGateComponent) -> None:
    assert read(component, "i want to kill myself", smalltalk=0.99) == {
        "intent": "self_harm",
        "crisis": ["self_harm"],
        "check": False,
    }


@pytest.mark.parametrize(
    ("believed", "intent", "crisis", "check"),
    [
        (0.2, "self_harm", ["self_harm"], False),
        (0.06, "self_harm", ["self_harm"], False),
        (0.04, "smalltalk", [], True),
        (0.005, "smalltalk", [], True),
        (0.003, "smalltalk", [], False),
    ],
)
def test_the_classifier_alone(
    component: CrisisGateComponent, believed: float, intent: str, crisis: list[str], check: bool
) -> None:
    got = read(component, "so today he says my phone", smalltalk=0.5, self_harm=believed)
    assert got == {"intent": intent, "crisis": crisis, "check": check}


@pytest.mark.parametrize(
    ("text", "confidences", "crisis"),
    [
        ("if i close this is it gone", {"privacy": 0.95, "self_harm": 0.0004}, []),
        ("if i close this is it gone", {"privacy": 0.95, "self_harm": 0.002}, ["self_harm"]),
        ("if i close this is it gone", {"privacy": 0.8, "self_harm": 0.0004}, ["self_harm"]),
        ("i want to kill myself", {"privacy": 0.99, "self_harm": 0.0}, ["self_harm"]),
    ],
)
def test_a_phrase_in_what_is_surely_something_else_asks_gently(
    component: CrisisGateComponent, text: str, confidences: dict[str, float], crisis: list[str]
) -> None:
    got = read(component, text, **confidences)
    assert got["crisis"] == crisis
    assert got["check"] is not bool(crisis)


@pytest.mark.parametrize(
    ("text", "confidences", "topic"),
    [
        ("so today he says my phone", {"will_they_post": 0.6, "self_harm": 0.1}, "will_they_post"),
        ("so today he says my phone", {"will_they_post": 0.5, "self_harm": 0.45}, None),
        ("so today he says my phone", {"smalltalk": 0.6, "self_harm": 0.1}, None),
        ("so today he says my phone", {"will_they_post": 0.6, "self_harm": 0.001}, None),
        ("i want to kill myself", {"will_they_post": 0.9, "self_harm": 0.01}, None),
    ],
)
def test_a_doubtful_alarm_does_not_cost_the_answer(
    component: CrisisGateComponent, text: str, confidences: dict[str, float], topic: str | None
) -> None:
    assert processed(component, text, **confidences).get("also_asked") == topic


def test_a_message_not_taken_for_a_crisis_keeps_no_crisis_intent(component: CrisisGateComponent) -> None:
    got = read(component, "so today he says my phone", self_harm=0.045, smalltalk=0.04)
    assert got == {"intent": "smalltalk", "crisis": [], "check": True}


def test_beside_a_harmless_phrase_the_classifier_brings_no_more_than_the_lines(component: CrisisGateComponent) -> None:
    assert read(component, "my phone died today", smalltalk=0.5, self_harm=0.4)["check"] is False
    assert read(component, "my phone died today", self_harm=0.8, smalltalk=0.1) == {
        "intent": "smalltalk",
        "crisis": [],
        "check": True,
    }


def test_a_figure_of_speech_brings_no_more_than_the_lines(component: CrisisGateComponent) -> None:
    got = read(component, "so today he says my phone", figure_of_speech=0.7, self_harm=0.15)
    assert got == {"intent": "figure_of_speech", "crisis": [], "check": True}


def test_unknown_words_are_not_a_crisis(component: CrisisGateComponent) -> None:
    assert read(component, "qwx zzrt", self_harm=0.9, smalltalk=0.1)["crisis"] == []


def test_an_offender_who_threatens_to_die_is_a_tactic_and_the_lines_are_named(component: CrisisGateComponent) -> None:
    got = read(component, "she is going to drown herself he says", tactic_threatens_suicide=0.9)
    assert got == {"intent": "tactic_threatens_suicide", "crisis": [], "check": True}
    firm = read(component, "my friend says she will kill herself", tactic_threatens_suicide=0.9)
    assert firm["crisis"] == ["self_harm_other"]


@pytest.mark.parametrize(
    ("text", "asks", "fits", "crisis"),
    [
        ("were there reports where he said hed beat up the kid", 0.97, 0.9, []),
        ("were there reports where he said hed beat up the kid", 0.97, 0.3, ["immediate_danger"]),
        ("were there reports where he said hed beat up the kid", 0.6, 0.9, ["immediate_danger"]),
        ("how many kids want to kill themselves like i want to kill myself", 0.99, 0.9, ["self_harm"]),
    ],
)
def test_a_phrase_in_a_sure_question_for_a_finding_brings_the_lines(
    component: CrisisGateComponent, text: str, asks: float, fits: float, crisis: list[str]
) -> None:
    ranking = [{"name": "ask_finding", "confidence": asks}, {"name": "smalltalk", "confidence": 1 - asks}]
    finding = [{"name": "tactics-physical-threat", "confidence": fits}]
    message = Message(
        {"text": text, "intent": ranking[0], "intent_ranking": ranking, "finding_ranking": finding}
    )
    component.process([message])
    assert message.get("crisis") == crisis
    assert message.get("crisis_check") is (not crisis)


def test_pills_in_the_middle_of_a_long_story_are_a_crisis(component: CrisisGateComponent) -> None:
    story = (
        "My daughter sent a picture to a boy and he showed it to his friends. She was crushed and I did not take it "
        "seriously enough, and then she swallowed a lot of pills because she was so ashamed to go back to school and "
        "face the others. How do we get the picture back from those boys before it goes further?"
    )
    assert read(component, story, sexting=0.9)["crisis"] == ["self_harm_other"]
    calm = "my daughter takes all her pills in the morning and still nobody asks how she is"
    assert read(component, calm, aftercare=0.9)["crisis"] == []
