"""A topic that is right only in calm times gives way to a threat, and to pictures that make the round."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from lantern.crisis import CrisisGate
from lantern.nlu.calm_last import put_calm_last

GATE = CrisisGate()
LONG = "we met in march and it was good for a while and i trusted him with my pictures, "
THREAT = "now my ex says he will send them to everyone unless i come back"


@pytest.mark.parametrize(
    "text",
    [
        "we used to sext and " + THREAT,
        "my boyfriend threatens to post my pics",
        "she wants 200 or shell send it to my mom",
        "He is threatening that unless she does what he wants he'll publish the photos that she sent him.",
        "Our son is being blackmailed by a girl that he met in a game.",
        "he told me hes gonna show everybody at school my nudes",
    ],
)
def test_hears_a_threat(text: str) -> None:
    assert GATE.threat(text)


@pytest.mark.parametrize(
    "text",
    [
        "nobody is threatening us, we just sext",
        "my girlfriend sends me pictures, is that bad",
        "he didn't threaten me",
        "Do offenders threaten to post the pictures online?",
        "I'm going to tell everyone at practice about the game",
    ],
)
def test_hears_no_threat_where_there_is_none(text: str) -> None:
    assert not GATE.threat(text)


@pytest.mark.parametrize(
    "text",
    [
        "pictures of our daughter were circulated around her school",
        "my nude is going around, even the juniors have it",
        "her pics are on an instagram page that the whole school follows",
        "he leaked it and it spread all over the team",
        "everyone in 8th grade has seen my video",
    ],
)
def test_hears_that_pictures_make_the_round(text: str) -> None:
    assert GATE.spread(text)


@pytest.mark.parametrize(
    "text",
    [
        "I'm afraid that the picture could go around",
        "we send each other pictures, nobody has seen them",
        "what if my pictures get leaked",
        "how do I get around the screen time on my phone",
    ],
)
def test_hears_no_round_where_there_is_none(text: str) -> None:
    assert not GATE.spread(text)


def first_of(text: str, **confidences: float) -> str:
    ranking = [{"name": name, "confidence": value} for name, value in confidences.items()]
    message = Message({"text": text, "intent": ranking[0], "intent_ranking": ranking})
    put_calm_last(message, GATE)
    assert message.get("intent_ranking")[0] == message.get("intent")
    return message.get("intent")["name"]


def test_a_calm_topic_gives_way_to_the_likeliest_of_people_in_trouble() -> None:
    assert first_of(THREAT, sexting=0.8, knows_offender_offline=0.1) == "knows_offender_offline"
    assert first_of(THREAT, met_online=0.8, smalltalk=0.2) == "threatened_to_post"
    assert first_of(THREAT, sexting=0.8, menu=0.1, paid_already=0.01) == "threatened_to_post", "hardly meant"


def test_a_topic_that_fits_beside_a_threat_stays() -> None:
    assert first_of(THREAT, telling_parents=0.8, threatened_to_post=0.1) == "telling_parents"
    assert first_of(THREAT, is_it_a_crime=0.8, threatened_to_post=0.1) == "is_it_a_crime", "short: asks about the law"


def test_a_lesson_gives_way_in_a_story_and_so_does_what_nobody_understands() -> None:
    assert first_of(LONG * 2 + THREAT, tactic_saved_chats=0.8, threatened_to_post=0.1) == "threatened_to_post"
    assert first_of(THREAT, smalltalk=0.1, sent_image=0.09) == "sent_image"


def test_a_calm_topic_gives_way_to_pictures_that_make_the_round() -> None:
    text = "pictures of our daughter were circulated around her school"
    assert first_of(text, sexting=0.8, got_someones_picture=0.1) == "image_posted"
    assert first_of(text, school_help=0.8, sexting=0.1) == "school_help"


def test_whoever_is_threatened_is_not_taken_for_the_offender() -> None:
    text = "I did something horrible, I swapped photos with a girl and now she threatens to send them to my mom"
    assert first_of(text, i_did_this_to_someone=0.95, paid_already=0.03) == "threatened_to_post"
    did_it = "I threatened to send her photos to her mom"
    assert first_of(did_it, i_did_this_to_someone=0.95, threatened_to_post=0.03) == "i_did_this_to_someone"
    message = Message(
        {
            "text": "My son threatened to send pictures of a girl to her team",
            "entities": [{"entity": "role", "value": "parent"}],
            "intent": {"name": "i_did_this_to_someone", "confidence": 0.9},
            "intent_ranking": [{"name": "i_did_this_to_someone", "confidence": 0.9}],
        }
    )
    put_calm_last(message, GATE)
    assert message.get("intent")["name"] == "i_did_this_to_someone"


def test_a_victim_is_not_taken_for_a_parent() -> None:
    text = "my boyfriend has pictures of me and wants to put them online, I am torn"
    assert first_of(text, child_targeted=0.6, threatened_to_post=0.2) == "threatened_to_post"
    assert first_of("my ex has pictures of me", student_targeted=0.9, menu=0.1) == "targeted_now"
    assert first_of("a man has pictures of her", child_targeted=0.6, threatened_to_post=0.2) == "child_targeted"
