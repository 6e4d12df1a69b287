"""Two-way completeness: every topic has questions, a path and an answer, and nothing lies around unused."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.importers.importer import TrainingDataImporter

from actions.flows import FLOWS
from lantern.findings import Findings
from lantern.lessons import load_case, load_quiz
from lantern.steps import load_steps
from lantern.text import normalize
from lantern.topics import load_topics

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
LEAST_EXAMPLES = 38
# closed sets of a few words: there are no forty ways to say them
SHORT_SETS = {"affirm", "deny", "dont_know", "greet", "goodbye", "thanks", "start_over", "help_card"}
SHORT_SETS |= {"step_done", "step_cant", "step_why", "step_skip"}
SHORT_SETS |= {"stop", "go_back", "next_part", "quiz_answer_true", "quiz_answer_false"}
PYTHON = "\n".join(path.read_text() for folder in ("actions", "lantern") for path in (ROOT / folder).rglob("*.py"))


@pytest.fixture(scope="module")
def importer() -> TrainingDataImporter:
    return TrainingDataImporter.load_from_config(str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(DATA)])


@pytest.fixture(scope="module")
def examples(importer: TrainingDataImporter) -> list[Any]:
    return importer.get_nlu_data().intent_examples


@pytest.fixture(scope="module")
def paths(importer: TrainingDataImporter) -> dict[str, str]:
    """The action that the rule of each intent leads to."""
    result = {}
    for step in importer.get_stories().story_steps:
        intents = [event.intent_name for event in step.events if getattr(event, "intent_name", None)]
        actions = [event.action_name for event in step.events if getattr(event, "action_name", None)]
        actions = [action for action in actions if action not in ("...", "action_listen")]
        # rules that begin with a reply are about what comes after it
        if len(actions) == 1:
            result[intents[0]] = actions[0]
    return result


@pytest.fixture(scope="module")
def rule_actions(importer: TrainingDataImporter) -> set[str]:
    """Every action that some rule or story names."""
    events = [event for step in importer.get_stories().story_steps for event in step.events]
    return {event.action_name for event in events if getattr(event, "action_name", None)}


def test_topics_domain_and_folders_agree(importer: TrainingDataImporter) -> None:
    topics = load_topics()
    intents = {
        intent
        for intent in importer.get_domain().intents
        if intent in topics or not intent.startswith(("nlu_", "back", "restart", "session_start", "out_of_scope_"))
    }
    assert intents == set(topics)
    for topic in topics.values():
        assert (DATA / topic.area).is_dir(), topic


def test_every_topic_has_enough_varied_examples(examples: list[Any]) -> None:
    count = Counter(example.get("intent") for example in examples)
    few = {name: count[name] for name in load_topics() if count[name] < (20 if name in SHORT_SETS else LEAST_EXAMPLES)}
    assert not few


def test_every_topic_has_a_rule(paths: dict[str, str], responses: dict[str, Any]) -> None:
    for intent in load_topics():
        assert intent in paths, f"{intent}: no rule"
        action = paths[intent]
        assert action in responses or f'return "{action}"' in PYTHON, f"{intent}: {action} does not exist"


def test_every_response_is_used(paths: dict[str, str], rule_actions: set[str], responses: dict[str, Any]) -> None:
    used = set(paths.values()) | rule_actions | set(re.findall(r'"(utter_\w+)"', PYTHON)) | {"utter_fallback"}
    used |= {f"utter_step_{step.id}{part}" for step in load_steps() for part in ("", "_why", "_cant")}
    used |= {f"utter_case_{part.id}" for part in load_case()} | {f"utter_quiz_{claim.id}" for claim in load_quiz()}
    used |= {f"utter_quiz_{how}_{what}" for how in ("right", "wrong", "open") for what in ("true", "false")}
    used |= {f"utter_stopped_{flow}" for flow in FLOWS.values()}
    again = {name for name in responses if name.endswith("_again") and name.removesuffix("_again") in used}
    assert not set(responses) - used - again


def test_every_response_named_in_python_exists(responses: dict[str, Any]) -> None:
    assert not set(re.findall(r'"(utter_\w+)"', PYTHON)) - set(responses) - {"utter_action"}


def test_every_button_leads_somewhere(responses: dict[str, Any], findings: Findings) -> None:
    topics = load_topics()
    for name, variations in responses.items():
        for variation in variations:
            for button in variation.get("buttons") or []:
                payload = button["payload"].replace("{{", "{").replace("}}", "}")
                match = re.fullmatch(r'/(\w+)(?:\{"(?:finding": "([a-z-]+)|role": "me)"\})?', payload)
                assert match and match[1] in topics, f"{name}: {payload}"
                assert match[2] is None or findings.answer(match[2]), f"{name}: {payload}"
                assert len(button["title"]) <= 26, f"{name}: {button['title']}"


def test_every_placeholder_is_filled(responses: dict[str, Any]) -> None:
    filled = {
        "statement",
        "companions",
        "note",
        "base",
        "n",
        "period",
        "newer",
        "section",
        "group",
        "lines",
        "counselor",
        "number",
        "total",
    }
    for name, variations in responses.items():
        for variation in variations:
            assert set(re.findall(r"\{(\w+)\}", variation["text"])) <= filled, name


def test_every_finding_has_training_questions(examples: list[Any], findings: Findings) -> None:
    count = Counter(
        example.get("metadata", {}).get("intent", {}).get("finding")
        for example in examples
        if example.get("intent") == "ask_finding"
    )
    reachable = {finding.id for finding in findings} | {card.id for card in findings.cards} | {"not_covered"}
    assert set(count) == reachable
    assert not {name: n for name, n in count.items() if n < 12}


def key(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", normalize(text).lower()).strip() or text


def test_no_test_sentence_was_trained_on(examples: list[Any]) -> None:
    trained = {key(example.get("text")) for example in examples if example.get("text")}
    overlap = []
    for path in (ROOT / "tests").rglob("*.jsonl"):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        overlap += [row["text"] for row in rows if key(row["text"]) in trained]
        if path.name == "help.jsonl":
            assert len(rows) >= 500
    assert not overlap


def test_no_training_sentence_means_two_things(examples: list[Any]) -> None:
    seen: dict[str, str] = {}
    for example in examples:
        text, intent = key(example.get("text") or ""), example.get("intent")
        assert seen.setdefault(text, intent) == intent, text


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/safety.md", "docs/decisions.md"])
def test_every_path_that_a_page_names_exists(page: str) -> None:
    named = re.findall(r"`((?:data|lantern|actions|tests|bench|docs|scripts)/[\w./-]*)`", (ROOT / page).read_text())
    assert named
    # the example of how a topic is added is not there yet
    assert not [path for path in named if not (ROOT / path).exists() and "group_chats" not in path]


def test_every_finding_that_advice_names_exists(responses: dict[str, Any], findings: Findings) -> None:
    named = {
        v["metadata"]["finding"] for vs in responses.values() for v in vs if "finding" in (v.get("metadata") or {})
    }
    assert len(named) > 10
    assert not [name for name in named if findings.get(name) is None]
