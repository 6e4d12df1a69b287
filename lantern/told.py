"""Whose pictures and whose deed a message tells of: a victim is not to be taken for an offender. Pure Python."""

from __future__ import annotations

import re

_PICTURES = r"(?:pics?|pictures?|photos?|nudes?|videos?|vids?|selfies?|snaps?|images?)"
_OTHERS = r"(?:her|his|their|someone'?s|somebody'?s|(?:a|this|some|another|my) (?:\w+ )?\w+'s|another \w+'?s)"
_OWN_PICTURES = re.compile(
    rf"\b{_PICTURES} (?:\w+ ){{0,2}}of (?:me|mine|myself|us)\b|\bone of mine\b"
    rf"|\bmy (?:own |private |naked |bad |old )?{_PICTURES}\b"
    r"|\b(?:screenshot\w*|post\w*|leak\w*|shar\w+|sent|show\w*|has|have) mine\b",
    re.IGNORECASE,
)
_VICTIM = re.compile(
    r"\bmy (?:ex|bf|gf|boyfriend|girlfriend|nudes?|mom|mum|dad|parents)\b"
    r"|\b(?:threaten\w*|blackmail\w*|extort\w*) me\b",
    re.IGNORECASE,
)
# "i leaked", "I've only threatened"; not "I was threatened" or "I think he leaked"
_DEED = re.compile(
    r"\bi(?:'ve|ve| have| had)?"
    r"(?: (?!was|were|am|m|got|get|been|being|he|she|they|who|someone|somebody|it|you|and|if|that)\w+){0,2}"
    r" (?:post|shar|leak|screenshott?|forward|spread|upload|publish|threaten|blackmail|pressur|bull|trick|hack"
    rf"|humiliat|expos|hurt)\w*\b(?! (?:me|by|mine|my (?:own |private )?{_PICTURES})\b)"
    rf"|\bi(?:'ve|ve| have| had)?(?: \w+)? (?:sent|send|show\w*|ma[dk]e|took|record\w*|film\w*)\b(?: \w+){{0,4}}"
    rf" (?:{_PICTURES} of (?!me\b|mine\b|my\b|us\b)|{_OTHERS} (?:\w+ )?{_PICTURES})"
    r"|\b(?:did|done|do) (?:this|that|it|something \w+) to (?:her|him|them|someone|somebody|a|my|another)\b"
    r"|\bi (?:made|forced|begged|pushed) (?:her|him|them|a|someone|my)\b",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"\b(?:delet\w*|remov\w*|eras\w*|tak(?:e|en|ing) (?:\w+ ){0,3}down|get(?:ting)? rid|unsend"
    r"|off (?:his|her|their|the)|get (?:\w+ ){0,3}back|gone)\b",
    re.IGNORECASE,
)


def tells_of_own_pictures(text: str) -> bool:
    """Returns whether pictures of the writer occur: "one of them screenshotted mine"."""
    return bool(_OWN_PICTURES.search(text))


def tells_as_the_victim(text: str) -> bool:
    """Returns whether the writer tells what happened to themself: no parent or teacher speaks so."""
    return bool(_OWN_PICTURES.search(text) or _VICTIM.search(text))


def tells_own_deed(text: str) -> bool:
    """Returns whether the writer tells of having shared, threatened or forced: "I leaked her pics"."""
    return bool(_DEED.search(text))


def wants_own_pictures_gone(text: str) -> bool:
    """Returns whether the writer wants pictures of themself deleted: an honest wish, even by a bad way."""
    return tells_of_own_pictures(text) and bool(_GONE.search(text))
