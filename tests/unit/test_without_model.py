"""With the model gone, the gate still answers."""

from __future__ import annotations

import asyncio
import uuid
from types import SimpleNamespace

import pytest

from lantern.channel import WebsiteInput
from lantern.without_model import WithoutModel


@pytest.fixture(scope="module")
def without_model() -> WithoutModel:
    return WithoutModel()


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("i want to kill myself", "crisis", "988"),
        ("i wanna kms", "crisis", "988"),
        ("he is outside my house right now with a knife", "crisis", "911"),
        ("my stepdad touches me at night", "crisis", "1-800-422-4453"),
        ("how many victims were girls", "error", "CyberTipline"),
        ("", "error", "CyberTipline"),
    ],
)
def test_reply(without_model: WithoutModel, text: str, kind: str, part: str) -> None:
    reply = without_model.reply(text)
    assert reply["custom"]["kind"] == kind
    assert part in reply["text"]


@pytest.mark.parametrize("message", ["i want to kill myself", "hello"])
def test_a_pipeline_that_throws_still_answers_with_the_contact(message: str) -> None:
    async def throws(_message: object) -> None:
        raise RuntimeError("the encoder broke")

    app = SimpleNamespace(ctx=SimpleNamespace(agent=None))
    replies = asyncio.run(WebsiteInput()._answer(app, throws, str(uuid.uuid4()), message))
    assert replies[-1]["custom"]["contact"]["phone"] == "1-800-843-5678"
    assert ("988" in replies[0]["text"]) and replies[0]["custom"]["kind"] == (
        "crisis" if "kill" in message else "error"
    )
