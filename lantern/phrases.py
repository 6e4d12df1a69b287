"""The notation of `data/records/safety/`, and the plain words in which a message is compared with it.

A phrase is a row of words: `i want to die`. `a|b` is either word, `a?` may be missing, `KILL` is any form of the word
(kill, kills, killed), `<person>` is any word of a list in `words.yml`, `..3` is up to three words of the same sentence,
`~3` the same without the word "i", `!a|b` is one word that is neither, and `.` is where a sentence starts or ends.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import spacy_lookups_data
from pydantic import Field
from spacy.util import load_language_data

from lantern.records import Record, RecordError, parse, read_records
from lantern.text import normalize

EDGE = "."
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WORD = re.compile(r"[a-z0-9_@$!*]*[a-z0-9]+(?:[!*@$+][a-z0-9]+)*|[.!?;\n]+")
_SPACED = re.compile(r"(?<![a-z0-9])(?:[a-z0-9!](?:[ .\-_*]+)){2,}[a-z0-9](?![a-z0-9])")
_LOOKS_LIKE = str.maketrans(
    {"1": "i", "!": "i", "3": "e", "0": "o", "@": "a", "$": "s", "5": "s", "4": "a", "*": "", "_": ""}
)
_GAP = re.compile(r"(\.\.|~)(\d+)$")


class WordList(Record):
    """Words that a phrase names together as `<name>`, or ways to write one word or group of words."""

    name: str
    why: str = ""
    words: list[str] = Field(min_items=1)


class Vocabulary:
    """Word lists and spellings of one folder of records."""

    def __init__(self, folder: Path) -> None:
        self.lists, self.spelling, self.fillers = _load_words(folder / "words.yml")
        # the words of all compiled phrases: their look-alike and stretched spellings are read as them
        self.known: set[str] = {EDGE}

    def words(self, text: str) -> list[str]:
        """Returns the plain words of `text`, with an edge around each sentence: "Im dying!" is `. i am dying .`."""
        text = normalize(text).lower().replace("'", "").replace("%", " percent ")
        text = _SPACED.sub(self._join, text)
        plain = [EDGE]
        for word in _WORD.findall(text):
            plain += [EDGE] if not any(c.isalnum() for c in word) else self._spell(word)
        return self._pairs(plain) + [EDGE]

    def _join(self, found: re.Match[str]) -> str:
        joined = re.sub(r"[^a-z0-9!]", "", found.group()).translate(_LOOKS_LIKE)
        return joined if joined in self.known or joined in self.spelling else found.group()

    def _spell(self, word: str) -> list[str]:
        if word in self.fillers:
            return []
        for form in (word, word.translate(_LOOKS_LIKE), re.sub(r"(\w)\1+", r"\1", word), word + "g"):
            if form in self.spelling:
                return self.spelling[form].split()
            if form in self.known:
                return [form]
        return [word.strip("!*@$_") or word]

    def _pairs(self, words: list[str]) -> list[str]:
        """Joins what belongs together: `my self` is `myself`, `do not` is `dont`."""
        result: list[str] = []
        for word in words:
            pair = self.spelling.get(f"{result[-1]} {word}") if result else None
            result[-1:] = [*result[-1:], word] if pair is None else pair.split()
        return result

    def compile(self, phrase: str) -> tuple[list[dict[str, Any]], list[frozenset[str]]]:
        """Returns the spaCy token pattern of a phrase, and the sets of words of which a message must have one each.

        Raises:
            ValueError: the phrase names an unknown list, or has no word that must be there.
        """
        pattern: list[dict[str, Any]] = []
        needed: list[frozenset[str]] = []
        for part in phrase.split():
            if gap := _GAP.match(part):
                between = {"IS_PUNCT": False} if gap.group(1) == ".." else {"LOWER": {"NOT_IN": [EDGE, "i"]}}
                pattern.append({**between, "OP": f"{{0,{gap.group(2)}}}"})
                continue
            choice = self._choice(part.strip("!?"))
            self.known |= choice
            token: dict[str, Any] = {"LOWER": {"IN": sorted(choice)} if len(choice) > 1 else next(iter(choice))}
            if part.startswith("!"):
                token = {"LOWER": {"NOT_IN": sorted(choice | {EDGE})}}
            elif part.endswith("?"):
                token["OP"] = "?"
            elif EDGE not in choice:
                needed.append(choice)
            pattern.append(token)
        if not needed:
            raise ValueError(f"'{phrase}' has no word that must be there")
        return pattern, needed

    def _choice(self, part: str) -> frozenset[str]:
        chosen: set[str] = set()
        for word in part.split("|"):
            if word.startswith("<"):
                if word[1:-1] not in self.lists:
                    raise ValueError(f"no list {word} in words.yml")
                chosen |= self.lists[word[1:-1]]
            else:
                chosen |= _forms().get(word.lower(), set()) | {word.lower()} if word.isupper() else {word}
        return frozenset(chosen)


def _load_words(path: Path) -> tuple[dict[str, frozenset[str]], dict[str, str], frozenset[str]]:
    """Returns the lists, the spellings (as written -> as meant) and the words that say nothing here."""
    entries, problems = parse(WordList, read_records(path, "words"), path.name, "name")
    if problems:
        raise RecordError(problems)
    lists = {e.name: frozenset(e.words) for e in entries}
    spelling: dict[str, str] = {}
    for word in sorted(lists.get("misspelled", ())):
        spelling.update((typo, word) for typo in _typos(word) if typo not in _english())
    spelling.update((form, e.name[1:]) for e in entries if e.name.startswith("=") for form in e.words)
    return lists, spelling, lists.get("fillers", frozenset())


def _typos(word: str) -> set[str]:
    """Returns the spellings one slip away: a letter missing, doubled, wrong, added, or two swapped."""
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    slips = {a + b[1:] for a, b in cuts if b} | {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    slips |= {a + c + b[1:] for a, b in cuts if b for c in _LETTERS} | {a + c + b for a, b in cuts for c in _LETTERS}
    return slips - {word}


@lru_cache(maxsize=1)
def _lemmas() -> dict[str, str]:
    """Returns spaCy's English table, word -> dictionary form."""
    return load_language_data(spacy_lookups_data.en["lemma_lookup"])


@lru_cache(maxsize=1)
def _forms() -> dict[str, set[str]]:
    forms: dict[str, set[str]] = {}
    for word, lemma in _lemmas().items():
        forms.setdefault(lemma, set()).add(word)
    return forms


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    return frozenset(_lemmas()) | frozenset(_lemmas().values())
