"""Patterns of the spaCy entity ruler, written in `data/records/entities.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lantern.records import RECORDS, RecordError, read_records


def load_patterns(path: str | Path | None = None) -> list[dict[str, Any]]:
    """Returns spaCy entity-ruler patterns: `label` is the entity, `id` its value.

    Args:
        path: an `entities.yml` instead of the project's own.

    Raises:
        RecordError: an entry lacks `entity`, `value` or patterns; all problems are listed.
    """
    source = Path(path) if path else RECORDS / "entities.yml"
    patterns, problems = [], []
    for entry in read_records(source, "entities"):
        missing = {"entity", "value", "patterns"} - set(entry)
        if missing:
            problems.append(f"{source.name}: {entry.get('value', '?')}: missing {', '.join(sorted(missing))}")
            continue
        patterns += [
            {"label": entry["entity"], "id": entry["value"], "pattern": pattern} for pattern in entry["patterns"]
        ]
    if problems:
        raise RecordError(problems)
    return patterns
