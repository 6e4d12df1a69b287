"""The typical case, the quiz, and what "stop" and "go back" do in the middle of something."""

from __future__ import annotations

from typing import Any

import pytest

from actions.flows import ActionTellBack, ActionTellStop
from actions.lessons import BETWEEN, ActionTellCase, ActionTellQuiz
from lantern.lessons import load_case, load_quiz
from lantern.steps import FORGOTTEN, load_steps
from tests.unit.test_actions import run

PARTS = [part.id for part in load_case()]
CLAIMS = load_quiz()


def case(intent: str, told: str | None) -> tuple[str, dict[str, Any], dict[str, Any]]:
    return run(ActionTellCase(), {"intent": {"name": intent}}, {"case": told})


def quiz(intent: str, current: str | None = None, asked: list[str] | None = None) -> tuple:
    return run(ActionTellQuiz(), {"intent": {"name": intent}}, {"quiz": current, "quiz_asked": asked})


def test_the_case_is_told_part_by_part_with_its_finding() -> None:
    told = None
    for number, part in enumerate(PARTS, start=1):
        response, reply, slots = case("next_part" if told else "typical_case", told)
        assert (response, reply["number"], reply["total"]) == (f"utter_case_{part}", number, len(PARTS))
        assert reply["sources"][0]["id"] == load_case()[number - 1].finding
        told = slots["case"]
    assert case("next_part", told)[0] == "utter_case_end"
    assert case("affirm", told)[2] == {"case": None}


def test_the_case_goes_back_and_stays_at_its_start() -> None:
    assert case("go_back", PARTS[2])[0] == f"utter_case_{PARTS[1]}"
    assert case("go_back", PARTS[0])[0] == f"utter_case_{PARTS[0]}"


def test_an_interrupted_case_goes_on_where_it_was() -> None:
    assert case("typical_case", PARTS[2])[0] == f"utter_case_{PARTS[2]}"


@pytest.mark.parametrize("told", [None, FORGOTTEN])
def test_and_then_outside_the_story_asks_what_to_do(told: str | None) -> None:
    assert case("next_part", told)[0] == "utter_what_now"


def test_the_quiz_asks_each_claim_once() -> None:
    asked: list[str] = []
    for claim in CLAIMS:
        response, _, slots = quiz("quiz", BETWEEN if asked else None, asked)
        assert response == f"utter_quiz_{claim.id}"
        asked = slots["quiz_asked"]
    assert asked == [claim.id for claim in CLAIMS]
    response, _, slots = quiz("quiz", BETWEEN, asked)
    assert response == "utter_quiz_end"
    assert slots == {"quiz": None, "quiz_asked": []}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_an_answer_gets_the_truth_and_the_finding(claim: Any) -> None:
    said = "quiz_answer_true" if claim.answer else "quiz_answer_false"
    truth = "true" if claim.answer else "false"
    response, reply, slots = quiz(said, claim.id, [claim.id])
    assert (response, reply["lead"]) == ("utter_quiz_answer", f"utter_quiz_right_{truth}")
    assert reply["finding"] == claim.finding
    assert slots["quiz"] == BETWEEN
    assert quiz("deny" if claim.answer else "affirm", claim.id)[1]["lead"] == f"utter_quiz_wrong_{truth}"
    assert quiz("dont_know", claim.id)[1]["lead"] == f"utter_quiz_open_{truth}"


def test_asking_for_the_quiz_again_repeats_the_open_claim() -> None:
    second = CLAIMS[1].id
    response, reply, _ = quiz("quiz", second, [CLAIMS[0].id, second])
    assert (response, reply["number"]) == (f"utter_quiz_{second}", 2)


def test_a_skipped_claim_is_followed_by_the_next() -> None:
    assert quiz("step_skip", CLAIMS[0].id, [CLAIMS[0].id])[0] == f"utter_quiz_{CLAIMS[1].id}"


@pytest.mark.parametrize("current", [None, FORGOTTEN])
def test_true_without_a_quiz_is_no_answer(current: str | None) -> None:
    assert quiz("quiz_answer_true", current)[0] == "utter_quiz_none"


def flow(action: Any, name: str | None, **slots: Any) -> tuple:
    events = [{"event": "action", "name": name}] if name else []
    return run(action, {"intent": {"name": "go_back"}}, slots, events)


@pytest.mark.parametrize(
    ("name", "slot", "value"),
    [
        ("action_tell_step", "step", load_steps()[0].id),
        ("action_tell_quiz", "quiz", CLAIMS[0].id),
        ("action_tell_case", "case", PARTS[0]),
    ],
)
def test_stop_leaves_the_flow_and_keeps_what_was_done(name: str, slot: str, value: str) -> None:
    response, _, slots = flow(ActionTellStop(), name, **{slot: value})
    assert (response, slots) == (f"utter_stopped_{slot}", {slot: None})
    assert flow(ActionTellStop(), name, **{slot: FORGOTTEN})[0] == "utter_stopped"


def test_stop_and_back_outside_a_flow() -> None:
    assert flow(ActionTellStop(), None)[0] == "utter_stopped"
    assert flow(ActionTellBack(), None)[0] == "utter_menu"


def test_back_goes_to_the_part_before() -> None:
    assert flow(ActionTellBack(), "action_tell_case", case=PARTS[3])[0] == f"utter_case_{PARTS[2]}"
    ids = [step.id for step in load_steps()]
    assert flow(ActionTellBack(), "action_tell_step", step="save_evidence")[0] == "utter_step_stop_replying"
    assert flow(ActionTellBack(), "action_tell_step", step=ids[0])[0] == f"utter_step_{ids[0]}"


def talk(*turns: tuple[str, str | None]) -> list[dict]:
    """Events of turns: the intent of a message, and the response to it (None: that of an action without a topic)."""
    events = []
    for intent, response in turns:
        events.append({"event": "user", "parse_data": {"intent": {"name": intent}}})
        events.append({"event": "bot", "metadata": {"utter_action": response}})
    return events


def back_after(*turns: tuple[str, str | None]) -> str:
    events = [*talk(*turns), {"event": "user", "parse_data": {"intent": {"name": "go_back"}}}]
    return run(ActionTellBack(), {"intent": {"name": "go_back"}}, {}, events)[0]


def test_back_shows_the_topic_before_and_then_the_one_before_that() -> None:
    first, second, third = (("pay_or_not", "utter_pay_or_not"), ("tactics", "utter_tactics"), ("greet", "utter_greet"))
    assert back_after(first) == "utter_menu"
    assert back_after(first, second) == "utter_pay_or_not"
    assert back_after(first, second, third) == "utter_tactics"
    # each "back" goes one further
    assert back_after(first, second, third, ("go_back", "utter_tactics")) == "utter_pay_or_not"


def test_back_from_a_question_in_between_leads_to_the_open_part() -> None:
    events = [{"event": "action", "name": "action_tell_case"}, *talk(("pay_or_not", "utter_pay_or_not"))]
    response, *_ = run(ActionTellBack(), {"intent": {"name": "go_back"}}, {"case": PARTS[2]}, events)
    assert response == f"utter_case_{PARTS[2]}"
