"""What a school fills in about itself: its people, its lines, its sites. Pure Python, no Rasa.

Read from `school.yml`, or from the file that the environment variable LANTERN_SCHOOL names.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from pydantic import Field, ValidationError, root_validator, validator

from lantern.records import ROOT, Record, RecordError

PHONE = r"^\d[\d ()+.-]{1,24}\d$"
# a reply has room for so much
LONGEST = 60


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    local = parts.hostname in ("localhost", "127.0.0.1")
    if not parts.hostname or parts.scheme not in (("http", "https") if local else ("https",)):
        raise ValueError("must be an address that starts with https://")
    return value


class Counselor(Record):
    """Whom a student can go to at school."""

    name: str = Field(min_length=1, max_length=LONGEST)
    room: str | None = Field(None, max_length=LONGEST)
    phone: str | None = Field(None, regex=PHONE)
    hours: str | None = Field(None, max_length=LONGEST)

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.room, self.phone, self.hours) if part)
        return f"{self.name} ({where})" if where else self.name


class LocalLine(Record):
    """A help line of the town or state."""

    name: str = Field(min_length=1, max_length=LONGEST)
    phone: str | None = Field(None, regex=PHONE)
    url: str | None
    hours: str | None = Field(None, max_length=LONGEST)

    _url = validator("url", allow_reuse=True)(lambda value: value and _web_address(value))

    @root_validator(skip_on_failure=True)
    def _can_be_reached(cls, values: dict[str, Any]) -> dict[str, Any]:
        if not (values.get("phone") or values.get("url")):
            raise ValueError("needs a phone or a url")
        return values

    def __str__(self) -> str:
        address = self.url.removeprefix("https://").rstrip("/") if self.url else None
        return f"{self.name}: " + ", ".join(part for part in (self.phone, address, self.hours) if part)


class School(Record):
    """One school.

    Attributes:
        origins: sites that may embed the chat, as `https://host[:port]` without a path.
        exit_url: where "leave this page now" goes.
    """

    name: str | None = Field(None, max_length=LONGEST)
    counselor: Counselor | None
    lines: tuple[LocalLine, ...] = ()
    origins: tuple[str, ...] = ()
    exit_url: str = "https://www.weather.gov/"

    _exit_url = validator("exit_url", allow_reuse=True)(_web_address)

    @validator("lines", "origins", pre=True)
    def _empty_is_none(cls, value: Any) -> Any:
        return value or ()

    @validator("exit_url", pre=True)
    def _exit_has_a_default(cls, value: Any) -> Any:
        return value or cls.__fields__["exit_url"].default

    @validator("origins", each_item=True)
    def _is_an_origin(cls, value: str) -> str:
        parts = urlsplit(_web_address(value))
        if parts.path.strip("/") or parts.query or parts.fragment or parts.username or "*" in value:
            raise ValueError("must be a site like https://www.example.org, without a path or a star")
        return value.rstrip("/")


def read_school(path: Path) -> School:
    """Returns the school that `path` describes.

    Raises:
        RecordError: with every problem as `file: school: message`.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError:
        raise RecordError([f"{path.name}: school: the file cannot be read"]) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RecordError([f"{path.name}: school: not valid YAML: {error}"]) from None
    if not isinstance(content, dict) or set(content) != {"school"} or not isinstance(content["school"] or {}, dict):
        raise RecordError([f"{path.name}: school: the only top-level key must be 'school:'"])
    try:
        return School.parse_obj(content["school"] or {})
    except ValidationError as error:
        raise RecordError(
            f"{path.name}: school: {'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()
        ) from None


@lru_cache(maxsize=1)
def load_school() -> School:
    """Returns the school of this process, read once.

    Raises:
        RecordError: the file is missing or something in it is wrong.
    """
    return read_school(Path(os.environ.get("LANTERN_SCHOOL") or ROOT / "school.yml"))
