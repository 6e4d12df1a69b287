"""Trains and starts Lantern: one model for each state of what it was trained from, two processes that serve it."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from lantern.records import DATA, ROOT, RecordError
from lantern.school import load_school

MODELS = ROOT / "models"
PORT = 5005
ACTIONS_PORT = 5055
# what training reads, beside everything in data/
_INPUTS = ("config.yml", "domain.yml", "requirements.lock")
_CODE = ("text", "entities", "records", "topics", "policies", "crisis", "crisis_records", "phrases", "rule_policy")

# in data/ like all wording, but the model knows nothing of it
_WORDS_OF_THE_WIDGET = DATA / "records" / "widget.yml"


def training_inputs() -> list[Path]:
    """Returns every file that the trained model depends on."""
    code = [*(ROOT / "lantern" / f"{name}.py" for name in _CODE), *(ROOT / "lantern" / "nlu").glob("*.py")]
    data = set(DATA.rglob("*.yml")) - {_WORDS_OF_THE_WIDGET}
    return sorted([*(ROOT / name for name in _INPUTS), *code, *data])


def model_path() -> Path:
    """Returns the path of the model that fits the present inputs, whether it exists or not."""
    digest = hashlib.sha256()
    for path in training_inputs():
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return MODELS / f"lantern-{digest.hexdigest()[:16]}.tar.gz"


def find_model() -> Path:
    """Returns the model that fits the present inputs.

    Raises:
        FileNotFoundError: it has not been trained yet.
    """
    path = model_path()
    if not path.exists():
        raise FileNotFoundError("no model for the present data: run `make train`")
    return path


def train() -> Path:
    """Returns the model that fits the present inputs, trained now if it does not exist.

    Raises:
        SystemExit: training failed; Rasa's output is in `.cache/train.log`.
    """
    path = model_path()
    if path.exists():
        return path
    print("Training the model (once for each change of data/, a few minutes) ...", flush=True)
    MODELS.mkdir(exist_ok=True)
    log = ROOT / ".cache" / "train.log"
    log.parent.mkdir(exist_ok=True)
    # trained under another name and renamed when whole: a stopped training leaves no half model behind
    command = [sys.executable, "-m", "rasa", "train", "--skip-validation", "--out", str(MODELS)]
    command += ["--fixed-model-name", f"unfinished-{os.getpid()}"]
    cores = str(os.cpu_count() or 1)
    environment = {**quiet_environment(), "OMP_NUM_THREADS": cores, "OPENBLAS_NUM_THREADS": cores}
    started = time.monotonic()
    with log.open("w", encoding="utf-8") as sink:
        process = subprocess.Popen(command, cwd=ROOT, stdout=sink, stderr=subprocess.STDOUT, env=environment)
        while process.poll() is None:
            time.sleep(0.2)
            if sys.stdout.isatty():
                print(f"\r  {time.monotonic() - started:.0f} s", end="", flush=True)
    unfinished = MODELS / f"unfinished-{os.getpid()}.tar.gz"
    if process.returncode or not unfinished.exists():
        unfinished.unlink(missing_ok=True)
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
        sys.exit(f"{tail}\n\nTraining failed; the whole output is in {log.relative_to(ROOT)}.")
    # the latest of the others stays: a Lantern that runs with it may have to start a worker again
    for old in sorted(MODELS.glob("lantern-*.tar.gz"), key=lambda old: old.stat().st_mtime)[:-1]:
        old.unlink()
    unfinished.rename(path)
    print(f"\r  trained in {time.monotonic() - started:.0f} s", flush=True)
    return path


def quiet_environment() -> dict[str, str]:
    """Returns the environment for Rasa's processes: warnings of its libraries off, errors on, nothing sent home."""
    quiet = {
        "PYTHONWARNINGS": "ignore",
        "RASA_TELEMETRY_ENABLED": "false",
        "LOG_LEVEL": "ERROR",
        "LOG_LEVEL_LIBRARIES": "ERROR",
        # one message is one small matrix: sharing it between threads costs more than it brings
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        # each thread's own heap keeps what it once used
        "MALLOC_ARENA_MAX": "1",
    }
    return {**os.environ, **{name: os.environ.get(name, value) for name, value in quiet.items()}}


def check_school() -> None:
    """Reads school.yml before anything is started.

    Raises:
        SystemExit: something in it is wrong; every problem is named.
    """
    try:
        load_school()
    except RecordError as error:
        sys.exit(f"{error}\n\nLantern does not start before school.yml is corrected.")


def wait_until_ready(url: str, alive: Callable[[], bool], patience: float = 60.0) -> bool:
    """Returns whether the server behind `url` said that its model answers, before it died or `patience` (s) ran out."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and alive():
        try:
            with urllib.request.urlopen(f"{url}/webhooks/website/", timeout=2) as answer:
                if answer.status == 200:
                    return True
        except OSError:
            time.sleep(0.1)
    return False


def port_is_free(port: int) -> bool:
    """Returns whether a server can listen on 127.0.0.1:`port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def commands(port: int, actions_port: int, model: Path, endpoints: Path) -> dict[str, list[str]]:
    """Returns the command line of each process: the action server and Rasa, both on the loopback address."""
    rasa = [sys.executable, "-m", "lantern.rasa_server", "--port", str(port), "--model", str(model)]
    rasa += ["--endpoints", str(endpoints)]
    return {
        "actions": [sys.executable, "-m", "lantern.action_server", "--port", str(actions_port)],
        "rasa": rasa,
    }


def write_endpoints(folder: Path, actions_port: int) -> Path:
    """Returns the project's endpoints.yml, or a copy in `folder` that names another action server port."""
    source = ROOT / "endpoints.yml"
    if actions_port == ACTIONS_PORT:
        return source
    target = folder / f"endpoints-{actions_port}.yml"
    target.write_text(source.read_text(encoding="utf-8").replace(f":{ACTIONS_PORT}/", f":{actions_port}/"))
    return target
