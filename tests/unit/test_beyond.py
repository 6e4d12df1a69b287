"""What the study never speaks of: which words count, and what they change."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.findings import asked_finding
from lantern.beyond import load_beyond, names_beyond
from lantern.findings import load_findings
from lantern.records import RecordError
from tests.unit.test_actions import ranking, tracker


@pytest.mark.parametrize(
    "text",
    ["is SNAPCHAT the worst", "which state has most", "do gay kids get targeted more", "low-income families?", "AI"],
)
def test_what_the_study_never_names_is_noticed(text: str) -> None:
    assert names_beyond(text)


@pytest.mark.parametrize("text", ["how many boys", "social networks and apps", "", "blackmail", "said", "trace"])
def test_other_words_are_left_alone(text: str) -> None:
    assert not names_beyond(text)


def test_such_a_question_is_answered_by_a_surer_finding_only() -> None:
    doubtful = ranking(("victims-overview", 0.8), ("not_covered", 0.2))
    sure = ranking(("victims-overview", 0.99), ("not_covered", 0.01))
    for text, readings, finding in (
        ("do kids in texas get targeted more", doubtful, None),
        ("do kids get targeted more", doubtful, "victims-overview"),
        ("my friend in texas asks who gets targeted", sure, "victims-overview"),
    ):
        asked = asked_finding(tracker({"text": text, "finding_ranking": readings}), load_findings())
        assert asked.finding == finding, text


def test_a_word_in_capitals_is_refused(tmp_path: Path) -> None:
    (tmp_path / "beyond.yml").write_text("beyond_study: [{kind: apps, words: [Snapchat]}]")
    with pytest.raises(RecordError, match="Snapchat"):
        load_beyond(tmp_path / "beyond.yml")
