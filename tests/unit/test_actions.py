"""The custom actions: which response they choose, and what they pass to it."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.findings import ActionTellFinding
from actions.follow_ups import ActionTellBase, ActionTellGroup, ActionTellMore, ActionTellNewer, ActionTellSource
from actions.readings import ActionTellReadings


def tracker(message: dict[str, Any], slots: dict[str, Any] | None = None, events: list | None = None) -> Tracker:
    return Tracker("test", slots or {}, message, events or [], False, None, {}, "action_listen")


def run(action: Any, message: dict[str, Any], slots: dict[str, Any] | None = None, events: list | None = None) -> tuple:
    dispatcher = CollectingDispatcher()
    result = action.run(dispatcher, tracker(message, slots, events), {})
    assert len(dispatcher.messages) == 1, "one reply a turn"
    reply = dispatcher.messages[0]
    return reply["response"], reply, {event["name"]: event["value"] for event in result}


def ranking(*pairs: tuple[str, float]) -> list[dict[str, Any]]:
    return [{"name": name, "confidence": confidence} for name, confidence in pairs]


def test_the_asked_finding_is_told_and_remembered() -> None:
    response, reply, slots = run(
        ActionTellFinding(), {"finding_ranking": ranking(("objectives-money-boys", 0.9), ("objectives-money", 0.05))}
    )
    assert response == "utter_finding"
    assert reply["statement"].startswith("In 32%")
    assert slots == {"finding": "objectives-money-boys"}


def test_a_button_names_the_finding() -> None:
    message = {"entities": [{"entity": "finding", "value": "victims-overview"}]}
    response, reply, _ = run(ActionTellFinding(), message)
    assert response == "utter_finding"
    assert len(reply["sources"]) >= 3


@pytest.mark.parametrize(
    "message",
    [
        {"finding_ranking": [{"name": "not_covered", "confidence": 0.8}]},
        {"finding_ranking": [{"name": "victims-girls", "confidence": 0.3}]},
        {"entities": [{"entity": "finding", "value": "no-such-finding"}]},
        {},
    ],
)
def test_what_the_study_does_not_say_gets_no_figure(message: dict) -> None:
    response, reply, slots = run(ActionTellFinding(), message)
    assert response == "utter_not_covered"
    assert "sources" not in reply
    assert slots == {}


def test_a_near_tie_asks_back_with_buttons() -> None:
    close = ranking(("victims-girls", 0.31), ("victims-boys", 0.3), ("when-same-day", 0.29))
    response, reply, _ = run(ActionTellFinding(), {"finding_ranking": close})
    assert response == "utter_which_finding"
    assert [button["payload"] for button in reply["buttons"]] == [
        '/ask_finding{"finding": "victims-girls"}',
        '/ask_finding{"finding": "when-same-day"}',
    ]


@pytest.mark.parametrize(
    ("text", "confidence"),
    [("what about girls in there", 0.5), ("What share of the victims were girls in 2024?", 0.95)],
)
def test_a_doubtful_finding_is_offered_and_not_told(text: str, confidence: float) -> None:
    message = {"text": text, "finding_ranking": ranking(("victims-girls", confidence), ("not_covered", 0.05))}
    response, reply, slots = run(ActionTellFinding(), message)
    assert response == "utter_perhaps_finding"
    assert [button["payload"] for button in reply["buttons"]] == ['/ask_finding{"finding": "victims-girls"}']
    assert slots == {}


def test_boys_and_girls_follow_the_last_finding() -> None:
    slots = {"finding": "objectives-money-girls"}
    response, reply, told = run(ActionTellGroup(), {"intent": {"name": "ask_boys"}}, slots)
    assert (response, told["finding"]) == ("utter_finding", "objectives-money-boys")
    assert "32%" in reply["statement"]


def test_boys_without_a_last_finding_get_the_share_of_boys() -> None:
    _, reply, _ = run(ActionTellGroup(), {"intent": {"name": "ask_boys"}})
    assert "15%" in reply["statement"]


def test_a_group_without_an_own_figure_is_said_to_have_none() -> None:
    response, reply, _ = run(ActionTellGroup(), {"intent": {"name": "ask_girls"}}, {"finding": "when-same-day"})
    assert response == "utter_group_same"
    assert reply["group"] == "girls"


def test_the_source_of_the_last_figure() -> None:
    response, reply, _ = run(ActionTellSource(), {}, {"finding": "when-same-day"})
    assert (response, reply["section"], reply["n"]) == ("utter_source", "When?", "1,428")
    assert run(ActionTellSource(), {})[0] == "utter_source_none"


def test_more_tells_what_was_not_told_yet() -> None:
    told = {"event": "bot", "metadata": {"sources": [{"id": "when-delayed"}]}}
    response, reply, slots = run(ActionTellMore(), {}, {"finding": "when-same-day"}, [told])
    assert response == "utter_finding"
    assert slots["finding"] not in ("when-delayed", "when-same-day")
    assert run(ActionTellMore(), {})[0] == "utter_ask_more"


def test_a_close_call_offers_two_readings() -> None:
    message = {"intent_ranking": ranking(("nlu_fallback", 0.3), ("pay_or_not", 0.28), ("paid_already", 0.27))}
    response, reply, _ = run(ActionTellReadings(), message)
    assert response == "utter_close_call"
    assert [button["payload"] for button in reply["buttons"]] == ["/pay_or_not", "/paid_already"]


def test_no_reading_is_said_plainly() -> None:
    message = {"intent_ranking": ranking(("smalltalk", 0.2), ("pay_or_not", 0.01))}
    assert run(ActionTellReadings(), message)[0] == "utter_fallback"


def test_figures_on_effects_come_with_a_gentle_check() -> None:
    response, _, _ = run(ActionTellFinding(), {"entities": [{"entity": "finding", "value": "effects-severe"}]})
    assert response == "utter_finding_effects"


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("is it true that 60% of them are girls?", "utter_other_number"),
        ("so half of the victims are girls", "utter_other_number"),
        ("i read 9 out of 10 are girls", "utter_other_number"),
        ("is it true that 78 percent are girls", None),
        ("about 80 % are girls right", None),
        ("how many are girls", None),
    ],
)
def test_a_share_that_the_study_does_not_give_is_not_left_standing(text: str, lead: str | None) -> None:
    _, reply, _ = run(ActionTellFinding(), {"text": text, "finding_ranking": ranking(("victims-girls", 0.95))})
    assert reply["lead"] == lead


@pytest.mark.parametrize(
    ("text", "finding", "lead"),
    [
        ("what percent of them record it secretly", "tactics-secret-recording", "utter_no_number"),
        ("how often do they pose as a modeling agency?", "tactics-modeling", "utter_no_number"),
        ("do they record video calls?", "tactics-secret-recording", None),
        ("how many sextortion reports came from parents", "reporters-parents", None),
        ("Do they hack accounts of girls more than of boys?", "tactics-account-break-in", "utter_no_split_by_gender"),
        ("do they threaten boys more with recordings", "tactics-boys-recording", None),
        ("is the blackmail quicker with younger kids", "when-same-day", "utter_no_split_by_age"),
        ("are younger kids harmed more", "effects-alike-ages", None),
        ('/ask_finding{"finding": "reporters-boys-self"}', "when-same-day", None),
    ],
)
def test_what_the_study_does_not_tell_of_a_finding_is_said_first(text: str, finding: str, lead: str | None) -> None:
    _, reply, _ = run(ActionTellFinding(), {"text": text, "finding_ranking": ranking((finding, 0.95))})
    assert reply["lead"] == lead


def test_the_base_of_the_last_share() -> None:
    response, reply, _ = run(ActionTellBase(), {}, {"finding": "effects-severe"})
    assert (response, reply["base"]) == ("utter_base", "the 13% of reports with a negative outcome")
    assert "4% of all reports" in reply["note"]
    assert run(ActionTellBase(), {}, {"finding": "effects-kinds"})[0] == "utter_base_no_share"
    assert run(ActionTellBase(), {})[0] == "utter_base_none"


def test_what_is_new_is_about_the_last_figure_where_something_is_known() -> None:
    _, reply, _ = run(ActionTellNewer(), {}, {"finding": "victims-girls"})
    assert "boys aged 14 to 17" in reply["lines"] and reply["lines"].count("•") == 1
    assert run(ActionTellNewer(), {}, {"finding": "when-same-day"})[1]["lines"].count("•") == 4
