"""Many conversations through one worker: is its memory flat, is every message answered, does each carry the contact?

usage: python -m bench.soak [--conversations 100000] [--at-once 4] [--most-minutes 90]

Starts its own servers on free loopback ports. Each conversation is new and has one to three messages: real questions,
buttons, a crisis, odd text. Memory is read ten times on the way. Ends with an error where something falls short.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import statistics
import sys
import threading
import time
import uuid
from collections import Counter
from typing import Any

import psutil

from bench.evaluate import sentences
from bench.server import running_server
from tests.conftest import Server

BUTTONS = ("/greet", "/targeted_now", "/where_to_report", "/step_by_step", "/step_done", "/menu")
ODD = ("\ud800 x", "\x00\x00 a", "🙂🙂", "/restart", "x" * 2000, "<b>hi</b>")
# memory may grow by so much of its first reading once the conversations that are remembered have filled up
MOST_GROWTH = 0.1


class Talker(threading.Thread):
    """Holds one connection and talks until the conversations are used up."""

    def __init__(self, port: int, left: list[int], texts: list[str], seed: int, deadline: float) -> None:
        super().__init__(daemon=True)
        self.port, self.left, self.texts, self.deadline = port, left, texts, deadline
        self.chance = random.Random(seed)
        self.count: Counter[str] = Counter()
        self.times: list[float] = []

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while time.monotonic() < self.deadline:
            try:
                self.left.pop()
            except IndexError:
                return
            sender = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
            for _ in range(self.chance.choice((1, 1, 2, 3))):
                self.say(connection, sender)
            self.count["conversations"] += 1

    def say(self, connection: http.client.HTTPConnection, sender: str) -> None:
        draw = self.chance.random()
        message = self.chance.choice(BUTTONS if draw < 0.15 else ODD if draw < 0.2 else self.texts)
        body = json.dumps({"sender": sender, "message": message})
        self.count["sent"] += 1
        started = time.perf_counter()
        try:
            connection.request("POST", "/webhooks/website/webhook", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            content: Any = json.loads(answer.read())
        except (OSError, ValueError, http.client.HTTPException):
            self.count["lost"] += 1
            connection.close()
            return
        self.times.append(time.perf_counter() - started)
        self.count[f"status {answer.status}"] += 1
        last = content[-1]["custom"] if isinstance(content, list) else content
        if last.get("contact", {}).get("phone") != "1-800-843-5678":
            self.count["without contact"] += 1
        if isinstance(content, list):
            self.count[f"kind {last['kind']}"] += 1


def megabytes(server: Server) -> float:
    return psutil.Process(server.processes["rasa"].pid).memory_info().rss / 1e6


def soak(server: Server, conversations: int, at_once: int, minutes: float) -> bool:
    """Talks, prints what it saw, and returns whether nothing fell short."""
    texts = [row["text"] for kind in ("help", "findings") for row in sentences(kind, None)] + ["i want to kill myself"]
    left, deadline = list(range(conversations)), time.monotonic() + minutes * 60
    port = int(server.url.rsplit(":", 1)[1])
    talkers = [Talker(port, left, texts, seed, deadline) for seed in range(at_once)]
    started = time.monotonic()
    for talker in talkers:
        talker.start()
    memory: list[tuple[int, float]] = []
    while any(talker.is_alive() for talker in talkers):
        time.sleep(0.5)
        done = conversations - len(left)
        if done >= len(memory) * conversations / 10:
            memory.append((done, megabytes(server)))
            print(f"  {done:7} conversations, {memory[-1][1]:.0f} MB, {time.monotonic() - started:.0f} s", flush=True)
    took = time.monotonic() - started
    memory.append((conversations - len(left), megabytes(server)))
    count: Counter[str] = sum((talker.count for talker in talkers), Counter())
    times = sorted(second for talker in talkers for second in talker.times)
    p50, p99 = statistics.median(times) * 1000, times[int(len(times) * 0.99)] * 1000
    print(json.dumps(dict(sorted(count.items()))))
    rate = count["sent"] / took
    print(f"{count['conversations']} conversations, {count['sent']} messages in {took:.0f} s: {rate:.0f} a second")
    print(f"turn with {at_once} at once: p50 {p50:.0f} ms, p99 {p99:.0f} ms, longest {times[-1] * 1000:.0f} ms")
    # the store remembers 20,000 conversations at most: what comes after that must not add to it
    full = next((number for done, number in memory if done >= 30_000), memory[len(memory) // 2][1])
    growth = memory[-1][1] / full - 1
    print(
        f"lost {count['lost']}, without contact {count['without contact']}; memory {memory[0][1]:.0f} MB at the start,"
    )
    print(f"{full:.0f} MB with its store full, {memory[-1][1]:.0f} MB at the end: {growth:+.1%}")
    fine = not count["lost"] and not count["without contact"] and growth <= MOST_GROWTH
    return fine and count["conversations"] == conversations


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--conversations", type=int, default=100_000)
    arguments.add_argument("--at-once", type=int, default=4)
    arguments.add_argument("--most-minutes", type=float, default=90)
    options = arguments.parse_args()
    with running_server() as server:
        fine = soak(server, options.conversations, options.at_once, options.most_minutes)
        print("server log:", server.log.read_text()[-500:] or "empty")
    sys.exit(0 if fine else "Something fell short.")


if __name__ == "__main__":
    main()
