"""Notices names, addresses and accounts in a message, by the patterns of `data/records/personal_data.yml`.

Only whether something matched leaves this module: never what.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from lantern.records import RECORDS, Record, RecordError, parse, read_records


class PersonalDataPattern(Record):
    """One kind of detail that leads to a person: a regular expression, and why it is one."""

    name: str
    why: str
    pattern: str


def load_patterns(path: Path = RECORDS / "personal_data.yml") -> list[re.Pattern[str]]:
    """Returns the compiled patterns.

    Raises:
        RecordError: with every problem as `file: name: message`.
    """
    records, problems = parse(PersonalDataPattern, read_records(path, "personal_data"), path.name, name="name")
    patterns = []
    for record in records:
        try:
            patterns.append(re.compile(f"(?i:{record.pattern})"))
        except re.error as error:
            problems.append(f"{path.name}: {record.name}: pattern: {error}")
    if problems:
        raise RecordError(problems)
    return patterns


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(load_patterns())


def holds_personal_data(text: str) -> bool:
    """Returns whether `text` seems to hold something that leads to a person."""
    return any(pattern.search(text) for pattern in _patterns())
