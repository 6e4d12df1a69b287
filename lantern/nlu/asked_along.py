"""A long message tells a story and asks something; what it asks is answered beside what the story is about."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from lantern.nlu.crisis_gate import ALSO_ASKED, CRISIS
from lantern.nlu.ranking import lead_with
from lantern.nlu.second_reader import QUESTION_OPINIONS, TOPIC_OPINION
from lantern.topics import Topic, load_topics

# these tell the whole plan for somebody in trouble, which the first answer tells already
PLANS = frozenset({"targeted_now", "friend_targeted", "child_targeted", "student_targeted"})


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class AskedAlong(GraphComponent):
    """Sets `also_asked`: the topic of a question in a long message, when the message itself got another one.

    The second reader must give that topic at least `sure_from` for the question by itself, and at least `fits_from`
    for the whole message, so that a question out of its context brings nothing up. Where the whole message was not
    understood, the question decides. Comes after the fallback classifier; a message of a crisis is left alone.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"sure_from": 0.6, "fits_from": 0.005}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AskedAlong:
        return cls(config)

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(CRISIS) or not message.get(QUESTION_OPINIONS):
                continue
            topic = self._asked(message)
            if topic is None:
                continue
            if message.get(INTENT)["name"] == DEFAULT_NLU_FALLBACK_INTENT_NAME:
                lead_with(message, topic)
            else:
                message.set(ALSO_ASKED, topic, add_to_output=True)
        return messages

    def _asked(self, message: Message) -> str | None:
        """Returns the topic of the surest question that asks for something else than the message is about."""
        topics, whole = load_topics(), message.get(TOPIC_OPINION)
        best, how_sure = None, self._config["sure_from"]
        for opinion in message.get(QUESTION_OPINIONS):
            name = max(opinion, key=opinion.__getitem__)
            fits = name != message.get(INTENT)["name"] and whole.get(name, 0.0) >= self._config["fits_from"]
            if fits and opinion[name] >= how_sure and can_be_told_along(topics.get(name)):
                best, how_sure = name, opinion[name]
        return best


def can_be_told_along(topic: Topic | None) -> bool:
    """Returns whether the reply on `topic` can stand under another: advice that is right with a threat, too."""
    if topic is None or topic.calm or topic.intent in PLANS:
        return False
    return topic.is_reading and topic.area not in ("learn", "findings")
