"""The second opinion: what the reader returns, and how two opinions become one."""

from __future__ import annotations

import pytest

from lantern.findings import load_findings
from lantern.nlu.second_reader import ASK_FINDING, Reader, combine
from lantern.topics import load_topics


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def ranking(**confidences: float) -> list[dict]:
    return [{"name": name, "confidence": confidence} for name, confidence in confidences.items()]


def names(ranked: list[dict]) -> list[str]:
    return [entry["name"] for entry in ranked]


def test_two_unsure_opinions_that_agree_beat_two_sure_ones_that_do_not() -> None:
    ranked = combine(ranking(a=0.6, b=0.4, c=0.0), {"a": 0.0, "b": 0.4, "c": 0.6}, 1.0, 1.0)
    assert names(ranked)[0] == "b"
    assert sum(entry["confidence"] for entry in ranked) == pytest.approx(1.0)


def test_a_topic_that_the_reader_does_not_know_can_still_win() -> None:
    assert names(combine(ranking(new=0.9, old=0.1), {"old": 0.9}, 1.0, 1.0)) == ["new", "old"]


def test_without_a_second_opinion_the_first_stays() -> None:
    first = ranking(a=0.6, b=0.4)
    assert combine(first, None, 0.7, 0.7) == first


def test_the_opinion_with_the_higher_power_wins_a_quarrel() -> None:
    first, second = ranking(a=0.6, b=0.4), {"a": 0.4, "b": 0.6}
    assert names(combine(first, second, 1.0, 0.4)) == ["a", "b"]
    assert names(combine(first, second, 0.4, 1.0)) == ["b", "a"]


@pytest.mark.parametrize("text", ["he has a pic of me and wants money", "", "😭", "help " * 900, "¿quién eres?"])
def test_probabilities_of_any_text(reader: Reader, text: str) -> None:
    topics, findings = reader.read(text)
    assert sum(topics.values()) == pytest.approx(1.0, abs=1e-3)
    assert sum(findings.values()) == pytest.approx(1.0, abs=1e-3)


def test_the_reader_reads(reader: Reader) -> None:
    topics, _ = reader.read("he has a pic of me and wants money or hell send it to my school")
    assert topics[ASK_FINDING] < 0.3
    asked, findings = reader.read("In what percent of the reports was the victim a girl?")
    assert max(asked, key=asked.get) == ASK_FINDING
    assert max(findings, key=findings.get).startswith("victims-")


def test_the_labels_are_of_topics_and_findings_that_exist(reader: Reader) -> None:
    """A new topic is fine without the reader; a label that is gone was renamed or says that `make fine-tune` is due."""
    assert set(reader.topics) <= set(load_topics())
    assert [label for label in reader.findings if label != "not_covered" and not load_findings().answer(label)] == []
