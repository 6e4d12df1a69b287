"""How often what was asked, month by month: counts alone, in one small file, and only where a school turns it on.

A school that wants to know whether Lantern is used sets LANTERN_COUNTS to a folder. Each worker keeps a file of its own
there, with the number of turns for each month, kind and topic: no text, no time of day, no conversation. A report
(`make report`) adds them up and shows no count below ten, for a single count in a small school could point at a child.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

logger = logging.getLogger(__name__)

FOLDER = "LANTERN_COUNTS"
# a crash loses at most so much
WRITE_SECONDS = 600.0
# counts below this are not shown, nor a count from which a hidden one could be worked out
LEAST_SHOWN = 10
HIDDEN = f"fewer than {LEAST_SHOWN}"


class Counts:
    """Counts of one worker.

    Args:
        folder: where the file is kept; None: nothing is counted.
    """

    def __init__(self, folder: str | None = None) -> None:
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._file = Path(folder) / f"counts-{os.uname().nodename}-{os.getpid()}.json" if folder else None
        self._written_at = time.monotonic()

    def add(self, kind: str, topic: str) -> None:
        """Counts one turn, and writes the file now and then."""
        if self._file is None:
            return
        self._counts[time.strftime("%Y-%m", time.gmtime()), kind, topic] += 1
        if time.monotonic() - self._written_at >= WRITE_SECONDS:
            self.write()

    def write(self) -> None:
        """Writes the file; a disk that is full or read-only costs the counts, never an answer."""
        self._written_at = time.monotonic()
        if self._file is None or not self._counts:
            return
        rows = [[*key, number] for key, number in sorted(self._counts.items())]
        unfinished = self._file.with_suffix(".tmp")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_text(json.dumps(rows), encoding="utf-8")
            unfinished.replace(self._file)
        except OSError as error:
            logger.error("The counts could not be written: %s.", type(error).__name__)


def read_counts(folder: Path) -> dict[str, Counter[tuple[str, str]]]:
    """Returns the counts of all workers: month -> (kind, topic) -> turns."""
    months: dict[str, Counter[tuple[str, str]]] = {}
    for path in sorted(folder.glob("counts-*.json")):
        for month, kind, topic, number in json.loads(path.read_text(encoding="utf-8")):
            months.setdefault(month, Counter())[kind, topic] += number
    return months


def hide_small(counts: Counter[str]) -> dict[str, int | str]:
    """Returns the counts, largest first, with the small ones hidden.

    Where a single one is hidden, the total would tell it: the next larger one is hidden with it.
    """
    shown: dict[str, int | str] = dict(counts.most_common())
    small = [name for name, number in counts.items() if number < LEAST_SHOWN]
    if len(small) == 1 and len(counts) > 1:
        small.append(min((name for name in counts if name not in small), key=counts.__getitem__))
    return shown | {name: HIDDEN for name in small}


def report(months: dict[str, Counter[tuple[str, str]]]) -> str:
    """Returns the report as text."""
    lines: list[str] = []
    for month, counts in sorted(months.items()):
        total = sum(counts.values())
        lines += [f"{month}: {total if total >= LEAST_SHOWN else HIDDEN} messages answered", ""]
        if total < LEAST_SHOWN:
            continue
        for title, part in (("kind", 0), ("topic", 1)):
            lines += _table(title, counts.items(), part)
    return "\n".join(lines) if lines else "No counts yet."


def _table(title: str, items: Iterable[tuple[tuple[str, str], int]], part: int) -> list[str]:
    summed: Counter[str] = Counter()
    for key, number in items:
        summed[key[part]] += number
    rows = [f"    {str(number):>14}  {name}" for name, number in hide_small(summed).items()]
    return [f"  by {title}", *rows, ""]


def main() -> None:
    """`make report`: prints the monthly counts of the folder that LANTERN_COUNTS names."""
    folder = os.environ.get(FOLDER)
    if not folder:
        print(f"Nothing is counted. Set {FOLDER} to a folder for `make serve`, and again for `make report`.")
        return
    print(report(read_counts(Path(folder))))


if __name__ == "__main__":
    main()
