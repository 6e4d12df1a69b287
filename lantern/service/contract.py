"""What a request to the website channel may look like; the published form is docs/openapi.yml. No Rasa, no Sanic."""

from __future__ import annotations

import json
import re
import uuid

from lantern.text import MAX_CHARACTERS, normalize

# the longest message with each character written as two JSON escapes, and some room
MAX_BODY = 32 * 1024
# code -> (status, sentence for the user)
REFUSALS = {
    "bad_request": (400, "The request cannot be read."),
    "bad_json": (400, "The request must be JSON with the fields sender and message."),
    "not_found": (404, "There is nothing at this address."),
    "bad_method": (405, "This address takes no such request."),
    "too_slow": (408, "The request took too long to arrive. Try again."),
    "body_too_large": (413, "The request is too large."),
    "bad_content_type": (415, "The request must have the Content-Type application/json."),
    "bad_sender": (422, "The field sender must be a UUID."),
    "empty_message": (422, "The field message must hold some text."),
    "message_too_long": (
        422,
        f"A message may have at most {MAX_CHARACTERS} characters. Try again with fewer words.",
    ),
    "too_many_messages": (429, "That was a lot of messages at once. Wait a few seconds, then try again."),
    "busy": (
        503,
        "Lantern is very busy. Try again in a few seconds. In danger now? Call 911. Thoughts of suicide? "
        "Call or text 988.",
    ),
}
_HEX = re.compile(r"[0-9a-fA-F-]{32,36}")


class Refused(Exception):
    """A request that gets no turn; `code` is a key of `REFUSALS`, `retry_after` in seconds where trying again helps."""

    def __init__(self, code: str, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.code, self.retry_after = code, retry_after


def read_message(body: bytes, content_type: str | None) -> tuple[str, str]:
    """Returns sender (UUID in lower case with dashes) and message of a request.

    A NUL or another control character in the message counts as a space, half a surrogate pair as an unknown character.

    Raises:
        Refused: the request breaks the contract.
    """
    if len(body) > MAX_BODY:
        raise Refused("body_too_large")
    if (content_type or "").split(";")[0].strip().lower() != "application/json":
        raise Refused("bad_content_type")
    try:
        content = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Refused("bad_json") from None
    if not isinstance(content, dict):
        raise Refused("bad_json")
    sender, message = content.get("sender"), content.get("message")
    if not isinstance(sender, str) or not _HEX.fullmatch(sender):
        raise Refused("bad_sender")
    try:
        sender = str(uuid.UUID(sender))
    except ValueError:
        raise Refused("bad_sender") from None
    if not isinstance(message, str) or not normalize(message):
        raise Refused("empty_message")
    if len(message) > MAX_CHARACTERS:
        raise Refused("message_too_long")
    # stores and encoders downstream write UTF-8, which knows no half pairs
    return sender, message.encode("utf-8", "replace").decode("utf-8")
