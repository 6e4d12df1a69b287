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


# words of a question for facts about many; "what if someone shared my picture" has none of them
_FACTS = re.compile(
    r"\b(?:how (?:many|often|common|likely|frequently|old|long|young)|percent(?:age)?s?|shares? of|what share"
    r"|proportion|fraction|numbers?|figures?|statistics?|stats?|data|stud(?:y|ies)|reports?|reported|research"
    r"|findings?|ncmec|cybertipline|tipline|most|mostly|usually|typically|typical|average|likely|rates?|increas\w*"
    r"|ris(?:e|ing)|trends?|more (?:often|common)|boys|girls|guys|males|females|sons|daughters|kids|victims?"
    r"|offenders?|perpetrators?|blackmailers?|cases?|ever|always|some|is it true|i (?:read|heard)|article|slide"
    r"|presentation|homework|essay|poster|debate|class)\b|%|\d{2,}",
    re.IGNORECASE,
)


# what a story of one's own never asks, however many numbers and kids are in it
_STUDY = re.compile(
    r"\b(?:how (?:many|often|common|likely)|percent(?:age)?s?|shares?|proportion|fraction|figures?|statistics?|stats?"
    r"|data|stud(?:y|ies)|reports|research|findings?|ncmec|average|rates?|trends?|numbers|victims|offenders|sources?)\b|%",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:i|i'm|im|me|my|we|our|us)\b", re.IGNORECASE)
_OWN_PEOPLE = re.compile(
    r"\b(?:my|our) (?:\w+[ -])?(?:son|daughter|kid|child|teen|teenager|stepson|stepdaughter|nephew|niece|grandson"
    r"|granddaughter|friend|sister|brother|cousin|student|girl|boy)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"\?|\b(?:do|does|did|is|are|was|were|can|could|would|should|will)"
    r" (?:it|they|he|she|this|that|these|there|people)\b"
    r"|^\s*(?:what|who|why|how|when|where|which)\b|\btell me\b|\bexplain\b",
    re.IGNORECASE,
)
STORY_WORDS = 30
_ADVICE = re.compile(
    r"\b(?:what|how) (?:\w+ ){0,2}(?:should|can|could|must|do) (?:(?:a|an|the|our|my|us) )?"
    r"(?:schools?|teachers?|parents?|famil(?:y|ies)|principals?|counselors?|districts?|educators?|staff|we|i|kids|teens?"
    r"|students?)\b|\bsupposed to\b",
    re.IGNORECASE,
)


def is_story(text: str) -> bool:
    """Returns whether somebody tells of themself or their own at length, without a word of study or number."""
    return len(text.split()) >= STORY_WORDS and len(_OWN.findall(text)) >= 2 and not _STUDY.search(text)


def tells_of_own(text: str) -> bool:
    """Returns whether `text` only states something of the writer's own people: no question, no word of facts."""
    return bool(_OWN_PEOPLE.search(text)) and not _QUESTION.search(text) and not asks_for_facts(text)


def asks_for_facts(text: str) -> bool:
    """Returns whether `text` has a word that questions for a finding have: of number, of study, of many people."""
    return bool(_FACTS.search(text))


def asks_for_advice(text: str) -> bool:
    """Returns whether `text` asks what somebody should do: no study answers that."""
    return bool(_ADVICE.search(text))


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
