"""The content against the source: every figure of NCMEC's study is in a record, and no record holds another."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import yaml

from lantern.findings import Findings

HERE = Path(__file__).parent
# digits, percentages, years; "1 in 3" counts as one
NUMBER = re.compile(r"1 in 3|\d[\d,]*%?")
# the study's own name for itself, told with every card
FREE = {"1,428"}
WORDS = {"two": "2", "three": "3", "one": "1", "seven": "7", "fifteen": "15"}


def source_figures() -> dict[str, set[str]]:
    """The figures of the source by section, read from the source by hand."""
    content = yaml.safe_load((HERE / "source_figures.yml").read_text(encoding="utf-8"))
    return {section: {str(entry["figure"]) for entry in entries} for section, entries in content.items()}


def numbers(text: str) -> set[str]:
    return {number.strip(",") for number in NUMBER.findall(text)}


def plain(figure: str) -> set[str]:
    """What a figure of the list looks like in digits: `October 2013` is 2013, `one to seven platforms` is 1 and 7."""
    for word, digit in WORDS.items():
        figure = re.sub(rf"\b{word}\b", digit, figure)
    return numbers(figure)


def test_every_figure_of_the_source_is_told_in_its_section(findings: Findings) -> None:
    told = defaultdict(str)
    for finding in findings:
        told[finding.section] += f" {finding.statement} {finding.note or ''}".lower()
    missing = []
    for section, figures in source_figures().items():
        text = told[section]
        for word, digit in WORDS.items():
            text = re.sub(rf"\b{word}\b", digit, text)
        for figure in figures:
            found = plain(figure) <= numbers(text) if plain(figure) else figure.lower() in text
            if not found:
                missing.append(f"{section}: {figure}")
    assert not missing


def test_no_record_holds_a_figure_that_the_source_does_not(findings: Findings) -> None:
    allowed = set().union(*(plain(f) for figures in source_figures().values() for f in figures)) | FREE
    alien = []
    for finding in findings:
        for text in (finding.statement, finding.note or "", finding.base, finding.question):
            alien += [f"{finding.id}: {number}" for number in numbers(text) - allowed]
    assert not alien


def test_a_records_figures_stand_in_its_statement(findings: Findings) -> None:
    absent = []
    for finding in findings:
        text = finding.statement.lower()
        for word, digit in WORDS.items():
            text = re.sub(rf"\b{word}\b", digit, text)
        for figure in finding.figures:
            value = (
                next(
                    v
                    for v in (figure.percent, figure.count, figure.age, figure.year, figure.platforms)
                    if v is not None
                )
                if figure.ratio is None and figure.share is None
                else (figure.ratio or figure.share)
            )
            shown = (
                f"{value}%" if figure.percent is not None else f"{value:,}" if figure.count is not None else str(value)
            )
            if shown not in text:
                absent.append(f"{finding.id}: {shown}")
    assert not absent


def test_figures_in_a_statement_are_listed(findings: Findings) -> None:
    """A share in the text that no `figures` entry carries could never be checked."""
    unlisted = []
    for finding in findings:
        listed = {f"{figure.percent}%" for figure in finding.figures if figure.percent is not None}
        unlisted += [f"{finding.id}: {n}" for n in numbers(finding.statement) if n.endswith("%") and n not in listed]
    assert not unlisted


def test_newer_lines_carry_no_figure_of_the_study_as_their_own(findings: Findings) -> None:
    for finding in findings:
        newer = findings.newer(finding.since)
        assert newer is None or not numbers(newer.line) & {f"{f.percent}%" for f in finding.figures}


def test_there_is_a_record_for_every_listed_tactic(findings: Findings) -> None:
    assert len(findings) >= 113
    assert len(findings.of_topic("tactics")) >= 14
