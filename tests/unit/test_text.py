from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantern.text import MAX_CHARACTERS, normalize


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("  k\u200bm\u200bs  ", "kms"),
        ("don\u2019t", "don't"),
        ("heeeeeelp", "heelp"),
        ("\uff48\uff45\uff4c\uff50", "help"),
        ("a\x00b\nc", "a b c"),
        ("\u200b\ufeff", ""),
    ],
)
def test_normal_form(raw: str, plain: str) -> None:
    assert normalize(raw) == plain


@given(st.text(max_size=3000))
def test_any_text_has_a_short_normal_form_that_stays(raw: str) -> None:
    once = normalize(raw)
    assert len(once) <= MAX_CHARACTERS
    assert "\x00" not in once
    assert normalize(once) == once
