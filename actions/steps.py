"""The steps for somebody who is being blackmailed, told one at a time."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from lantern.steps import FORGOTTEN, next_step, route

# what an answer to a step means; anything else starts the steps or says the present one again
MOVES = {
    "step_done": "done",
    "affirm": "done",
    "what_now": "done",
    "ask_more": "done",
    "step_skip": "skip",
    "step_cant": "cant",
    "deny": "cant",
    "step_why": "why",
    "dont_know": "why",
}
# the steps are for the young person; adults and friends get the reply that is made for them
FOR_OTHERS = {
    "parent": "utter_child_targeted",
    "staff": "utter_student_targeted",
    "friend": "utter_friend_targeted",
}


def told_topics(tracker: Tracker) -> set[str]:
    """Returns the topics that the user's messages were about."""
    messages = [event for event in tracker.events if event.get("event") == "user"]
    return {message["parse_data"]["intent"]["name"] for message in messages if message.get("parse_data")}


class ActionTellStep(Action):
    """Tells the next step, why it matters, or what helps when it cannot be done."""

    def name(self) -> str:
        return "action_tell_step"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        current = tracker.get_slot("step")
        done = list(tracker.get_slot("steps_done") or []) if current != FORGOTTEN else []
        steps = route(told_topics(tracker))
        active = current in steps
        move = MOVES.get((tracker.latest_message.get("intent") or {}).get("name", ""), "start")
        if not active:
            others = FOR_OTHERS.get(tracker.get_slot("role") or "")
            if others or move != "start":
                dispatcher.utter_message(response=others if others and move == "start" else "utter_no_step")
                return []
        if move in ("why", "cant"):
            dispatcher.utter_message(response=f"utter_step_{current}_{move}")
            return []
        if move == "done" and current not in done:
            done.append(current)
        following = current if move == "start" and active and current not in done else next_step(steps, done, current)
        if following is None:
            dispatcher.utter_message(response="utter_steps_done")
            return [SlotSet("step", None), SlotSet("steps_done", [])]
        # skipped ones come again at the end; a second skip of the last of them ends it for now
        if move == "skip" and steps.index(following) <= steps.index(current):
            dispatcher.utter_message(response="utter_steps_rest")
            return [SlotSet("step", following), SlotSet("steps_done", done)]
        number = steps.index(following) + 1
        dispatcher.utter_message(response=f"utter_step_{following}", number=number, total=len(steps))
        return [SlotSet("step", following), SlotSet("steps_done", done)]
