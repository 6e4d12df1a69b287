"""The steps for somebody who is being blackmailed or helps with it, and which comes next. Pure Python, no Rasa."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from lantern.records import RECORDS, Record, RecordError, parse, read_records

# value of the slot `step` after the user has started over (see domain.yml)
FORGOTTEN = "forgotten"


class Step(Record):
    """One step of `data/records/steps.yml`; its wording is in `data/steps/<id>/`.

    An id may stand in two records when their roles differ.

    Attributes:
        roles: whose way the step is on: "me" (the young person), "friend", "parent", "staff" or
            "offender" (did it and wants to stop).
        only_after: topics of which one must have been told for the step to fit; empty for all.
        not_after: topics after which the step does not fit.
    """

    id: str
    roles: tuple[str, ...] = ("me",)
    only_after: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()

    def fits(self, told: frozenset[str], role: str) -> bool:
        """Returns whether the step fits somebody in the role `role` who has told of the topics `told`."""
        if role not in self.roles or told & set(self.not_after):
            return False
        return not self.only_after or bool(told & set(self.only_after))


@lru_cache(maxsize=1)
def load_steps(path: Path = RECORDS / "steps.yml") -> tuple[Step, ...]:
    """Returns all steps in their order.

    Raises:
        RecordError: a record is malformed.
    """
    steps, problems = parse(Step, read_records(path, "steps"), path.name)
    if problems:
        raise RecordError(problems)
    return tuple(steps)


def route(told: Iterable[str], role: str = "me") -> list[str]:
    """Returns the ids of the steps for `role` that fit the topics the user has told of, in the order of the file."""
    topics = frozenset(told)
    return [step.id for step in load_steps() if step.fits(topics, role)]


def next_step(steps: list[str], done: list[str], current: str | None) -> str | None:
    """Returns the first open step after `current`, else the first that was skipped; None when all are done."""
    start = steps.index(current) + 1 if current in steps else 0
    return next((step for step in steps[start:] + steps[:start] if step not in done), None)
