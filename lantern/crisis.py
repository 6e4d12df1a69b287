"""Whether a message tells of a crisis: phrases from `data/records/safety/`, no learning, no Rasa.

The channel uses it on raw text when there is no model, so it must work alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import spacy
from spacy.matcher import Matcher
from spacy.tokens import Doc

from lantern.crisis_records import FILES, FOLDER, HARMLESS, LABELS, MISUSE, SPREAD, THREAT, Pattern, load_patterns
from lantern.phrases import Vocabulary
from lantern.records import RecordError

# stands for a word that no phrase names
OTHER = "zzz"
Span = tuple[int, int]


class _Phrase:
    """One spaCy matcher, asked only about messages that have the words it needs, in their order."""

    def __init__(self, matcher: Matcher, needed: list[frozenset[str]]) -> None:
        self.matcher, self.needed = matcher, needed
        self.key = min(needed, key=len)


class _Message:
    """A message in plain words, and where the phrases of the gate are found in it."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        # word -> its places as bits, and the same for each choice of words that was looked up
        self.places: dict[str, int] = defaultdict(int)
        for token in doc:
            self.places[token.text] |= 1 << token.i
        self._choices: dict[frozenset[str], int] = {}

    def spans(self, phrases: list[_Phrase]) -> list[Span]:
        return [
            (start, end)
            for phrase in phrases
            if self._may_hold(phrase.needed)
            for _, start, end in phrase.matcher(self.doc)
        ]

    def _may_hold(self, needed: list[frozenset[str]]) -> bool:
        after = 0
        for choice in needed:
            places = self._choices.get(choice)
            if places is None:
                places = self._choices[choice] = sum(self.places[word] for word in choice & self.places.keys())
            places = places >> after << after
            if not places:
                return False
            after = (places & -places).bit_length()
        return True


def _outside(spans: list[Span], covers: list[Span]) -> list[Span]:
    """Returns the spans that share no word with any of `covers`."""
    return [(start, end) for start, end in spans if all(end <= first or last <= start for first, last in covers)]


class _Rule:
    """A pattern with its phrases compiled."""

    def __init__(self, pattern: Pattern, compiled: dict[str, list[_Phrase]]) -> None:
        self.pattern = pattern
        self._any, self._also, self._unless = compiled["any"], compiled["also"], compiled["unless"]
        self.key = frozenset().union(*(phrase.key for phrase in self._any))

    def spans(self, message: _Message) -> list[Span]:
        """Returns where the pattern holds."""
        spans = message.spans(self._any)
        if not spans or (self._also and not message.spans(self._also)):
            return []
        return _outside(spans, message.spans(self._unless)) if self._unless else spans


class Alarms(NamedTuple):
    """What the patterns say of a message.

    Attributes:
        labels: the crises that hold, most urgent first.
        harmless: whether a harmless pattern matched.
        firm: whether one of the matches is of a pattern that nothing clears.
    """

    labels: list[str]
    harmless: bool
    firm: bool


class CrisisGate:
    """Names the crises that a message tells of."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._vocab = spacy.blank("en").vocab
        self._words = Vocabulary(folder)
        self._rules = {file: self._compile(file, patterns) for file, patterns in load_patterns(folder).items()}
        self._index: dict[str, dict[str, list[_Rule]]] = {
            file: self._by_word(rules) for file, rules in self._rules.items()
        }

    def labels(self, message: Doc | str) -> list[str]:
        """Returns the labels that hold, most urgent first; an empty list for nearly all messages."""
        return self.alarms(message)[0]

    def alarms(self, message: Doc | str) -> Alarms:
        """Returns all that the patterns say of `message`."""
        read = self._read(message)
        harmless = list(self._matches(HARMLESS, read))
        labels = [label for label in LABELS if self._holds(label, read, harmless)]
        firm = any(rule.pattern.firm for label in labels for rule, _ in self._matches(label, read))
        return Alarms(labels, bool(harmless), firm)

    def misuse(self, message: Doc | str) -> bool:
        """Whether the message asks how to do harm."""
        read = self._read(message)
        return self._holds(MISUSE, read, list(self._matches(HARMLESS, read)))

    def threat(self, message: Doc | str) -> bool:
        """Whether the message tells that somebody threatens to show private pictures."""
        return self._holds(THREAT, self._read(message), [])

    def spread(self, message: Doc | str) -> bool:
        """Whether the message tells that private pictures are already making the round."""
        return self._holds(SPREAD, self._read(message), [])

    def explain(self, message: Doc | str) -> list[tuple[str, str, str]]:
        """Returns (file, pattern, words) of all matches, cleared ones too: for whoever edits the records."""
        read = self._read(message)
        return [
            (file, rule.pattern.name, read.doc[start:end].text)
            for file in FILES
            for rule, spans in self._matches(file, read)
            for start, end in spans
        ]

    def _read(self, message: Doc | str) -> _Message:
        text = message.text if isinstance(message, Doc) else message
        # words of no phrase are not handed on: spaCy would keep every word it has seen
        known = self._words.known
        return _Message(Doc(self._vocab, words=[word if word in known else OTHER for word in self._words.words(text)]))

    def _holds(self, label: str, message: _Message, harmless: list[tuple[_Rule, list[Span]]]) -> bool:
        covers: list[Span] = []
        for rule, spans in harmless:
            if not rule.pattern.clears or label in rule.pattern.clears:
                covers += spans if rule.pattern.reach == "words" else [(0, 10**6)]
        return any(rule.pattern.firm or _outside(spans, covers) for rule, spans in self._matches(label, message))

    def _matches(self, file: str, message: _Message) -> Iterator[tuple[_Rule, list[Span]]]:
        index = self._index[file]
        seen: set[int] = set()
        for word in message.places:
            for rule in index.get(word, ()):
                if id(rule) not in seen:
                    seen.add(id(rule))
                    if spans := rule.spans(message):
                        yield rule, spans

    @staticmethod
    def _by_word(rules: list[_Rule]) -> dict[str, list[_Rule]]:
        index: dict[str, list[_Rule]] = defaultdict(list)
        for rule in rules:
            for word in rule.key:
                index[word].append(rule)
        return index

    def _compile(self, file: str, patterns: list[Pattern]) -> list[_Rule]:
        rules, problems = [], []
        for pattern in patterns:
            try:
                fields = {name: [self._phrase(p) for p in getattr(pattern, name)] for name in ("any", "also", "unless")}
            except ValueError as error:
                problems.append(f"{file}.yml: {pattern.name}: {error}")
                continue
            rules.append(_Rule(pattern, fields))
        if problems:
            raise RecordError(problems)
        return rules

    def _phrase(self, phrase: str) -> _Phrase:
        tokens, needed = self._words.compile(phrase)
        matcher = Matcher(self._vocab)
        matcher.add("phrase", [tokens])
        return _Phrase(matcher, needed)


@lru_cache(maxsize=1)
def default_gate() -> CrisisGate:
    """Returns the gate over the project's own records."""
    return CrisisGate()
