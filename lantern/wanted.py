"""What a question wants of the study beyond its subject: a number, or girls and boys or the ages apart. Pure Python.

A finding may be the right one and still lack just that: "how often do they record in secret?" asks for a number that
the study does not give. The reply then says so before it tells what the study does say.
"""

from __future__ import annotations

import re

from lantern.findings import Finding

_NUMBER = re.compile(
    r"\bhow (?:many|often|common|commonly|frequent|frequently)\b"
    r"|\b(?:what|which|exact|the) (?:share|percent|percentage|portion|proportion|fraction|number|rate)\b"
    r"|\bpercent(?:age)?\b|%|\bshare of\b",
    re.IGNORECASE,
)
# plural: "a girl wrote to me" tells a story, "girls" asks about a group
_GENDER = re.compile(
    r"\b(?:boys|girls|males|females|genders?|sexes)\b|\b(?:male|female) (?:victims|children|kids|students|teens)\b",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"\b(?:youngest|by age|age groups?|little kids"
    r"|(?:smaller|young|younger|older) (?:kids|children|teens|students|victims|ones)"
    r"|tweens|preteens|(?:middle|high|elementary|grade) ?schoolers)\b",
    re.IGNORECASE,
)
_TELLS_GENDER = re.compile(r"\b(?:girls?|boys?|female|male|gender)\b", re.IGNORECASE)
_TELLS_AGE = re.compile(r"\b(?:ages?|younge[rs]t?|olde[rs]t?|years old)\b", re.IGNORECASE)


def missing(text: str, told: list[Finding]) -> str | None:
    """Returns what `text` wants and `told` does not tell: `gender`, `age` or `number`; None where nothing is missing.

    Args:
        text: the question.
        told: the findings that the reply tells, the asked one first.
    """
    said = " ".join(f"{finding.statement} {finding.note or ''}" for finding in told)
    if _GENDER.search(text) and not _TELLS_GENDER.search(said):
        return "gender"
    if _AGE.search(text) and not _TELLS_AGE.search(said):
        return "age"
    if _NUMBER.search(text) and told and not told[0].figures:
        return "number"
    return None
