"""`make chat`: Lantern in the terminal, with the same two servers and the same channel as in the browser."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lantern.records import ROOT
from lantern.serving import (
    check_school,
    commands,
    port_is_free,
    quiet_environment,
    train,
    wait_until_ready,
    write_endpoints,
)

PORT, ACTIONS_PORT = 5105, 5155


def ask(url: str, sender: str, message: str) -> list[dict[str, Any]]:
    """Returns Lantern's replies to one message."""
    body = json.dumps({"sender": sender, "message": message}).encode()
    request = urllib.request.Request(f"{url}/webhooks/website/webhook", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def show(replies: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Prints the replies, the contact last, and returns the buttons, which a number chooses."""
    buttons = []
    for reply in replies:
        print(f"\n{reply['text']}\n")
        buttons += reply.get("buttons", [])
    for number, button in enumerate(buttons, start=1):
        print(f"  {number}. {button['title']}")
    contact = replies[-1]["custom"]["contact"]
    print(f"\n  {contact['label']}: {contact['phone']} or {contact['url']}\n")
    return buttons


def talk(url: str) -> None:
    """Reads messages until the end of the input."""
    sender = str(uuid.uuid4())
    buttons = show(ask(url, sender, "/greet"))
    while True:
        try:
            text = input("> ").strip()
        except (EOFError, KeyboardInterrupt):
            print()
            return
        if text.isdigit() and 0 < int(text) <= len(buttons):
            text = buttons[int(text) - 1]["payload"]
        if text:
            try:
                buttons = show(ask(url, sender, text))
            except urllib.error.HTTPError as error:
                print(json.load(error)["error"]["message"])


@contextmanager
def running(port: int = PORT, actions_port: int = ACTIONS_PORT) -> Iterator[str]:
    """Trains if needed, starts both servers, yields the address, and stops them again.

    Raises:
        SystemExit: a port is taken, school.yml is wrong, or the servers do not start.
    """
    check_school()
    for wanted in (port, actions_port):
        if not port_is_free(wanted):
            sys.exit(f"Port {wanted} is taken by another program; the chat needs it.")
    model = train()
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    lines = commands(port, actions_port, model, write_endpoints(cache, actions_port))
    with (cache / "chat.log").open("w") as sink:
        processes = [
            subprocess.Popen(line, cwd=ROOT, env=quiet_environment(), stdout=sink, stderr=sink, start_new_session=True)
            for line in lines.values()
        ]
        try:
            url = f"http://127.0.0.1:{port}"
            if not wait_until_ready(url, alive=lambda: all(process.poll() is None for process in processes)):
                sys.exit("Lantern did not start; .cache/chat.log says why.")
            yield url
        finally:
            for process in processes:
                process.terminate()
                process.wait(timeout=10)


def main() -> None:
    with running() as url:
        print("Type a message, or the number of a button. Ctrl-D ends the chat; nothing is kept.")
        talk(url)


if __name__ == "__main__":
    main()
