"""A topic that is right only where nobody threatens gives way when somebody does."""

from __future__ import annotations

from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from lantern.topics import Topic, load_topics
from lantern.wanted import is_story

# what a message is about that tells of a threat and of nothing that makes the case special
THREAT_TOPIC = "threatened_to_post"
# a topic with more is special enough to be told: "I already paid", "my account was taken"
SPECIAL_FROM = 0.05
# below this the message would not be understood at all (FallbackClassifier in config.yml)
UNDERSTOOD_FROM = 0.15
# surely one of the readings, so that nothing asks back
SURE = 0.5
AREAS = frozenset({"targeted", "adults"})


def fits_beside_a_threat(topic: Topic | None, confidence: float, text: str) -> bool:
    """Returns whether the reply on `topic` helps somebody who was threatened.

    A lesson on a trick does not, when it is told to somebody's whole story.
    """
    if topic is None:
        return True
    return not (topic.calm or confidence < UNDERSTOOD_FROM or (topic.area == "learn" and is_story(text)))


def put_threat_first(message: Message) -> None:
    """Makes the likeliest topic of people in trouble the intent of a message that tells of a threat, where need be."""
    topics = load_topics()
    ranking = message.get(INTENT_RANKING_KEY) or []
    if not ranking or fits_beside_a_threat(topics.get(ranking[0]["name"]), ranking[0]["confidence"], message.get(TEXT)):
        return
    special = (
        entry["name"]
        for entry in ranking
        if entry["confidence"] >= SPECIAL_FROM
        and (topic := topics.get(entry["name"]))
        and topic.trouble
        and topic.area in AREAS
    )
    first = {"name": next(special, THREAT_TOPIC), "confidence": SURE}
    others = [
        {**entry, "confidence": entry["confidence"] / 2} for entry in ranking if entry["name"] != first["name"]
    ]
    message.set(INTENT, first, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [first, *others], add_to_output=True)
