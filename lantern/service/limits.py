"""How much a worker takes on: a rate for each conversation, and a bounded queue.

There is no limit per address: a whole school sits behind one.
Times are of the monotonic clock, so that a jump of the wall clock opens or shuts nothing.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil

from cachetools import TTLCache

from lantern.service.contract import Refused

# messages in one go, and messages a second after that: nobody types faster
BURST = 30
PER_SECOND = 1.0
# messages of one conversation that wait for the one before them
MOST_WAITING = 5
# turns that run or wait in one worker: at about 100 a second, the last in the queue waits about a second
MOST_AT_ONCE = 100
# seconds until trying again helps
BUSY_RETRY = 2


class Limits:
    """Counts the turns of one worker and says when it is too much."""

    def __init__(
        self,
        most_at_once: int = MOST_AT_ONCE,
        burst: float = BURST,
        per_second: float = PER_SECOND,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._burst, self._rate, self._clock = most_at_once, burst, per_second, clock
        self.running = 0
        self._turns: Counter[str] = Counter()
        # sender -> (messages left, when that was)
        self._left: TTLCache[str, tuple[float, float]] = TTLCache(50_000, burst / per_second, timer=clock)

    @contextmanager
    def turn(self, sender: str) -> Iterator[None]:
        """Counts one turn of `sender` while it runs.

        Raises:
            Refused: the worker or the conversation has too much to do; nothing was counted.
        """
        if self.running >= self._most:
            raise Refused("busy", BUSY_RETRY)
        if self._turns[sender] >= MOST_WAITING:
            raise Refused("too_many_messages", BUSY_RETRY)
        self._take(sender)
        self.running += 1
        self._turns[sender] += 1
        try:
            yield
        finally:
            self.running -= 1
            self._turns[sender] -= 1
            if not self._turns[sender]:
                del self._turns[sender]

    def _take(self, sender: str) -> None:
        now = self._clock()
        left, since = self._left.get(sender, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._rate)
        if left < 1:
            raise Refused("too_many_messages", ceil((1 - left) / self._rate))
        self._left[sender] = (left - 1, now)
