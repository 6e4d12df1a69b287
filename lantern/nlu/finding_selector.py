"""Which finding of the study a question asks for."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from lantern.nlu.trained import TrainedComponent

ASK_FINDING = "ask_finding"
# property of a parsed message: ranked ids of findings and overviews, `not_covered` among them
FINDING_RANKING = "finding_ranking"
LENGTH = 5
# a question for a figure is looked up when it is among this many likeliest intents: it may be offered as a reading
READINGS = 3


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FindingSelector(TrainedComponent):
    """Sets `finding_ranking`: `[{"name": <id>, "confidence": 0..1}, ...]`.

    Trained on the examples of the intent `ask_finding`, whose metadata name the finding. `not_covered` is one of them:
    questions that sound alike but ask for something that the study does not say.
    """

    def train(self, training_data: TrainingData) -> Resource:
        messages, labels = [], []
        for example in training_data.intent_examples:
            label = self._label(example)
            if label:
                messages.append(example)
                labels.append(label)
        return self._fit(messages, labels)

    @staticmethod
    def _label(example: Message) -> str | None:
        if example.get(INTENT) != ASK_FINDING:
            return None
        return example.get("metadata", {}).get("intent", {}).get("finding")

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranked = {intent["name"] for intent in message.get(INTENT_RANKING_KEY, [])[:READINGS]}
            if message.get(TEXT) and ASK_FINDING in ranked:
                message.set(FINDING_RANKING, self._rank(message)[:LENGTH], add_to_output=True)
        return messages
