"""Names, addresses and accounts are noticed; ordinary sentences and help lines are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from lantern.personal_data import holds_personal_data, load_patterns
from lantern.records import RecordError


@pytest.mark.parametrize(
    "text",
    [
        "write me at jo.doe@example.com please",
        "my cell is 312-555-0142",
        "call (312) 555-0142",
        "i live at 12 Nowhere Lane",
        "my name is Pat Example and he has a picture",
        "I'm in 9th grade at Exampleville High",
        "my snap is pixel_fox_00",
        "Mr. Example saw it",
        "born 05/09/2012",
    ],
)
def test_details_are_noticed(text: str) -> None:
    assert holds_personal_data(text)


@pytest.mark.parametrize(
    "text",
    [
        "should i call 1-800-843-5678 or 988",
        "text HOME to 741741",
        "my snap is hacked",
        "how many of the 1,428 reports were about boys between 2013 and 2016",
        "he wants 200 dollars by 10 pm",
        "i am so scared of my mom finding out",
        "my name is not the problem",
        "i go to high school",
    ],
)
def test_ordinary_sentences_are_not(text: str) -> None:
    assert not holds_personal_data(text)


def test_a_pattern_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "personal_data.yml"
    path.write_text("personal_data: [{name: a, why: b, pattern: '('}]")
    with pytest.raises(RecordError, match="personal_data.yml: a: pattern"):
        load_patterns(path)
