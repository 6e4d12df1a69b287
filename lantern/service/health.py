"""Whether a worker lives, and whether it should be given users: three addresses of the website channel."""

from __future__ import annotations

import time
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from lantern.service.limits import MOST_AT_ONCE, Limits

# the model is asked a sentence of our own at most so often
CHECK_SECONDS = 5.0
SENTENCE = "where can i report this"


class Health:
    """Answers of `/`, `/live` and `/ready`."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._checked, self._understands = -CHECK_SECONDS, False
        self.draining = False

    def register(self, blueprint: Blueprint) -> None:
        """Adds the three addresses."""
        for path, answer in (("/", self.answers), ("/live", self.live), ("/ready", self.ready)):

            async def route(request: Request, answer: Any = answer) -> HTTPResponse:
                return await answer(request)

            blueprint.add_route(route, path, methods=["GET"], name=answer.__name__)

    async def answers(self, request: Request) -> HTTPResponse:
        """200 once the model is loaded: the address of the contract."""
        loaded = self._agent(request) is not None
        return response.json({"status": "ok" if loaded else "starting"}, status=200 if loaded else 503)

    async def live(self, request: Request) -> HTTPResponse:
        """200 as long as the worker answers at all; a worker without its model still gives the crisis lines."""
        return response.json({"status": "ok"})

    async def ready(self, request: Request) -> HTTPResponse:
        """200 if the worker should be given users: the model understands, there is room, and it is not stopping."""
        facts = {
            "model": await self._model_understands(request),
            "room": self._limits.running < MOST_AT_ONCE,
            "stopping": self.draining,
        }
        ready = facts["model"] and facts["room"] and not self.draining
        return response.json({"status": "ok" if ready else "not_ready", **facts}, status=200 if ready else 503)

    @staticmethod
    def _agent(request: Request) -> Any:
        agent = getattr(request.app.ctx, "agent", None)
        return agent if agent and agent.is_ready() else None

    async def _model_understands(self, request: Request) -> bool:
        agent = self._agent(request)
        if agent is None:
            return False
        if time.monotonic() - self._checked >= CHECK_SECONDS:
            self._checked = time.monotonic()
            try:
                read = await agent.parse_message(SENTENCE)
                self._understands = read["intent"]["name"] == "where_to_report"
            except Exception:  # noqa: BLE001  (whatever it is, this worker understands nobody)
                self._understands = False
        return self._understands
