"""The records of the crisis gate: what its phrases say, and how they are read. Pure Python: no Rasa."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from lantern.records import RECORDS, Record, RecordError, parse, read_records

FOLDER = RECORDS / "safety"
# in order of urgency; each is also an intent and a file of patterns
LABELS = ("immediate_danger", "self_harm", "self_harm_other", "abuse_offline")
HARMLESS = "harmless"
MISUSE = "misuse"
THREAT, SPREAD = "threat", "spread"
FILES = (*LABELS, HARMLESS, MISUSE, THREAT, SPREAD)


class Pattern(Record):
    """Phrases that mean one thing; the notation is told in `lantern/phrases.py`."""

    name: str
    why: str
    any: list[str] = Field(min_items=1)
    # what else must be said somewhere in the message
    also: list[str] = []
    # phrases around a match that give it another meaning
    unless: list[str] = []
    # never cleared by a harmless pattern
    firm: bool = False
    # harmless only: which labels it clears, and whether in the words it covers or in the whole message
    clears: list[Literal["immediate_danger", "self_harm", "self_harm_other", "abuse_offline", "misuse"]] = []
    reach: Literal["words", "message"] = "words"


def load_patterns(folder: Path = FOLDER) -> dict[str, list[Pattern]]:
    """Returns the patterns of each file, by its name.

    Raises:
        RecordError: a file is missing or wrong; all problems are listed.
    """
    patterns, problems = {}, []
    for file in FILES:
        patterns[file], wrong = parse(Pattern, read_records(folder / f"{file}.yml", "patterns"), f"{file}.yml", "name")
        problems += wrong
    if problems:
        raise RecordError(problems)
    return patterns
