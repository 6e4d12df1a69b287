"""One normal form of what a user types, so that every component sees the same text."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 2000

# characters that show nothing: zero-width spaces and joiners, direction marks, soft hyphen, variation selectors
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00b4": "'", "`": "'"})
_STRETCHED = re.compile(r"(\w)\1{3,}")
_SPACE = re.compile(r"\s+")


def normalize(text: str) -> str:
    """Returns `text` in NFKC, without invisible characters, with plain quotes and single spaces.

    Letters repeated four times or more ("heeeelp") are cut to two. At most `MAX_CHARACTERS` are kept. Case is kept.
    """
    text = unicodedata.normalize("NFKC", text[: 2 * MAX_CHARACTERS])
    text = _INVISIBLE.sub("", text)
    text = _CONTROL.sub(" ", text).translate(_QUOTES)
    text = _STRETCHED.sub(r"\1\1", text)
    return _SPACE.sub(" ", text).strip()[:MAX_CHARACTERS]
