"""Rasa's action server on the loopback address only: `python -m lantern.action_server --port 5055`."""

from __future__ import annotations

import argparse
import logging
import os
from typing import Any

from lantern.service import privacy

logger = logging.getLogger("lantern.action_server")


def refuse(request: Any, exception: Exception) -> Any:
    """Answers a crash; the SDK's own answer repeats the exception and the whole conversation."""
    from sanic import response

    logger.error("An action failed with %s.", type(exception).__name__)
    return response.json({"error": "failed"}, status=500)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--host", default="127.0.0.1", help="the address to listen on; a container needs 0.0.0.0")
    arguments.add_argument("--port", type=int, default=5055)
    options = arguments.parse_args()
    level = os.environ.get("LOG_LEVEL", "ERROR")
    privacy.install(level)

    from rasa_sdk.endpoint import create_app

    logging.basicConfig(level=level)
    app = create_app("actions", cors_origins="")
    app.error_handler.add(Exception, refuse)
    # rasa_sdk's own start listens on every interface
    app.run(host=options.host, port=options.port, access_log=False, debug=False)


if __name__ == "__main__":
    main()
