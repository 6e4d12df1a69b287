"""The stand-in for TensorFlow: imports work, computing does not, the real one wins."""

from __future__ import annotations

import importlib.machinery
import os
import subprocess
import sys

import pytest

from lantern.tensorflow_standin import StandIn, TensorFlowMissing


def test_rasa_components_that_need_tensorflow_import() -> None:
    from rasa.core.policies.ted_policy import TEDPolicy
    from rasa.nlu.classifiers.diet_classifier import DIETClassifier

    assert TEDPolicy and DIETClassifier


def test_computing_says_in_one_sentence_what_is_missing() -> None:
    import tensorflow as tf

    with pytest.raises(
        TensorFlowMissing, match=r"tensorflow\.constant needs TensorFlow, which Lantern does not install"
    ):
        tf.constant([1])


def test_decorators_return_the_function() -> None:
    import tensorflow as tf

    def function() -> int:
        return 1

    assert tf.function(function) is function


def test_the_real_tensorflow_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.machinery.ModuleSpec("tensorflow", None)
    monkeypatch.setattr(importlib.machinery.PathFinder, "find_spec", lambda *_args, **_kwargs: real)
    assert StandIn().find_spec("tensorflow") is None


def test_other_missing_modules_stay_missing() -> None:
    assert StandIn().find_spec("no_such_module") is None


def test_plain_rasa_commands_work() -> None:
    rasa = os.path.join(os.path.dirname(sys.executable), "rasa")
    done = subprocess.run([rasa, "--version"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "3.6.21" in done.stdout


def test_the_records_need_no_tensorflow_and_no_rasa() -> None:
    code = (
        "import sys, lantern.findings, lantern.contacts, lantern.cards, lantern.topics, actions.findings\n"
        "print([name for name in ('tensorflow', 'rasa', 'spacy', 'sklearn') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr


def test_nothing_telephones_home() -> None:
    code = "import os; print(os.environ['RASA_TELEMETRY_ENABLED'])"
    environment = {name: value for name, value in os.environ.items() if name != "RASA_TELEMETRY_ENABLED"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.stdout.strip() == "false"
