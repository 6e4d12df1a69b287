"""What is added to replies: the school's own people where school.yml names them, and the finding behind advice."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from lantern import nlg
from lantern.school import School

FILLED = School.parse_obj(
    {
        "counselor": {"name": "Ms. Rivera", "room": "room 114"},
        "lines": [{"name": "Teen line", "phone": "1-402-555-0199", "hours": "24/7"}],
    }
)


def reply(monkeypatch: pytest.MonkeyPatch, responses: dict[str, Any], school: School, name: str) -> str:
    monkeypatch.setattr(nlg, "load_school", lambda: school)
    generator = nlg.ContactNLG(None, Domain.from_dict({"responses": responses}))
    tracker = DialogueStateTracker("sender", [])
    answer = asyncio.run(generator.generate(name, tracker, nlg.WEBSITE, number=1, total=9))
    assert answer is not None
    return answer["text"]


@pytest.mark.parametrize("name", ["utter_school_help", "utter_step_tell_adult", "utter_help_card"])
def test_the_school_is_offered(monkeypatch: pytest.MonkeyPatch, responses: dict[str, Any], name: str) -> None:
    text = reply(monkeypatch, responses, FILLED, name)
    assert text.endswith("At your school: Ms. Rivera (room 114).\n\nNear you: Teen line: 1-402-555-0199, 24/7.")


def test_an_empty_file_leaves_no_trace(monkeypatch: pytest.MonkeyPatch, responses: dict[str, Any]) -> None:
    text = reply(monkeypatch, responses, School(), "utter_school_help")
    assert "At your school" not in text
    assert "Near you" not in text
    assert "None" not in text


def test_other_replies_stay_as_they_are(monkeypatch: pytest.MonkeyPatch, responses: dict[str, Any]) -> None:
    assert "Rivera" not in reply(monkeypatch, responses, FILLED, "utter_warning_signs")


def test_advice_that_names_a_finding_tells_it_with_its_study(
    monkeypatch: pytest.MonkeyPatch, responses: dict[str, Any]
) -> None:
    text = reply(monkeypatch, responses, School(), "utter_tactic_friendship_romance")
    assert "In NCMEC's study (1,428 reports, October 2013 to April 2016): In some reports" in text


def test_a_doubtful_crisis_reply_goes_on_to_what_was_asked(responses: dict[str, Any]) -> None:
    generator = nlg.ContactNLG(None, Domain.from_dict({"responses": responses}))

    def say(also: str | None) -> str:
        message = UserUttered("so scared", parse_data={"also_asked": also, "crisis": ["self_harm"]})
        tracker = DialogueStateTracker.from_events("sender", [message])
        answer = asyncio.run(generator.generate("utter_self_harm", tracker, nlg.WEBSITE))
        assert answer is not None and answer["kind"] == "crisis"
        return answer["text"]

    alone, both, unknown = say(None), say("pay_or_not"), say("no_such_topic")
    assert both.startswith(alone)
    assert responses["utter_pay_or_not"][-1]["text"].split("\n")[0] in both
    assert unknown == alone


def said(responses: dict[str, Any], name: str, **parse_data: Any) -> str:
    generator = nlg.ContactNLG(None, Domain.from_dict({"responses": responses}))
    tracker = DialogueStateTracker.from_events("sender", [UserUttered("so scared", parse_data=parse_data)])
    answer = asyncio.run(generator.generate(name, tracker, nlg.WEBSITE))
    assert answer is not None
    return answer["text"]


def test_another_question_of_a_long_message_is_answered_under_the_first(responses: dict[str, Any]) -> None:
    alone = said(responses, "utter_sent_image")
    both = said(responses, "utter_sent_image", also_asked="pay_or_not")
    assert both.startswith(alone)
    assert responses["utter_pay_or_not"][-1]["text"].split("\n")[0] in both


def test_core_steps_on_a_calm_topic_only_where_somebody_threatens(responses: dict[str, Any]) -> None:
    core = responses["utter_core"][-1]["text"].split("\n")[0]
    assert core not in said(responses, "utter_asked_for_images", trouble=0.9)
    assert core in said(responses, "utter_asked_for_images", trouble=0.9, threat=True)
    assert core in said(responses, "utter_pay_or_not", trouble=0.9)


def test_a_grown_up_is_named_where_the_message_tells_of_one(responses: dict[str, Any]) -> None:
    generator = nlg.ContactNLG(None, Domain.from_dict({"responses": responses}))

    def say(name: str, text: str) -> str:
        tracker = DialogueStateTracker("sender", [])
        tracker.update(UserUttered(text))
        answer = asyncio.run(generator.generate(name, tracker, nlg.WEBSITE))
        assert answer is not None
        return answer["text"]

    told = "im 15 and my boyfriend is 23, is it illegal"
    assert "on the adult" in say("utter_is_it_a_crime", told)
    assert "on the adult" not in say("utter_is_it_a_crime", "im 15 and my boyfriend is 16")
    assert "on the adult" not in say("utter_sexting", told), "says it itself"
