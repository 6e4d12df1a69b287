"""The steps: which fit, which comes next, and what an answer to one does."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from actions.steps import ActionTellStep
from lantern.records import DATA
from lantern.steps import load_steps, next_step, route
from tests.unit.test_actions import run


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


# every topic that brings a step in, beside those that take one out
ALL_TOLD = ("asked_for_images", "account_hacked", "paid_already", "knows_offender_offline")
ROUTES = {
    "me": "safe_now say_no stop_replying save_evidence secure_account payment tell_adult safety_plan report_block "
    "cybertipline take_it_down look_after_yourself",
    "friend": "safe_now first_words protect_image find_adult save_evidence cybertipline take_it_down stay_close",
    "parent": "safe_now first_words stop_replying save_evidence secure_account payment report_block cybertipline "
    "take_it_down stay_close",
    "staff": "safe_now first_words protect_image mandated_report cybertipline safety_plan stay_close",
    "offender": "safe_now stop_harm leave_things own_up ask_lawyer look_after_yourself",
}


@pytest.mark.parametrize("role", ROUTES)
def test_each_role_has_its_own_steps_in_their_order(role: str) -> None:
    assert route(ALL_TOLD, role) == ROUTES[role].split()


def test_the_way_is_the_young_persons_own_if_no_role_is_given() -> None:
    assert route([]) == route([], "me")
    assert route([]) == [
        "safe_now",
        "stop_replying",
        "save_evidence",
        "tell_adult",
        "report_block",
        "cybertipline",
        "take_it_down",
        "look_after_yourself",
    ]


@pytest.mark.parametrize("role", ["me", "parent"])
def test_the_page_for_pictures_depends_on_the_age(role: str) -> None:
    assert "take_it_down" in route([], role) and "stopncii" not in route([], role)
    assert "stopncii" in route(["over_18"], role) and "take_it_down" not in route(["over_18"], role)


def test_conditions_hold_for_adults_and_not_where_a_step_always_fits() -> None:
    assert not {"secure_account", "payment"} & set(route([], "parent"))
    assert "safety_plan" in route([], "staff") and "safety_plan" not in route([])
    assert "take_it_down" in route(["over_18"], "friend")


def test_no_step_comes_twice_and_each_role_is_a_known_one() -> None:
    assert {role for step in load_steps() for role in step.roles} == set(ROUTES)
    for role in ROUTES:
        for told in ([], ALL_TOLD, ["over_18"], (*ALL_TOLD, "over_18")):
            steps = route(told, role)
            assert len(steps) == len(set(steps)), (role, told)


def wordings(step: str) -> dict[str, list[str | None]]:
    """The roles that the versions of each reply of `step` are for, in their order; None is for all others."""
    file = yaml.safe_load((DATA / "steps" / step / "responses.yml").read_text(encoding="utf-8"))
    return {
        name: [(version.get("condition") or [{"value": None}])[0]["value"] for version in versions]
        for name, versions in file["responses"].items()
    }


@pytest.mark.parametrize("step", sorted({step.id for step in load_steps()}))
def test_each_role_has_its_own_wording_of_its_steps(step: str) -> None:
    roles = {role for record in load_steps() if record.id == step for role in record.roles}
    # the version for everyone else is the young person's, else the friend's, the staff's or that of whoever did it
    fallback = next(role for role in ("me", "friend", "staff", "offender") if role in roles)
    found = wordings(step)
    assert set(found) == {f"utter_step_{step}{part}" for part in ("", "_why", "_cant")}
    for name, versions in found.items():
        assert versions[-1] is None and len(versions) == len(set(versions)), name
        assert set(versions[:-1]) == roles - {fallback}, name


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


@pytest.mark.parametrize("role", ["friend", "parent", "staff", "offender"])
def test_adults_and_friends_have_a_way_of_their_own(role: str) -> None:
    first, second = route((), role)[:2]
    message = {"intent": {"name": "step_by_step"}}
    assert run(ActionTellStep(), message, {"role": role})[0] == f"utter_step_{first}"
    message = {"intent": {"name": "step_done"}}
    response, reply, _ = run(ActionTellStep(), message, {"role": role, "step": first})
    assert (response, reply["number"]) == (f"utter_step_{second}", 2)


@pytest.mark.parametrize("role", [None, "me", "nobody"])
def test_everybody_else_goes_the_young_persons_way(role: str | None) -> None:
    response, reply, _ = run(ActionTellStep(), {"intent": {"name": "step_by_step"}}, {"role": role})
    assert (response, reply["total"]) == (f"utter_step_{route(())[0]}", len(route(())))


def test_a_step_that_is_not_on_the_new_way_is_left() -> None:
    slots = {"role": "parent", "step": "tell_adult", "steps_done": ["safe_now"]}
    assert run(ActionTellStep(), {"intent": {"name": "step_by_step"}}, slots)[0] == "utter_step_first_words"


def told(*replies: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"event": "bot", "metadata": reply} for reply in replies]


@pytest.mark.parametrize(
    ("intent", "lead"),
    [("step_done", "utter_step_lead_done"), ("dont_know", "utter_step_lead_lost"), ("deny", "utter_step_lead_lost")],
)
def test_who_is_in_it_and_answers_no_step_is_led_to_the_first(intent: str, lead: str) -> None:
    message = {"intent": {"name": intent}}
    for slots, events in (({}, told({"core": True})), ({"role": "offender"}, [])):
        response, reply, set_slots = run(ActionTellStep(), message, slots, events)
        assert (response, reply["lead"], set_slots["step"]) == ("utter_step_safe_now", lead, "safe_now")
    assert run(ActionTellStep(), message, {}, told({"kind": "finding"}))[0] == "utter_no_step"
    assert run(ActionTellStep(), message, {"step": "forgotten"}, told({"core": True}))[0] == "utter_no_step"


def test_who_did_it_has_a_way_of_stopping() -> None:
    way = route((), "offender")
    message = {"intent": {"name": "step_done"}}
    for step, following in zip(way, way[1:], strict=False):
        slots = {"role": "offender", "step": step}
        assert run(ActionTellStep(), message, slots)[0] == f"utter_step_{following}"


def test_back_from_a_question_in_between_leads_to_the_open_step() -> None:
    message, slots = {"intent": {"name": "go_back"}}, {"step": "save_evidence", "steps_done": ["safe_now"]}
    for reply, step in (("utter_will_they_post", "save_evidence"), ("utter_step_save_evidence", "stop_replying")):
        events = told({"utter_action": "utter_step_save_evidence"}, {"utter_action": reply})
        assert run(ActionTellStep(), message, slots, events)[0] == f"utter_step_{step}"
