"""Which topic a message is about, and whether somebody in trouble wrote it."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from lantern.nlu.ranking import trouble_of, without
from lantern.nlu.second_reader import TOPIC_OPINION
from lantern.nlu.trained import RANKING_LENGTH, TrainedComponent
from lantern.text import normalize
from lantern.told import others_threaten, tells_of_own_pictures, tells_own_deed, wants_own_pictures_gone
from lantern.topics import Topic, load_topics

# a message without a single known word is only read as something when it is this likely
SURE_OF_UNKNOWN_WORDS = 0.6
MISUSE = "misuse"
# a refusal hurts somebody who was threatened or asks honestly: it takes this much, where the message may be theirs
SURE_OF_MISUSE = 0.6
MAYBE_A_VICTIM = 0.3
MAYBE_HONEST = 0.25
# "you hurt someone" said to a victim hurts: it takes this much, where somebody in trouble may have written
OFFENDER = "i_did_this_to_someone"
SURE_OF_OFFENDER = 0.9
MAYBE_IN_TROUBLE = 0.1
# "you got somebody's picture" said to the one who is in it hurts, too
RECIPIENT = "got_someones_picture"
# areas of honest questions that sound like misuse
HONEST = frozenset({"learn", "targeted", "report", "adults", "words"})

# what a message on somebody else is about, for each role of the writer (data/records/entities.yml)
ABOUT_ANOTHER = {"parent": "child_targeted", "staff": "student_targeted", "friend": "friend_targeted"}

# property of a parsed message: the probability that somebody in trouble wrote it, whatever the exact topic
TROUBLE = "trouble"


def for_the_writer(ranking: list[dict[str, Any]], role: str | None) -> list[dict[str, Any]]:
    """Returns the ranking with the topic on somebody else that fits the writer's role in place of the first.

    A mother's "how can we help him?" is about her child, however much it sounds like a teacher's.
    """
    wanted, first = ABOUT_ANOTHER.get(role or ""), ranking[0]["name"]
    if wanted is None or first == wanted or first not in ABOUT_ANOTHER.values():
        return ranking
    both = sum(entry["confidence"] for entry in ranking if entry["name"] in (first, wanted))
    return [{"name": wanted, "confidence": both}, *(e for e in ranking if e["name"] not in (first, wanted))]


def role_of(message: Message) -> str | None:
    """Returns the role that the message names; of several the last, as the slot takes it."""
    roles = [entity["value"] for entity in message.get(ENTITIES) or [] if entity["entity"] == "role"]
    return roles[-1] if roles else None


def likely_victims_first(
    ranking: list[dict[str, Any]], topics: dict[str, Topic], text: str = ""
) -> list[dict[str, Any]]:
    """Returns the ranking without an unsure `misuse` or offender at its top when a victim may well have written.

    An unsure `misuse` gives way to an honest question, too. However sure the models are, a text on pictures of the
    writer without a deed of their own is no offender's and no bystander's, a threat by others is no deed, and the wish
    to have them deleted is no misuse.
    """
    first, second = ranking[0], ranking[1]
    if first["name"] == OFFENDER and not tells_own_deed(text):
        if tells_of_own_pictures(text) or others_threaten(text):
            return without(ranking, OFFENDER)
    if first["name"] == RECIPIENT and tells_of_own_pictures(text):
        return without(ranking, RECIPIENT)
    if first["name"] == MISUSE and wants_own_pictures_gone(text):
        return without(ranking, MISUSE)
    if first["name"] == OFFENDER and first["confidence"] < SURE_OF_OFFENDER:
        in_trouble = trouble_of(ranking, topics) >= MAYBE_IN_TROUBLE
        return without(ranking, OFFENDER) if in_trouble else ranking
    if first["name"] != MISUSE or first["confidence"] >= SURE_OF_MISUSE:
        return ranking
    topic = topics.get(second["name"])
    honest = topic is not None and topic.area in HONEST and second["confidence"] >= MAYBE_HONEST
    return ranking[1:] if honest or trouble_of(ranking, topics) >= MAYBE_A_VICTIM else ranking


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(TrainedComponent, IntentClassifier):
    """Sets `intent`, `intent_ranking` and `trouble`, from its own scores and the second reader's.

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
            both = self._rank_with(message.get(TOPIC_OPINION), self._rank(message))
            ranking = for_the_writer(likely_victims_first(both, topics, message.get(TEXT)), role_of(message))
            unknown = not self._model.knows(normalize(message.get(TEXT)).lower())
            if unknown and ranking[0]["confidence"] < SURE_OF_UNKNOWN_WORDS:
                # letters on the loose, or a row of emoji: the vector alone would guess
                message.set(INTENT, {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": 1.0}, add_to_output=True)
                continue
            trouble = trouble_of(ranking, topics)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[:RANKING_LENGTH], add_to_output=True)
            message.set(TROUBLE, round(trouble, 4), add_to_output=True)
        return messages
