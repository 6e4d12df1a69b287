"""What NCMEC's study of sextortion reports found: one record, one statement. Pure Python, no Rasa.

The records lie in `data/records/findings/<topic>.yml`, the overviews in `data/records/cards.yml`, what is known since
in `data/records/newer.yml`. Source: NCMEC, "Trends identified in CyberTipline sextortion reports", 2017.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, conlist, root_validator

from lantern.records import RECORDS, Record, RecordError, parse, read_records

PERIOD = "October 2013 to April 2016"
REPORTS = 1428
TOPICS = ("victims", "reporters", "where", "when", "tactics", "objectives", "effects", "trends")
VALUE_KEYS = ("percent", "count", "age", "year", "platforms", "ratio", "share")


class Figure(Record):
    """One figure of a statement.

    Attributes:
        of: what it counts: `all`, a group (`girls`, `boys`), a kind of reporter, ...
        differs: whether the source calls the difference between girls and boys significant; None where it does not say.
    """

    of: str
    percent: int | None = Field(None, ge=0)
    count: int | None
    age: int | None
    year: int | None
    platforms: int | None
    ratio: str | None
    share: str | None
    differs: bool | None

    @root_validator(skip_on_failure=True)
    def _one_value(cls, values: dict) -> dict:  # noqa: N805
        if sum(values.get(key) is not None for key in VALUE_KEYS) != 1:
            raise ValueError(f"exactly one of {', '.join(VALUE_KEYS)} is needed")
        return values


class Finding(Record):
    """One statement of the study.

    Attributes:
        id: `<topic>-<slug>`; never renamed, never reused.
        question: the statement as a short question: heading and button title.
        statement: the answer in our own words, with its figures.
        base: what a share is a share of.
        section: heading in the source.
        note: one sentence for what a reader would otherwise get wrong.
        also: ids of the natural companions, most useful first.
        since: key of the `Newer` record that says how the world has moved.
    """

    id: str = Field(regex=r"^[a-z]+(-[a-z]+)+$")
    topic: Literal["victims", "reporters", "where", "when", "tactics", "objectives", "effects", "trends"]
    question: str = Field(max_length=60)
    statement: str = Field(min_length=10, max_length=260)
    figures: tuple[Figure, ...]
    base: str
    section: str
    note: str | None
    also: tuple[str, ...] = ()
    since: str | None

    @property
    def groups(self) -> frozenset[str]:
        """Whom the figures are about: `girls`, `boys`, `all`, ..."""
        return frozenset(figure.of for figure in self.figures)


class Card(Record):
    """An overview: one broad question and the findings that answer it together."""

    id: str
    question: str = Field(max_length=60)
    findings: conlist(str, min_items=2)


class Newer(Record):
    """One line on what later sources say. Told beside a figure of the study, never mixed into it."""

    key: str
    line: str
    period: str
    definition: str
    source: conlist(str, min_items=1)
    confidence: Literal["high", "medium"]


class Findings:
    """All findings, overviews and newer lines, loaded and checked.

    Raises:
        RecordError: with every problem of every file as `file: id: message`.
    """

    def __init__(self, folder: Path = RECORDS) -> None:
        problems: list[str] = []
        self._findings: dict[str, Finding] = {}
        for path in sorted((folder / "findings").glob("*.yml")):
            records, wrong = parse(Finding, read_records(path, "findings"), path.name)
            problems += wrong
            for record in records:
                if record.id in self._findings:
                    problems.append(f"{path.name}: {record.id}: the id is used twice")
                if not record.id.startswith(f"{record.topic}-") or record.topic != path.stem:
                    problems.append(f"{path.name}: {record.id}: id, topic and file name must agree")
                self._findings[record.id] = record
        cards, wrong = parse(Card, read_records(folder / "cards.yml", "cards"), "cards.yml")
        newer, also_wrong = parse(Newer, read_records(folder / "newer.yml", "newer"), "newer.yml", name="key")
        self._cards = {card.id: card for card in cards}
        self._newer = {record.key: record for record in newer}
        problems += wrong + also_wrong + self._dangling()
        if problems:
            raise RecordError(problems)

    def _dangling(self) -> list[str]:
        problems = []
        for finding in self._findings.values():
            unknown = [f"also: no finding '{other}'" for other in finding.also if other not in self._findings]
            if finding.since and finding.since not in self._newer:
                unknown.append(f"since: no newer record '{finding.since}'")
            problems += [f"{finding.topic}.yml: {finding.id}: {message}" for message in unknown]
        for card in self._cards.values():
            problems += [f"cards.yml: {card.id}: no finding '{i}'" for i in card.findings if i not in self._findings]
        return problems

    def __iter__(self):
        return iter(self._findings.values())

    def __len__(self) -> int:
        return len(self._findings)

    @property
    def cards(self) -> tuple[Card, ...]:
        return tuple(self._cards.values())

    @property
    def all_newer(self) -> tuple[Newer, ...]:
        """What later sources say, in file order."""
        return tuple(self._newer.values())

    def get(self, finding_id: str) -> Finding | None:
        """Returns the finding with this id, or None."""
        return self._findings.get(finding_id)

    def of_topic(self, topic: str) -> list[Finding]:
        """Returns the findings of one topic in file order; empty for an unknown topic."""
        return [finding for finding in self if finding.topic == topic]

    def of_group(self, group: str, topic: str | None = None) -> list[Finding]:
        """Returns the findings with a figure on `group` (`girls`, `boys`, ...), of one topic or of all."""
        return [finding for finding in self if group in finding.groups and topic in (None, finding.topic)]

    def answer(self, key: str) -> list[Finding]:
        """Returns what answers `key` (a finding's or an overview's id): the asked one first, then its companions.

        Empty for an unknown id.
        """
        if key in self._cards:
            return [self._findings[finding_id] for finding_id in self._cards[key].findings]
        finding = self.get(key)
        return [] if finding is None else [finding, *(self._findings[other] for other in finding.also)]

    def question(self, key: str) -> str | None:
        """Returns the short question of a finding or an overview, or None."""
        record = self._cards.get(key) or self.get(key)
        return record.question if record else None

    def newer(self, key: str | None) -> Newer | None:
        """Returns the newer record with this key, or None."""
        return self._newer.get(key) if key else None


@lru_cache(maxsize=1)
def load_findings() -> Findings:
    """Returns the project's findings, read once a process."""
    return Findings()
