"""The built chat element: fresh, small, with known contacts only, and with words that can be read."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
import textstat
import yaml

from lantern.contacts import Contacts
from lantern.records import DATA
from lantern.school import School
from lantern.site.assets import BUNDLE, widget_source
from scripts.setup import build_widget
from tests.content.test_replies import ASKS, BLAME, PROMISE, TERMS, strangers

ROOT = Path(__file__).resolve().parents[2]
MOST_BYTES = 20_000
# a name in Lit's code, and where leaving leads when school.yml says nothing
NAMES = {"w3.org", "weather.gov"}
KEPT = ("localStorage", "sessionStorage", "indexedDB", "document.cookie", "sendBeacon", "eval(", "serviceWorker")


@pytest.fixture(scope="module")
def words() -> dict[str, dict]:
    return yaml.safe_load((DATA / "records" / "widget.yml").read_text(encoding="utf-8"))["widget"]["languages"]


def flat(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in flat(part)]
    return [text for part in value for text in flat(part)] if isinstance(value, list) else [str(value)]


def test_the_committed_file_is_what_the_sources_build(tmp_path: Path) -> None:
    built = tmp_path / "lantern-chat.js"
    build_widget(built)
    assert built.read_bytes() == BUNDLE.read_bytes(), "stale: run `make widget` and commit widget/dist/"


def test_the_file_is_small() -> None:
    assert len(gzip.compress(widget_source(School()).encode(), 9)) <= MOST_BYTES


def test_the_file_names_known_contacts_only(contacts: Contacts) -> None:
    assert not [name for name in strangers(BUNDLE.read_text(encoding="utf-8"), contacts) if name not in NAMES]


def test_the_check_would_catch_a_stranger_in_the_file(contacts: Contacts) -> None:
    assert strangers(BUNDLE.read_text(encoding="utf-8") + '"1-800-555-0199"', contacts)


def test_the_file_keeps_and_asks_for_nothing() -> None:
    source = BUNDLE.read_text(encoding="utf-8")
    for name in (
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "document.cookie",
        "sendBeacon",
        "eval(",
        "serviceWorker",
    ):
        assert name not in source, name


def test_the_file_leaves_to_the_default_of_the_school_record() -> None:
    assert f'"{School().exit_url}"' in BUNDLE.read_text(encoding="utf-8")


def test_the_lock_of_npm_names_no_download_address() -> None:
    lock = json.loads((ROOT / "widget" / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert not [name for name, entry in packages.items() if "resolved" in entry or "integrity" not in entry]


def test_both_languages_have_the_same_words(words: dict) -> None:
    shape = lambda value: {key: shape(part) for key, part in value.items()} if isinstance(value, dict) else None  # noqa: E731
    spanish = {key: part for key, part in words["es"].items() if key not in ("lead", "core")}
    assert shape(spanish) == shape(words["en"])
    for key in words["en"]:
        fields = re.compile(r"\{\w+\}")
        assert sorted(fields.findall(str(words["en"][key]))) == sorted(fields.findall(str(words["es"][key]))), key


def test_the_spanish_steps_are_as_many_as_the_english_ones(words: dict, responses: dict) -> None:
    core = next(variation["text"] for variation in responses["utter_core"] if "condition" not in variation)
    assert len(words["es"]["core"]) == core.count("•") == 4


@pytest.mark.parametrize("words_that_hurt", [BLAME, PROMISE, ASKS, TERMS], ids=["blame", "promise", "asks", "terms"])
def test_no_word_of_the_element_hurts(words: dict, words_that_hurt: str) -> None:
    assert not [text for text in flat(words["en"]) if re.search(words_that_hurt, text, re.IGNORECASE)]


def test_the_words_are_easy(words: dict) -> None:
    english = words["en"]
    sentences = [text for text in flat(english) if text.endswith(".") and "{" not in text]
    assert len(sentences) >= 8
    plain = " ".join(sentences).replace("takeitdown.ncmec.org", "the site")
    assert textstat.flesch_kincaid_grade(plain) <= 6


def test_pages_and_docs_of_the_element_name_known_contacts_only(contacts: Contacts) -> None:
    allowed = {"lit.dev", "lincoln-high.example"}
    for path in [*(ROOT / "lantern" / "site" / "templates").glob("*.html"), ROOT / "widget" / "README.md"]:
        found = strangers(path.read_text(encoding="utf-8"), contacts)
        assert not [name for name in found if name not in allowed], path.name
