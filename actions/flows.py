"""What "stop" and "go back" do in the middle of the steps, the story or the quiz."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.lessons import ActionTellCase
from actions.steps import ActionTellStep
from lantern.steps import FORGOTTEN

# slot that says where the user is, and the action that leads through it
FLOWS = {"action_tell_step": "step", "action_tell_quiz": "quiz", "action_tell_case": "case"}


def present_flow(tracker: Tracker) -> str | None:
    """Returns the slot of the flow the user was in last, or None where none is open."""
    for event in reversed(tracker.events):
        slot = FLOWS.get(event.get("name") or "") if event.get("event") == "action" else None
        if slot and tracker.get_slot(slot) not in (None, FORGOTTEN):
            return slot
    return None


class ActionTellStop(Action):
    """Leaves the flow. Steps that are done stay done, and asked questions stay asked."""

    def name(self) -> str:
        return "action_tell_stop"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        flow = present_flow(tracker)
        dispatcher.utter_message(response=f"utter_stopped_{flow}" if flow else "utter_stopped")
        return [SlotSet(flow, None)] if flow else []


class ActionTellBack(Action):
    """Tells the step or the part before the present one; shows what there is where no flow is open."""

    def name(self) -> str:
        return "action_tell_back"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        flow = present_flow(tracker)
        if flow == "step":
            return ActionTellStep().run(dispatcher, tracker, domain)
        if flow == "case":
            return ActionTellCase().run(dispatcher, tracker, domain)
        dispatcher.utter_message(response="utter_menu")
        return []
