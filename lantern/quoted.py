"""Which shares and years a question itself names ("is it true that 90% are boys?"). Pure Python, no Rasa."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lantern.findings import Finding

# a share this close (in percentage points) to the study's is the same in everyday speech: "about 80" for 78
CLOSE = 3
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*(?:%|percent|per cent|pct|prozent|por ciento)", re.IGNORECASE)
_ONE_IN = re.compile(
    r"\b(\d{1,2}|one|two|three) (?:in|out of|of every) (\d{1,3}|two|three|four|five|ten|hundred)\b", re.IGNORECASE
)
_SHARE = re.compile(rf"(?<![\w.])(?:{_PERCENT.pattern})", re.IGNORECASE)
# "is it true that half of them ...": a share that means no number in particular
_ANY_SHARE = "half"
_WORDS = {
    "half": 50,
    "a third": 33,
    "one third": 33,
    "two thirds": 67,
    "a quarter": 25,
    "one quarter": 25,
    "three quarters": 75,
}
# the study ends in April 2016
_LATER_YEAR = re.compile(r"\b20(?:1[7-9]|[2-9]\d)\b")
# N is the share: "what does the N stand for", "N of what?", "where does your N come in"
_CITES = re.compile(
    r"\bN\b\W{0,3}(?:share |figure |number |bar |slice )?(?:in \w+ \w+ ?\w* )?\W{0,2}"
    r"(?:of (?:what|whom|which)|what (?:is|does|do|was)|who (?:is|are)|refers?|stands?|means?|for (?:what|whom))\b"
    r"|\bwhat (?:does|do|did|is|was|are) (?:(?:the|this|that|your|a|it|those|with|about) )*\W?N\b"
    r"(?! (?:of|for|in|among)\b)"
    r"|\bN\W{1,3}(?:of )?what\b",
    re.IGNORECASE,
)
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "hundred": 100}


def quoted_shares(text: str) -> list[float]:
    """Returns the shares (percent, 0 to 100) that `text` names; empty for most questions."""
    shares = [float(match) for match in _PERCENT.findall(text)]
    for part, whole in _ONE_IN.findall(text):
        first, second = _number(part), _number(whole)
        if second > 1:
            shares.append(100 * first / second)
    shares += [share for words, share in _WORDS.items() if re.search(rf"\b{words}\b", text, re.IGNORECASE)]
    return [share for share in shares if 0 < share <= 100]


def _number(word: str) -> int:
    return _NUMBERS.get(word.lower()) or int(word)


def without_shares(text: str) -> str:
    """Returns `text` with a word for each percentage: what it asks for does not hang on the number that it names.

    The readers have seen few of all numbers. "Is it true that 50% are boys?" would be something new to them.
    """
    return _SHARE.sub(_ANY_SHARE, text)


def cited_share(text: str) -> float | None:
    """Returns the one share that `text` asks the meaning of; None for other questions.

    "What does the 38 % refer to?" asks that, "is it true that 38 % are girls?" does not.
    """
    shares = {float(match) for match in _PERCENT.findall(text)}
    return shares.pop() if len(shares) == 1 and _CITES.search(_SHARE.sub("N", text)) else None


def findings_with(share: float, findings: Iterable[Finding]) -> frozenset[str]:
    """Returns the ids of the findings that have `share` (percent) among their figures."""
    return frozenset(f.id for f in findings if any(figure.percent == share for figure in f.figures))


def names_later_year(text: str) -> bool:
    """Returns whether `text` names a year after those of the study."""
    return bool(_LATER_YEAR.search(text))


def differs(text: str, told: list[Finding]) -> bool:
    """Returns whether `text` names a share, and none that is near a figure of `told`.

    Args:
        text: the question.
        told: the findings of the card, the asked one first.
    """
    quoted = quoted_shares(text)
    known = [figure.percent for finding in told for figure in finding.figures if figure.percent is not None]
    asked = [figure.percent for figure in told[0].figures if figure.percent is not None] if told else []
    return bool(quoted and asked) and all(abs(share - percent) > CLOSE for share in quoted for percent in known)
