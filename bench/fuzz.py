"""Odd requests by the thousand: none may get a 5xx, an echo, or an answer without the contact.

usage: python -m bench.fuzz [--requests 20000] [--seed 1]

Starts its own server on a loopback port. The requests are made from the published contract (docs/openapi.yml): right
ones, nearly right ones, and bytes that are not HTTP. The same seed makes the same requests.
"""

from __future__ import annotations

import argparse
import json
import random
import socket
import string
import time
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import yaml

ROOT = Path(__file__).resolve().parents[1]
CONTRACT = yaml.safe_load((ROOT / "docs" / "openapi.yml").read_text(encoding="utf-8"))
WEBHOOK = "/webhooks/website/webhook"
WORDS = (
    "he threatens me",
    "how many boys",
    "/greet",
    "/restart",
    "i want to die",
    "hi",
    "%s{0}",
    "<b>",
    "'--",
    "\\u0000",
)
ODD = ("\x00", "\ud800", "\udfff", "\u202e", "\u200b", "\ufeff", "\U0001f642", "ﷺ", "İ", "\r\n", "\x85", "a\u0301" * 9)


class Broken(AssertionError):
    """An answer that must not be."""


def schema(name: str) -> dict[str, Any]:
    """Returns one schema of the contract, with all that it refers to."""
    return {"$ref": f"#/components/schemas/{name}", "components": CONTRACT["components"]}


VALIDATORS = {name: jsonschema.Draft202012Validator(schema(name)) for name in ("Replies", "Refusal")}


def make_text(chance: random.Random, canary: str) -> str:
    """Returns a message: words, odd characters, or very long."""
    parts = [chance.choice((canary, *WORDS, *ODD)) for _ in range(chance.randint(0, 8))]
    parts.append("".join(chance.choices(string.printable, k=chance.randint(0, 40))))
    text = " ".join(parts)
    return text * chance.choice((1, 1, 1, 1, 60, 400))


def make_value(chance: random.Random, canary: str, depth: int = 0) -> Any:
    """Returns any JSON value."""
    kinds = [
        lambda: None,
        lambda: chance.random() < 0.5,
        lambda: chance.choice((0, -1, 10**400, 1.5e308, float("nan"), float("inf"))),
        lambda: make_text(chance, canary),
        lambda: str(uuid.UUID(int=chance.getrandbits(128))),
        lambda: [make_value(chance, canary, depth + 1) for _ in range(chance.randint(0, 3))],
        lambda: {
            make_text(chance, canary)[:9]: make_value(chance, canary, depth + 1) for _ in range(chance.randint(0, 3))
        },
    ]
    return chance.choice(kinds[: 5 if depth > 3 else None])()


def make_body(chance: random.Random, canary: str) -> bytes:
    """Returns a body: half of them follow the contract or nearly do."""
    sender: Any = str(uuid.UUID(int=chance.getrandbits(128)))
    content: Any = {"sender": sender, "message": make_text(chance, canary)}
    kind = chance.randint(0, 9)
    if kind == 5:
        content[chance.choice(("sender", "message"))] = make_value(chance, canary)
    elif kind == 6:
        content = make_value(chance, canary)
    elif kind == 7:
        return chance.choice((b"[", b'{"a":')) * chance.randint(1, 20_000)
    elif kind == 8:
        return chance.randbytes(chance.randint(0, 200)) + canary.encode()
    body = json.dumps(content, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    return body[: chance.randint(0, len(body))] if kind == 9 else body


def make_request(chance: random.Random, canary: str) -> bytes:
    """Returns the bytes of one request, which closes its connection."""
    body = make_body(chance, canary)
    method, path, kind = "POST", WEBHOOK, "application/json"
    if chance.random() < 0.15:
        method = chance.choice(("GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "get", "FOO", canary))
    if chance.random() < 0.15:
        paths = ("/", "/webhooks/website/", "/webhooks/rest/webhook", "/model/parse", f"/{canary}", "/../../etc/passwd")
        path = chance.choice(
            (*paths, WEBHOOK + "?q=" + canary, "*", "/%00", "/%ff%fe", "/" + "x" * 9000, WEBHOOK + "/")
        )
    if chance.random() < 0.1:
        kind = chance.choice(("text/plain", "", "application/x-www-form-urlencoded", "application/JSON; charset=utf-8"))
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Type: {kind}", "Connection: close"]
    length: Any = len(body)
    if chance.random() < 0.05:
        length = chance.choice((0, 10**12, "x", "", 10**30))
    chunked = chance.random() < 0.05
    lines.append("Transfer-Encoding: chunked" if chunked else f"Content-Length: {length}")
    if chance.random() < 0.05:
        lines.append(
            chance.choice((f"X-{canary}: {canary}", "nonsense", "Expect: tea", "Content-Encoding: gzip", ": "))
        )
    head = "\r\n".join(lines).encode() + b"\r\n\r\n"
    if chunked:
        body = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    if chance.random() < 0.03:
        return chance.randbytes(chance.randint(1, 300)) + b"\r\n\r\n"
    return head + body


def ask(port: int, request: bytes) -> tuple[int, bytes]:
    """Returns status and body of the answer; status 0 where the server closed without a word."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        try:
            connection.sendall(request)
        except OSError:
            pass
        answer = b""
        try:
            while part := connection.recv(65536):
                answer += part
        except OSError:
            pass
    if not answer:
        return 0, b""
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


def check(request: bytes, status: int, body: bytes, canary: str) -> None:
    """Raises `Broken` where an answer breaks the contract."""
    if status >= 500:
        raise Broken(f"status {status}")
    if canary.encode() in body:
        raise Broken("an echo")
    if not body or request.startswith(b"HEAD ") or not body.startswith((b"{", b"[")):
        return
    content = json.loads(body)
    if isinstance(content, dict) and "status" in content and status == 200:
        return
    VALIDATORS["Replies" if status == 200 else "Refusal"].validate(content)
    if status == 200 and "contact" not in content[-1]["custom"]:
        raise Broken("no contact")


def fuzz(port: int, requests: int, seed: int) -> Counter[int]:
    """Sends the requests one after the other and returns how often each status came.

    Raises:
        Broken, jsonschema.ValidationError: an answer must not be; the request is in its notes.
    """
    chance, statuses = random.Random(seed), Counter()
    for index in range(requests):
        canary = f"zq{chance.getrandbits(60):x}zq"
        request = make_request(chance, canary)
        status, body = ask(port, request)
        try:
            check(request, status, body, canary)
        except (Broken, jsonschema.ValidationError, ValueError) as error:
            error.add_note(f"request {index} of seed {seed}: {request[:300]!r}; answer {status} {body[:300]!r}")
            raise
        statuses[status] += 1
    return statuses


def main() -> None:
    from bench.server import running_server

    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--requests", type=int, default=20_000)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    with running_server() as server:
        started = time.monotonic()
        statuses = fuzz(int(server.url.rsplit(":", 1)[1]), options.requests, options.seed)
        took = time.monotonic() - started
    print(f"{options.requests} requests in {took:.0f} s, no 5xx, no echo, each refusal and reply with the contact")
    print("statuses:", json.dumps({str(status): count for status, count in sorted(statuses.items())}))


if __name__ == "__main__":
    main()
