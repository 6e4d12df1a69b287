"""Real servers with something broken: a crisis still gets its lines, everybody still gets the contact."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from tests.conftest import Server

CRISES = {
    "i want to kill myself": "988",
    "i dont want to be here anymore": "988",
    "my friend says she is going to kill herself tonight": "988",
    "he is outside my house right now with a knife": "911",
    "my stepdad touches me when mom is at work": "1-800-422-4453",
}
# read by Python at the start of every process that has its folder on the path
ENCODER_THROWS = dedent("""
    import sys
    if any("rasa_server" in part for part in sys.orig_argv):
        from lantern.nlu.sentence_encoder import SentenceEncoder

        def process(self, messages):
            raise RuntimeError("the encoder is broken: " + messages[0].get("text"))

        SentenceEncoder.process = process
""")


def no_model(folder: Path, model: Path) -> Server:
    return Server(folder / "missing.tar.gz", folder)


def half_a_model(folder: Path, model: Path) -> Server:
    broken = folder / "half.tar.gz"
    content = model.read_bytes()
    broken.write_bytes(content[: len(content) // 2])
    return Server(broken, folder)


def encoder_throws(folder: Path, model: Path) -> Server:
    (folder / "sitecustomize.py").write_text(ENCODER_THROWS)
    return Server(model, folder, {"PYTHONPATH": str(folder)})


@pytest.fixture(scope="module", params=[no_model, half_a_model, encoder_throws], ids=lambda fault: fault.__name__)
def broken(request: pytest.FixtureRequest, model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = request.param(tmp_path_factory.mktemp(request.param.__name__), model)
    try:
        running.wait_for_any_answer()
        yield running
    finally:
        running.stop()


@pytest.mark.parametrize(("message", "line"), CRISES.items(), ids=list(CRISES))
def test_a_crisis_gets_its_lines(broken: Server, message: str, line: str) -> None:
    reply = broken.talk()(message)[-1]
    assert reply["custom"]["kind"] == "crisis"
    assert line in reply["text"] and reply["custom"]["contact"]["phone"] == "1-800-843-5678"


def test_everybody_else_gets_the_contact_and_a_next_step(broken: Server) -> None:
    reply = broken.talk()("how many of the victims were boys")[-1]
    assert reply["custom"]["kind"] == "error"
    assert reply["custom"]["contact"]["phone"] == "1-800-843-5678"


def test_no_text_of_a_user_is_logged(broken: Server) -> None:
    broken.talk()("canaryword he threatens me")
    assert "canaryword" not in broken.log.read_text()
