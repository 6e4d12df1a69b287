"""The running service over HTTP: the contract, bad input, slash commands, a dead action server."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from tests.conftest import Server

SENDER = str(uuid.uuid4())


def has_contact(contact: dict[str, Any]) -> bool:
    return contact["phone"] == "1-800-843-5678" and "report.cybertip.org" in contact["url"]


def check(replies: list[dict[str, Any]]) -> dict[str, Any]:
    """Checks the contract of one turn and returns the last reply."""
    assert replies and all(reply["text"] and reply["recipient_id"] for reply in replies)
    assert has_contact(replies[-1]["custom"]["contact"])
    assert replies[-1]["custom"]["kind"]
    return replies[-1]


def test_health(server: Server) -> None:
    import urllib.request

    with urllib.request.urlopen(f"{server.url}/webhooks/website/") as answer:
        assert json.load(answer) == {"status": "ok"}


@pytest.mark.parametrize(
    ("message", "kind", "part"),
    [
        ("hi there", "smalltalk", "Lantern"),
        ("he says he will send my pics to my whole school if i dont pay him", "guidance", "Don't pay"),
        ("how many of the victims were girls, in percent?", "finding", "78%"),
        ("what percent of the victims were from Ohio", "finding", "do not say"),
        ("i want to kill myself", "crisis", "988"),
        ("how do i blackmail someone with their pics", "refusal", "won't help"),
        ("what's the weather tomorrow", "out_of_scope", ""),
        ("🙂🙂", "", ""),
    ],
)
def test_a_turn(server: Server, message: str, kind: str, part: str) -> None:
    reply = check(server.talk()(message))
    assert not kind or reply["custom"]["kind"] == kind
    assert part in reply["text"]


def test_a_figure_comes_with_its_sources(server: Server) -> None:
    say = server.talk()
    sources = check(say("what share of the reports were about boys"))["custom"]["sources"]
    assert {"id", "section", "period", "n"} == set(sources[0])
    assert "study of 1,428" in check(say("what share of the reports were about boys"))["text"]
    assert "Who are the child victims?" in check(say("where is that from?"))["text"]


def test_follow_ups_keep_the_thread(server: Server) -> None:
    say = server.talk()
    first = check(say("is it true that 60% of the victims were girls?"))
    assert first["text"].startswith("The number in the study is a different one") and "78%" in first["text"]
    assert "share of all 1,428 reports" in check(say("is that a percentage of all reports or of some?"))["text"]
    assert "15%" in check(say("and boys?"))["text"]
    assert "August 2020 to August 2023" in check(say("any more recent figures than these?"))["text"]


def test_the_core_steps_come_once_in_full_then_short(server: Server) -> None:
    say = server.talk()
    assert "• Don't pay" in check(say("someone is blackmailing me right now what do i do"))["text"]
    second = check(say("i already paid him 100 dollars"))["text"]
    assert "The plan stays the same" in second and "• Don't pay" not in second


def test_a_parent_is_answered_as_a_parent(server: Server) -> None:
    assert "your child" in check(server.talk()("my son is being blackmailed online, what should we do"))["text"]


def test_two_conversations_do_not_mix(server: Server) -> None:
    parent, teen = server.talk(), server.talk()
    parent("my daughter is being blackmailed by somebody online")
    assert "your child" not in check(teen("someone is blackmailing me rn"))["text"]


def test_personal_data_gets_the_answer_and_a_word_and_is_not_repeated(server: Server) -> None:
    reply = check(server.talk()("my snap is pixel_fox_00 and some guy threatens to post my pictures"))
    assert reply["custom"]["kind"] == "guidance" and "leave out names" in reply["text"]
    assert "pixel" not in reply["text"]


def test_a_question_on_suicide_in_the_study_gets_the_figure_and_a_gentle_check(server: Server) -> None:
    reply = check(server.talk()("how many victims in the study attempted suicide or hurt themselves?"))
    assert reply["custom"]["kind"] == "finding" and "31%" in reply["text"] and "988" in reply["text"]


def test_steps_are_told_one_at_a_time_and_wait_for_the_user(server: Server) -> None:
    say = server.talk()
    assert "Step 1 of" in check(say("/step_by_step"))["text"]
    assert "Step 2 of" in check(say("/step_done"))["text"]
    assert check(say("/step_cant"))["text"].startswith("It's really hard to stay quiet")
    between = check(say("how many of the victims were girls?"))
    assert "78%" in between["text"] and between["buttons"][-1]["payload"] == "/step_by_step"
    assert "Step 2 of" in check(say("/step_by_step"))["text"]
    assert check(say("i want to kill myself"))["custom"]["kind"] == "crisis"
    assert "Step 3 of" in check(say("/step_done"))["text"]
    say("/start_over")
    assert "Step 1 of" in check(say("/step_by_step"))["text"]


def test_the_safe_word_brings_the_help_card(server: Server) -> None:
    say = server.talk()
    say("how many victims were girls")
    card = check(say("help"))
    assert "911" in card["text"] and "988" in card["text"] and len(card["buttons"]) >= 3


def test_crisis_care_stays_until_it_is_taken_back(server: Server) -> None:
    say = server.talk()
    assert check(say("i want to kill myself"))["custom"]["kind"] == "crisis"
    assert check(say("yes"))["custom"]["kind"] == "crisis"
    later = check(say("how do i tell my parents"))
    assert later["custom"]["kind"] == "guidance" and "988" in later["text"] and "911" in later["text"]
    assert "988" in check(say("/not_a_crisis"))["text"]
    assert "988" not in check(say("what is sextortion"))["text"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{not json", 400, "bad_json"),
        (b"[]", 400, "bad_json"),
        (b"\xff\xfe", 400, "bad_json"),
        (b"[" * 9000, 400, "bad_json"),
        (b'{"sender": "me", "message": "hi"}', 422, "bad_sender"),
        (b'{"message": "hi"}', 422, "bad_sender"),
        (b'{"sender": 7, "message": "hi"}', 422, "bad_sender"),
        (json.dumps({"sender": SENDER}).encode(), 422, "empty_message"),
        (json.dumps({"sender": SENDER, "message": " \u200b "}).encode(), 422, "empty_message"),
        (json.dumps({"sender": SENDER, "message": ["hi"]}).encode(), 422, "empty_message"),
        (json.dumps({"sender": SENDER, "message": "x" * 2001}).encode(), 422, "message_too_long"),
        (json.dumps({"sender": SENDER, "message": "x" * 40000}).encode(), 413, "body_too_large"),
    ],
)
def test_bad_input_gets_a_clear_answer_and_the_contact(server: Server, body: bytes, status: int, code: str) -> None:
    got, answer = server.post(body)
    assert (got, answer["error"]["code"]) == (status, code)
    assert has_contact(answer["contact"])


def test_an_unknown_path_is_refused_with_the_contact(server: Server) -> None:
    status, answer = server.post(b"{}", "/webhooks/no-such-channel/webhook")
    assert (status, answer["error"]["code"]) == (404, "not_found")
    assert has_contact(answer["contact"])


def test_another_method_is_refused_with_the_contact(server: Server) -> None:
    status, answer = server.post(b"{}", "/webhooks/website/")
    assert (status, answer["error"]["code"]) == (405, "bad_method")
    assert has_contact(answer["contact"])


def test_a_long_message_of_emoji_escapes_fits(server: Server) -> None:
    check(server.talk()("\U0001f642" * 1900))


@pytest.mark.parametrize(
    "message", ["/restart", "/session_start", "/nlu_fallback", "/", "//", '/ask_finding{"finding": 1}']
)
def test_slash_commands_that_no_button_sends_are_read_as_text(server: Server, message: str) -> None:
    check(server.talk()(message))


def test_every_button_of_a_reply_works(server: Server) -> None:
    say = server.talk()
    for button in say("hi")[-1]["buttons"]:
        check(say(button["payload"]))


@pytest.mark.parametrize(
    "message", ["x" * 2000, "\ud800 broken", "{role}", "a\x00b", "<script>alert(1)</script>", "%s {0}"]
)
def test_odd_text_is_answered(server: Server, message: str) -> None:
    check(server.talk()(message))


def test_no_text_of_a_user_is_logged(server: Server) -> None:
    canary = f"canary{uuid.uuid4().hex}"
    server.talk()(f"he threatens me {canary}")
    server.post(json.dumps({"sender": canary, "message": canary}).encode())
    assert canary not in server.log.read_text()


def test_the_page_is_served_with_its_headers(server: Server) -> None:
    import urllib.request

    with urllib.request.urlopen(server.url) as answer:
        page = answer.read().decode()
        assert "1-800-843-5678" in page and "report.cybertip.org" in page
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_with_the_action_server_dead_the_user_still_gets_an_answer(server: Server) -> None:
    say = server.talk()
    server.stop("actions")
    try:
        reply = check(say("how many percent of victims were boys"))
        assert reply["custom"]["kind"] == "error"
        assert "CyberTipline" in reply["text"]
        # help needs no action server
        assert check(say("i already paid him what now"))["custom"]["kind"] == "guidance"
        assert "988" in check(say("i want to kill myself"))["text"]
    finally:
        server.restart("actions")
