"""What an operator sees: counts without texts, and health that means it."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any

import pytest

from lantern.service.counts import read_counts
from tests.conftest import Server


def get(server: Server, path: str) -> tuple[int, Any]:
    """Returns status and JSON of an address of the channel."""
    try:
        with urllib.request.urlopen(f"{server.url}/webhooks/website/{path}", timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def counted(server: Server, name: str) -> float:
    """Returns the sum over all labels of one count."""
    return sum(float(value) for value in re.findall(rf"^{name}(?:\{{.*\}})? (\S+)$", server.metrics(), re.MULTILINE))


def test_turns_are_counted_by_kind_and_topic(server: Server) -> None:
    before = counted(server, "lantern_turn_seconds_count")
    server.talk()("i want to kill myself")
    assert 'lantern_replies_total{kind="crisis",topic="self_harm"}' in server.metrics()
    assert counted(server, "lantern_turn_seconds_count") == before + 1


def test_refusals_and_failures_of_the_action_server_are_counted(server: Server) -> None:
    refused, failed = counted(server, "lantern_refused_total"), counted(server, "lantern_action_failures_total")
    server.post(b"{}")
    assert counted(server, "lantern_refused_total") == refused + 1
    server.stop("actions")
    try:
        server.talk()("how many of the victims were boys")
    finally:
        server.restart("actions")
    assert counted(server, "lantern_action_failures_total") > failed


def test_no_label_holds_what_a_user_sent(server: Server) -> None:
    sender = str(uuid.uuid4())
    server.post(json.dumps({"sender": sender, "message": "/canarytopic canarytext"}).encode())
    told = server.metrics()
    assert sender not in told and "canary" not in told
    # names of topics and kinds only: a label must not grow with what is written
    labels = set(re.findall(r'(?:kind|topic|code|cause|type|what)="([^"]*)"', told))
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z_]+(_18)?", label) for label in labels)


def test_a_good_worker_lives_and_is_ready(server: Server) -> None:
    assert get(server, "live") == (200, {"status": "ok"})
    status, facts = get(server, "ready")
    assert status == 200 and facts["model"] and facts["room"] and not facts["stopping"]


def test_a_worker_whose_encoder_throws_lives_but_is_not_ready(model: Path, tmp_path: Path) -> None:
    from tests.service.test_faults import encoder_throws

    running = encoder_throws(tmp_path, model)
    try:
        running.wait_for_any_answer()
        assert get(running, "live")[0] == 200
        status, facts = get(running, "ready")
        assert status == 503 and facts["status"] == "not_ready" and facts["model"] is False
    finally:
        running.stop()


@pytest.mark.parametrize("on", [True, False])
def test_monthly_counts_are_kept_only_where_a_school_wants_them(model: Path, tmp_path: Path, on: bool) -> None:
    folder = tmp_path / "counts"
    running = Server(model, tmp_path, {"LANTERN_COUNTS": str(folder)} if on else {})
    try:
        running.wait()
        canary = f"canary{uuid.uuid4().hex}"
        running.talk()(f"i already paid him {canary}")
    finally:
        running.stop()
    if not on:
        assert not folder.exists()
        return
    (month,) = read_counts(folder).values()
    assert sum(month.values()) == 1
    assert canary not in "".join(path.read_text() for path in folder.iterdir())
