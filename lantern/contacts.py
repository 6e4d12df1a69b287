"""Every phone number and address that Lantern may show. Pure Python, no Rasa.

The records lie in `data/records/contacts.yml`, each with its source and the date it was checked.
"""

from __future__ import annotations

import datetime
from functools import lru_cache
from pathlib import Path

from pydantic import Field, conlist

from lantern.records import RECORDS, Record, RecordError, parse, read_records

CYBERTIPLINE = "cybertipline"


class Contact(Record):
    """One place to turn to.

    Attributes:
        phone: digits as dialled, with dashes; None where there is none or it is not sure.
        phone_words: the same number in letters, such as 1-800-THE-LOST.
        text: how to reach it by text message.
        url: address without https://
        what_happens: what happens when you call or write.
        checked: day on which the sources were read.
        verified: whether a person has dialled the number and opened the address.
    """

    key: str
    name: str
    phone: str | None = Field(None, regex=r"^(\d{3}|1-\d{3}-\d{3}-\d{4})$")
    phone_words: str | None
    text: str | None
    url: str | None = Field(None, regex=r"^(?!https?:)[\w.-]+\.[a-z]+(/\S*)?$")
    hours: str
    who_for: str
    what_happens: str
    anonymous: str
    languages: str
    confidence: str
    source: conlist(str, min_items=1)
    checked: datetime.date
    verified: bool

    @property
    def phone_href(self) -> str | None:
        """The number as a link for a phone's dialler, such as `tel:+18008435678`."""
        if self.phone is None:
            return None
        digits = self.phone.replace("-", "")
        return f"tel:+{digits}" if len(digits) > 3 else f"tel:{digits}"


class Contacts:
    """All contacts, loaded and checked.

    Raises:
        RecordError: with every problem as `file: key: message`.
    """

    def __init__(self, path: Path = RECORDS / "contacts.yml") -> None:
        records, problems = parse(Contact, read_records(path, "contacts"), path.name, name="key")
        self._contacts: dict[str, Contact] = {}
        for record in records:
            if record.key in self._contacts:
                problems.append(f"{path.name}: {record.key}: the key is used twice")
            self._contacts[record.key] = record
        if CYBERTIPLINE not in self._contacts:
            problems.append(f"{path.name}: {CYBERTIPLINE}: this contact must exist")
        if problems:
            raise RecordError(problems)

    def __iter__(self):
        return iter(self._contacts.values())

    def get(self, key: str) -> Contact | None:
        """Returns the contact with this key, or None."""
        return self._contacts.get(key)

    @property
    def cybertipline(self) -> Contact:
        return self._contacts[CYBERTIPLINE]

    def line(self) -> str:
        """Returns the sentence that ends every reply on a text channel."""
        tip = self.cybertipline
        return f"{tip.name}, free, {tip.hours}: {tip.phone} ({tip.phone_words}) or {tip.url}"

    def payload(self) -> dict[str, str | None]:
        """Returns the contact as the website channel sends it: `label`, `phone`, `phone_href`, `url`."""
        tip = self.cybertipline
        return {
            "label": f"{tip.name} ({tip.phone_words}), free, {tip.hours}",
            "phone": tip.phone,
            "phone_href": tip.phone_href,
            "url": f"https://{tip.url}",
        }


@lru_cache(maxsize=1)
def load_contacts() -> Contacts:
    """Returns the project's contacts, read once a process."""
    return Contacts()
