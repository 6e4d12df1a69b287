"""Messages of one conversation are answered one after the other, in the order in which they came.

Rasa's lock stores look once a second whether a conversation is free, so the second of two quick messages waits a whole
second, and their tickets expire by the wall clock, which can jump. This one wakes the next as soon as the first is
done.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockStore


class ConversationLocks(LockStore):
    """Locks of one worker, in memory. `asyncio.Lock` wakes those who wait in the order in which they came."""

    def __init__(self, endpoint_config: Any = None) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: dict[str, int] = {}

    @asynccontextmanager
    async def lock(self, conversation_id: str, *args: Any, **kwargs: Any) -> AsyncIterator[TicketLock]:
        """Holds the conversation; others wait."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        self._users[conversation_id] = self._users.get(conversation_id, 0) + 1
        try:
            async with lock:
                yield TicketLock(conversation_id)
        finally:
            self._users[conversation_id] -= 1
            if not self._users[conversation_id]:
                del self._users[conversation_id], self._locks[conversation_id]

    def get_lock(self, conversation_id: str) -> TicketLock | None:
        """Returns a lock while the conversation is held, else None."""
        return TicketLock(conversation_id) if conversation_id in self._locks else None

    def delete_lock(self, conversation_id: str) -> None:
        """Nothing to do: a lock goes with its last user."""

    def save_lock(self, lock: TicketLock) -> None:
        """Nothing to do: locks are not written anywhere."""
