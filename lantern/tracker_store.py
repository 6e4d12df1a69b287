"""Conversations live in memory only, and not for long."""

from __future__ import annotations

from typing import Any

from cachetools import TTLCache
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from lantern.service.shorten import shorten

IDLE_SECONDS = 30 * 60
MOST_CONVERSATIONS = 20_000


class MemoryTrackerStore(TrackerStore):
    """Keeps each conversation until it was idle for half an hour; the oldest go first when there are too many.

    Rasa's own in-memory store keeps every conversation until the process ends, and turns the whole conversation into
    text and back at every message: its cost grows with the length of the conversation.
    """

    def __init__(
        self,
        domain: Domain,
        host: Any = None,
        event_broker: Any = None,
        idle_seconds: float = IDLE_SECONDS,
        most: int = MOST_CONVERSATIONS,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._trackers: TTLCache[str, DialogueStateTracker] = TTLCache(most, idle_seconds)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keeps the conversation; its time starts anew."""
        await self.stream_events(tracker)
        self._trackers[tracker.sender_id] = shorten(tracker)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Returns the conversation, or None where there is none or it has expired."""
        tracker = self._trackers.get(sender_id)
        return tracker.copy() if tracker else None

    async def delete(self, sender_id: str) -> None:
        """Forgets the conversation."""
        self._trackers.pop(sender_id, None)

    async def keys(self) -> list[str]:
        """Returns the ids of the conversations that are still kept."""
        return list(self._trackers)
