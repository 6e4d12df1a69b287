"""Conversations in Redis, for more than one worker: forgotten when idle, never on disk (deploy/redis.conf).

A conversation is a list of events. A worker remembers what it has seen of it, reads what others added, and writes what
is new, so a turn costs the same however long the conversation is. Without Redis it goes on with what it remembers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from cachetools import TTLCache
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from lantern.service.redis_link import RedisAway, link_to
from lantern.service.shorten import shorten
from lantern.tracker_store import IDLE_SECONDS

# conversations that a worker remembers, about 25 KB each: for speed, and for when Redis is away
MOST_REMEMBERED = 1_000


@dataclass
class _Seen:
    """What this worker remembers: the conversation, how many of its events Redis had then, and the last of these."""

    tracker: DialogueStateTracker
    stored: int
    last: str | None


class RedisTrackerStore(TrackerStore):
    """Rasa's tracker store over a list of events for each conversation.

    Args:
        host: address of Redis, such as redis://127.0.0.1:6379/0 (named so by Rasa).
        idle_seconds: a conversation is forgotten when it was idle for so long.
        most: conversations that a worker remembers.
    """

    def __init__(
        self,
        domain: Domain,
        host: str,
        event_broker: Any = None,
        idle_seconds: float = IDLE_SECONDS,
        most: int = MOST_REMEMBERED,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        self._link, self._idle = link_to(host), int(idle_seconds)
        self._seen: TTLCache[str, _Seen] = TTLCache(most, idle_seconds)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Writes what is new; its time starts anew."""
        sender = tracker.sender_id
        seen = self._seen.get(sender)
        stored, last = (seen.stored, seen.last) if seen else (0, None)
        short = shorten(tracker)
        if short is not tracker:
            tracker, stored = short, 0
        new = [json.dumps(event.as_dict()) for event in list(tracker.events)[stored:]]
        try:
            async with self._link.use("write") as redis, redis.pipeline(transaction=True) as pipeline:
                if not stored:
                    pipeline.delete(self._key(sender))
                if new:
                    pipeline.rpush(self._key(sender), *new)
                pipeline.expire(self._key(sender), self._idle)
                await pipeline.execute()
                stored, last = len(tracker.events), new[-1] if new else last
        except RedisAway:
            pass
        self._seen[sender] = _Seen(tracker, stored, last)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Returns the conversation, or None where there is none or it has expired."""
        seen = self._seen.get(sender_id)
        try:
            await self._catch_up(sender_id, seen)
        except RedisAway:
            pass
        seen = self._seen.get(sender_id)
        return seen.tracker.copy() if seen else None

    async def _catch_up(self, sender: str, seen: _Seen | None) -> None:
        known = seen.stored if seen else 0
        async with self._link.use("read") as redis, redis.pipeline(transaction=True) as pipeline:
            pipeline.lindex(self._key(sender), known - 1)
            pipeline.lrange(self._key(sender), known, -1)
            last, rows = await pipeline.execute()
        if seen and known and last != seen.last:
            # Redis has lost it (all of it is written again at the next save), or another worker has shortened it
            rows = await self._all(sender)
            if not rows:
                seen.stored = 0
                return
            seen = None
        if not rows:
            return
        mine = list(seen.tracker.events) if seen else []
        others = [Event.from_parameters(json.loads(row)) for row in rows]
        events = [*mine[:known], *others, *mine[known:]] if seen else others
        tracker = DialogueStateTracker.from_events(sender, events, slots=self.domain.slots)
        self._seen[sender] = _Seen(tracker, len(events) - len(mine[known:]), rows[-1])

    async def _all(self, sender: str) -> list[str]:
        async with self._link.use("read") as redis:
            return await redis.lrange(self._key(sender), 0, -1)

    async def delete(self, sender_id: str) -> None:
        """Forgets the conversation."""
        self._seen.pop(sender_id, None)
        try:
            async with self._link.use("write") as redis:
                await redis.delete(self._key(sender_id))
        except RedisAway:
            pass

    async def keys(self) -> list[str]:
        """Returns the ids of the conversations that this worker remembers."""
        return list(self._seen)

    def forget_expired(self) -> None:
        """Frees what has expired, also where nobody writes any more."""
        self._seen.expire()

    @staticmethod
    def _key(sender: str) -> str:
        return f"lantern:talk:{sender}"
