"""Where the records lie, and how a record file is read. Pure Python: no Rasa, no TensorFlow."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
RECORDS = DATA / "records"

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Model = TypeVar("Model", bound=BaseModel)


class RecordError(ValueError):
    """Everything that is wrong with a set of records, one `file: id: message` a line."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


class Record(BaseModel):
    """Base of all records: unknown keys are refused, values cannot change."""

    class Config:  # noqa: D106
        extra = "forbid"
        frozen = True


def read_records(path: Path, key: str) -> list[dict[str, Any]]:
    """Returns the raw records under the top-level `key` of a YAML file.

    Raises:
        RecordError: the file is missing, is not YAML, or has another top-level key.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        raise RecordError([f"{path.name}: -: the file is missing"]) from None
    except yaml.YAMLError as error:
        raise RecordError([f"{path.name}: -: not valid YAML: {error}"]) from None
    if not isinstance(content, dict) or set(content) != {key} or not isinstance(content[key], list):
        raise RecordError([f"{path.name}: -: the only top-level key must be '{key}:' with a list"])
    return content[key]


def parse(model: type[Model], raw: list[dict[str, Any]], file: str, name: str = "id") -> tuple[list[Model], list[str]]:
    """Turns raw records into `model` instances.

    Returns:
        The valid records, and all problems as `file: id: message`.
    """
    records, problems = [], []
    for index, entry in enumerate(raw):
        label = entry.get(name, f"number {index + 1}") if isinstance(entry, dict) else f"number {index + 1}"
        try:
            records.append(model.parse_obj(entry))
        except ValidationError as error:
            for problem in error.errors():
                where = ".".join(str(part) for part in problem["loc"])
                problems.append(f"{file}: {label}: {where}: {problem['msg']}")
    return records, problems
