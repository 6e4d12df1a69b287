"""Too much at once is refused kindly, and messages of one conversation stay in order."""

from __future__ import annotations

import json
import signal
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from lantern.service.contract import Refused
from lantern.service.limits import BURST, MOST_AT_ONCE, MOST_WAITING, Limits
from tests.conftest import Server

FIGURE = "how many of the victims were boys"


def send(server: Server, sender: str, message: str) -> tuple[int, dict[str, str], Any]:
    """Returns status, headers and JSON."""
    body = json.dumps({"sender": sender, "message": message}).encode()
    request = urllib.request.Request(
        server.url + "/webhooks/website/webhook", body, {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, dict(answer.headers), json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), json.load(error)


def refused_kindly(answer: tuple[int, dict[str, str], Any], status: int, code: str) -> bool:
    """Returns whether it is this refusal, with a time to wait and the contact."""
    got, headers, content = answer
    return (
        got == status
        and content["error"]["code"] == code
        and int(headers["Retry-After"]) >= 1
        and content["contact"]["phone"] == "1-800-843-5678"
    )


def test_a_flood_in_one_conversation_is_refused_and_others_are_not(server: Server) -> None:
    sender = str(uuid.uuid4())
    answers = [send(server, sender, "hi") for _ in range(BURST + 15)]
    assert [status for status, *_ in answers[:BURST]] == [200] * BURST
    assert any(refused_kindly(answer, 429, "too_many_messages") for answer in answers[BURST:])
    assert send(server, str(uuid.uuid4()), "hi")[0] == 200
    assert "lantern_refused_total" in server.metrics()


@pytest.fixture
def stuck(model: Path, tmp_path: Path) -> Iterator[Server]:
    """A server whose action server hangs, so that turns that need it take three seconds."""
    running = Server(model, tmp_path)
    try:
        running.wait()
        running.processes["actions"].send_signal(signal.SIGSTOP)
        yield running
    finally:
        running.processes["actions"].send_signal(signal.SIGCONT)
        running.stop()


def test_a_full_worker_says_so_at_once_and_recovers(stuck: Server) -> None:
    # asked together, before the first of them finds out that the action server hangs
    with ThreadPoolExecutor(MOST_AT_ONCE + 40) as pool:
        answers = list(pool.map(lambda _: send(stuck, str(uuid.uuid4()), FIGURE), range(MOST_AT_ONCE + 40)))
    statuses = [status for status, *_ in answers]
    assert set(statuses) <= {200, 503}
    assert all(refused_kindly(answer, 503, "busy") for answer in answers if answer[0] == 503)
    for status, _, content in answers:
        assert status == 503 or content[-1]["custom"]["contact"]["phone"] == "1-800-843-5678"
    assert send(stuck, str(uuid.uuid4()), "i want to kill myself")[2][-1]["custom"]["kind"] == "crisis"


def test_a_hung_action_server_holds_up_nobody_else(stuck: Server) -> None:
    done: dict[str, float] = {}

    def ask(name: str, message: str) -> None:
        assert send(stuck, str(uuid.uuid4()), message)[0] == 200
        done[name] = time.monotonic()

    waiting = threading.Thread(target=ask, args=("figure", FIGURE))
    waiting.start()
    time.sleep(0.3)
    for number in range(10):
        ask(f"help {number}", "i already paid him")
    waiting.join()
    assert max(at for name, at in done.items() if name != "figure") < done["figure"]


def test_messages_of_one_conversation_are_answered_in_order(stuck: Server) -> None:
    sender, done = str(uuid.uuid4()), {}

    def ask(message: str) -> None:
        started = time.monotonic()
        _, _, replies = send(stuck, sender, message)
        done[message] = (replies[-1], time.monotonic() - started)

    threads = []
    for message in (FIGURE, "i want to kill myself", "how do i tell my parents"):
        threads.append(threading.Thread(target=ask, args=(message,)))
        threads[-1].start()
        time.sleep(0.3)
    for thread in threads:
        thread.join()
    assert [reply["custom"]["kind"] for reply, _ in (done[message] for message in done)].count("error") == 1
    # the first waits three seconds for the action server; the second, ready at once, waits for the first
    assert done[FIGURE][0]["custom"]["kind"] == "error"
    reply, waited = done["i want to kill myself"]
    assert reply["custom"]["kind"] == "crisis" and waited > 1.5
    # and the third was answered after the second: the lines stand under it
    reply, waited = done["how do i tell my parents"]
    assert "988" in reply["text"] and waited > 1.2


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_conversation_may_go_on_at_a_humans_pace() -> None:
    clock = Clock()
    limits = Limits(burst=3, per_second=1, clock=clock)

    def say(sender: str = "a") -> None:
        with limits.turn(sender):
            pass

    for _ in range(3):
        say()
    with pytest.raises(Refused) as refused:
        say()
    assert (refused.value.code, refused.value.retry_after) == ("too_many_messages", 1)
    say("b")
    clock.now += 1
    say()
    for _ in range(20):
        clock.now += 1
        say()


def test_few_messages_of_one_conversation_wait_and_a_refusal_counts_nothing() -> None:
    limits = Limits()
    turns = [limits.turn("a") for _ in range(MOST_WAITING)]
    for turn in turns:
        turn.__enter__()
    with pytest.raises(Refused):
        limits.turn("a").__enter__()
    assert limits.running == MOST_WAITING
    for turn in turns:
        turn.__exit__(None, None, None)
    assert limits.running == 0
