from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from lantern.contacts import Contacts
from lantern.records import RECORDS, RecordError


@pytest.fixture
def records() -> list[dict]:
    return yaml.safe_load((RECORDS / "contacts.yml").read_text())["contacts"]


def load(tmp_path: Path, records: list[dict]) -> Contacts:
    path = tmp_path / "contacts.yml"
    path.write_text(yaml.safe_dump({"contacts": records}))
    return Contacts(path)


def test_the_cybertipline_is_as_promised(contacts: Contacts) -> None:
    tip = contacts.cybertipline
    assert (tip.phone, tip.phone_words, tip.url) == ("1-800-843-5678", "1-800-THE-LOST", "report.cybertip.org")
    assert tip.phone_href == "tel:+18008435678"
    assert all(part in contacts.line() for part in (tip.phone, tip.phone_words, tip.url))
    assert contacts.payload()["url"] == "https://report.cybertip.org"


def test_short_numbers_dial_as_they_are(contacts: Contacts) -> None:
    assert contacts.get("lifeline_988").phone_href == "tel:988"


def test_a_contact_without_phone_has_no_link(contacts: Contacts) -> None:
    assert contacts.get("take_it_down").phone_href is None
    assert contacts.get("no_such") is None


@pytest.mark.parametrize("change", [{"phone": "800 843 5678"}, {"url": "https://x.org"}, {"source": []}, {"fax": "1"}])
def test_a_wrong_contact_is_refused(tmp_path: Path, records: list[dict], change: dict) -> None:
    records[0].update(change)
    with pytest.raises(RecordError, match=f"contacts.yml: {records[0]['key']}: {next(iter(change))}"):
        load(tmp_path, records)


def test_the_cybertipline_cannot_be_missing(tmp_path: Path, records: list[dict]) -> None:
    with pytest.raises(RecordError, match="cybertipline: this contact must exist"):
        load(tmp_path, [record for record in records if record["key"] != "cybertipline"])
