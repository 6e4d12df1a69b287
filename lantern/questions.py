"""The questions in a long message: "What do I say to her? And will they really post it?" Pure Python."""

from __future__ import annotations

import re
from itertools import pairwise

from lantern.text import normalize

# a shorter message is one question; it is read as a whole
LONG_FROM = 30
# words of a question that can be understood by itself, and the most that belong to one
SHORTEST, LONGEST = 4, 30
# the last ones of a letter are what it was written for
MOST_QUESTIONS = 4

_SENTENCE = re.compile(r"[^.?!;\n]+[.?!;\n]*")
# how a question starts that somebody types without a question mark
_START = re.compile(
    r"\b(?:(?:should|can|could|do|will|would|am|must) i\b"
    r"|(?:will|would|can|do|could) (?:they|he|she|it|the police|my \w+)\b"
    r"|how (?:do|can|should|would) (?:i|we)\b|is it (?:my|ok|okay|safe|illegal|true|too|normal)\b"
    r"|what (?:do|should|can) (?:i|we)\b|what (?:happens )?if (?:i|they|he|she|my)\b|who (?:do|can|should) (?:i|we)\b)",
    re.IGNORECASE,
)


def questions_of(text: str) -> list[str]:
    """Returns the questions of a long message in their order, at most `MOST_QUESTIONS`; none of a short one.

    Where there is no question mark at all, a question is what starts like one.
    """
    text = normalize(text)
    if len(text.split()) < LONG_FROM:
        return []
    if "?" in text:
        found = [sentence.strip() for sentence in _SENTENCE.findall(text) if "?" in sentence]
    else:
        bounds = [*(match.start() for match in _START.finditer(text)), len(text)]
        found = [_SENTENCE.findall(text[start:end])[0].strip() for start, end in pairwise(bounds)]
    fitting = [question for question in found if SHORTEST <= len(question.split()) <= LONGEST]
    return fitting[-MOST_QUESTIONS:]
