"""What there is to learn part by part: a typical case, and a quiz. Pure Python, no Rasa."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from lantern.findings import load_findings
from lantern.records import RECORDS, Record, RecordError, parse, read_records


class CasePart(Record):
    """One part of the typical case; its wording is `utter_case_<id>`.

    Attributes:
        finding: id of the finding that backs it.
    """

    id: str
    finding: str


class Question(Record):
    """One claim of the quiz; its wording is `utter_quiz_<id>`.

    Attributes:
        answer: whether the claim is true.
        finding: id of the finding that decides it.
    """

    id: str
    answer: bool
    finding: str


def _load(model: type[CasePart] | type[Question], path: Path, key: str) -> tuple:
    records, problems = parse(model, read_records(path, key), path.name)
    known = load_findings()
    problems += [f"{path.name}: {r.id}: no finding {r.finding}" for r in records if known.get(r.finding) is None]
    ids = [record.id for record in records]
    problems += [f"{path.name}: {name}: named twice" for name in sorted({n for n in ids if ids.count(n) > 1})]
    if problems:
        raise RecordError(problems)
    return tuple(records)


@lru_cache(maxsize=1)
def load_case(path: Path = RECORDS / "case.yml") -> tuple[CasePart, ...]:
    """Returns the parts of the typical case in their order.

    Raises:
        RecordError: a record is malformed or names no finding.
    """
    return _load(CasePart, path, "case")


@lru_cache(maxsize=1)
def load_quiz(path: Path = RECORDS / "quiz.yml") -> tuple[Question, ...]:
    """Returns the questions of the quiz in their order.

    Raises:
        RecordError: a record is malformed or names no finding.
    """
    return _load(Question, path, "quiz")
