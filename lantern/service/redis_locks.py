"""Messages of one conversation stay in order also when they reach different workers.

Who comes first is first in a list in Redis. Who waits or works says so every half second; who has not for two seconds
is dead and loses its place. Rasa's own Redis lock looks once a second and holds a dead worker's place for a minute.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from rasa.core.lock import TicketLock

from lantern.service.locks import ConversationLocks
from lantern.service.redis_link import RedisAway, link_to

ALIVE_MS, BEAT_SECONDS, LOOK_SECONDS = 2000, 0.5, 0.01

# takes a place in the list, or keeps it; tells whether it is the first. KEYS: list. ARGV: token, milliseconds
QUEUE = """
redis.call('SET', KEYS[1] .. ':' .. ARGV[1], '', 'PX', ARGV[2])
if not redis.call('LPOS', KEYS[1], ARGV[1]) then redis.call('RPUSH', KEYS[1], ARGV[1]) end
redis.call('PEXPIRE', KEYS[1], 60000)
while true do
  local first = redis.call('LINDEX', KEYS[1], 0)
  if first == ARGV[1] then return 1 end
  if redis.call('EXISTS', KEYS[1] .. ':' .. first) == 1 then return 0 end
  redis.call('LPOP', KEYS[1])
end
"""
# says that a turn still runs; nothing where it has left meanwhile
BEAT = """
if redis.call('LPOS', KEYS[1], ARGV[1]) then redis.call('SET', KEYS[1] .. ':' .. ARGV[1], '', 'PX', ARGV[2]) end
"""
LEAVE = """
redis.call('LREM', KEYS[1], 1, ARGV[1])
redis.call('DEL', KEYS[1] .. ':' .. ARGV[1])
"""


class RedisLocks(ConversationLocks):
    """Locks of all workers that share a Redis. Without Redis each worker keeps its own order."""

    def __init__(self, endpoint_config: Any) -> None:
        super().__init__()
        self._link = link_to(endpoint_config.url)
        self._queue = self._link.redis.register_script(QUEUE)
        self._beat = self._link.redis.register_script(BEAT)
        self._leave = self._link.redis.register_script(LEAVE)

    @asynccontextmanager
    async def lock(self, conversation_id: str, *args: Any, **kwargs: Any) -> AsyncIterator[TicketLock]:
        """Holds the conversation on this and all other workers."""
        async with super().lock(conversation_id) as lock:
            key, token = [f"lantern:turn:{conversation_id}"], secrets.token_hex(8)
            beat = None
            try:
                with suppress(RedisAway):
                    while not await self._is_first(key, token):
                        await asyncio.sleep(LOOK_SECONDS)
                beat = asyncio.create_task(self._keep(key, token))
                yield lock
            finally:
                if beat:
                    beat.cancel()
                with suppress(RedisAway):
                    async with self._link.use("lock"):
                        await self._leave(keys=key, args=[token])

    async def _is_first(self, key: list[str], token: str) -> bool:
        async with self._link.use("lock"):
            return bool(await self._queue(keys=key, args=[token, ALIVE_MS]))

    async def _keep(self, key: list[str], token: str) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            with suppress(RedisAway):
                async with self._link.use("lock"):
                    await self._beat(keys=key, args=[token, ALIVE_MS])
