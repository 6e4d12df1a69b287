"""Whether a question names something that the study never speaks of. Pure Python, no Rasa.

The words lie in `data/records/beyond_study.yml`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from pydantic import conlist

from lantern.records import RECORDS, Record, RecordError, parse, read_records
from lantern.text import normalize


class Beyond(Record):
    """Words of one kind.

    Attributes:
        kind: what they have in common, for whoever corrects the list.
        words: whole words and phrases in lower case.
    """

    kind: str
    words: conlist(str, min_items=1)


@lru_cache(maxsize=4)
def load_beyond(path: Path = RECORDS / "beyond_study.yml") -> re.Pattern[str]:
    """Returns a pattern of all the words.

    Raises:
        RecordError: with every problem as `file: kind: message`.
    """
    records, problems = parse(Beyond, read_records(path, "beyond_study"), path.name, name="kind")
    problems += [
        f"{path.name}: {record.kind}: '{word}' is not in lower case"
        for record in records
        for word in record.words
        if word != word.lower()
    ]
    if problems:
        raise RecordError(problems)
    # longest first: "west africa" before "africa"
    words = sorted((word for record in records for word in record.words), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, words))})(?![\w-])")


def names_beyond(text: str) -> bool:
    """Returns whether `text` names something that the study never speaks of."""
    return bool(load_beyond().search(normalize(text).lower()))
