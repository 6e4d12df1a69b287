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
