"""A number that a question names: what it stands for, and whether the study has it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from actions.findings import asked_finding
from lantern.findings import load_findings
from lantern.quoted import cited_share


@pytest.mark.parametrize(
    ("text", "ranking", "asked"),
    [
        (
            "what does the 38 percent refer to",
            {"victims-girls": 0.9, "reporters-victims-total": 0.01},
            "reporters-victims-total",
        ),
        ("your flyer says 22 %, of what?", {"reporters-parents": 0.2, "victims-girls": 0.7}, "reporters-parents"),
        ("what does the 43 percent refer to", {"victims-girls": 0.9}, None),
        ("is it true that 38 percent were girls", {"victims-girls": 0.9}, "victims-girls"),
    ],
)
def test_a_cited_share_leads_to_its_finding(text: str, ranking: dict[str, float], asked: str | None) -> None:
    readings = [{"name": name, "confidence": confidence} for name, confidence in ranking.items()]
    tracker = SimpleNamespace(latest_message={"text": text, "finding_ranking": readings})
    assert asked_finding(tracker, load_findings()).finding == asked


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("What does the 80 % stand for?", 80),
        ("Your brochure says 13%, of what?", 13),
        ("what is the 31 percent", 31),
        ("what is 31 percent of girls", None),
        ("Is it true that 80% are girls?", None),
        ("32 versus 2 percent, for boys", None),
    ],
)
def test_only_a_question_for_the_meaning_of_a_share_cites_it(text: str, share: float | None) -> None:
    assert cited_share(text) == share
