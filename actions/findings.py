"""Answers with figures: a card for the asked finding. The follow-ups on it are in follow_ups.py."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from lantern.cards import build_card
from lantern.findings import Findings, load_findings
from lantern.quoted import differs

NOT_COVERED = "not_covered"
EFFECTS = "effects"
# said first when the question names a share that the study does not give
OTHER_NUMBER = "utter_other_number"
# below this confidence no figure is told: a wrong figure is worse than none
SURE_OF_FINDING = 0.6
# two findings this close in confidence are asked back about
NEAR_TIE = 0.03


def asked_finding(tracker: Tracker, findings: Findings) -> tuple[str | None, list[str]]:
    """Returns the id the latest message asks for (None: the study does not say), and ids in a near tie with it."""
    message = tracker.latest_message
    for entity in message.get("entities", []):
        if entity.get("entity") == "finding":
            return entity.get("value"), []
    ranking = message.get("finding_ranking") or []
    if not ranking:
        return None, []
    best = ranking[0]
    if best["name"] == NOT_COVERED or sureness(ranking, findings) < SURE_OF_FINDING:
        return None, []
    shown = {finding.id for finding in findings.answer(best["name"])}
    ties = [
        other["name"]
        for other in ranking[1:3]
        if best["confidence"] - other["confidence"] < NEAR_TIE
        and other["name"] not in shown | {NOT_COVERED}
        and best["name"] not in {finding.id for finding in findings.answer(other["name"])}
    ]
    return best["name"], ties


def sureness(ranking: list[dict[str, Any]], findings: Findings) -> float:
    """Returns the confidence in the best finding together with the neighbours that its card tells anyway."""
    best = ranking[0]["name"]
    told = {finding.id for finding in findings.answer(best)}

    def belongs(name: str) -> bool:
        return name == best or name in told or best in {finding.id for finding in findings.answer(name)}

    return sum(reading["confidence"] for reading in ranking if belongs(reading["name"]))


def finding_button(findings: Findings, key: str) -> dict[str, str]:
    """Returns a button that asks for the finding or overview `key`."""
    return {"title": findings.question(key) or key, "payload": f'/ask_finding{{"finding": "{key}"}}'}


def nearest_button(tracker: Tracker, findings: Findings) -> list[dict[str, str]]:
    """Returns a button for what the study does say nearby; empty when nothing is near."""
    ranking = tracker.latest_message.get("finding_ranking") or []
    known = [reading["name"] for reading in ranking if findings.question(reading["name"])]
    return [finding_button(findings, key) for key in known[:1]]


def tell(dispatcher: CollectingDispatcher, card: dict[str, Any], lead: str | None = None) -> None:
    """Tells a card; on what sextortion does to victims, with a gentle check, since somebody may ask for themself.

    `lead` is the name of a response whose text comes before the card.
    """
    is_effects = card["finding"].startswith(f"{EFFECTS}-")
    dispatcher.utter_message(response="utter_finding_effects" if is_effects else "utter_finding", lead=lead, **card)


class ActionTellFinding(Action):
    """Tells the card of the asked finding; asks back on a near tie; says so when the study does not tell."""

    def name(self) -> str:
        return "action_tell_finding"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        findings = load_findings()
        key, ties = asked_finding(tracker, findings)
        if key and ties:
            buttons = [finding_button(findings, candidate) for candidate in (key, *ties)]
            dispatcher.utter_message(response="utter_which_finding", buttons=buttons)
            return []
        card = build_card(findings, key) if key else None
        if card is None:
            dispatcher.utter_message(response="utter_not_covered", buttons=nearest_button(tracker, findings))
            return []
        other_number = differs(tracker.latest_message.get("text") or "", findings.answer(key))
        tell(dispatcher, card, lead=OTHER_NUMBER if other_number else None)
        return [SlotSet("finding", key)]
