"""The topics Lantern talks about, from `data/records/topics.yml`. Pure Python, no Rasa."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field

from lantern.records import RECORDS, Record, RecordError, parse, read_records

# areas that make no sense as a reading to choose
NO_READING = frozenset({"talk", "follow_up", "safety", "steps"})
# nor do answers to what Lantern has just told or asked
ONLY_ANSWERS = frozenset({"next_part", "quiz_answer_true", "quiz_answer_false"})


class Topic(Record):
    """One topic.

    Attributes:
        intent: name of the intent, the folder and the response.
        area: the folder above it.
        title: the topic in a user's words, for buttons.
        trouble: whether people ask this who are in it right now.
        calm: whether the reply is right only where nobody threatens.
    """

    intent: str
    area: str
    title: str = Field(max_length=26)
    trouble: bool = False
    calm: bool = False

    @property
    def is_reading(self) -> bool:
        """Whether the topic can be offered as what a message may have meant."""
        return self.area not in NO_READING and self.intent not in ONLY_ANSWERS


@lru_cache(maxsize=4)
def load_topics(path: Path = RECORDS / "topics.yml") -> dict[str, Topic]:
    """Returns the topics by intent.

    Raises:
        RecordError: with every problem as `file: intent: message`.
    """
    topics, problems = parse(Topic, read_records(path, "topics"), path.name, name="intent")
    names = [topic.intent for topic in topics]
    problems += [f"{path.name}: {name}: named twice" for name in sorted({n for n in names if names.count(n) > 1})]
    if problems:
        raise RecordError(problems)
    return {topic.intent: topic for topic in topics}
