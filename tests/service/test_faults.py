"""Real servers with something broken: a crisis still gets its lines, everybody still gets the contact."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from lantern import serving
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


def contact_in(reply: dict) -> bool:
    return reply["custom"]["contact"]["phone"] == "1-800-843-5678"


def test_a_disk_that_takes_nothing_more_stops_no_answer(model: Path, tmp_path: Path) -> None:
    running = Server(model, tmp_path, {"LOG_LEVEL": "DEBUG"})
    try:
        running.wait()
        size = running.log.stat().st_size
        for process in running.processes.values():
            # from now on each write into a file fails, as on a full or read-only disk
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, 0))
        say = running.talk()
        assert "78%" in say("how many of the victims were girls, in percent?")[-1]["text"]
        assert "15%" in say("and boys?")[-1]["text"]
        assert say("i want to kill myself")[-1]["custom"]["kind"] == "crisis"
        # else nothing was tried: at this level each turn is logged
        assert running.log.stat().st_size == size
    finally:
        running.stop()


UNLIMITED = resource.RLIM_INFINITY


def test_a_start_on_a_full_disk_answers_a_crisis_and_recovers(model: Path, tmp_path: Path) -> None:
    # the model cannot be unpacked
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))"
    (tmp_path / "sitecustomize.py").write_text(limit)
    running = Server(model, tmp_path, {"PYTHONPATH": str(tmp_path)})
    try:
        running.wait_for_any_answer()
        reply = running.talk()("i want to kill myself")[-1]
        assert reply["custom"]["kind"] == "crisis" and contact_in(reply)
        assert running.talk()("how many boys")[-1]["custom"]["kind"] == "error"
        resource.prlimit(running.processes["rasa"].pid, resource.RLIMIT_FSIZE, (UNLIMITED, UNLIMITED))
        assert serving.wait_until_ready(running.url, lambda: running.processes["rasa"].poll() is None)
        assert running.talk()("i already paid him")[-1]["custom"]["kind"] == "guidance"
    finally:
        running.stop()


CLOCK_JUMPS = dedent("""
    import pathlib, time
    real, jump = time.time, pathlib.Path(__file__).with_name("jump")
    time.time = lambda: real() + (float(jump.read_text()) if jump.exists() else 0.0)
""")


def test_a_clock_that_jumps_stops_no_answer(model: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(CLOCK_JUMPS)
    running = Server(model, tmp_path, {"PYTHONPATH": str(tmp_path)})
    try:
        running.wait()
        say = running.talk()
        assert "78%" in say("how many of the victims were girls, in percent?")[-1]["text"]
        for seconds in (5 * 365 * 86400, -5 * 365 * 86400, 7200, 0):
            (tmp_path / "jump").write_text(str(seconds))
            assert say("i want to kill myself")[-1]["custom"]["kind"] == "crisis", seconds
            assert "78%" in say("how many of the victims were girls, in percent?")[-1]["text"], seconds
            assert "78%" in running.talk()("how many of the victims were girls, in percent?")[-1]["text"], seconds
    finally:
        running.stop()
