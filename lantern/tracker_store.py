"""Conversations live in memory only, and not for long."""

from __future__ import annotations

import json
import zlib
from collections import OrderedDict
from typing import Any

from cachetools import TTLCache
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from lantern.service.shorten import shorten

IDLE_SECONDS = 30 * 60
MOST_CONVERSATIONS = 20_000
# so many of the latest are kept as they are, about 25 KB each; the others packed, about a tenth of that
UNPACKED = 300


class _Kept:
    """One conversation, packed or not."""

    def __init__(self, tracker: DialogueStateTracker) -> None:
        self.sender = tracker.sender_id
        self.tracker: DialogueStateTracker | None = tracker
        self._packed = b""

    def pack(self) -> None:
        if self.tracker is not None:
            events = json.dumps([event.as_dict() for event in self.tracker.events])
            self.tracker, self._packed = None, zlib.compress(events.encode("ascii"), level=1)

    def unpack(self, domain: Domain) -> DialogueStateTracker:
        if self.tracker is None:
            events = [Event.from_parameters(fields) for fields in json.loads(zlib.decompress(self._packed))]
            self.tracker = DialogueStateTracker.from_events(self.sender, events, slots=domain.slots)
        return self.tracker


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
        unpacked: int = UNPACKED,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._kept: TTLCache[str, _Kept] = TTLCache(most, idle_seconds)
        self._most_unpacked, self._unpacked = unpacked, OrderedDict[str, _Kept]()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keeps the conversation; its time starts anew."""
        await self.stream_events(tracker)
        self._kept[tracker.sender_id] = kept = _Kept(shorten(tracker))
        self._use(kept)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Returns the conversation, or None where there is none or it has expired."""
        kept = self._kept.get(sender_id)
        if kept is None:
            return None
        self._use(kept)
        return kept.unpack(self.domain).copy()

    def _use(self, kept: _Kept) -> None:
        self._unpacked[kept.sender] = kept
        self._unpacked.move_to_end(kept.sender)
        if len(self._unpacked) > self._most_unpacked:
            self._unpacked.popitem(last=False)[1].pack()

    async def delete(self, sender_id: str) -> None:
        """Forgets the conversation."""
        self._kept.pop(sender_id, None)
        self._unpacked.pop(sender_id, None)

    async def keys(self) -> list[str]:
        """Returns the ids of the conversations that are still kept."""
        return list(self._kept)

    def forget_expired(self) -> None:
        """Frees what has expired, also where nobody writes any more."""
        self._kept.expire()
        for sender in [sender for sender in self._unpacked if sender not in self._kept]:
            del self._unpacked[sender]
