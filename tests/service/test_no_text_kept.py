"""No word of a user is found anywhere after it was answered: real processes at debug level, every path, every file."""

from __future__ import annotations

import json
import logging
import sys
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
import structlog

from lantern.service import privacy
from tests.conftest import Server

# read by Python at the start of every process that has its folder on the path: three words break three places
BREAKS = dedent("""
    import sys, threading
    command = " ".join(sys.orig_argv)
    if "rasa_server" in command:
        from lantern.nlu.sentence_encoder import SentenceEncoder
        process = SentenceEncoder.process

        def broken(self, messages):
            text = messages[0].get("text") or ""
            if "breakencoder" in text:
                raise RuntimeError("cannot encode: " + text)
            if "breakthread" in text:
                threading.Thread(target=lambda: 1 / 0 if not text else int(text)).start()
            if "warnme" in text:
                import warnings
                warnings.warn("strange: " + text)
            return process(self, messages)

        SentenceEncoder.process = broken
    if "action_server" in command:
        from rasa_sdk.executor import ActionExecutor

        run = ActionExecutor.run

        async def broken_run(self, call):
            text = call["tracker"]["latest_message"]["text"]
            if "breakaction" in text:
                raise KeyError("no such thing: " + text)
            return await run(self, call)

        ActionExecutor.run = broken_run
""")
PATHS = {
    "success": "{} how many of the victims were boys",
    "help": "he threatens me {} what do i do",
    "crisis": "i want to kill myself {}",
    "personal data": "my snap is {} and i am at 12 Elm Street",
    "nlu crash": "breakencoder {}",
    "action crash": "breakaction {} how many of the victims were girls",
    "thread crash": "breakthread {}",
    "warning": "warnme {}",
    "slash": "/{}",
    "odd": "\ud800{}\x00<b>",
}


@pytest.fixture(scope="module")
def loud(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server at debug level that writes its files into a folder of its own."""
    folder = tmp_path_factory.mktemp("loud")
    (folder / "sitecustomize.py").write_text(BREAKS)
    environment = {"LOG_LEVEL": "DEBUG", "LOG_LEVEL_LIBRARIES": "DEBUG", "PYTHONPATH": str(folder)}
    environment |= {"TMPDIR": str(folder), "PYTHONWARNINGS": "always", "FORCE_JSON_LOGGING": "true"}
    running = Server(model, folder, environment)
    try:
        running.wait()
        yield running
    finally:
        running.stop()


def written(folder: Path) -> list[Path]:
    """Returns the files of a folder that can hold what the processes wrote."""
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "sitecustomize.py"]


@pytest.mark.parametrize("path", PATHS)
def test_a_word_of_a_user_is_nowhere_after_the_answer(loud: Server, path: str) -> None:
    canary = f"canary{uuid.uuid4().hex}"
    status, replies = loud.post(
        json.dumps({"sender": str(uuid.uuid4()), "message": PATHS[path].format(canary)}).encode()
    )
    assert status == 200 and replies[-1]["custom"]["contact"]["phone"] == "1-800-843-5678"
    assert canary not in json.dumps(replies)
    assert canary not in loud.metrics()
    assert not [file for file in written(loud.log.parent) if canary.encode() in file.read_bytes()]


@pytest.mark.parametrize(
    "body",
    ['{{"sender": "{0}", "message": "{0}"}}', "{0}", '{{"sender": "{1}", "message": ["{0}"]}}', '[["{0}"'],
    ids=["bad sender", "bad json", "bad message", "half json"],
)
def test_a_word_in_bad_input_is_nowhere_after_the_answer(loud: Server, body: str) -> None:
    canary = f"canary{uuid.uuid4().hex}"
    status, answer = loud.post(body.format(canary, uuid.uuid4()).encode(), f"/webhooks/website/webhook?q={canary}")
    assert 400 <= status < 500 and canary not in json.dumps(answer)
    status, answer = loud.post(b"{}", f"/{canary}")
    assert status == 404 and canary not in json.dumps(answer)
    assert canary not in loud.metrics()
    assert not [file for file in written(loud.log.parent) if canary.encode() in file.read_bytes()]


def test_the_log_tells_places_and_types(loud: Server) -> None:
    loud.talk()("breakencoder")
    loud.talk()("breakaction how many of the victims were girls")
    log = loud.log.read_text()
    # were nothing logged at all, the searches above would prove nothing
    assert "A turn failed with GraphComponentException." in log
    assert "KeyError" in log and "rasa.core" in log and len(log.splitlines()) > 100


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Everything that `privacy.install` sets, undone afterwards."""
    for place, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(place, name, getattr(place, name))
    monkeypatch.setattr(logging, "raiseExceptions", True)
    monkeypatch.setattr(logging.Logger, "makeRecord", logging.Logger.makeRecord)
    privacy.install("DEBUG")
    yield


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error", "exception", "critical"])
def test_a_library_cannot_log_what_it_knows(silent: None, caplog: pytest.LogCaptureFixture, level: str) -> None:
    caplog.set_level("DEBUG")
    try:
        raise ValueError("can" + "ary")
    except ValueError:
        getattr(logging.getLogger("rasa.core.processor"), level)("said canary %s", "canary", extra={"text": "canary"})
        getattr(structlog.get_logger("x"), level)("canary", text="canary")
    assert caplog.records
    for record in caplog.records:
        assert "canary" not in str(record.__dict__)


def test_lantern_itself_is_told_in_full_without_tracebacks(silent: None, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    try:
        raise ValueError("can" + "ary")
    except ValueError:
        logging.getLogger("lantern.channel").exception("A turn failed with %s.", "X")
    assert caplog.records[0].getMessage() == "A turn failed with X.: ValueError"
    assert caplog.records[0].exc_info is None


def test_a_crash_tells_its_place_but_not_its_text(silent: None, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError("can" + "ary")
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    told = capsys.readouterr().err
    assert "canary" not in told and "ValueError" in told and "test_no_text_kept.py" in told
