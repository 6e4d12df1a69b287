"""Who a friend writes about: "your friend" becomes "your sister" where the writer said so. Pure Python, no Rasa."""

from __future__ import annotations

import re
from functools import lru_cache

from lantern.records import RECORDS, Record, RecordError, parse, read_records

_FRIEND = re.compile(r"\b([Yy]our|[Mm]y) friend\b")
_LETTERS = re.compile(r"[a-z]+")


class CloseOne(Record):
    """One word for somebody close, and what people type for it."""

    word: str
    words: list[str]


@lru_cache(maxsize=1)
def load_close_ones() -> dict[str, str]:
    """Returns what Lantern says for each word that people type.

    Raises:
        RecordError: with every problem of `data/records/close_ones.yml`.
    """
    path = RECORDS / "close_ones.yml"
    entries, problems = parse(CloseOne, read_records(path, "close_ones"), path.name, name="word")
    if problems:
        raise RecordError(problems)
    return {typed: entry.word for entry in entries for typed in entry.words}


def close_one_in(text: str) -> str | None:
    """Returns the word for the person in "my little sis is": `sister`; None where it is a friend or nobody."""
    known = load_close_ones()
    return next((known[word] for word in _LETTERS.findall(text.lower()) if word in known), None)


def speak_of(close_one: str | None, text: str) -> str:
    """Returns a reply to a friend with the person's own word in place of "your friend" and "my friend"."""
    return _FRIEND.sub(rf"\1 {close_one}", text) if close_one else text
