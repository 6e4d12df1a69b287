"""A conversation that never ends must not cost more with each message: its oldest turns are forgotten."""

from __future__ import annotations

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

# one turn is about eight events: forgotten down to the last 15 turns once there are 30
MOST_EVENTS, KEPT_EVENTS = 240, 120


def shorten(tracker: DialogueStateTracker, most: int = MOST_EVENTS, kept: int = KEPT_EVENTS) -> DialogueStateTracker:
    """Returns the conversation, or one of its last turns alone where it is too long.

    What was filled into slots stays, and so does the last crisis reply: the lines stay under later replies.
    """
    if len(tracker.events) <= most:
        return tracker
    events = list(tracker.events)
    start = len(events) - kept
    while start < len(events) - 1 and not _listens(events[start]):
        start += 1
    before, after = events[:start], events[start:]
    slots = [SlotSet(slot.name, slot.value) for slot in tracker.slots.values() if slot.value is not None]
    crises = [event for event in before if isinstance(event, BotUttered) and event.metadata.get("kind") == "crisis"]
    begin = [ActionExecuted("action_session_start"), SessionStarted()]
    return DialogueStateTracker.from_events(
        tracker.sender_id, [*begin, *slots, *crises[-1:], *after], slots=tracker.slots.values()
    )


def _listens(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME
