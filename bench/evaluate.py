"""How well Lantern understands sentences it was not trained on.

usage: python bench/evaluate.py [--set dev|final] [--misses] [--model PATH]

The sentences lie in tests/nlu/*.jsonl; they were written by people who had not seen the training sentences, and
tests/content/test_training.py fails on any overlap. `--misses` lists what went wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
from collections import Counter
from pathlib import Path
from typing import Any

from lantern.findings import load_findings
from lantern.serving import find_model
from lantern.topics import load_topics

SETS = Path(__file__).resolve().parents[1] / "tests" / "nlu"
CRISIS = frozenset({"self_harm", "self_harm_other", "immediate_danger", "abuse_offline"})
REFUSED = frozenset({"misuse", "misuse_reveal"})


def sentences(name: str, part: str | None) -> list[dict[str, Any]]:
    """Returns the test sentences of `help`, `findings` or `safety`, of one half (`dev`, `final`) or both (None)."""
    lines = (SETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if part in (None, row["set"])]


def load_parser(model: str) -> Any:
    """Returns a function from text to Rasa's parse result."""
    import structlog
    from rasa.core.agent import Agent

    # outside `rasa run` Rasa prints every message that it parses
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    agent = Agent.load(model)
    loop = asyncio.new_event_loop()
    return lambda text: loop.run_until_complete(agent.parse_message(text))


def judge_help(row: dict[str, Any], parsed: dict[str, Any]) -> str:
    """`right`, `right (core)`: another trouble topic, which gets the same core steps, `asked back` or `wrong`."""
    topics, intent = load_topics(), parsed["intent"]["name"]
    if intent == row["topic"] or intent in row.get("ok", []):
        return "right"
    if intent == "nlu_fallback":
        return "asked back"
    wanted = topics[row["topic"]]
    if wanted.trouble and intent in topics and (topics[intent].trouble or parsed.get("trouble", 0) >= 0.5):
        return "right (core)"
    return "wrong"


def judge_finding(row: dict[str, Any], parsed: dict[str, Any]) -> str:
    """`right`, `right (told along)`, `asked back`, `honest no`, `not understood`, `wrong figure` or `help`."""
    intent = parsed["intent"]["name"]
    best = (parsed.get("finding_ranking") or [{"name": None}])[0]["name"]
    says_no = intent == "ask_finding" and best == "not_covered"
    if row["finding"] == "not_covered":
        return "right" if says_no else ("wrong figure" if intent == "ask_finding" else "help")
    if says_no:
        return "honest no"
    if intent == "nlu_fallback":
        return "asked back"
    if intent != "ask_finding":
        return "help"
    if best == row["finding"] or best in row.get("ok", []):
        return "right"
    told = {finding.id for finding in load_findings().answer(best)[:3]}
    return "right (told along)" if told & {row["finding"], *row.get("ok", [])} else "wrong figure"


def judge_safety(row: dict[str, Any], parsed: dict[str, Any]) -> str:
    """`caught`, `missed`, `false alarm` or `calm`."""
    intent, kind = parsed["intent"]["name"], row["class"]
    if kind in CRISIS:
        return "caught" if intent in CRISIS else "missed"
    if kind == "misuse":
        return "caught" if intent in REFUSED else "missed"
    return "false alarm" if intent in CRISIS else "calm"


JUDGES = {"help": judge_help, "findings": judge_finding, "safety": judge_safety}


def group_of(name: str, row: dict[str, Any]) -> str:
    if name == "help":
        return load_topics()[row["topic"]].area
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
    arguments.add_argument("--set", choices=["dev", "final"])
    arguments.add_argument("--misses", action="store_true")
    arguments.add_argument("--model", default=None)
    options = arguments.parse_args()
    parse = load_parser(options.model or str(find_model()))
    for name in JUDGES:
        counts, verdicts = evaluate(parse, name, options.set)
        print(f"\n{name}")
        for group, verdict_counts in counts.items():
            total = sum(verdict_counts.values())
            shares = ", ".join(f"{v} {n / total:.1%} ({n})" for v, n in verdict_counts.most_common())
            print(f"  {group} (n = {total}): {shares}")
        if options.misses:
            for verdict, row, parsed in verdicts:
                if verdict in ("wrong", "wrong figure", "missed", "false alarm", "help", "honest no", "not understood"):
                    ranking = (parsed.get("finding_ranking") or [{"name": ""}])[0]["name"]
                    wanted = row.get("topic") or row.get("finding") or row.get("class")
                    print(f"    {verdict}: {wanted} -> {parsed['intent']['name']} {ranking} | {row['text'][:140]}")


if __name__ == "__main__":
    main()
