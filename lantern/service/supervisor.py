"""Keeps processes running: one that dies or hangs is started again; a stop lets the turns in hand finish."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

# a hung process is noticed after about MOST_MISSES * CHECK_SECONDS
CHECK_SECONDS, MOST_MISSES, PATIENCE_SECONDS = 2.0, 3, 2.0
# a start may take so long
START_SECONDS = 120.0
# waits between starts that failed: doubled each time
FIRST_WAIT, LONGEST_WAIT = 0.2, 15.0
# dies so often before it ever worked: something is wrong that a start does not cure
MOST_FIRST_DEATHS = 3
# longer than a worker takes to finish its turns (lantern/service/refusals.py)
STOP_SECONDS = 20.0
SIGNS = ("ERROR", "Error", "Traceback", "CRITICAL", "  at ")


@dataclass
class Service:
    """One process to keep running.

    Attributes:
        name: said in front of what it complains about.
        command: its command line.
        health: address that answers with any status as long as the process is not hung.
        worked: whether it has ever answered; `up`: whether the present process has.
    """

    name: str
    command: list[str]
    health: str
    process: subprocess.Popen | None = None
    worked: bool = False
    up: bool = False
    misses: int = 0
    deaths: int = 0
    start_at: float = 0.0
    started_at: float = 0.0
    checked_at: float = 0.0

    def answers(self) -> bool:
        """Returns whether the process answered its health address."""
        try:
            with urllib.request.urlopen(self.health, timeout=PATIENCE_SECONDS):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False


class Supervisor:
    """Runs services until it is stopped. They stop in the order in which they are given.

    Args:
        services: first those that users talk to, then those that these need.
    """

    def __init__(self, services: Iterable[Service], environment: dict[str, str], folder: Path) -> None:
        self._services, self._environment, self._folder = list(services), environment, folder
        self._stop = threading.Event()

    def stop(self, *unused: object) -> None:
        """Ends `run` soon; a signal handler."""
        self._stop.set()

    def run(self) -> int:
        """Returns 0 after a stop, 1 when a service never worked."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        code = 0
        try:
            while not self._stop.is_set():
                if not all(self._keep(service) for service in self._services):
                    code = 1
                    break
                self._stop.wait(0.1)
        finally:
            self._end()
        return code

    def _keep(self, service: Service) -> bool:
        """Starts the service where it should run and does not; returns False if that is hopeless."""
        now = time.monotonic()
        if service.process is None:
            if now >= service.start_at:
                self._start(service)
        elif service.process.poll() is not None:
            service.deaths += 1
            if not service.worked and service.deaths >= MOST_FIRST_DEATHS:
                print(f"{service.name}: does not start.", flush=True)
                return False
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(service.deaths, 10))
            print(f"{service.name}: ended with {service.process.returncode}; it is started again.", flush=True)
            service.process, service.start_at = None, now + wait
        elif now - service.checked_at >= (CHECK_SECONDS if service.up else FIRST_WAIT):
            service.checked_at = now
            self._check(service)
        return True

    def _start(self, service: Service) -> None:
        # a group of its own: Ctrl-C in a terminal reaches the supervisor alone, which stops them in order
        service.process = subprocess.Popen(
            service.command,
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        service.up, service.misses = False, 0
        service.started_at = service.checked_at = time.monotonic()
        threading.Thread(target=tell_errors, args=(service.name, service.process.stdout), daemon=True).start()

    @staticmethod
    def _check(service: Service) -> None:
        if service.answers():
            service.worked = service.up = True
            service.misses = service.deaths = 0
            return
        service.misses += 1
        # until its first answer it is starting, which may take long on a slow machine
        hung = service.misses >= MOST_MISSES if service.up else time.monotonic() - service.started_at > START_SECONDS
        if hung:
            print(f"{service.name}: does not answer; it is ended and started again.", flush=True)
            service.process.kill()  # type: ignore[union-attr]

    def _end(self) -> None:
        for service in self._services:
            if service.process is None:
                continue
            service.process.terminate()
            try:
                service.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                service.process.kill()
                service.process.wait()


def tell_errors(name: str, lines: IO[bytes]) -> None:
    """Shows what a process complains about, not how it starts and stops; ends with the process."""
    for line in lines:
        text = line.decode("utf-8", "replace").rstrip()
        if any(sign in text for sign in SIGNS):
            try:
                print(f"{name}: {text}", file=sys.stdout, flush=True)
            except OSError:
                # the disk behind the output is full; reading must go on, or the process stands still
                pass
