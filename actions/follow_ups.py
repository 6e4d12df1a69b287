"""Follow-ups on the figure told last: its source, its base, boys and girls, what is new, and more of it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.findings import tell
from lantern.cards import base_of, build_card, sources_of
from lantern.findings import PERIOD, REPORTS, load_findings

GROUPS = {"ask_boys": "boys", "ask_girls": "girls"}


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


class ActionTellBase(Action):
    """Says what the last share is a share of, and how to read it."""

    def name(self) -> str:
        return "action_tell_base"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        answer = load_findings().answer(tracker.get_slot("finding") or "")
        values: dict[str, Any] = {"n": f"{REPORTS:,}", "period": PERIOD}
        if not answer:
            dispatcher.utter_message(response="utter_base_none", **values)
            return []
        base = base_of(answer[0])
        values |= {"note": answer[0].note or "", "sources": sources_of(answer[:1])}
        if base:
            dispatcher.utter_message(response="utter_base", base=base, **values)
        else:
            dispatcher.utter_message(response="utter_base_no_share", **values)
        return []


class ActionTellNewer(Action):
    """Says what is known since: on the last figure where there is something, else everything."""

    def name(self) -> str:
        return "action_tell_newer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        findings = load_findings()
        answer = findings.answer(tracker.get_slot("finding") or "")
        of_last = findings.newer(next((finding.since for finding in answer if finding.since), None))
        records = [of_last] if of_last else findings.all_newer
        dispatcher.utter_message(
            response="utter_newer",
            period=PERIOD,
            lines="\n".join(f"• {record.line}" for record in records),
        )
        return []
