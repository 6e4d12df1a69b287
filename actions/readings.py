"""Asks back when a message could mean several things."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from lantern.findings import load_findings
from lantern.topics import load_topics

# a reading below this confidence is a guess, not a reading
READING_FROM = 0.12


class ActionTellReadings(Action):
    """Offers the two likeliest readings as buttons; says that it did not understand when there are none."""

    def name(self) -> str:
        return "action_tell_readings"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        topics, findings = load_topics(), load_findings()
        message = tracker.latest_message
        buttons = []
        for reading in message.get("intent_ranking") or []:
            topic = topics.get(reading["name"])
            if topic is None or not topic.is_reading or reading["confidence"] < READING_FROM:
                continue
            title, payload = topic.title, f"/{topic.intent}"
            if topic.intent == "ask_finding":
                best = next((r["name"] for r in message.get("finding_ranking") or []), None)
                if not best or findings.question(best) is None:
                    continue
                title, payload = findings.question(best), f'/ask_finding{{"finding": "{best}"}}'
            buttons.append({"title": title, "payload": payload})
        if len(buttons) < 2:
            dispatcher.utter_message(response="utter_fallback")
        else:
            dispatcher.utter_message(response="utter_close_call", buttons=buttons[:2])
        return []
