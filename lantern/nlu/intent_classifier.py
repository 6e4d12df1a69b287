"""Which topic a message is about, and whether somebody in trouble wrote it."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from lantern.nlu.trained import RANKING_LENGTH, TrainedComponent
from lantern.topics import load_topics

# property of a parsed message: the probability that somebody in trouble wrote it, whatever the exact topic
TROUBLE = "trouble"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(TrainedComponent, IntentClassifier):
    """Sets `intent`, `intent_ranking` and `trouble`.

    Neighbouring topics will be confused. `trouble` makes that harmless: it adds up the probabilities of all topics that
    `topics.yml` marks as asked by somebody who is in it, and the reply then leads with the core steps.
    """

    def train(self, training_data: TrainingData) -> Resource:
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        return self._fit(examples, [example.get(INTENT) for example in examples])

    def process(self, messages: list[Message]) -> list[Message]:
        topics = load_topics()
        for message in messages:
            if not message.get(TEXT):
                continue
            ranking = self._rank(message)
            trouble = sum(r["confidence"] for r in ranking if (t := topics.get(r["name"])) and t.trouble)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[:RANKING_LENGTH], add_to_output=True)
            message.set(TROUBLE, round(trouble, 4), add_to_output=True)
        return messages
