"""The strict loader of the findings: everything wrong is refused, and all of it is named at once."""

from __future__ import annotations

import shutil
import statistics
from pathlib import Path

import pytest
import yaml

from lantern.cards import base_of, build_card
from lantern.findings import Findings
from lantern.records import RECORDS, ROOT, RecordError

GOOD = {
    "id": "when-same-day",
    "topic": "when",
    "question": "How fast?",
    "statement": "In 80% of cases it came on the same day.",
    "figures": [{"of": "all", "percent": 80}],
    "base": "incidents with known timing",
    "section": "When?",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A record folder with one finding, one newer record and one overview."""
    (tmp_path / "findings").mkdir()
    second = {**GOOD, "id": "when-delayed", "figures": [{"of": "girls", "percent": 20}]}
    write(tmp_path / "findings" / "when.yml", "findings", [GOOD, second])
    write(
        tmp_path / "cards.yml",
        "cards",
        [{"id": "when-overview", "question": "When?", "findings": [GOOD["id"], "when-delayed"]}],
    )
    shutil.copy(RECORDS / "newer.yml", tmp_path / "newer.yml")
    return tmp_path


def write(path: Path, key: str, records: list[dict]) -> None:
    path.write_text(yaml.safe_dump({key: records}))


def problems(folder: Path) -> str:
    with pytest.raises(RecordError) as caught:
        Findings(folder)
    return str(caught.value)


def test_look_up_by_id_topic_and_group(folder: Path) -> None:
    findings = Findings(folder)
    assert findings.get("when-same-day").figures[0].percent == 80
    assert findings.get("no-such") is None
    assert [f.id for f in findings.of_topic("when")] == ["when-same-day", "when-delayed"]
    assert [f.id for f in findings.of_group("girls")] == ["when-delayed"]
    assert findings.of_topic("no-such") == []


def test_overview_answers_with_its_findings_in_order(folder: Path) -> None:
    assert [f.id for f in Findings(folder).answer("when-overview")] == ["when-same-day", "when-delayed"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"colour": "red"}, "colour: extra fields not permitted"),
        ({"figures": [{"of": "all"}]}, "exactly one of"),
        ({"figures": [{"of": "all", "percent": 80, "count": 3}]}, "exactly one of"),
        ({"figures": [{"of": "all", "percent": -5}]}, "percent"),
        ({"topic": "weather"}, "topic"),
        ({"also": ["when-never"]}, "no finding 'when-never'"),
        ({"since": "yesterday"}, "no newer record 'yesterday'"),
        ({"id": "where-same-day"}, "must agree"),
    ],
)
def test_a_wrong_record_is_refused_with_its_place(folder: Path, change: dict, message: str) -> None:
    write(folder / "findings" / "when.yml", "findings", [{**GOOD, **change}])
    text = problems(folder)
    assert message in text
    assert text.splitlines()[0].startswith(("when.yml: ", "cards.yml: "))


def test_all_problems_are_listed_at_once(folder: Path) -> None:
    write(
        folder / "findings" / "when.yml", "findings", [{**GOOD, "colour": 1}, {**GOOD, "id": "when-b", "section": None}]
    )
    assert {"colour", "section"} <= set(problems(folder).replace(":", " ").split())


def test_an_id_used_twice_is_refused(folder: Path) -> None:
    write(folder / "findings" / "when.yml", "findings", [GOOD, GOOD])
    assert "when.yml: when-same-day: the id is used twice" in problems(folder)


@pytest.mark.parametrize("content", ["- just a list", "nlu: []", "findings: {}", "findings: [", ""])
def test_a_file_of_another_shape_is_refused(folder: Path, content: str) -> None:
    (folder / "findings" / "when.yml").write_text(content)
    assert "when.yml: -: " in problems(folder)


def test_a_card_leads_with_the_asked_finding(findings: Findings) -> None:
    card = build_card(findings, "objectives-money-boys")
    assert card["statement"] == findings.get("objectives-money-boys").statement
    assert card["sources"][0]["id"] == "objectives-money-boys"
    assert card["sources"][0]["n"] == 1428


def test_a_card_does_not_repeat_what_was_told(findings: Findings) -> None:
    other = findings.get("objectives-money-boys").also[0]
    told = build_card(findings, "objectives-money-boys", frozenset({other}))
    assert other not in {source["id"] for source in told["sources"]}


def test_cards_are_short(findings: Findings) -> None:
    (response,) = yaml.safe_load((ROOT / "data/findings/card/responses.yml").read_text())["responses"]["utter_finding"]
    words = [len(response["text"].format(**build_card(findings, finding.id)).split()) for finding in findings]
    assert statistics.median(words) <= 60 and max(words) <= 110


def test_an_unknown_card_is_none(findings: Findings) -> None:
    assert build_card(findings, "no-such-card") is None


def test_no_base_is_claimed_where_the_source_gives_no_share(findings: Findings) -> None:
    assert base_of(findings.get("when-same-day")) == "the 39% of incidents with known timing"
    assert all(base_of(finding) is None for finding in findings if not finding.figures)
