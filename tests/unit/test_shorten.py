"""A long conversation is cut to its last turns, and nothing that matters is lost."""

from __future__ import annotations

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from lantern.conversation import in_crisis_care
from lantern.service.shorten import KEPT_EVENTS, MOST_EVENTS, shorten

DOMAIN = Domain.from_dict({"slots": {"step": {"type": "text", "mappings": [{"type": "custom"}]}}})


def talk(turns: int, crisis_at: int = -1) -> DialogueStateTracker:
    events = [ActionExecuted("action_session_start"), ActionExecuted("action_listen"), SlotSet("step", "two")]
    for turn in range(turns):
        kind = "crisis" if turn == crisis_at else "guidance"
        events += [UserUttered(f"message {turn}", {"name": "greet"}), ActionExecuted("utter_greet")]
        events += [BotUttered("hi", metadata={"kind": kind}), ActionExecuted("action_listen")]
    return DialogueStateTracker.from_events("a", events, slots=DOMAIN.slots)


def test_a_short_conversation_stays_as_it_is() -> None:
    tracker = talk(10)
    assert shorten(tracker) is tracker


def test_a_long_one_keeps_its_last_turns_and_its_slots() -> None:
    tracker = talk(MOST_EVENTS)
    short = shorten(tracker)
    assert len(short.events) <= KEPT_EVENTS + 5
    assert short.get_slot("step") == "two"
    assert short.latest_message.text == tracker.latest_message.text
    said = [event.text for event in short.events if isinstance(event, UserUttered)]
    assert said == [f"message {turn}" for turn in range(MOST_EVENTS - len(said), MOST_EVENTS)]


def test_crisis_care_outlasts_the_turn_that_raised_it() -> None:
    assert in_crisis_care(shorten(talk(MOST_EVENTS, crisis_at=1)))
    assert not in_crisis_care(shorten(talk(MOST_EVENTS)))
