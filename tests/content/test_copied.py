"""No ten words in a row of the source, no package-registry host, no path of a machine, in any file of the project.

The source's text is not kept here: `source_words.txt` holds hashes of its word runs.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN = 10
HASHES = Path(__file__).parent / "source_words.txt"
HOSTS = re.compile(
    "py"
    r"pi\.org|python"
    r"hosted|npm"
    r"js|deb\."
    r"debian|registry\."
    r"npm|(?<![\w.])/(?:wo"
    r"rk|fa"
    r"rm)/|/ro"
    r"ot/"
)
MAX_BYTES = 2_000_000


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9%']+", text.lower())


def run_hash(run: list[str]) -> str:
    return hashlib.sha256(" ".join(run).encode()).hexdigest()[:12]


def tracked_texts() -> dict[str, str]:
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    texts = {}
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and path.stat().st_size < MAX_BYTES:
            try:
                texts[name] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
    return texts


def test_no_sentence_is_copied_from_the_source() -> None:
    source = set(HASHES.read_text().split())
    assert len(source) > 1000
    copied = []
    for name, text in tracked_texts().items():
        found = words(text)
        runs = (found[i : i + RUN] for i in range(len(found) - RUN + 1))
        copied += [f"{name}: {' '.join(run)}" for run in runs if run_hash(run) in source][:1]
    assert not copied


def test_no_registry_and_no_machine_path_is_named() -> None:
    assert not [f"{name}: {match.group()}" for name, text in tracked_texts().items() if (match := HOSTS.search(text))]
