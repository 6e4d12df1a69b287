"""Processes that are killed or hang: the user gets the contact meanwhile, and the service comes back by itself."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest

from lantern.serving import quiet_environment, wait_until_ready
from tests.conftest import ROOT, Server, free_port

FIGURE = "how many of the victims were boys"


class Supervised:
    """`make serve` as a user starts it."""

    def __init__(self, folder: Path) -> None:
        self.port, self.actions_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "serve.log"
        command = [sys.executable, "-m", "lantern.serve", "--port", str(self.port)]
        command += ["--actions-port", str(self.actions_port)]
        with self.log.open("w") as sink:
            self.process = subprocess.Popen(command, cwd=ROOT, env=quiet_environment(), stdout=sink, stderr=sink)

    def child(self, module: str) -> psutil.Process:
        """Returns the running process of a module, once there is one."""
        found = eventually(lambda: [c for c in psutil.Process(self.process.pid).children() if module in c.cmdline()])
        return found[0]

    def say(self, message: str, sender: str | None = None) -> list[dict[str, Any]]:
        body = json.dumps({"sender": sender or str(uuid.uuid4()), "message": message}).encode()
        request = urllib.request.Request(
            f"{self.url}/webhooks/website/webhook", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=45)


def eventually(call: Callable[[], Any], patience: float = 60.0) -> Any:
    """Returns the first true result of `call`; errors of the connection count as not yet."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            if result := call():
                return result
        except (OSError, psutil.Error):
            pass
        time.sleep(0.1)
    raise AssertionError(f"not within {patience} s")


def kind(replies: list[dict[str, Any]]) -> str:
    """Returns the kind of the last reply, which must carry the contact."""
    assert replies[-1]["custom"]["contact"]["phone"] == "1-800-843-5678"
    return replies[-1]["custom"]["kind"]


@pytest.fixture(scope="module")
def supervised(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supervised]:
    running = Supervised(tmp_path_factory.mktemp("supervised"))
    try:
        assert wait_until_ready(running.url, lambda: running.process.poll() is None), running.log.read_text()
        eventually(lambda: kind(running.say(FIGURE)) == "finding")
        yield running
    finally:
        running.stop()


def test_a_killed_action_server_comes_back(supervised: Supervised) -> None:
    supervised.child("lantern.action_server").kill()
    assert kind(supervised.say("i want to kill myself")) == "crisis"
    assert kind(supervised.say(FIGURE)) in ("error", "finding")
    eventually(lambda: kind(supervised.say(FIGURE)) == "finding")


def test_a_hung_action_server_costs_one_user_a_wait_and_comes_back(supervised: Supervised) -> None:
    # it has to have answered the supervisor once, as it has in any service that runs for seconds
    time.sleep(2)
    hung = supervised.child("lantern.action_server")
    hung.send_signal(signal.SIGSTOP)
    asked: list[str] = []
    waiting = threading.Thread(target=lambda: asked.append(kind(supervised.say(FIGURE))))
    waiting.start()
    # others are answered meanwhile
    assert kind(supervised.say("i already paid him")) == "guidance"
    waiting.join(timeout=20)
    assert asked == ["error"]
    eventually(lambda: kind(supervised.say(FIGURE)) == "finding")
    assert supervised.child("lantern.action_server").pid != hung.pid


def test_a_worker_killed_in_mid_turn_comes_back(supervised: Supervised) -> None:
    time.sleep(2)
    supervised.child("lantern.action_server").send_signal(signal.SIGSTOP)
    worker = supervised.child("lantern.rasa_server")
    broken: list[Exception] = []

    def ask() -> None:
        try:
            supervised.say(FIGURE)
        except (OSError, urllib.error.URLError) as error:
            broken.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(0.5)
    worker.kill()
    asking.join(timeout=20)
    # a page shows the contact by itself when the connection breaks (docs/website-channel.md)
    assert broken
    eventually(lambda: kind(supervised.say("i want to kill myself")) == "crisis")
    eventually(lambda: kind(supervised.say(FIGURE)) == "finding")
    assert supervised.child("lantern.rasa_server").pid != worker.pid


def test_a_stop_lets_the_turn_in_hand_finish(model: Path, tmp_path: Path) -> None:
    running = Server(model, tmp_path)
    try:
        running.wait()
        running.processes["actions"].send_signal(signal.SIGSTOP)
        answers: list[str] = []
        asking = threading.Thread(target=lambda: answers.append(kind(running.talk()(FIGURE))))
        asking.start()
        time.sleep(0.5)
        running.processes["rasa"].terminate()
        asking.join(timeout=20)
        # three seconds of waiting for the action server lie between the signal and the answer
        assert answers == ["error"]
        running.processes["rasa"].wait(timeout=20)
    finally:
        running.processes["actions"].send_signal(signal.SIGCONT)
        running.stop()


GARBAGE = {
    "not json": (200, b"<html>surprise</html>"),
    "null": (200, b"null"),
    "a list": (200, b"[1, 2]"),
    "bad events": (200, b'{"events": [{"event": "no such event"}], "responses": []}'),
    "bad responses": (200, b'{"events": [], "responses": ["x"]}'),
    "nothing to say": (200, b'{"events": [], "responses": []}'),
    "unknown reply": (200, b'{"events": [], "responses": [{"response": "utter_no_such"}]}'),
    "refused": (400, b"nonsense"),
    "crashed": (500, b'{"error": "x"}'),
    "sent elsewhere": (302, b""),
    "cut off": (200, b'{"events": ['),
    "endless": (200, b" " * 3_000_000),
}


@pytest.fixture
def garbage() -> Iterator[ThreadingHTTPServer]:
    """An action server that answers whatever its `answer` says."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802
            self.rfile.read(int(self.headers["Content-Length"]))
            status, body = self.server.answer  # type: ignore[attr-defined]
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *unused: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_garbage_from_the_action_server_still_gives_an_answer(
    model: Path, tmp_path: Path, garbage: ThreadingHTTPServer
) -> None:
    endpoints = tmp_path / "endpoints.yml"
    text = (ROOT / "endpoints.yml").read_text()
    endpoints.write_text(text.replace(":5055/", f":{garbage.server_address[1]}/"))
    running = Server(model, tmp_path, options=("--endpoints", str(endpoints)))
    try:
        running.wait()
        for name, answer in GARBAGE.items():
            garbage.answer = answer  # type: ignore[attr-defined]
            assert kind(running.talk()(FIGURE)) == "error", name
        assert kind(running.talk()("i want to kill myself")) == "crisis"
    finally:
        running.stop()
