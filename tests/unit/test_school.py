"""school.yml: read, checked, and put into words."""

from __future__ import annotations

from pathlib import Path

import pytest

from lantern.records import ROOT, RecordError
from lantern.school import School, read_school


def school(tmp_path: Path, text: str) -> School:
    path = tmp_path / "school.yml"
    path.write_text(text, encoding="utf-8")
    return read_school(path)


def test_the_shipped_file_is_empty_and_valid() -> None:
    shipped = read_school(ROOT / "school.yml")
    assert shipped.name is shipped.counselor is None
    assert shipped.lines == shipped.origins == ()
    assert shipped.exit_url.startswith("https://")


def test_the_examples_in_the_shipped_file_are_valid(tmp_path: Path) -> None:
    text = (ROOT / "school.yml").read_text(encoding="utf-8")
    text = text.replace("  #   ", "    ").replace("  # - ", "  - ").replace("lines: []", "lines:")
    filled = school(tmp_path, text)
    assert str(filled.counselor) == "Ms. Rivera (room 114, 1-402-555-0100, Mon to Fri, 8 to 3)"
    assert [str(line) for line in filled.lines] == ["Nebraska teen line: 1-402-555-0199, 24/7"]


def test_a_counselor_may_have_no_more_than_a_name(tmp_path: Path) -> None:
    assert str(school(tmp_path, "school: {counselor: {name: Mr. Lee}}").counselor) == "Mr. Lee"


def test_an_origin_loses_its_slash(tmp_path: Path) -> None:
    assert school(tmp_path, "school: {origins: ['https://a.example/']}").origins == ("https://a.example",)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("school: {counselor: {room: '114'}}", "counselor.name"),
        ("school: {counselor: {name: A, phone: call me}}", "counselor.phone"),
        ("school: {lines: [{name: Teen line}]}", "needs a phone or a url"),
        ("school: {origins: ['https://a.example/chat']}", "without a path"),
        ("school: {origins: ['https://*.example']}", "without a path or a star"),
        ("school: {origins: ['http://a.example']}", "https://"),
        ("school: {exit_url: 'javascript:alert(1)'}", "https://"),
        ("school: {councilor: {name: A}}", "councilor"),
        ("name: Lincoln High", "top-level key"),
        ("school: [", "not valid YAML"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(RecordError, match=r"^school.yml: school: ") as error:
        school(tmp_path, text)
    assert problem in str(error.value)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="cannot be read"):
        read_school(tmp_path / "school.yml")
