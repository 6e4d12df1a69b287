"""Rasa's action server on the loopback address only: `python -m lantern.action_server --port 5055`."""

from __future__ import annotations

import argparse
import logging

from rasa_sdk.endpoint import create_app


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, default=5055)
    port = arguments.parse_args().port
    logging.getLogger().setLevel(logging.ERROR)
    app = create_app("actions")
    # rasa_sdk's own start listens on every interface
    app.run(host="127.0.0.1", port=port, access_log=False, debug=False)


if __name__ == "__main__":
    main()
