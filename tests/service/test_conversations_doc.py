"""The conversations in the docs can still be held, and are those of docs/conversations.yml."""

from __future__ import annotations

import re

from scripts.conversations import TOLD, write_down
from tests.conftest import Server


def said(document: str) -> list[str]:
    """Returns headings and what the user says or taps, in order."""
    return re.findall(r"^(?:## .*|\*\*.*\*\*)$", document, re.MULTILINE)


def test_the_document_is_of_the_present_conversations(server: Server) -> None:
    # raises where a button that somebody taps is not there any more
    held = write_down(server.url)
    assert said(held) == said(TOLD.read_text(encoding="utf-8")), "run `make conversations`"
    assert len(said(held)) > 60
