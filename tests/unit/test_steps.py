"""The steps: which fit, which comes next, and what an answer to one does."""

from __future__ import annotations

from typing import Any

import pytest

from actions.steps import ActionTellStep
from lantern.steps import load_steps, next_step, route
from tests.unit.test_actions import run

ALL = [step.id for step in load_steps()]


def answer(intent: str, step: str | None = None, done: list[str] | None = None, told: tuple[str, ...] = ()) -> tuple:
    events: list[dict[str, Any]] = [
        {"event": "user", "parse_data": {"intent": {"name": topic}}} for topic in (*told, intent)
    ]
    slots = {"step": step, "steps_done": done}
    response, reply, set_slots = run(ActionTellStep(), {"intent": {"name": intent}}, slots, events)
    return response, reply, set_slots


def test_steps_fit_what_was_told() -> None:
    assert "payment" not in route([]) and "take_it_down" in route([])
    assert "payment" in route(["paid_already"]) and "secure_account" in route(["account_hacked"])
    assert "stopncii" in route(["over_18"]) and "take_it_down" not in route(["over_18"])


def test_the_first_step_asks_whether_the_user_is_safe() -> None:
    response, reply, slots = answer("step_by_step")
    assert (response, reply["number"], reply["total"]) == ("utter_step_safe_now", 1, len(route([])))
    assert slots["step"] == "safe_now"


@pytest.mark.parametrize("intent", ["step_done", "affirm"])
def test_done_leads_to_the_next_step(intent: str) -> None:
    response, _, slots = answer(intent, "safe_now", [])
    assert response == "utter_step_stop_replying"
    assert slots == {"step": "stop_replying", "steps_done": ["safe_now"]}


@pytest.mark.parametrize(("intent", "part"), [("step_why", "why"), ("dont_know", "why"), ("step_cant", "cant")])
def test_why_and_cant_stay_at_the_step(intent: str, part: str) -> None:
    response, _, slots = answer(intent, "tell_adult", ["safe_now"])
    assert (response, slots) == (f"utter_step_tell_adult_{part}", {})


def test_coming_back_says_the_open_step_again() -> None:
    assert answer("step_by_step", "report_block", ["safe_now"])[0] == "utter_step_report_block"


def test_a_skipped_step_comes_again_at_the_end() -> None:
    steps = route([])
    assert next_step(steps, [s for s in steps if s not in ("tell_adult", steps[-1])], steps[-1]) == "tell_adult"


def test_the_last_skip_ends_it_for_now_and_the_last_done_for_good() -> None:
    steps = route([])
    all_but_one = [step for step in steps if step != "tell_adult"]
    assert answer("step_skip", "tell_adult", all_but_one)[0] == "utter_steps_rest"
    assert answer("step_done", "tell_adult", all_but_one)[0] == "utter_steps_done"


def test_an_answer_to_no_step_offers_the_steps() -> None:
    assert answer("step_done")[0] == "utter_no_step"


def test_starting_over_forgets_the_steps() -> None:
    assert answer("step_by_step", "forgotten", ["safe_now", "stop_replying"])[0] == "utter_step_safe_now"


def test_a_step_for_what_was_told_comes_in_its_place() -> None:
    response, _, _ = answer("step_done", "save_evidence", ["safe_now", "stop_replying"], told=("paid_already",))
    assert response == "utter_step_payment"


def test_a_parent_gets_the_reply_for_parents() -> None:
    response, _, slots = run(ActionTellStep(), {"intent": {"name": "step_by_step"}}, {"role": "parent"})
    assert (response, slots) == ("utter_child_targeted", {})
