"""Every sentence a user can read: contacts traced, no loose figure, short, plain, never blaming, never promising."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import textstat

from lantern.contacts import Contacts

ROOT = Path(__file__).resolve().parents[2]
PHONE = re.compile(r"(?<![\d-])1-\d{3}-[\dA-Z-]{7,10}\b")
ADDRESS = re.compile(
    r"(?<![@\w.])(?:https?://)?((?:[a-z0-9-]+\.)+(?:org|com|gov|net|info|edu)(?:/[\w./-]*)?)", re.IGNORECASE
)
SHORT_NUMBER = re.compile(r"(?<![\d-])(911|988|741741)(?![\d-])")
# figures belong to finding records; what remains are ages, the hours of the law, and the key to press for Spanish
FREE_NUMBERS = {"2", "18", "48", "17", "13", "12", "14"}
MOST_WORDS = 95
# words that blame, and promises that nobody can keep, each as a reader in trouble would hear it
BLAME = r"you should(n't| not) have|your own fault|you let (him|her|them)|why did you|you fell for|naive|foolish|asked for it"  # noqa: E501
PROMISE = r"we guarantee|will be (removed|arrested|deleted)|nobody will (ever )?(know|find out)|you won't get in trouble|(always|fully) secret|i promise"  # noqa: E501
ASKS = r"what('s| is) your (name|address|school|age|number)|where do you (live|go to school)|send (me|us) (the|a) (picture|photo|screenshot)|tell me your"  # noqa: E501
TERMS = r"child porn|kiddie|revenge porn|committed suicide|commit suicide|failed attempt"


def every_text(responses: dict[str, list[dict[str, Any]]]) -> list[tuple[str, str, dict]]:
    return [(name, variation["text"], variation) for name, variations in responses.items() for variation in variations]


def known_addresses(contacts: Contacts) -> set[str]:
    urls = {contact.url for contact in contacts if contact.url}
    return {url.rstrip("/").lower().removeprefix("www.") for url in urls}


def strangers(text: str, contacts: Contacts) -> list[str]:
    """Numbers and addresses of `text` that are not in contacts.yml."""
    numbers = {contact.phone for contact in contacts} | {contact.phone_words for contact in contacts}
    texts = " ".join(contact.text or "" for contact in contacts) + " 1-800-CALL-FBI 1-800-4-A-CHILD"
    found = [number for number in PHONE.findall(text) if number not in numbers and number not in texts]
    found += [n for n in SHORT_NUMBER.findall(text) if n not in numbers and n not in texts]
    addresses = {match.rstrip("./").lower().removeprefix("www.") for match in ADDRESS.findall(text)}
    return found + sorted(addresses - known_addresses(contacts))


def test_no_reply_shows_a_contact_that_is_not_in_the_list(responses: dict, contacts: Contacts) -> None:
    assert not [f"{name}: {found}" for name, text, _ in every_text(responses) if (found := strangers(text, contacts))]


PAGES = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "lantern/site/templates").glob("*.html"))]


@pytest.mark.parametrize("file", ["README.md", "CONTRIBUTING.md", *PAGES])
def test_no_page_shows_a_contact_that_is_not_in_the_list(file: str, contacts: Contacts) -> None:
    allowed = {"apache.org", "creativecommons.org", "127.0.0.1"}
    found = strangers((ROOT / file).read_text(encoding="utf-8"), contacts)
    assert not [item for item in found if not any(name in item for name in allowed)]


def test_the_check_would_catch_a_stranger(contacts: Contacts) -> None:
    assert strangers("Call 1-800-555-0199 or see TakeItDown.org", contacts) == ["1-800-555-0199", "takeitdown.org"]


def test_no_figure_stands_in_a_reply_by_itself(responses: dict) -> None:
    loose = []
    for name, text, _ in every_text(responses):
        bare = PHONE.sub("", SHORT_NUMBER.sub("", ADDRESS.sub("", text)))
        loose += [f"{name}: {n}" for n in re.findall(r"\d[\d,.]*%?", bare) if n.strip(".,") not in FREE_NUMBERS]
    assert not loose


def test_replies_fit_a_phone_screen(responses: dict) -> None:
    assert not [
        f"{name}: {len(text.split())} words"
        for name, text, _ in every_text(responses)
        if len(text.split()) > MOST_WORDS
    ]


def test_replies_read_easily(responses: dict) -> None:
    """Grade 6 for teens and friends, 8 for parents and staff."""
    hard = []
    for name, text, variation in every_text(responses):
        if "{statement}" in text:
            continue  # the statements are checked as records
        role = next((c["value"] for c in variation.get("condition") or []), "me")
        # a bullet is a sentence of its own; addresses and placeholders are not words
        plain = (
            re.sub(r"\{\w+\}", "", ADDRESS.sub("the site", text))
            .replace("•", "")
            .replace("\n", ". ")
            .replace("..", ".")
        )
        grade = textstat.flesch_kincaid_grade(re.sub(r"[.:?] *\.", ".", plain))
        if grade > (8 if role in ("parent", "staff") else 6.5):
            hard.append(f"{name} ({role}): {grade:.1f}")
    assert not hard


@pytest.mark.parametrize("words", [BLAME, PROMISE, ASKS, TERMS], ids=["blame", "promise", "asks", "terms"])
def test_no_reply_hurts(responses: dict, words: str) -> None:
    found = [
        f"{name}: {m.group()}"
        for name, text, _ in every_text(responses)
        if (m := re.search(words, text, re.IGNORECASE))
    ]
    # these tell adults which questions not to ask
    quoting = ("utter_how_to_talk", "utter_student_targeted", "utter_child_targeted", "utter_friend_targeted")
    quoting += ("utter_blame_and_shame", "utter_telling_parents")
    assert not [item for item in found if not item.startswith(quoting)]


def test_every_reply_has_a_kind_and_every_advice_a_dated_source(responses: dict) -> None:
    kinds = {"finding", "guidance", "crisis", "refusal", "fallback", "out_of_scope", "smalltalk", "error"}
    for name, _, variation in every_text(responses):
        metadata = variation.get("metadata") or {}
        assert metadata.get("kind") in kinds, name
        if metadata["kind"] in ("guidance", "crisis"):
            assert metadata.get("source") and metadata.get("checked"), name


def test_replies_offer_a_next_step(responses: dict) -> None:
    without = {
        "utter_core",
        "utter_core_again",
        "utter_study_line",
        "utter_school_counselor",
        "utter_school_lines",
        "utter_crisis_line",
        "utter_crisis_check_line",
        "utter_also_line",
        "utter_along_line",
        "utter_grown_up_line",
        "utter_personal_data_line",
        "utter_trouble",
        "utter_close_call",
        "utter_which_finding",
        "utter_perhaps_finding",
        "utter_other_number",
        "utter_no_number",
        "utter_no_split_by_gender",
        "utter_no_split_by_age",
        "utter_step_lead_done",
        "utter_step_lead_lost",
        # said before utter_quiz_answer
        *(name for name in responses if re.fullmatch(r"utter_quiz_(right|wrong|open)_(true|false)", name)),
    }
    assert not [
        name for name, _, variation in every_text(responses) if not variation.get("buttons") and name not in without
    ]


def test_crisis_replies_name_the_lines(responses: dict) -> None:
    for name in (
        "utter_self_harm",
        "utter_self_harm_other",
        "utter_immediate_danger",
        "utter_abuse_offline",
        "utter_trouble",
    ):
        for variation in responses[name]:
            assert "911" in variation["text"], name
    for name in ("utter_self_harm", "utter_self_harm_other", "utter_not_a_crisis", "utter_trouble"):
        assert all("988" in variation["text"] for variation in responses[name]), name
