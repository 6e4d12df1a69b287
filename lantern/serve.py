"""`make serve`: trains if needed, starts the action server and Rasa, says where Lantern answers; Ctrl-C stops both."""

from __future__ import annotations

import argparse
import shlex
import sys
import threading
from typing import Any

from honcho.manager import Manager
from honcho.printer import Printer

from lantern.records import ROOT
from lantern.serving import (
    ACTIONS_PORT,
    PORT,
    check_school,
    commands,
    port_is_free,
    quiet_environment,
    train,
    wait_until_ready,
    write_endpoints,
)


class ErrorsOnly(Printer):
    """Shows what the processes complain about, not how honcho and Rasa start and stop."""

    def write(self, message: Any) -> None:
        line = message.data if isinstance(message.data, str) else message.data.decode("utf-8", "replace")
        if message.name != "system" and any(sign in line for sign in ("ERROR", "Error", "Traceback", "CRITICAL")):
            super().write(message)


def announce(url: str, stopped: threading.Event) -> None:
    """Prints the address as soon as the model answers there."""
    if wait_until_ready(url, alive=lambda: not stopped.is_set()):
        print(f"Lantern answers on {url}  (Ctrl-C stops it)", flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, default=PORT)
    arguments.add_argument("--actions-port", type=int, default=ACTIONS_PORT)
    options = arguments.parse_args()
    check_school()
    for port, option in ((options.port, "PORT"), (options.actions_port, "ACTIONS_PORT")):
        if not port_is_free(port):
            sys.exit(f"Port {port} is taken by another program. Stop it, or run `make serve {option}=<another>`.")
    model = train()
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    endpoints = write_endpoints(cache, options.actions_port)
    print("Starting Lantern ...", flush=True)
    manager = Manager(ErrorsOnly(sys.stdout))
    for name, command in commands(options.port, options.actions_port, model, endpoints).items():
        manager.add_process(name, shlex.join(command), env=quiet_environment(), cwd=str(ROOT))
    stopped = threading.Event()
    threading.Thread(target=announce, args=(f"http://127.0.0.1:{options.port}", stopped), daemon=True).start()
    manager.loop()
    stopped.set()
    print("Lantern has stopped.", flush=True)
    # stopped by Ctrl-C is the normal end
    sys.exit(0 if manager.returncode in (0, 130, 143) else manager.returncode)


if __name__ == "__main__":
    main()
