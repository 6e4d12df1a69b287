"""How well Lantern understands sentences it was not trained on.

usage: python bench/evaluate.py [--set dev|final|fresh|later|last|latest|newest] [--misses] [--model PATH]

The sentences lie in tests/nlu/ and tests/safety/; people wrote them who had not seen the training sentences, and
tests/content/test_topics.py fails on any overlap. `--misses` lists what went wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
from collections import Counter
from pathlib import Path
from typing import Any

from bench.judges import JUDGES, reading_of
from lantern.serving import find_model
from lantern.topics import load_topics

TESTS = Path(__file__).resolve().parents[1] / "tests"
SETS = {
    "help": TESTS / "nlu" / "help.jsonl",
    "real": TESTS / "nlu" / "real.jsonl",
    "findings": TESTS / "nlu" / "findings.jsonl",
    "safety": TESTS / "safety" / "sentences.jsonl",
}
# the report of bench/compare_selectors.py, which takes an hour and is not made anew here
SELECTORS = Path(__file__).resolve().parents[1] / "docs" / "selectors.md"
# what a sentence of these sets asks for, by the name of its field
ASKED = {"help": "topic", "findings": "finding"}
INTRODUCTION = """Made by `make evaluate`. The sentences are in `tests/nlu/` and `tests/safety/`.
They were not written by the authors of the training sentences, and a test fails on any overlap.
Training is seeded: the same data give the same figures.

Verdicts on help: `right`; `right (core)`, another topic of people in trouble, which leads with the same core steps;
`right (finding)`, what the study says of the same trick; `right (under a crisis reply)`, a doubtful alarm whose reply
answers the topic too; `right (told along)`, the answer to another question of a long message, under the first;
`asked back`, two readings offered; `wrong`.
On real (long messages in the manner of forums and advice columns): `fitting`, a topic that a reader named as fitting;
`fitting (under a crisis reply)`, `fitting (told along)` and `core steps only` as above.
On findings: `right`; `right (told along)`, the asked figure is on the card but not first; `right (in the advice)`, a
help topic whose reply tells it; `right (said with a card)`, a card that itself says what the study does not tell;
`asked back`, two or three findings offered; `honest no`, "the findings do not say"
though they do; `help`, a help topic was told; `wrong figure`, another figure with its own base was told.
On safety: `caught` is any crisis reply to a crisis, a refusal of misuse, a word on personal data; `lines told`, the
usual reply with a gentle check and 988 and 911 under it; `false alarm`, a crisis reply to the rest. The phrases of the
crisis gate were written with the `dev` half in view: `final` counts."""


def sentences(name: str, part: str | None) -> list[dict[str, Any]]:
    """Returns the test sentences of `help`, `findings` or `safety`, of one part or of all (None)."""
    lines = SETS[name].read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if part in (None, row["set"]) or row["set"] == "real"]


def load_parser(model: str) -> Any:
    """Returns a function from text to Rasa's parse result."""
    import structlog
    from rasa.core.agent import Agent

    # outside `rasa run` Rasa prints every message that it parses
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    agent = Agent.load(model)
    loop = asyncio.new_event_loop()
    return lambda text: loop.run_until_complete(agent.parse_message(text))


def group_of(name: str, row: dict[str, Any]) -> str:
    if name == "help":
        return load_topics()[row["topic"]].area
    if name == "real":
        return row["audience"]
    if name == "findings":
        return "unanswerable" if row["finding"] == "not_covered" else row["audience"]
    return f"{row['class']}: {row['kind']}" if row["class"] == "not_crisis" else row["class"]


def evaluate(parse: Any, name: str, part: str | None) -> tuple[dict[str, Counter], list[tuple[str, dict, dict]]]:
    """Returns verdict counts by group (and for `all`), and every verdict with its sentence and parse."""
    counts: dict[str, Counter] = {"all": Counter()}
    verdicts = []
    for row in sentences(name, part):
        parsed = parse(row["text"])
        verdict = JUDGES[name](row, parsed)
        counts["all"][verdict] += 1
        counts.setdefault(group_of(name, row), Counter())[verdict] += 1
        verdicts.append((verdict, row, parsed))
    return counts, verdicts


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--set", choices=["dev", "final", "fresh", "later", "last", "latest", "newest"])
    arguments.add_argument("--misses", action="store_true")
    arguments.add_argument("--model", default=None)
    arguments.add_argument("--report", type=Path, help="write the result to this Markdown file too")
    options = arguments.parse_args()
    parse = load_parser(options.model or str(find_model()))
    results = {name: evaluate(parse, name, options.set) for name in JUDGES}
    report = to_markdown(results)
    print(report)
    if options.report:
        options.report.write_text(report, encoding="utf-8")
    if options.misses:
        for _, verdicts in results.values():
            show_misses(verdicts)


def to_markdown(results: dict[str, tuple[dict[str, Counter], list[tuple[str, dict, dict]]]]) -> str:
    """Returns the report: for each set of sentences a table by group, and for two of them one by topic or finding."""
    lines = ["# Understanding of sentences that were not trained on", "", INTRODUCTION]
    for name, (counts, verdicts) in results.items():
        lines += ["", f"## {name}", "", "| group | sentences | verdicts |", "| --- | ---: | --- |"]
        for group, told in counts.items():
            total = sum(told.values())
            shares = ", ".join(f"{verdict} {n / total:.1%} ({n})" for verdict, n in told.most_common())
            lines.append(f"| {group} | {total} | {shares} |")
        if name in ASKED:
            lines += confusions(ASKED[name], verdicts)
    if SELECTORS.exists():
        lines += ["", *SELECTORS.read_text(encoding="utf-8").splitlines()]
    return "\n".join(lines) + "\n"


def confusions(asked: str, verdicts: list[tuple[str, dict, dict]]) -> list[str]:
    """Returns a table of the topics or findings with a miss: how many were right, what the others were read as."""
    right, missed = Counter(), {}
    for verdict, row, parsed in verdicts:
        if verdict.startswith("right"):
            right[row[asked]] += 1
        else:
            missed.setdefault(row[asked], Counter())[f"{reading_of(parsed)} ({verdict})"] += 1
    whole = len(right.keys() - missed.keys())
    lines = ["", f"Every sentence right: {whole} of {len(right.keys() | missed.keys())}. The others:", ""]
    lines += [f"| {asked} | right | the rest was read as |", "| --- | ---: | --- |"]
    for label, readings in sorted(missed.items()):
        total = right[label] + sum(readings.values())
        lines.append(f"| {label} | {right[label]} of {total} | {', '.join(readings)} |")
    return lines


def show_misses(verdicts: list[tuple[str, dict, dict]]) -> None:
    """Prints every sentence that was not understood."""
    for verdict, row, parsed in verdicts:
        if not verdict.startswith(("right", "fitting", "caught", "calm")):
            wanted = row.get("topic") or row.get("fits") or row.get("finding") or row.get("class")
            print(f"    {verdict}: {wanted} -> {reading_of(parsed)} | {row['text'][:140]}")


if __name__ == "__main__":
    main()
