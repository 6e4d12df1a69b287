"""What a question wants beyond its subject, and questions that only sound as if they wanted a figure."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from lantern.findings import load_findings
from lantern.nlu.finding_selector import FindingSelector
from lantern.quoted import without_shares
from lantern.wanted import asks_for_advice, asks_for_facts, is_story, missing, tells_of_own


@pytest.mark.parametrize(
    ("text", "finding", "wants"),
    [
        ("how many were recorded in secret", "tactics-secret-recording", "number"),
        ("how many are girls", "victims-girls", None),
        ("is the bond trick used on boys", "tactics-bond", "gender"),
        ("do negative outcomes differ for boys", "effects-alike-girls-boys", None),
        ("is it the youngest who lose their accounts", "tactics-account-break-in", "age"),
        ("", "tactics-bond", None),
    ],
)
def test_what_the_told_finding_lacks(text: str, finding: str, wants: str | None) -> None:
    assert missing(text, [load_findings().get(finding)]) == wants


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("is it true that 50% of them are boys", "is it true that half of them are boys"),
        ("12.5 percent or 13 % ?", "half or half ?"),
        ("in 2015, room 12, he is 14", "in 2015, room 12, he is 14"),
        ("", ""),
    ],
)
def test_a_percentage_becomes_a_share_like_any(text: str, plain: str) -> None:
    assert without_shares(text) == plain


def second(text: str, asks: float, topic: float, finding: str) -> bool:
    ranking = [{"name": "ask_finding", "confidence": asks}, {"name": "take_down_images", "confidence": topic}]
    return FindingSelector._is_for_help(text, ranking, finding)


def test_a_question_without_a_word_of_facts_goes_to_its_clear_topic() -> None:
    assert not asks_for_facts("what does the removal service cost")
    assert second("what does the removal service cost", 0.97, 0.02, "not_covered")
    assert not second("what does the removal service cost", 0.9, 0.02, "not_covered"), "no clear topic"
    assert not second("what does the removal service cost", 0.97, 0.02, "victims-girls"), "a finding fits"
    assert not second("how many pay for the removal service", 0.97, 0.02, "not_covered"), "asks for a number"
    assert not second("does it cost something on snapchat", 0.97, 0.02, "not_covered"), "names an app"


STORY = (
    "Last night my son came to our room and said that he needs money right now. He would not say why at first, and "
    "then it all came out: someone has a video of him. What do we do?"
)


def test_a_story_is_answered_with_help_and_not_with_a_word_on_the_study() -> None:
    assert is_story(STORY)
    assert not is_story("what do we do, my son needs money"), "short"
    assert not is_story(STORY + " How many victims are boys?"), "asks for a number"
    ranking = [
        {"name": "ask_finding", "confidence": 0.96},
        {"name": "smalltalk", "confidence": 0.03},
        {"name": "child_targeted", "confidence": 0.01},
    ]
    message = Message({"text": STORY, "intent": ranking[0], "intent_ranking": ranking})
    FindingSelector._doubt(message, [{"name": "not_covered", "confidence": 0.9}])
    assert message.get("intent")["name"] == "child_targeted"
    assert message.get("intent")["confidence"] >= 0.5


def test_a_word_on_ones_own_child_that_asks_nothing_is_not_answered_with_a_finding() -> None:
    told = "I'm worried that my daughter has made friends with somebody in a game"
    assert tells_of_own(told)
    assert not tells_of_own("my son sent it, does that come up in the reports")
    assert not tells_of_own("Is my son more likely to be asked for money?")
    assert not tells_of_own("they made friends with a girl in a game")
    assert second(told, 0.97, 0.02, "tactics-bond")


@pytest.mark.parametrize(
    ("text", "is_advice"),
    [
        ("What should schools do about deepfakes?", True),
        ("how can parents react to snapchat", True),
        ("What part are schools supposed to play in this?", True),
        ("How many schools in Texas were hit?", False),
        ("Do offenders use Telegram?", False),
    ],
)
def test_knows_a_question_for_advice(text: str, is_advice: bool) -> None:
    assert asks_for_advice(text) is is_advice
