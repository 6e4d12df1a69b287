"""`python -m lantern.rasa_server`: Rasa's own server with exactly the model that was asked for.

`rasa run` takes any other model it finds when the named one is missing, and does not start when there is none. A user
must meet neither: without its model this server still answers, and the channel gives a crisis its lines and everybody
the contact (see lantern/without_model.py).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ctypes
import gc
import logging
import os
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from lantern import tensorflow_standin
from lantern.records import ROOT
from lantern.service import privacy

# a model that could not be loaded is tried again after so long
RELOAD_SECONDS = 5.0


def read_options() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--endpoints", type=Path, default=ROOT / "endpoints.yml")
    arguments.add_argument("--credentials", type=Path, default=ROOT / "credentials.yml")
    arguments.add_argument("--host", default="127.0.0.1", help="the address to listen on; a container needs 0.0.0.0")
    arguments.add_argument("--port", type=int, default=5005)
    arguments.add_argument("--metrics-port", type=int, default=0, help="0: no metrics")
    return arguments.parse_args()


async def close(endpoint: Any, *unused: Any) -> None:
    """Closes the connection to the action server when Rasa stops."""
    await endpoint.close()


def go_on_without_disk() -> None:
    """Lets the start go on where no folder can be written: libraries look for one as soon as they are imported."""
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        tempfile.tempdir = os.curdir
        print("ERROR: no folder can be written: only the contact and the crisis lines are answered.", flush=True)


def trust_the_trained_domain() -> None:
    """Reads the domain of the model once: Rasa parses it three times, though training has checked it."""
    from rasa.shared.core import domain

    domain.Domain.is_domain_file = classmethod(lambda cls, path: str(path).endswith("domain.yml"))
    domain.rasa.shared.utils.validation.validate_yaml_schema = lambda *args, **kwargs: None


def give_back_memory() -> None:
    """Returns what loading used to the system, and never looks again for garbage in what stays for good."""
    gc.collect()
    gc.freeze()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)


async def load_again(model: Path, endpoints: Any, app: Any) -> None:
    """Loads the model as soon as it can be read: a disk that was full, or a file that came late."""
    from rasa.core.agent import load_agent

    while not app.ctx.agent.is_ready():
        await asyncio.sleep(RELOAD_SECONDS)
        if model.exists():
            tempfile.tempdir = None
            with contextlib.suppress(Exception):
                app.ctx.agent = await load_agent(model_path=str(model), endpoints=endpoints)


async def forget(app: Any) -> None:
    """Frees expired conversations once a minute, also when nobody writes any more."""
    while True:
        await asyncio.sleep(60)
        # Rasa wraps the store
        store = getattr(app.ctx.agent.tracker_store, "_tracker_store", app.ctx.agent.tracker_store)
        getattr(store, "forget_expired", lambda: None)()


def main() -> None:
    options = read_options()
    with contextlib.suppress(OSError):
        go_on_without_disk()
    level = os.environ.get("LOG_LEVEL", "ERROR")
    privacy.install(level)
    tensorflow_standin.install(always=True)

    # late: these take seconds, and the help above needs none of them
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    from lantern.service.action_endpoint import ActionEndpoint
    from lantern.service.metrics import serve_metrics

    trust_the_trained_domain()
    number = logging.getLevelName(level)
    configure_logging_and_warnings(number, warn_only_once=True, filter_repeated_logs=True)
    configure_structlog(number)
    if not options.model.exists():
        with contextlib.suppress(OSError):
            print(
                f"ERROR: no model at {options.model}: only the contact and the crisis lines are answered.", flush=True
            )
    if options.metrics_port:
        serve_metrics(options.metrics_port, options.host)
    # actions and components are named by their modules in the project
    sys.path.insert(1, str(ROOT))
    endpoints = AvailableEndpoints.read_endpoints(str(options.endpoints))
    endpoints.action = ActionEndpoint.of(endpoints.action)

    async def watch(app: Any, loop: Any) -> None:
        give_back_memory()
        app.add_task(load_again(options.model, endpoints, app))
        app.add_task(forget(app))

    serve_application(
        str(options.model),
        credentials=str(options.credentials),
        endpoints=endpoints,
        interface=options.host,
        port=options.port,
        enable_api=False,
        server_listeners=[(watch, "after_server_start"), (partial(close, endpoints.action), "after_server_stop")],
    )


if __name__ == "__main__":
    main()
