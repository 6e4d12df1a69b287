"""Runs the scenarios in the folders beside this file with Rasa's own command, on the trained model."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import yaml

from lantern.serving import quiet_environment

HERE = Path(__file__).parent
LEAST = 40


def test_there_are_enough_scenarios_with_names_of_their_own() -> None:
    names = [
        story["story"]
        for path in HERE.rglob("test_*.yml")
        for story in yaml.safe_load(path.read_text(encoding="utf-8"))["stories"]
    ]
    assert len(names) >= LEAST
    assert len(names) == len(set(names))


def test_all_scenarios_go_as_told(model: Path, tmp_path: Path) -> None:
    rasa = os.path.join(os.path.dirname(sys.executable), "rasa")
    command = [rasa, "test", "core", "--e2e", "--stories", str(HERE), "--model", str(model)]
    command += ["--fail-on-prediction-errors", "--out", str(tmp_path)]
    done = subprocess.run(
        command, cwd=HERE.parents[1], env=quiet_environment(), capture_output=True, text=True, timeout=540
    )
    failed = tmp_path / "failed_test_stories.yml"
    told = failed.read_text(encoding="utf-8") if failed.exists() else ""
    assert done.returncode == 0, told[-6000:] + done.stderr[-2000:]
