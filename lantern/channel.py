"""The website channel: what a page on a school's site talks to. Contract: docs/website-channel.md, docs/openapi.yml.

Every answer carries the CyberTipline contact, also when the input is bad, the pipeline throws or nothing comes back.
No text of a user is logged, echoed or kept here.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from lantern.contacts import load_contacts
from lantern.nlg import WEBSITE
from lantern.service import metrics
from lantern.service.contract import Refused, read_message
from lantern.service.counts import FOLDER as COUNTS_FOLDER
from lantern.service.counts import Counts
from lantern.service.health import Health
from lantern.service.limits import Limits
from lantern.service.refusals import BODY_SECONDS, Refusals
from lantern.site.cors import add_cors
from lantern.site.pages import Pages
from lantern.text import normalize
from lantern.topics import load_topics
from lantern.without_model import WithoutModel

logger = logging.getLogger(__name__)

# a turn that takes longer is answered without the model; the action server's three seconds fit in twice
TURN_SECONDS = 8.0
# what a button of ours may send beside the payloads in the responses: a finding by its id
_FINDING_PAYLOAD = re.compile(r'^/ask_finding\{"finding": "[a-z-]{3,60}"\}$')

Handler = Callable[[UserMessage], Awaitable[Any]]


class WebsiteOutput(CollectingOutputChannel):
    """Collects the replies of one turn in the shape of the contract, and the topic of the last one."""

    topic = "none"

    @classmethod
    def name(cls) -> str:
        return WEBSITE

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        reply = {"recipient_id": recipient_id, "text": message.get("text") or ""}
        for key in ("buttons", "image"):
            if message.get(key):
                reply[key] = message[key]
        reply["custom"] = {"kind": message.get("kind", "guidance")}
        if message.get("sources"):
            reply["custom"]["sources"] = message["sources"]
        self.topic = (message.get("utter_action") or "none").removeprefix("utter_")
        self.messages.append(reply)


class WebsiteInput(InputChannel):
    """Rasa's input channel for the school's site."""

    def __init__(self) -> None:
        self._contact = load_contacts().payload()
        self._payloads: frozenset[str] | None = None
        self._without_model = WithoutModel()
        self._refusals = Refusals()
        self._limits = Limits()
        self._health = Health(self._limits)
        self._counts = Counts(os.environ.get(COUNTS_FOLDER))

    @classmethod
    def name(cls) -> str:
        return WEBSITE

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        blueprint = Blueprint("website_channel")
        self._health.register(blueprint)

        @blueprint.route("/webhook", methods=["POST"], ignore_body=True)
        async def receive(request: Request) -> HTTPResponse:
            try:
                sender, message = await self._read(request)
                with self._limits.turn(sender):
                    metrics.RUNNING.set(self._limits.running)
                    return response.json(await self._answer(request.app, on_new_message, sender, message))
            except Refused as refused:
                return self._refusals.answer(refused)

        @blueprint.listener("before_server_start")
        async def set_up(app: Sanic, loop: Any) -> None:
            app.register_middleware(Pages().serve, "request")
            add_cors(app)
            self._refusals.register(app)

        @blueprint.listener("before_server_stop")
        async def drain(app: Sanic, loop: Any) -> None:
            self._health.draining = True
            self._counts.write()

        return blueprint

    async def _read(self, request: Request) -> tuple[str, str]:
        try:
            await asyncio.wait_for(request.receive_body(), BODY_SECONDS)
        except TimeoutError:
            raise Refused("too_slow") from None
        return read_message(request.body, request.headers.getone("content-type", None))

    async def _answer(self, app: Sanic, on_new_message: Handler, sender: str, message: str) -> list[dict[str, Any]]:
        output = WebsiteOutput()
        text = self._accept(app, message)
        started = time.perf_counter()
        try:
            turn = on_new_message(UserMessage(text, output, sender, input_channel=WEBSITE))
            await asyncio.wait_for(turn, TURN_SECONDS)
        except Exception as error:  # noqa: BLE001  (whatever broke, the user gets the contact)
            # the exception's own text may hold the user's: only its type is logged
            logger.error("A turn failed with %s.", type(error).__name__)
            metrics.ERRORS.labels(type(error).__name__).inc()
        replies = [reply for reply in output.messages if reply["text"] or reply.get("image")]
        if not replies:
            replies = [{"recipient_id": sender, **self._without_model.reply(text)}]
        replies[-1]["custom"]["contact"] = self._contact
        metrics.REPLIES.labels(replies[-1]["custom"]["kind"], output.topic).inc()
        self._counts.add(replies[-1]["custom"]["kind"], output.topic)
        metrics.SECONDS.observe(time.perf_counter() - started)
        return replies

    def _accept(self, app: Sanic, message: str) -> str:
        """Returns the message; a slash command that no button of ours sends loses its slash and is read as text."""
        text = normalize(message)
        if not text.startswith("/") or _FINDING_PAYLOAD.match(text) or text in self._button_payloads(app):
            return text
        return text.lstrip("/ ") or "?"

    def _button_payloads(self, app: Sanic) -> frozenset[str]:
        if self._payloads is None:
            agent = getattr(app.ctx, "agent", None)
            if not (agent and agent.domain):
                return frozenset()
            buttons = [
                button
                for variations in agent.domain.responses.values()
                for variation in variations
                for button in variation.get("buttons") or []
            ]
            topics = {f"/{intent}" for intent in load_topics()}
            sent = {button["payload"].replace("{{", "{").replace("}}", "}") for button in buttons}
            self._payloads = frozenset(sent | topics)
        return self._payloads
