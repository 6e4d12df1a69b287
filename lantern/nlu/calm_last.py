"""A topic that is right only where nobody threatens gives way when somebody does, or when pictures make the round."""

from __future__ import annotations

from typing import Any

from rasa.shared.nlu.constants import ENTITIES, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from lantern.crisis import CrisisGate
from lantern.nlu.intent_classifier import OFFENDER
from lantern.nlu.ranking import lead_with
from lantern.told import tells_as_the_victim
from lantern.topics import Topic, load_topics
from lantern.wanted import is_story

# what a message is about that tells of a threat, or of pictures on the round, and of nothing that makes it special
THREAT_TOPIC, SPREAD_TOPIC = "threatened_to_post", "image_posted"
# a topic with more is special enough to be told: "I already paid", "my account was taken"
SPECIAL_FROM = 0.05
# below this the message would not be understood at all (FallbackClassifier in config.yml)
UNDERSTOOD_FROM = 0.15
AREAS = frozenset({"targeted", "adults"})
# topics of an adult who writes about somebody else, and the one of a victim who was taken for such
OF_ADULTS = frozenset({"child_targeted", "student_targeted"})
VICTIM_TOPIC = "targeted_now"


def fits_in_trouble(topic: Topic | None, confidence: float, text: str) -> bool:
    """Returns whether the reply on `topic` helps somebody who was threatened.

    A lesson on a trick does not, when it is told to somebody's whole story.
    """
    if topic is None:
        return True
    return not (topic.calm or confidence < UNDERSTOOD_FROM or (topic.area == "learn" and is_story(text)))


def put_calm_last(message: Message, gate: CrisisGate) -> None:
    """Gives a message of somebody in trouble a topic of people in trouble, where it has one that fits calm times.

    Nor is a threat by somebody else answered with "you hurt someone", or a victim taken for a parent or teacher.
    """
    topics, text = load_topics(), message.get(TEXT)
    ranking = message.get(INTENT_RANKING_KEY) or []
    if not ranking:
        return
    if ranking[0]["name"] in OF_ADULTS and not _tells_of_others(message) and tells_as_the_victim(text):
        own = [entry for entry in ranking if entry["name"] in topics and topics[entry["name"]].area == "targeted"]
        lead_with(message, special_of(own, topics) or (THREAT_TOPIC if gate.threat(text) else VICTIM_TOPIC))
        return
    takes_writer_for_offender = ranking[0]["name"] == OFFENDER and not _tells_of_others(message)
    if not takes_writer_for_offender and fits_in_trouble(
        topics.get(ranking[0]["name"]), ranking[0]["confidence"], text
    ):
        return
    if gate.threat(text):
        lead_with(message, special_of(ranking, topics) or THREAT_TOPIC)
    elif gate.spread(text) and not takes_writer_for_offender:
        lead_with(message, SPREAD_TOPIC)


def _tells_of_others(message: Message) -> bool:
    """Returns whether the message names a role: a parent or teacher may tell of a child who threatens others."""
    return any(entity["entity"] == "role" and entity["value"] != "me" for entity in message.get(ENTITIES) or [])


def special_of(ranking: list[dict[str, Any]], topics: dict[str, Topic]) -> str | None:
    """Returns the likeliest topic of people in trouble that the message may well be about."""
    likely = (topics.get(entry["name"]) for entry in ranking if entry["confidence"] >= SPECIAL_FROM)
    return next((topic.intent for topic in likely if topic and topic.trouble and topic.area in AREAS), None)
