"""Conversations are forgotten when they are idle, and the oldest go when there are too many."""

from __future__ import annotations

import asyncio
import time

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from lantern.tracker_store import MemoryTrackerStore


def conversation(sender: str) -> DialogueStateTracker:
    return DialogueStateTracker.from_events(sender, [UserUttered("hi", {"name": "greet"})])


async def keep(store: MemoryTrackerStore, *senders: str) -> None:
    for sender in senders:
        await store.save(conversation(sender))


def test_a_conversation_comes_back_as_it_was() -> None:
    store = MemoryTrackerStore(Domain.empty())
    asyncio.run(keep(store, "a"))
    kept = asyncio.run(store.retrieve("a"))
    assert kept.latest_message.text == "hi"
    assert asyncio.run(store.retrieve("b")) is None


def test_a_turn_that_fails_changes_nothing_that_is_kept() -> None:
    store = MemoryTrackerStore(Domain.empty())
    asyncio.run(keep(store, "a"))
    asyncio.run(store.retrieve("a")).update(UserUttered("lost"))
    assert len(asyncio.run(store.retrieve("a")).events) == 1


def test_an_idle_conversation_is_forgotten() -> None:
    store = MemoryTrackerStore(Domain.empty(), idle_seconds=0.05)
    asyncio.run(keep(store, "a"))
    time.sleep(0.1)
    assert asyncio.run(store.retrieve("a")) is None
    assert asyncio.run(store.keys()) == []


def test_the_oldest_goes_when_there_are_too_many() -> None:
    store = MemoryTrackerStore(Domain.empty(), most=2)
    asyncio.run(keep(store, "a", "b", "c"))
    assert sorted(asyncio.run(store.keys())) == ["b", "c"]


@pytest.mark.parametrize("sender", ["a", "never seen"])
def test_a_conversation_can_be_deleted(sender: str) -> None:
    store = MemoryTrackerStore(Domain.empty())
    asyncio.run(keep(store, "a"))
    asyncio.run(store.delete(sender))
    assert asyncio.run(store.retrieve(sender)) is None


def test_a_packed_conversation_comes_back_as_it_was() -> None:
    store = MemoryTrackerStore(Domain.empty(), unpacked=2)
    asyncio.run(keep(store, "a", "b", "c", "d"))
    assert [kept.tracker is None for kept in store._kept.values()] == [True, True, False, False]
    again = asyncio.run(store.retrieve("a"))
    assert [event.as_dict() for event in again.events] == [
        event.as_dict() | {"timestamp": again.events[0].timestamp} for event in conversation("a").events
    ]
    assert again.latest_message.intent == {"name": "greet"}
    # asked for again, it is among the latest
    assert [kept.tracker is None for kept in store._kept.values()] == [False, True, True, False]


def test_what_expired_is_freed_when_nobody_writes() -> None:
    store = MemoryTrackerStore(Domain.empty(), idle_seconds=0.05)
    asyncio.run(keep(store, "a"))
    time.sleep(0.1)
    store.forget_expired()
    assert not store._unpacked and not store._kept.currsize
