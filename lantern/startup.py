"""Runs at every start of Python in `.venv`: the set-up's `.pth` file imports it. So plain `rasa` commands work too."""

from __future__ import annotations

import os

from lantern import tensorflow_standin

# Nothing telephones home, also not in a hurry: a start would wait for the network otherwise.
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
# one warning of Rasa's at each start that only its makers could act on
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

tensorflow_standin.install()
