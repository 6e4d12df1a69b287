"""Which other sites may talk to the webhook: those that `school.yml` names under `origins`, and no others."""

from __future__ import annotations

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from lantern.school import load_school

CHANNEL = "/webhooks/website/"
# browsers ask again after a day
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "content-type",
    "Access-Control-Max-Age": "86400",
}
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Vary": "Origin",
}


class Cors:
    """Marks what a listed site may read, and answers the browser's question before a request."""

    def __init__(self) -> None:
        self._origins = frozenset(load_school().origins)

    async def mark(self, request: Request, answer: HTTPResponse) -> None:
        """Sets the headers of an answer. Rasa has its own idea of them, which lets any site in or none."""
        for name in [name for name in answer.headers if name.lower().startswith("access-control-")]:
            del answer.headers[name]
        if not request.path.startswith(CHANNEL):
            return
        answer.headers.update(SAFE)
        origin = request.headers.get("origin")
        if origin in self._origins:
            answer.headers["Access-Control-Allow-Origin"] = origin
        if request.method == "OPTIONS":
            answer.status, answer.body, answer.content_type = 204, b"", None
            answer.headers.update(PREFLIGHT if origin in self._origins else {})


def add_cors(app: Sanic) -> None:
    """Lets the sites of school.yml use the channel. Called once, before the server starts."""
    app.register_middleware(Cors().mark, "response")
