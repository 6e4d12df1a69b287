"""Answers with figures: a card for the asked finding. The follow-ups on it are in follow_ups.py."""

from __future__ import annotations

from typing import Any, NamedTuple

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from lantern.beyond import names_beyond
from lantern.cards import build_card
from lantern.findings import Findings, load_findings
from lantern.quoted import cited_share, differs, findings_with, names_later_year
from lantern.wanted import missing

NOT_COVERED = "not_covered"
HONEST_NO = "utter_not_covered"
EFFECTS = "effects"
# said first when the question names a share that the study does not give
OTHER_NUMBER = "utter_other_number"
# said first when the study does not tell of the finding what the question wants
MISSING = {
    "number": "utter_no_number",
    "gender": "utter_no_split_by_gender",
    "age": "utter_no_split_by_age",
}
# from this confidence on a figure is told, from the lower one on it is offered: a wrong figure is worse than none
SURE_OF_FINDING, MAYBE_FINDING = 0.7, 0.4
# how much likelier "the study does not say" is where the question names something that it never speaks of
BEYOND_WEIGHT = 10.0
# confidence of a finding that has the share a question asks about, and that nobody thought of
LEAST_CITED = 0.02
# two findings this close in confidence, and not told on one card, are asked back about
NEAR_TIE = 0.5


class Asked(NamedTuple):
    """What the latest message asks for.

    Attributes:
        finding: id of the finding or overview; None where the study does not say.
        ties: ids that are as likely.
        is_sure: whether the study tells what is asked, be it the finding or one of the ties.
    """

    finding: str | None
    ties: list[str] = []
    is_sure: bool = True


def asked_finding(tracker: Tracker, findings: Findings) -> Asked:
    """Returns which finding the latest message asks for, by button or in words."""
    message = tracker.latest_message
    for entity in message.get("entities", []):
        if entity.get("entity") == "finding":
            return Asked(entity.get("value"))
    text = message.get("text") or ""
    ranking = weighed(by_cited_share(message.get("finding_ranking") or [], text, findings), text)
    if not ranking or ranking[0]["name"] == NOT_COVERED:
        return Asked(None)
    sure = sureness(ranking, findings)
    if sure < MAYBE_FINDING:
        return Asked(None)
    ties = near_ties(ranking, findings)
    sure += sum(tie["confidence"] for tie in ties)
    is_sure = sure >= SURE_OF_FINDING and not names_later_year(text)
    return Asked(ranking[0]["name"], [tie["name"] for tie in ties], is_sure)


def by_cited_share(ranking: list[dict[str, Any]], text: str, findings: Findings) -> list[dict[str, Any]]:
    """Returns the ranking anew where `text` asks what a share stands for: only findings with that share remain.

    A share that the study does not have leaves `not_covered` alone.
    """
    share = cited_share(text)
    if share is None or not ranking:
        return ranking
    believed = {reading["name"]: reading["confidence"] for reading in ranking}
    scores = {key: believed.get(key, 0.0) + LEAST_CITED for key in findings_with(share, findings)}
    scores = scores or {NOT_COVERED: 1.0}
    anew = [{"name": key, "confidence": score / sum(scores.values())} for key, score in scores.items()]
    return sorted(anew, key=lambda reading: (-reading["confidence"], reading["name"]))


def weighed(ranking: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """Returns the ranking anew where `text` names what the study never speaks of: `not_covered` weighs more."""
    if not names_beyond(text):
        return ranking
    weights = [BEYOND_WEIGHT if reading["name"] == NOT_COVERED else 1.0 for reading in ranking]
    total = sum(reading["confidence"] * weight for reading, weight in zip(ranking, weights, strict=True))
    anew = [
        {**reading, "confidence": reading["confidence"] * weight / total}
        for reading, weight in zip(ranking, weights, strict=True)
    ]
    return sorted(anew, key=lambda reading: -reading["confidence"])


def near_ties(ranking: list[dict[str, Any]], findings: Findings) -> list[dict[str, Any]]:
    """Returns up to two readings nearly as likely as the best finding and on another card."""
    best = ranking[0]
    shown = {finding.id for finding in findings.answer(best["name"])}
    return [
        other
        for other in ranking[1:3]
        if best["confidence"] - other["confidence"] < NEAR_TIE
        and other["name"] not in shown | {NOT_COVERED}
        and best["name"] not in {finding.id for finding in findings.answer(other["name"])}
    ]


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


def nearest_button(tracker: Tracker, findings: Findings, domain: dict[str, Any]) -> list[dict[str, str]]:
    """Returns a button for what the study does say nearby; empty when nothing is near or the reply has it already."""
    ranking = tracker.latest_message.get("finding_ranking") or []
    near = next((reading["name"] for reading in ranking if findings.question(reading["name"])), None)
    shown = [
        button["payload"].replace("{{", "{").replace("}}", "}")
        for variation in (domain.get("responses") or {}).get(HONEST_NO) or []
        for button in variation.get("buttons") or []
    ]
    button = finding_button(findings, near) if near else None
    return [button] if button and button["payload"] not in shown else []


def tell(dispatcher: CollectingDispatcher, card: dict[str, Any], lead: str | None = None) -> None:
    """Tells a card; on what sextortion does to victims, with a gentle check, since somebody may ask for themself.

    `lead` is the name of a response whose text comes before the card.
    """
    is_effects = card["finding"].startswith(f"{EFFECTS}-")
    dispatcher.utter_message(response="utter_finding_effects" if is_effects else "utter_finding", lead=lead, **card)


def lead_of(text: str, key: str, card: dict[str, Any], findings: Findings) -> str | None:
    """Returns the response to say before a card: where the question names another share, or wants what is not told."""
    if text.startswith("/"):
        # a button: its title said what is told
        return None
    if differs(text, findings.answer(key)):
        return OTHER_NUMBER
    told = [finding for source in card["sources"] if (finding := findings.get(source["id"]))]
    return MISSING.get(missing(text, told) or "")


class ActionTellFinding(Action):
    """Tells the card of the asked finding; asks back when in doubt; says so when the study does not tell."""

    def name(self) -> str:
        return "action_tell_finding"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        findings = load_findings()
        key, ties, is_sure = asked_finding(tracker, findings)
        if key and (ties or not is_sure):
            buttons = [finding_button(findings, candidate) for candidate in (key, *ties)]
            dispatcher.utter_message(
                response="utter_which_finding" if is_sure else "utter_perhaps_finding", buttons=buttons
            )
            return []
        card = build_card(findings, key) if key else None
        if card is None:
            buttons = nearest_button(tracker, findings, domain)
            dispatcher.utter_message(response=HONEST_NO, buttons=buttons)
            return []
        tell(dispatcher, card, lead=lead_of(tracker.latest_message.get("text") or "", key, card, findings))
        return [SlotSet("finding", key)]
