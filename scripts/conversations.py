"""`make conversations`: has the talks of docs/conversations.yml with the running Lantern and writes them down."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import yaml

from lantern.chat import ask, running
from lantern.records import ROOT

ASKED = ROOT / "docs" / "conversations.yml"
TOLD = ROOT / "docs" / "conversations.md"
HEAD = """# Conversations

One conversation for each way to use Lantern, held with the running program by `make conversations`. Every reply also
shows the CyberTipline contact, which is left out here. Buttons stand in [brackets].
"""


def converse(url: str, says: list[str | dict[str, str]]) -> list[str]:
    """Returns a conversation as Markdown, what is said and what is answered by turns.

    Raises:
        LookupError: a tapped button is not there.
    """
    sender, lines, buttons = str(uuid.uuid4()), [], {}
    for said in says:
        title = said["tap"] if isinstance(said, dict) else None
        if title is not None and title not in buttons:
            raise LookupError(f"no button {title!r} among {sorted(buttons)}")
        replies = ask(url, sender, buttons[title] if title else said)
        lines.append(f"**[{title}]**" if title else f"**{said}**")
        buttons = {}
        for reply in replies:
            lines += ["> " + reply["text"].replace("\n", "\n> ")]
            buttons |= {button["title"]: button["payload"] for button in reply.get("buttons", [])}
        lines[-1] += "\n>\n> " + " ".join(f"[{title}]" for title in buttons) if buttons else ""
    return lines


def write_down(url: str, asked: Path = ASKED) -> str:
    """Returns the whole document, held with the Lantern at `url`."""
    parts = [HEAD]
    conversations: list[dict[str, Any]] = yaml.safe_load(asked.read_text(encoding="utf-8"))["conversations"]
    for conversation in conversations:
        parts += [f"## {conversation['title']}", conversation["who"], *converse(url, conversation["says"])]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    with running() as url:
        TOLD.write_text(write_down(url), encoding="utf-8")
    print(f"written: {TOLD.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
