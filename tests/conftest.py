"""Shared by all tests: the real records, one trained model, one pair of running servers."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lantern import serving
from lantern.contacts import Contacts, load_contacts
from lantern.findings import Findings, load_findings

ROOT = Path(__file__).resolve().parents[1]
# cheap tests first: a wrong figure is reported before anything is trained
ORDER = ("unit", "content", "nlu", "conversations", "safety", "service", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def rank(item: pytest.Item) -> int:
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        return ORDER.index(folder) if folder in ORDER else len(ORDER)

    items.sort(key=rank)


@pytest.fixture(scope="session")
def findings() -> Findings:
    return load_findings()


@pytest.fixture(scope="session")
def contacts() -> Contacts:
    return load_contacts()


@pytest.fixture(scope="session")
def responses() -> dict[str, list[dict[str, Any]]]:
    """All response variations by name, as Rasa reads them."""
    from rasa.shared.importers.importer import TrainingDataImporter

    importer = TrainingDataImporter.load_from_config(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")]
    )
    return importer.get_domain().responses


@pytest.fixture(scope="session")
def model() -> Path:
    """The model for the present data, trained once if there is none."""
    return serving.train()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A running Lantern: action server and Rasa on free loopback ports."""

    def __init__(
        self,
        model: Path,
        folder: Path,
        environment: dict[str, str] | None = None,
        options: tuple[str, ...] = (),
        actions_port: int | None = None,
    ) -> None:
        port, metrics_port = free_port(), free_port()
        actions_port = actions_port or free_port()
        self.url, self.metrics_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{metrics_port}/metrics"
        self.log = folder / "server.log"
        endpoints = serving.write_endpoints(folder, actions_port)
        self._sink = self.log.open("w")
        self._environment = environment or {}
        self._lines = serving.commands(port, actions_port, model, endpoints)
        self._lines["rasa"] += ["--metrics-port", str(metrics_port), *options]
        self.processes = {name: self._start(name) for name in self._lines}

    def _start(self, name: str) -> subprocess.Popen:
        environment = {**serving.quiet_environment(), "PYTHONUNBUFFERED": "1", **self._environment}
        return subprocess.Popen(self._lines[name], cwd=ROOT, env=environment, stdout=self._sink, stderr=self._sink)

    def wait(self) -> None:
        alive = lambda: all(process.poll() is None for process in self.processes.values())  # noqa: E731
        assert serving.wait_until_ready(self.url, alive), self.log.read_text()[-3000:]

    def wait_for_any_answer(self, patience: float = 60.0) -> None:
        """Waits until the server answers at all, ready or not."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            assert self.processes["rasa"].poll() is None, self.log.read_text()[-3000:]
            try:
                urllib.request.urlopen(f"{self.url}/webhooks/website/", timeout=2)
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError(self.log.read_text()[-3000:])

    def restart(self, name: str) -> None:
        self.processes[name] = self._start(name)

    def stop(self, name: str | None = None) -> None:
        for process in [self.processes[name]] if name else self.processes.values():
            process.terminate()
            process.wait(timeout=20)

    def metrics(self) -> str:
        """Returns what the worker counts, as Prometheus reads it."""
        with urllib.request.urlopen(self.metrics_url, timeout=10) as answer:
            return answer.read().decode()

    def post(self, body: bytes, path: str = "/webhooks/website/webhook") -> tuple[int, Any]:
        """Returns status and JSON of a raw request."""
        request = urllib.request.Request(self.url + path, body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def talk(self) -> Callable[[str], list[dict[str, Any]]]:
        """Returns a function that says something in a new conversation and gives Lantern's replies."""
        sender = str(uuid.uuid4())

        def say(message: str) -> list[dict[str, Any]]:
            status, replies = self.post(json.dumps({"sender": sender, "message": message}).encode())
            assert status == 200, replies
            return replies

        return say


@pytest.fixture(scope="session")
def school_origin() -> str:
    """The one other site that the server's school.yml lets in; tests/browser/conftest.py serves it."""
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture(scope="session")
def server(model: Path, school_origin: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    school = folder / "school.yml"
    school.write_text(f'school: {{origins: ["{school_origin}"], exit_url: "{school_origin}/weather"}}')
    running = Server(model, folder, {"LANTERN_SCHOOL": str(school)})
    try:
        running.wait()
        yield running
    finally:
        running.stop()


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "RASA_TELEMETRY_ENABLED", "false")
