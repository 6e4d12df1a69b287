"""Whose pictures and whose deed: a victim is not taken for an offender, an offender still is."""

from __future__ import annotations

import pytest

from lantern.told import (
    others_threaten,
    tells_as_the_victim,
    tells_of_a_grown_up,
    tells_of_own_pictures,
    tells_own_deed,
    wants_own_pictures_gone,
)


@pytest.mark.parametrize(
    "text",
    [
        "me and my friends sent pics to some boys and one of them screenshotted mine and put it on a page",
        "i cant stop crying he posted a pic of me",
        "im 12 and i sent my pictures to a boy and he shared them with his friends",
        "I was threatened with my nudes",
        "i think he leaked my video",
        "they said i shared my own picture so it is my fault, someone posted one of mine",
    ],
)
def test_a_victim_tells_of_own_pictures_and_of_no_deed(text: str) -> None:
    assert tells_of_own_pictures(text)
    assert not tells_own_deed(text)


@pytest.mark.parametrize(
    "text",
    [
        "i leaked my ex's pics and i feel sick about it",
        "I've shared a photo of a girl in my class",
        "i screenshotted her snap and showed it to the team",
        "after he posted mine i sent his pics to everyone",
        "i threatened to post it unless she came back",
        "what do i do, i did this to someone",
        "I made a boy send me a video",
        "i sent a picture of her to my friend",
    ],
)
def test_a_deed_of_the_writer_is_heard(text: str) -> None:
    assert tells_own_deed(text)


@pytest.mark.parametrize(
    "text",
    [
        "can i get into my exs account to delete my pictures",
        "how do i make him take my photos down",
        "i want to get rid of the video of me on his phone",
    ],
)
def test_the_wish_to_have_own_pictures_gone_is_heard(text: str) -> None:
    assert wants_own_pictures_gone(text)


@pytest.mark.parametrize(
    "text", ["how do i make her send me her pics", "get a girl to send me pictures", "hack into her account"]
)
def test_the_wish_for_pictures_of_others_is_not(text: str) -> None:
    assert not wants_own_pictures_gone(text)


def test_a_folder_of_the_phone_is_no_picture_of_the_writer() -> None:
    assert not tells_of_own_pictures("someone airdropped me a nude of a girl and it saved to my photos")
    assert not tells_of_own_pictures("it is in my pictures now and i never asked for it")


def test_a_parent_does_not_speak_as_the_victim() -> None:
    assert not tells_as_the_victim("a man has pictures of my daughter")
    assert tells_as_the_victim("my ex has them")


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("my boyfriend is 23 and im 15", True),
        ("My daughter, 14, talks to a guy who is 31", True),
        ("I'm a 15 year old girl and he turned out to be 40", True),
        ("my little sister talks to grown men", True),
        ("my partner is 17 and I'm 18", False),
        ("im 15 and he is 16", False),
        ("I am 25 and he is 28", False),
    ],
)
def test_a_grown_up_with_somebody_young_is_heard(text: str, is_so: bool) -> None:
    assert tells_of_a_grown_up(text) is is_so


def test_a_threat_by_others_is_heard() -> None:
    assert others_threaten("My son made a mistake and now they threaten to send it to his friends")
    assert not others_threaten("My son threatened a girl with her photos")
