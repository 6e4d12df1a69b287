"""The steps out of it, told one at a time: for the young person, whoever helps, or whoever did it."""

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
    "quiz_answer_true": "done",
    "what_now": "done",
    "ask_more": "done",
    "next_part": "done",
    "step_skip": "skip",
    "step_cant": "cant",
    "deny": "cant",
    "step_why": "why",
    "dont_know": "why",
    "go_back": "back",
}
OTHERS = ("friend", "parent", "staff", "offender")
# said before the first step to somebody in trouble who has not started the steps
LEADS = {"done": "utter_step_lead_done", "why": "utter_step_lead_lost", "cant": "utter_step_lead_lost"}


def intent_of(tracker: Tracker) -> str:
    """Returns the intent of the latest message."""
    return (tracker.latest_message.get("intent") or {}).get("name") or ""


def told_topics(tracker: Tracker) -> set[str]:
    """Returns the topics that the user's messages were about."""
    messages = [event for event in tracker.events if event.get("event") == "user"]
    return {message["parse_data"]["intent"]["name"] for message in messages if message.get("parse_data")}


def role_of(tracker: Tracker) -> str:
    """Returns whose way it is: the young person's own, unless the user has told otherwise."""
    role = tracker.get_slot("role")
    return role if role in OTHERS else "me"


def was_interrupted(tracker: Tracker, flow: str) -> bool:
    """Returns whether the last reply was none of the flow's own, whose names start with `utter_<flow>_`."""
    replies = [event.get("metadata") or {} for event in tracker.events if event.get("event") == "bot"]
    last = replies[-1].get("utter_action") if replies else None
    return bool(last) and not last.startswith(f"utter_{flow}_")


def is_in_it(tracker: Tracker) -> bool:
    """Returns whether the steps concern the user: they were told the core steps, or told that they did it."""
    if tracker.get_slot("step") == FORGOTTEN:
        return False
    replies = [event for event in tracker.events if event.get("event") == "bot"]
    return role_of(tracker) == "offender" or any((reply.get("metadata") or {}).get("core") for reply in replies)


class ActionTellStep(Action):
    """Tells the next step, why it matters, or what helps when it cannot be done."""

    def name(self) -> str:
        return "action_tell_step"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        current = tracker.get_slot("step")
        done = list(tracker.get_slot("steps_done") or []) if current != FORGOTTEN else []
        steps = route(told_topics(tracker), role_of(tracker))
        active = current in steps
        move = MOVES.get(intent_of(tracker), "start")
        if move == "back" and active and was_interrupted(tracker, "step"):
            # back from a question in between: to the step that is open
            move = "start"
        lead = None
        if not active and move != "start":
            lead = LEADS.get(move) if is_in_it(tracker) else None
            if lead is None:
                dispatcher.utter_message(response="utter_no_step")
                return []
            move = "start"
        if move in ("why", "cant"):
            dispatcher.utter_message(response=f"utter_step_{current}_{move}")
            return []
        if move == "done" and current not in done:
            done.append(current)
        following = self._following(move, steps, done, current)
        if following is None:
            dispatcher.utter_message(response="utter_steps_done")
            return [SlotSet("step", None), SlotSet("steps_done", [])]
        # skipped ones come again at the end; a second skip of the last of them ends it for now
        if move == "skip" and steps.index(following) <= steps.index(current):
            dispatcher.utter_message(response="utter_steps_rest")
            return [SlotSet("step", following), SlotSet("steps_done", done)]
        number = steps.index(following) + 1
        dispatcher.utter_message(response=f"utter_step_{following}", number=number, total=len(steps), lead=lead)
        return [SlotSet("step", following), SlotSet("steps_done", done)]

    @staticmethod
    def _following(move: str, steps: list[str], done: list[str], current: str | None) -> str | None:
        if move == "back":
            return steps[max(steps.index(current) - 1, 0)]
        if move == "start" and current in steps and current not in done:
            return current
        return next_step(steps, done, current)
