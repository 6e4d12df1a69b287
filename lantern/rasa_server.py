"""`python -m lantern.rasa_server`: Rasa's own server with exactly the model that was asked for.

`rasa run` takes any other model it finds when the named one is missing, and does not start when there is none. A user
must meet neither: without its model this server still answers, and the channel gives a crisis its lines and everybody
the contact (see lantern/without_model.py).
"""

from __future__ import annotations

import argparse
import logging
import sys
import warnings
from pathlib import Path

import rasa
from rasa.utils.common import configure_logging_and_warnings
from rasa.utils.log_utils import configure_structlog

from lantern.records import ROOT


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--endpoints", type=Path, default=ROOT / "endpoints.yml")
    arguments.add_argument("--credentials", type=Path, default=ROOT / "credentials.yml")
    arguments.add_argument("--port", type=int, default=5005)
    options = arguments.parse_args()
    configure_logging_and_warnings(logging.ERROR, warn_only_once=True, filter_repeated_logs=True)
    configure_structlog(logging.ERROR)
    warnings.simplefilter("ignore")
    if not options.model.exists():
        print(f"ERROR: no model at {options.model}: only the contact and the crisis lines are answered.", flush=True)
    # actions and components are named by their modules in the project
    sys.path.insert(1, str(ROOT))
    rasa.run(
        model=str(options.model),
        endpoints=str(options.endpoints),
        credentials=str(options.credentials),
        interface="127.0.0.1",
        port=options.port,
        enable_api=False,
    )


if __name__ == "__main__":
    main()
