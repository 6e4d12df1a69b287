"""Every request that gets no turn is told why, in one shape, with the CyberTipline contact."""

from __future__ import annotations

import logging

from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from lantern.contacts import load_contacts
from lantern.service.contract import MAX_BODY, REFUSALS, Refused
from lantern.service.metrics import REFUSED

logger = logging.getLogger(__name__)

# seconds for the head of a request, for its body, and for a whole request with its answer
HEAD_SECONDS, BODY_SECONDS, WHOLE_SECONDS = 10, 10, 30
_BY_STATUS = {404: "not_found", 405: "bad_method", 408: "too_slow", 413: "body_too_large", 503: "busy"}


class Refusals:
    """Makes the answers, and makes Sanic use them for what it refuses itself."""

    def __init__(self) -> None:
        self._contact = load_contacts().payload()

    def answer(self, refused: Refused) -> HTTPResponse:
        """Returns the answer for `refused`."""
        status, sentence = REFUSALS[refused.code]
        REFUSED.labels(refused.code).inc()
        headers = {"Retry-After": str(refused.retry_after)} if refused.retry_after else {}
        content = {"error": {"code": refused.code, "message": sentence}, "contact": self._contact}
        return response.json(content, status=status, headers={"Cache-Control": "no-store", **headers})

    def register(self, app: Sanic) -> None:
        """Sets Sanic's limits on size and time, and takes over its error pages."""
        app.config.REQUEST_MAX_SIZE = MAX_BODY
        app.config.REQUEST_TIMEOUT = HEAD_SECONDS
        app.config.RESPONSE_TIMEOUT = WHOLE_SECONDS
        app.config.GRACEFUL_SHUTDOWN_TIMEOUT = WHOLE_SECONDS / 2
        app.error_handler.add(SanicException, self._refuse)
        app.error_handler.add(Exception, self._refuse)

    def _refuse(self, request: Request, exception: Exception) -> HTTPResponse:
        if isinstance(exception, SanicException):
            code = _BY_STATUS.get(exception.status_code, "bad_request")
        elif isinstance(exception, (ValueError, KeyError, TypeError)) or type(exception).__module__.startswith(
            "httptools"
        ):
            # Sanic lets these out when the head of a request is not HTTP
            code = "bad_request"
        else:
            logger.error("A request failed with %s.", type(exception).__name__)
            code = "busy"
        return self.answer(Refused(code, 2 if code == "busy" else None))
