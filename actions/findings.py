"""Answers with figures: a card for the asked finding, and the follow-ups on it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from lantern.cards import base_of, build_card, sources_of
from lantern.findings import PERIOD, REPORTS, Findings, load_findings

NOT_COVERED = "not_covered"
EFFECTS = "effects"
# below this confidence no figure is told: a wrong figure is worse than none
SURE_OF_FINDING = 0.6
# two findings this close in confidence are asked back about
NEAR_TIE = 0.03
GROUPS = {"ask_boys": "boys", "ask_girls": "girls"}


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


def tell(dispatcher: CollectingDispatcher, card: dict[str, Any]) -> None:
    """Tells a card; on what sextortion does to victims, with a gentle check, since somebody may ask for themself."""
    is_effects = card["finding"].startswith(f"{EFFECTS}-")
    dispatcher.utter_message(response="utter_finding_effects" if is_effects else "utter_finding", **card)


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
        tell(dispatcher, card)
        return [SlotSet("finding", key)]


class ActionTellSource(Action):
    """Says where the last figure is from: section, period, number of reports, and what reports are."""

    def name(self) -> str:
        return "action_tell_source"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        answer = load_findings().answer(tracker.get_slot("finding") or "")
        if not answer:
            dispatcher.utter_message(response="utter_source_none")
            return []
        dispatcher.utter_message(
            response="utter_source",
            section=answer[0].section,
            n=f"{REPORTS:,}",
            period=PERIOD,
            sources=sources_of(answer[:1]),
        )
        return []


class ActionTellGroup(Action):
    """Answers "and boys?" and "and girls?" for the finding told last."""

    def name(self) -> str:
        return "action_tell_group"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        findings = load_findings()
        group = GROUPS.get((tracker.latest_message.get("intent") or {}).get("name"), "boys")
        last = findings.answer(tracker.get_slot("finding") or "")
        near = [finding for finding in last if group in finding.groups]
        if near:
            tell(dispatcher, build_card(findings, near[0].id) or {})
            return [SlotSet("finding", near[0].id)]
        topic = last[0].topic if last else "victims"
        general = (findings.of_group(group, topic) or findings.of_group(group, "victims"))[0]
        if not last:
            tell(dispatcher, build_card(findings, general.id) or {})
            return [SlotSet("finding", general.id)]
        base = base_of(general)
        dispatcher.utter_message(
            response="utter_group_same",
            group=group,
            statement=general.statement,
            n=f"{REPORTS:,}",
            period=PERIOD,
            base=f" Share of {base}." if base else "",
            sources=sources_of([general]),
        )
        return [SlotSet("finding", general.id)]


class ActionTellMore(Action):
    """Tells the next companion of the last finding; without one, names more topics."""

    def name(self) -> str:
        return "action_tell_more"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        findings = load_findings()
        last = tracker.get_slot("finding")
        topic = (findings.answer(last) or [None])[0] if last else None
        if topic is None:
            dispatcher.utter_message(response="utter_ask_more")
            return []
        told = told_findings(tracker)
        nearby = [*findings.answer(last)[1:], *findings.of_topic(topic.topic)]
        following = next((finding for finding in nearby if finding.id not in told), None)
        if following is None:
            dispatcher.utter_message(response="utter_ask_more")
            return [SlotSet("finding", None)]
        tell(dispatcher, build_card(findings, following.id, told) or {})
        return [SlotSet("finding", following.id)]


def told_findings(tracker: Tracker) -> frozenset[str]:
    """Returns the ids of all findings told in this conversation."""
    told = set()
    for event in tracker.events:
        if event.get("event") == "bot":
            told |= {source["id"] for source in (event.get("metadata") or {}).get("sources") or []}
    return frozenset(told)
