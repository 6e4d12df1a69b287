"""One connection to Redis for a worker, and the rest it gets when Redis is away or hangs."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache

from redis.asyncio import Redis
from redis.exceptions import RedisError

from lantern.service.metrics import STORE_FAILED

logger = logging.getLogger(__name__)

# a call takes well under a millisecond; after half a second Redis hangs
PATIENCE_SECONDS = 0.5
# Redis is asked again after so long
REST_SECONDS = 1.0


class RedisAway(Exception):
    """Redis cannot be used now."""


class RedisLink:
    """A pool of connections; a call fails at once while Redis rests."""

    def __init__(self, url: str) -> None:
        self.redis = Redis.from_url(
            url, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS, decode_responses=True
        )
        self._rests_until = 0.0
        self._was_away = False

    @asynccontextmanager
    async def use(self, what: str) -> AsyncIterator[Redis]:
        """Gives the client.

        Args:
            what: counted when it fails: `lock`, `read` or `write`.

        Raises:
            RedisAway: it failed now or a moment ago.
        """
        if time.monotonic() < self._rests_until:
            STORE_FAILED.labels(what).inc()
            raise RedisAway
        try:
            yield self.redis
        except (TimeoutError, RedisError, OSError) as error:
            self._rests_until = time.monotonic() + REST_SECONDS
            STORE_FAILED.labels(what).inc()
            if not self._was_away:
                logger.error("Redis failed with %s; this worker goes on with what it remembers.", type(error).__name__)
            self._was_away = True
            raise RedisAway from None
        if self._was_away:
            self._was_away = False
            logger.error("Redis is back.")


@lru_cache(maxsize=4)
def link_to(url: str) -> RedisLink:
    """Returns the link of this process to the Redis at `url`."""
    return RedisLink(url)
