"""What a long message asks."""

from __future__ import annotations

import pytest

from lantern.questions import LONGEST, MOST_QUESTIONS, questions_of

STORY = "my son met somebody in a game last winter and they wrote every night, we thought it was a kid from school. "
UNPUNCTUATED = (
    "so i sent him something in june and now he wants more and hes being mean about it and i cant sleep"
    " should i just block him now and will my mom find out if i tell the counselor"
)


def test_finds_the_questions_of_a_letter_in_their_order() -> None:
    text = STORY + "What do we say to him tonight? He cries a lot. And do the police even care?"
    assert questions_of(text) == ["What do we say to him tonight?", "And do the police even care?"]


def test_finds_questions_without_question_marks() -> None:
    assert questions_of(UNPUNCTUATED) == [
        "should i just block him now and",
        "will my mom find out if i tell the counselor",
    ]


@pytest.mark.parametrize("text", ["", "Will they post it? What do I do?", STORY, STORY * 2, STORY + "Why?"])
def test_finds_none_in_a_short_message_or_a_plain_story(text: str) -> None:
    assert questions_of(text) == []


def test_keeps_the_last_ones_and_none_that_is_a_story_by_itself() -> None:
    many = STORY + " ".join(f"Is this question number {n} of them?" for n in range(9))
    assert len(questions_of(many)) == MOST_QUESTIONS
    assert questions_of(many)[-1] == "Is this question number 8 of them?"
    assert questions_of(STORY + "Do you think " + "so and " * LONGEST + "so?") == []
