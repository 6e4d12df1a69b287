"""Which finding of the study a question asks for."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.cluster import KMeans

from lantern.beyond import names_beyond
from lantern.nlu.linear_text_model import SEED
from lantern.nlu.ranking import without
from lantern.nlu.second_reader import FINDING_OPINION
from lantern.nlu.trained import TrainedComponent, vector_of
from lantern.quoted import names_later_year, without_shares
from lantern.topics import load_topics
from lantern.wanted import asks_for_advice, asks_for_facts, is_story, tells_of_own

ASK_FINDING = "ask_finding"
NOT_COVERED = "not_covered"
KINDS_NOT_COVERED = 16
# property of a parsed message: ranked ids of findings and overviews, `not_covered` among them
FINDING_RANKING = "finding_ranking"
LENGTH = 5
# a question for a figure is looked up when it is among this many likeliest intents: it may be offered as a reading
READINGS = 3
# a message that no finding fits this well, and that is not surely a question for a figure, is taken for something else
FITS_FROM = 0.5
SURE_OF_QUESTION = 0.95
SECOND_FROM = 0.05
# a topic with this share of what "a question for a figure" leaves over is the clear second
CLEAR_OF_THE_REST = 0.3


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FindingSelector(TrainedComponent):
    """Sets `finding_ranking`: `[{"name": <id>, "confidence": 0..1}, ...]`.

    Trained on the examples of the intent `ask_finding`, whose metadata name the finding. `not_covered` is one of them:
    questions that sound alike but ask for something that the study does not say.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        # "the study does not say" is one answer for countless questions, of which few can be trained: it counts more
        return {**TrainedComponent.get_default_config(), "not_covered_weight": 2.0}

    def train(self, training_data: TrainingData) -> Resource:
        examples = [example for example in training_data.intent_examples if example.get(INTENT) == ASK_FINDING]
        labels = [example.get("metadata", {}).get("intent", {}).get("finding") for example in examples]
        return self._fit(examples, self._split_not_covered(examples, labels))

    @staticmethod
    def _split_not_covered(examples: list[Message], labels: list[str]) -> list[str]:
        """Gives `not_covered` as many labels as it has kinds of questions.

        As one label it has ten times the examples of any finding, and plain questions drift to it for that alone.
        """
        rows = [row for row, label in enumerate(labels) if label == NOT_COVERED]
        if len(rows) < KINDS_NOT_COVERED:
            return labels
        vectors = np.stack([vector_of(examples[row]) for row in rows])
        kinds = KMeans(KINDS_NOT_COVERED, random_state=SEED, n_init=4).fit_predict(vectors)
        labels = list(labels)
        for row, kind in zip(rows, kinds, strict=True):
            labels[row] = f"{NOT_COVERED}/{kind}"
        return labels

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranked = {intent["name"] for intent in message.get(INTENT_RANKING_KEY, [])[:READINGS]}
            if message.get(TEXT) and ASK_FINDING in ranked:
                findings = self._rank_findings(message)
                message.set(FINDING_RANKING, findings, add_to_output=True)
                self._doubt(message, findings)
        return messages

    @staticmethod
    def _doubt(message: Message, findings: list[dict[str, Any]]) -> None:
        """Takes the second intent when the first is an unsure `ask_finding` and no finding fits."""
        ranking = message.get(INTENT_RANKING_KEY)
        first, second = (*ranking, {"confidence": 0.0})[:2]
        if first["name"] != ASK_FINDING:
            return
        unsure = first["confidence"] < SURE_OF_QUESTION
        if unsure and second["confidence"] >= SECOND_FROM and findings[0]["confidence"] < FITS_FROM:
            message.set(INTENT, second, add_to_output=True)
            message.set(INTENT_RANKING_KEY, [second, first, *ranking[2:]], add_to_output=True)
        elif FindingSelector._is_for_help(message.get(TEXT), ranking, findings[0]["name"]):
            others = without(ranking, ASK_FINDING)
            if is_story(message.get(TEXT)) or tells_of_own(message.get(TEXT)):
                # first help is right for whoever tells of it, a word on the study is not
                topics = load_topics()
                others.sort(key=lambda entry: not (entry["name"] in topics and topics[entry["name"]].trouble))
                others[0] = {**others[0], "confidence": max(others[0]["confidence"], FITS_FROM)}
            message.set(INTENT, others[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, others, add_to_output=True)

    @staticmethod
    def _is_for_help(text: str, ranking: list[dict[str, Any]], finding: str) -> bool:
        """Whether a message is for help.

        It tells of one's own child or friend and asks nothing; or no finding answers it and it is a story, or has no
        word of facts and a clear topic beside.
        "How much does the removal service cost?" sounds like a question for a figure and is none.
        """
        if tells_of_own(text):
            return True
        if finding != NOT_COVERED:
            return False
        if is_story(text):
            return True
        if asks_for_facts(text) or ((names_beyond(text) or names_later_year(text)) and not asks_for_advice(text)):
            return False
        beside = 1.0 - ranking[0]["confidence"]
        return len(ranking) > 1 and ranking[1]["confidence"] >= CLEAR_OF_THE_REST * beside

    def _rank_findings(self, message: Message) -> list[dict[str, Any]]:
        own = one_not_covered(self._rank(message, without_shares(message.get(TEXT))))
        ranking = self._rank_with(message.get(FINDING_OPINION), own)
        weights = [self._config["not_covered_weight"] if r["name"] == NOT_COVERED else 1.0 for r in ranking]
        scores = [r["confidence"] * weight for r, weight in zip(ranking, weights, strict=True)]
        ranking = [
            {"name": r["name"], "confidence": score / sum(scores)} for r, score in zip(ranking, scores, strict=True)
        ]
        findings = [r for r in ranking if r["name"] != NOT_COVERED][:LENGTH]
        not_covered = [r for r in ranking if r["name"] == NOT_COVERED]
        return sorted(findings + not_covered, key=lambda r: -r["confidence"])


def one_not_covered(ranking: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns the ranking with all kinds of `not_covered` as one entry, the last."""
    findings = [r for r in ranking if not r["name"].startswith(NOT_COVERED)]
    return [*findings, {"name": NOT_COVERED, "confidence": 1.0 - sum(r["confidence"] for r in findings)}]
