"""What "stop" and "go back" do in the middle of the steps, the story or the quiz."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.lessons import ActionTellCase
from actions.steps import ActionTellStep
from lantern.steps import FORGOTTEN
from lantern.topics import load_topics

# slot that says where the user is, and the action that leads through it
FLOWS = {"action_tell_step": "step", "action_tell_quiz": "quiz", "action_tell_case": "case"}
GO_BACK = "go_back"


def present_flow(tracker: Tracker) -> str | None:
    """Returns the slot of the flow the user was in last, or None where none is open."""
    for event in reversed(tracker.events):
        slot = FLOWS.get(event.get("name") or "") if event.get("event") == "action" else None
        if slot and tracker.get_slot(slot) not in (None, FORGOTTEN):
            return slot
    return None


def topic_before(tracker: Tracker) -> str | None:
    """Returns the topic to show again: like a browser, each "back" goes one reply further."""
    topics = load_topics()
    replies: list[str | None] = []
    went_back = False
    for event in tracker.events:
        if event.get("event") == "user":
            went_back = ((event.get("parse_data") or {}).get("intent") or {}).get("name") == GO_BACK
            if went_back:
                replies = replies[:-1]
        elif event.get("event") == "bot" and not went_back:
            topic = topics.get(((event.get("metadata") or {}).get("utter_action") or "").removeprefix("utter_"))
            replies.append(topic.intent if topic and topic.is_reading else None)
    return next((topic for topic in reversed(replies) if topic), None)


class ActionTellStop(Action):
    """Leaves the flow. Steps that are done stay done, and asked questions stay asked."""

    def name(self) -> str:
        return "action_tell_stop"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        flow = present_flow(tracker)
        dispatcher.utter_message(response=f"utter_stopped_{flow}" if flow else "utter_stopped")
        return [SlotSet(flow, None)] if flow else []


class ActionTellBack(Action):
    """Tells the step, the part or the topic before the present one; shows what there is where none was."""

    def name(self) -> str:
        return "action_tell_back"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        flow = present_flow(tracker)
        if flow == "step":
            return ActionTellStep().run(dispatcher, tracker, domain)
        if flow == "case":
            return ActionTellCase().run(dispatcher, tracker, domain)
        topic = topic_before(tracker)
        dispatcher.utter_message(response=f"utter_{topic}" if topic else "utter_menu")
        return []
