"""Monthly counts: off unless a school wants them, without a text, and no small count in a report."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from lantern.service import counts
from lantern.service.counts import HIDDEN, Counts, hide_small, read_counts, report


def test_nothing_is_counted_unless_a_school_turns_it_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    quiet = Counts()
    quiet.add("guidance", "pay_or_not")
    quiet.write()
    assert not list(tmp_path.iterdir())


def test_counts_of_all_workers_are_added_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for worker, turns in ((1, 12), (2, 5)):
        monkeypatch.setattr(counts.os, "getpid", lambda worker=worker: worker)
        kept = Counts(str(tmp_path))
        for _ in range(turns):
            kept.add("guidance", "pay_or_not")
        kept.write()
    (month,) = read_counts(tmp_path).values()
    assert month == {("guidance", "pay_or_not"): 17}


def test_a_disk_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    kept = Counts(str(tmp_path / "file"))
    kept.add("guidance", "pay_or_not")
    kept.write()


def test_small_counts_are_hidden() -> None:
    assert hide_small(Counter(a=40, b=12, c=3, d=2)) == {"a": 40, "b": 12, "c": HIDDEN, "d": HIDDEN}


def test_a_hidden_count_cannot_be_worked_out_from_the_total() -> None:
    assert hide_small(Counter(a=40, b=12, c=3)) == {"a": 40, "b": HIDDEN, "c": HIDDEN}
    assert hide_small(Counter(a=3)) == {"a": HIDDEN}


def test_the_report_shows_months_and_hides_what_is_small() -> None:
    months = {
        "2026-10": Counter({("guidance", "pay_or_not"): 30, ("crisis", "self_harm"): 1, ("finding", "card"): 20}),
        "2026-11": Counter({("crisis", "self_harm"): 1}),
    }
    told = report(months)
    assert "2026-10: 51 messages answered" in told and "pay_or_not" in told
    assert f"2026-11: {HIDDEN} messages answered" in told
    assert " 1  " not in told and told.count(HIDDEN) == 5
    assert report({}) == "No counts yet."
