"""Odd requests to the running service, held to the published contract; `python -m bench.fuzz` sends 20,000."""

from __future__ import annotations

import json
import socket
import time
import uuid

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.fuzz import CONTRACT, VALIDATORS, Broken, check, fuzz
from lantern.service.contract import REFUSALS, Refused, read_message
from tests.conftest import Server

JSON = "application/json"


def port_of(server: Server) -> int:
    return int(server.url.rsplit(":", 1)[1])


def test_odd_requests_get_no_5xx_no_echo_and_the_contact(server: Server) -> None:
    statuses = fuzz(port_of(server), 300, seed=7)
    # were all refused for one reason, little would have been tried
    assert {200, 400, 404, 405, 413, 415, 422} <= set(statuses)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"),
        (200, b'[{"recipient_id": "x", "text": "secret", "custom": {"kind": "guidance"}}]'),
        (200, b'[{"recipient_id": "x", "text": "hi", "custom": {"kind": "guidance"}}]'),
        (400, b'{"error": {"code": "bad_json", "message": "no"}}'),
    ],
)
def test_the_fuzzer_notices_what_must_not_be(status: int, body: bytes) -> None:
    with pytest.raises((Broken, jsonschema.ValidationError)):
        check(b"POST ", status, body, "secret")


def test_the_published_contract_names_every_refusal() -> None:
    assert set(
        CONTRACT["components"]["schemas"]["Refusal"]["properties"]["error"]["properties"]["code"]["enum"]
    ) == set(REFUSALS)
    jsonschema.Draft202012Validator.check_schema(CONTRACT["components"]["schemas"])


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([JSON, "application/json; charset=utf-8", "text/plain", "", None]))
def test_any_bytes_are_read_or_refused(body: bytes, content_type: str | None) -> None:
    try:
        sender, message = read_message(body, content_type)
    except Refused as refused:
        assert refused.code in REFUSALS
    else:
        assert uuid.UUID(sender) and message.encode()


any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda part: st.lists(part, max_size=3)
)


@settings(max_examples=300, deadline=None)
@given(st.fixed_dictionaries({"sender": any_json | st.uuids().map(str), "message": any_json}))
def test_any_fields_are_read_or_refused(content: dict) -> None:
    try:
        sender, message = read_message(json.dumps(content).encode(), JSON)
    except Refused as refused:
        assert refused.code in ("bad_sender", "empty_message", "message_too_long", "body_too_large")
    else:
        assert str(uuid.UUID(content["sender"])) == sender and message.encode("utf-8")


def test_a_body_that_crawls_is_refused_with_the_contact(server: Server) -> None:
    head = b"POST /webhooks/website/webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    slow_body = head + b'Content-Length: 90\r\n\r\n{"sender": '
    with (
        socket.create_connection(("127.0.0.1", port_of(server)), timeout=30) as one,
        socket.create_connection(("127.0.0.1", port_of(server)), timeout=30) as two,
    ):
        one.sendall(slow_body)
        two.sendall(head)
        for connection in (one, two):
            answer = b""
            while part := connection.recv(65536):
                answer += part
                if b"}}" in answer:
                    break
            assert b" 408 " in answer.split(b"\r\n")[0]
            VALIDATORS["Refusal"].validate(json.loads(answer.partition(b"\r\n\r\n")[2]))


def test_a_body_that_is_too_large_is_refused_before_it_arrives(server: Server) -> None:
    head = b"POST /webhooks/website/webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", port_of(server)), timeout=30) as connection:
        connection.sendall(head + b"Content-Length: 40000000\r\n\r\n{")
        assert b" 413 " in connection.recv(65536).split(b"\r\n")[0]
    # not after the ten seconds that a body may take
    assert time.monotonic() - started < 9
