"""Whose pictures and whose deed a message tells of: a victim is not to be taken for an offender. Pure Python."""

from __future__ import annotations

import re

_PICTURES = r"(?:pics?|pictures?|photos?|nudes?|videos?|vids?|selfies?|images?)"
_OTHERS = r"(?:her|his|their|someone'?s|somebody'?s|(?:a|this|some|another|my) (?:\w+ )?\w+'s|another \w+'?s)"
_OWN_PICTURES = re.compile(
    rf"\b{_PICTURES} (?:\w+ ){{0,2}}of (?:me|mine|myself|us)\b|\bone of mine\b"
    # "it is in my photos" names a folder of the phone
    rf"|(?<!\bin )(?<!\bto )(?<!\binto )(?<!\bthrough )\bmy (?:own |private |naked |bad |old )?{_PICTURES}\b"
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
# "they threaten to send it", said by a parent whose child made a mistake: the child is the victim
_OTHERS_THREATEN = re.compile(
    r"\b(?:they|they're|theyre|someone|somebody|people|scammers?|stranger|account|person)"
    r"(?:'re| are| is| was| were| now| have| has| keeps?| who| that)* (?:\w+ )?(?:threaten|blackmail|extort|demand)\w*",
    re.IGNORECASE,
)
# "im 15", "my 14yo daughter"; and "he is 23", "a guy of 28": the writer or child is young and the other is not
_YOUNG = re.compile(
    r"\b(?:i'?m|i am|i was|she'?s|she is|my|[mf]|daughter|son|girl|boy)(?: only| just|,? \()? ?1[0-7]\b"
    r"|\bmy (?:\w+ )?(?:daughter|son|niece|nephew|sister|brother|stepdaughter|stepson)\b"
    r"|\b1[0-7][ -]?(?:yo\b|y/o|year)",
    re.IGNORECASE,
)
_GROWN = re.compile(
    r"\b(?:he|she|him|guy|man|woman|boyfriend|bf|girlfriend|gf|person|dude|who|coach|teacher)(?:'s|s)?"
    r"(?: (?:is|was|of|turned out to be|turns out to be|actually|really|like|about|almost|already|says hes|now)){1,3}"
    r" (?:2\d|3\d|4\d|5\d|6\d)\b|\b(?:he|she)'?s (?:like |actually |really )?(?:2\d|3\d|4\d|5\d)\b"
    r"|\b(?:grown|adult|older|old) (?:man|men|guy|woman)\b"
    r"|\b(?:2\d|3\d|4\d|5\d)[ -]?(?:yo\b|y/o|year[ -]old) (?:man|guy|woman)",
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


def others_threaten(text: str) -> bool:
    """Returns whether others threaten or demand: whoever is told of then is not the one who did harm."""
    return bool(_OTHERS_THREATEN.search(text))


def tells_of_a_grown_up(text: str) -> bool:
    """Returns whether the one side is under 18 and the other surely grown: "im 15 and my boyfriend is 23"."""
    return bool(_YOUNG.search(text) and _GROWN.search(text))


def wants_own_pictures_gone(text: str) -> bool:
    """Returns whether the writer wants pictures of themself deleted: an honest wish, even by a bad way."""
    return tells_of_own_pictures(text) and bool(_GONE.search(text))
