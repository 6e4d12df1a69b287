"""What a long message asks beside its story."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from lantern.nlu.asked_along import AskedAlong
from lantern.nlu.crisis_gate import ALSO_ASKED, CRISIS
from lantern.nlu.second_reader import QUESTION_OPINIONS, TOPIC_OPINION


def read(
    intent: str, whole: dict[str, float], *questions: dict[str, float], crisis: tuple[str, ...] = ()
) -> Message:
    ranking = [{"name": intent, "confidence": 0.8}, {"name": "smalltalk", "confidence": 0.2}]
    data = {TEXT: "a long story", INTENT: ranking[0], INTENT_RANKING_KEY: ranking, CRISIS: list(crisis)}
    message = Message({**data, TOPIC_OPINION: whole, QUESTION_OPINIONS: list(questions)})
    return AskedAlong(AskedAlong.get_default_config()).process([message])[0]


WHOLE = {"sent_image": 0.9, "telling_parents": 0.05, "sexting": 0.02, "pay_or_not": 0.001, "targeted_now": 0.02}


def test_the_surest_question_on_another_topic_is_answered_too() -> None:
    message = read("sent_image", WHOLE, {"sent_image": 0.95}, {"telling_parents": 0.7, "sent_image": 0.2})
    assert message.get(ALSO_ASKED) == "telling_parents"
    assert message.get(INTENT)["name"] == "sent_image"


@pytest.mark.parametrize(
    "question",
    [
        {"telling_parents": 0.5},  # unsure
        {"pay_or_not": 0.9},  # the message as a whole does not bear it out
        {"sexting": 0.9},  # right only in calm times
        {"targeted_now": 0.9},  # the plan, which the first answer tells
        {"sent_image": 0.9},  # told already
    ],
)
def test_no_second_answer_in_doubt(question: dict[str, float]) -> None:
    assert read("sent_image", WHOLE, question).get(ALSO_ASKED) is None


def test_a_crisis_is_left_alone() -> None:
    assert read("self_harm", WHOLE, {"telling_parents": 0.9}, crisis=("self_harm",)).get(ALSO_ASKED) is None


def test_a_message_not_understood_gets_the_answer_to_its_question() -> None:
    message = read("nlu_fallback", WHOLE, {"telling_parents": 0.9})
    assert message.get(INTENT)["name"] == "telling_parents"
    assert [entry["name"] for entry in message.get(INTENT_RANKING_KEY)][0] == "telling_parents"
