"""What waiting for one's turn costs: two messages of one conversation at once, at two workers that share a Redis.

usage: python -m bench.locks [--pairs 100]

Compares Rasa's Redis lock with Lantern's. A turn is a sleep of 20 ms, so the second message is answered 40 ms after
both were sent if nothing is lost. Starts its own Redis on a loopback port.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from rasa.core.lock_store import LockStore, RedisLockStore
from rasa.utils.endpoints import EndpointConfig

from lantern.service.redis_link import RedisLink
from lantern.service.redis_locks import RedisLocks
from tests.service.test_many_workers import RedisServer

TURN_SECONDS = 0.02


async def last_answer(workers: list[LockStore], sender: str, messages: int) -> float:
    """Returns the ms until the last of the messages, sent at once to the workers in turn, was answered."""

    async def say(worker: LockStore) -> None:
        async with worker.lock(sender):
            await asyncio.sleep(TURN_SECONDS)

    started = time.perf_counter()
    await asyncio.gather(*(say(workers[number % len(workers)]) for number in range(messages)))
    return (time.perf_counter() - started) * 1000


async def measure(name: str, workers: list[LockStore], pairs: int) -> None:
    for messages in (1, 2, 3):
        times = [await last_answer(workers, f"{messages}-{number}", messages) for number in range(pairs)]
        p50, p99 = statistics.median(times), sorted(times)[int(len(times) * 0.99)]
        print(f"{name:8} {messages} at once: last answer p50 {p50:7.1f} ms, p99 {p99:7.1f} ms")


def own(url: str) -> RedisLocks:
    """Returns Lantern's locks as a worker of its own has them, with a connection of its own."""
    locks = RedisLocks(EndpointConfig(url))
    locks._link = RedisLink(url)
    return locks


async def run(port: int, pairs: int) -> None:
    url = f"redis://127.0.0.1:{port}/0"
    await measure("Lantern", [own(url), own(url)], pairs)
    await measure("Rasa", [RedisLockStore("127.0.0.1", port), RedisLockStore("127.0.0.1", port)], pairs)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--pairs", type=int, default=100)
    with tempfile.TemporaryDirectory() as folder:
        redis = RedisServer(Path(folder))
        try:
            asyncio.run(run(redis.port, arguments.parse_args().pairs))
        finally:
            redis.kill()


if __name__ == "__main__":
    main()
