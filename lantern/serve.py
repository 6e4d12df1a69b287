"""`make serve`: trains if needed, keeps the action server and Rasa running, says where Lantern answers."""

from __future__ import annotations

import argparse
import sys
import threading

from lantern.records import ROOT
from lantern.service.supervisor import Service, Supervisor
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


def announce(url: str, stopped: threading.Event) -> None:
    """Prints the address as soon as the model answers there."""
    if wait_until_ready(url, alive=lambda: not stopped.is_set()):
        print(f"Lantern answers on {url}  (Ctrl-C stops it)", flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, default=PORT)
    arguments.add_argument("--actions-port", type=int, default=ACTIONS_PORT)
    arguments.add_argument("--metrics-port", type=int, default=0, help="serve counts for Prometheus; 0: do not")
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
    url, lines = f"http://127.0.0.1:{options.port}", commands(options.port, options.actions_port, model, endpoints)
    if options.metrics_port:
        lines["rasa"] += ["--metrics-port", str(options.metrics_port)]
    supervisor = Supervisor(
        [
            Service("rasa", lines["rasa"], f"{url}/webhooks/website/live"),
            Service("actions", lines["actions"], f"http://127.0.0.1:{options.actions_port}/health"),
        ],
        quiet_environment(),
        ROOT,
    )
    stopped = threading.Event()
    threading.Thread(target=announce, args=(url, stopped), daemon=True).start()
    code = supervisor.run()
    stopped.set()
    print("Lantern has stopped.", flush=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
