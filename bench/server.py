"""A Lantern of its own for a measurement, on free loopback ports."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lantern.serving import train
from tests.conftest import Server


@contextmanager
def running_server() -> Iterator[Server]:
    """Trains if needed, starts both servers, gives them once they answer, and stops them at the end."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(train(), Path(folder))
        try:
            server.wait()
            yield server
        finally:
            server.stop()
