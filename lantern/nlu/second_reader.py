"""A second opinion on every message: a small transformer that was fine-tuned on Lantern's topics and findings.

The linear models know word for word what they were trained on, the transformer reads whole sentences. They err on
different messages, so the two together are right more often than either (docs/decisions.md has the figures). The files
in `reader/` are made by `make fine-tune`, which takes most of an hour and is not part of training: a topic that came
later is unknown to the reader, and the linear models decide on it alone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from tokenizers import Tokenizer

from lantern.questions import questions_of
from lantern.quoted import without_shares
from lantern.text import normalize

FOLDER = Path(__file__).parent / "reader"
# the longest message that the transformer takes in; the rest is left to the linear models
MOST_TOKENS = 256
# properties of a message: the probability of each topic and of each finding; not handed on to the tracker
TOPIC_OPINION, FINDING_OPINION = "topic_opinion", "finding_opinion"
# the probability of each topic for each question in a long message, read by itself
QUESTION_OPINIONS = "question_opinions"
ASK_FINDING = "ask_finding"
# what nobody believes in may still be so
LEAST = 1e-4


def combine(
    ranking: list[dict[str, Any]], opinion: dict[str, float] | None, own_power: float, reader_power: float
) -> list[dict[str, Any]]:
    """Returns the ranking anew, after both opinions: the product of the two probabilities, each to its power.

    (A logarithmic opinion pool.) A label that the second opinion does not know keeps the first opinion for both.
    """
    if not opinion:
        return ranking
    first = np.array([entry["confidence"] for entry in ranking])
    second = np.array([opinion.get(entry["name"], entry["confidence"]) for entry in ranking])
    both = (first + LEAST) ** own_power * (second + LEAST) ** reader_power
    both /= both.sum()
    return [{"name": ranking[i]["name"], "confidence": float(both[i])} for i in np.argsort(-both)]


class Reader:
    """The transformer of one folder: `model.onnx`, `tokenizer.json` and `labels.json`."""

    def __init__(self, folder: Path = FOLDER) -> None:
        options = onnxruntime.SessionOptions()
        # one message is too small to share between threads, and a process without a pool can be forked
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(folder / "model.onnx", options, ["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MOST_TOKENS)
        labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        self.topics: list[str] = labels["topics"]
        self.findings: list[str] = labels["findings"]

    def read(self, text: str) -> tuple[dict[str, float], dict[str, float]]:
        """Returns the probability of each topic, and of each finding if a finding is asked for."""
        ids = np.array([self._tokenizer.encode(normalize(text).lower()).ids], dtype=np.int64)
        (probabilities,) = self._session.run(None, {"ids": ids, "positions": np.arange(ids.shape[1])[None]})
        topics, findings = np.split(probabilities[0], [len(self.topics)])
        asked = float(findings.sum())
        return (
            {**dict(zip(self.topics, topics.tolist(), strict=True)), ASK_FINDING: asked},
            dict(zip(self.findings, (findings / asked).tolist(), strict=True)),
        )


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SecondReader(IntentClassifier, GraphComponent):
    """Sets `topic_opinion`, `finding_opinion` and `question_opinions` on messages that users send."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SecondReader:
        return cls()

    def __init__(self) -> None:
        self._reader = Reader()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT):
                topics, findings = self._reader.read(message.get(TEXT))
                plain = without_shares(message.get(TEXT))
                if plain != message.get(TEXT):
                    findings = self._reader.read(plain)[1]
                message.set(TOPIC_OPINION, topics)
                message.set(FINDING_OPINION, findings)
                questions = questions_of(message.get(TEXT))
                message.set(QUESTION_OPINIONS, [self._reader.read(question)[0] for question in questions])
        return messages
