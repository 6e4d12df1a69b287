"""What a reply has to know of the conversation so far, read from Rasa's tracker."""

from __future__ import annotations

import re
from collections.abc import Callable

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from lantern.close_ones import close_one_in
from lantern.personal_data import holds_personal_data
from lantern.steps import FORGOTTEN
from lantern.told import tells_of_a_grown_up
from lantern.topics import load_topics

CRISIS = "crisis"
# said under every later reply, until the user says that it was not meant that way
CRISIS_LINE = "utter_crisis_line"
# said under the reply to a message that may tell of a crisis
CRISIS_CHECK_LINE = "utter_crisis_check_line"
NOT_A_CRISIS = "utter_not_a_crisis"
# slots that hold a place the user can come back to, the response whose button is added meanwhile to other replies, and
# the names of the replies that belong to it; the first that is open counts
FLOWS = (
    ("step", "utter_back_to_steps", re.compile(r"utter_(no_step$|steps?_|stopped)")),
    ("quiz", "utter_back_to_quiz", re.compile(r"utter_(quiz_|stopped)")),
    ("case", "utter_back_to_case", re.compile(r"utter_(case_|stopped)")),
)
# from this probability on, a message counts as written by somebody in trouble, whatever its exact topic
TROUBLE_FROM = 0.5
# below the first the second reading of a message is offered too, if it has at least the other
CLEAR_FROM, OTHER_FROM = 0.5, 0.1
ASK_FINDING = "ask_finding"
# for this many of the user's messages a reply counts as told a moment ago
REMEMBERED = 4


def in_trouble(tracker: DialogueStateTracker) -> bool:
    """Returns whether the latest message reads as written by somebody who is in it."""
    message = tracker.latest_message
    return bool(message and (message.parse_data or {}).get("trouble", 0.0) >= TROUBLE_FROM)


def waiting_flow(tracker: DialogueStateTracker, utter_action: str) -> str | None:
    """Returns the response that leads back to the flow the user is in the middle of; None in the flow itself."""
    for slot, back, own in FLOWS:
        if tracker.get_slot(slot) not in (None, FORGOTTEN):
            return None if own.match(utter_action) else back
    return None


def other_reading(tracker: DialogueStateTracker) -> dict[str, str] | None:
    """Returns a button for the topic that the latest message may have meant instead; None where one is clear."""
    message = tracker.latest_message
    ranking = ((message.parse_data if message else None) or {}).get("intent_ranking") or []
    if len(ranking) < 2 or ranking[0]["confidence"] >= CLEAR_FROM:
        return None
    topics = load_topics()
    first, second = (topics.get(reading["name"]) for reading in ranking[:2])
    if not (first and second and first.is_reading and second.is_reading) or second.intent == ASK_FINDING:
        return None
    if second.intent == also_asked(tracker):
        return None
    likely = ranking[1]["confidence"] >= max(OTHER_FROM, ranking[0]["confidence"] / 3)
    return {"title": second.title, "payload": f"/{second.intent}"} if likely else None


def care_lines(tracker: DialogueStateTracker, kind: str) -> list[str]:
    """Returns what is said under a reply of `kind` to somebody who is, or may be, in a crisis."""
    if kind == CRISIS:
        return []
    if in_crisis_care(tracker):
        return [CRISIS_LINE]
    return [CRISIS_CHECK_LINE] if may_be_crisis(tracker) else []


def may_be_crisis(tracker: DialogueStateTracker) -> bool:
    """Returns whether the latest message may tell of a crisis, though it was not taken for one."""
    message = tracker.latest_message
    return bool(message and (message.parse_data or {}).get("crisis_check"))


def tells_of_threat(tracker: DialogueStateTracker) -> bool:
    """Returns whether the latest message tells that somebody threatens."""
    message = tracker.latest_message
    return bool(message and (message.parse_data or {}).get("threat"))


def close_one(tracker: DialogueStateTracker) -> str | None:
    """Returns the word for the person whom a friend writes about, as they said it last; None where it is a friend."""
    if tracker.get_slot("role") != "friend":
        return None
    for event in reversed(tracker.events):
        if not isinstance(event, UserUttered):
            continue
        for entity in reversed(event.entities):
            if entity.get("value") == "friend" and "start" in entity:
                return close_one_in((event.text or "")[entity["start"] : entity["end"]])
    return None


def tells_of_adult(tracker: DialogueStateTracker) -> bool:
    """Returns whether the latest message tells of somebody under 18 and a grown-up."""
    message = tracker.latest_message
    return bool(message and message.text and tells_of_a_grown_up(message.text))


def also_asked(tracker: DialogueStateTracker) -> str | None:
    """Returns the topic to answer under the reply: of a doubtful alarm, or of another question in a long message."""
    message = tracker.latest_message
    return ((message.parse_data if message else None) or {}).get("also_asked")


def first_reply_to_personal_data(tracker: DialogueStateTracker) -> bool:
    """Returns whether the latest message holds a name, an address or an account, and nothing was said to it yet."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return bool(event.text) and not event.text.startswith("/") and holds_personal_data(event.text)
        if isinstance(event, BotUttered):
            return False
    return False


def in_crisis_care(tracker: DialogueStateTracker) -> bool:
    """Returns whether a crisis came up in this conversation and the user has not taken it back since."""
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered) and event.metadata.get("kind") == CRISIS:
            return event.metadata.get("utter_action") != NOT_A_CRISIS
    return False


def was_told(tracker: DialogueStateTracker, is_it: Callable[[BotUttered], bool]) -> bool:
    """Returns whether a reply that `is_it` accepts was given a moment ago."""
    messages = 0
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            messages += 1
            if messages > REMEMBERED:
                return False
        elif isinstance(event, BotUttered) and is_it(event):
            return True
    return False
