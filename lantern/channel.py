"""The website channel: what a page on a school's site talks to. Contract: docs/website-channel.md.

Every answer carries the CyberTipline contact, also when the input is bad, the pipeline throws or nothing comes back.
No text of a user is logged, echoed or kept here.
"""

from __future__ import annotations

import json
import logging
import re
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.exceptions import (
    InvalidUsage,
    MethodNotSupported,
    NotFound,
    PayloadTooLarge,
    RequestTimeout,
    SanicException,
)
from sanic.request import Request
from sanic.response import HTTPResponse

from lantern.contacts import load_contacts
from lantern.nlg import WEBSITE
from lantern.site.cors import add_cors
from lantern.site.pages import Pages
from lantern.text import MAX_CHARACTERS, normalize
from lantern.topics import load_topics
from lantern.without_model import WithoutModel

logger = logging.getLogger(__name__)

# the longest message with each character written as two JSON escapes, and some room
MAX_BODY = 32 * 1024
MESSAGES = {
    "not_found": "There is nothing at this address.",
    "bad_request": "The request cannot be read.",
    "bad_json": "The request must be JSON with the fields sender and message.",
    "body_too_large": "The request is too large.",
    "bad_sender": "The field sender must be a UUID.",
    "empty_message": "The field message must hold some text.",
    "message_too_long": f"A message may have at most {MAX_CHARACTERS} characters. Try again with fewer words.",
}
# what a button of ours may send beside the payloads in the responses: a finding by its id
_FINDING_PAYLOAD = re.compile(r'^/ask_finding\{"finding": "[a-z-]{3,60}"\}$')


class BadInput(Exception):
    """Something the client sent is wrong; `code` is a key of `MESSAGES`."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class WebsiteOutput(CollectingOutputChannel):
    """Collects the replies of one turn in the shape of the contract."""

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
        self.messages.append(reply)


def read_request(request: Request) -> tuple[str, str]:
    """Returns sender and message of a request.

    Raises:
        BadInput: the body breaks the contract.
    """
    if len(request.body) > MAX_BODY:
        raise BadInput(413, "body_too_large")
    try:
        content = json.loads(request.body)
    except (ValueError, RecursionError):
        raise BadInput(400, "bad_json") from None
    if not isinstance(content, dict):
        raise BadInput(400, "bad_json")
    sender, message = content.get("sender"), content.get("message")
    try:
        sender = str(uuid.UUID(sender))
    except (ValueError, TypeError, AttributeError):
        raise BadInput(422, "bad_sender") from None
    if not isinstance(message, str) or not normalize(message):
        raise BadInput(422, "empty_message")
    if len(message) > MAX_CHARACTERS:
        raise BadInput(422, "message_too_long")
    return sender, message


class WebsiteInput(InputChannel):
    """Rasa's input channel for the school's site."""

    def __init__(self) -> None:
        self._contact = load_contacts().payload()
        self._payloads: frozenset[str] | None = None
        self._without_model = WithoutModel()

    @classmethod
    def name(cls) -> str:
        return WEBSITE

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        blueprint = Blueprint("website_channel")

        @blueprint.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            ready = bool(agent and agent.is_ready())
            return response.json({"status": "ok" if ready else "starting"}, status=200 if ready else 503)

        @blueprint.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            try:
                sender, message = read_request(request)
            except BadInput as bad:
                return self._error(bad.status, bad.code)
            return response.json(await self._answer(request.app, on_new_message, sender, message))

        @blueprint.listener("before_server_start")
        async def add_pages(app: Sanic, loop: Any) -> None:
            app.register_middleware(Pages().serve, "request")
            add_cors(app)
            for error in (NotFound, MethodNotSupported, PayloadTooLarge, InvalidUsage, RequestTimeout):
                app.error_handler.add(error, self._refuse)

        return blueprint

    def _error(self, status: int, code: str) -> HTTPResponse:
        error = {"code": code, "message": MESSAGES[code]}
        return response.json({"error": error, "contact": self._contact}, status=status)

    def _refuse(self, request: Request, exception: SanicException) -> HTTPResponse:
        """Answers what Sanic itself refuses in the shape of the contract, with the contact."""
        codes = {404: "not_found", 413: "body_too_large"}
        return self._error(exception.status_code, codes.get(exception.status_code, "bad_request"))

    async def _answer(
        self, app: Sanic, on_new_message: Callable[[UserMessage], Awaitable[Any]], sender: str, message: str
    ) -> list[dict[str, Any]]:
        output = WebsiteOutput()
        text = self._accept(app, message)
        try:
            await on_new_message(UserMessage(text, output, sender, input_channel=WEBSITE))
        except Exception as error:  # noqa: BLE001  (whatever broke, the user gets the contact)
            # the exception's own text may hold the user's: only its type is logged
            logger.error("A turn failed with %s.", type(error).__name__)
        replies = [reply for reply in output.messages if reply["text"] or reply.get("image")]
        if not replies:
            replies = [{"recipient_id": sender, **self._without_model.reply(text)}]
        replies[-1]["custom"]["contact"] = self._contact
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
