"""The chat element when the server is down, slow, or answers something else."""

from __future__ import annotations

import json

import pytest
import yaml
from playwright.sync_api import Page, Route, expect

from lantern.contacts import Contacts
from lantern.records import DATA
from lantern.without_model import read_response
from tests.browser.conftest import CHANNEL, WEBHOOK, Chat, reply


def garbage(**answer) -> object:
    return lambda route: route.fulfill(**answer)


FAULTS = {
    "down": lambda route: route.abort(),
    "html": garbage(status=200, content_type="text/html", body="<h1>Welcome to our router</h1>"),
    "empty list": garbage(json=[]),
    "no list": garbage(json={"text": "hi"}),
    "null": garbage(json=None),
    "odd items": garbage(json=[1, None, "x", {}, {"text": 5}, {"text": "  "}]),
    "half": garbage(status=200, content_type="application/json", body='[{"text": "hi'),
    "error 500": garbage(status=500, body="Traceback (most recent call last)"),
    "error 503": garbage(status=503, json={"status": "starting"}),
    "too many": garbage(status=429, json={"error": {"code": "too_many", "message": "Slow down."}}),
    "moved": garbage(status=302, headers={"Location": "https://evil.example/"}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_help_shows_the_message_waits_and_the_chat_recovers_by_itself(open_chat, fault: str) -> None:
    chat = open_chat(lambda page: page.clock.install())
    chat.faults(FAULTS[fault])
    chat.say("he wants money tonight")
    expect(chat.help).to_contain_text("I can't answer right now")
    expect(chat.status).to_contain_text("I can't answer right now")
    expect(chat.mine.last).to_contain_text("Not answered yet")
    expect(chat.replies).to_have_count(1)
    chat.recovers()
    sent = []
    chat.page.on("request", lambda request: request.post_data and sent.append(request.post_data_json["message"]))
    chat.page.clock.run_for(3_000)
    expect(chat.replies).to_have_count(2)
    expect(chat.help).to_have_count(0)
    expect(chat.mine.last).not_to_contain_text("Not answered yet")
    expect(chat.mine).to_have_count(1)
    assert sent == ["he wants money tonight"]


def test_no_answer_after_eight_seconds_counts_as_failed(open_chat) -> None:
    """On a clock that stands still but for the test."""
    chat = open_chat(lambda page: page.clock.install())
    chat.page.clock.pause_at(chat.page.evaluate("Date.now()") + 60_000)
    chat.page.route(CHANNEL, lambda route: None)
    chat.say("hello?")
    chat.page.clock.run_for(7_900)
    expect(chat.page.locator(".typing")).to_be_visible()
    expect(chat.help).to_have_count(0)
    chat.page.clock.run_for(200)
    expect(chat.help).to_be_visible()
    expect(chat.page.locator(".typing")).to_have_count(0)


def test_the_first_paint_needs_no_server(open_chat) -> None:
    chat = open_chat(lambda page: page.route(CHANNEL, lambda route: route.abort()), greeted=False)
    expect(chat.help).to_be_visible()
    expect(chat.page.locator(".bar a").first).to_be_in_viewport()
    expect(chat.page.locator(".privacy p").first).to_contain_text("Nothing is saved")
    expect(chat.box).to_be_enabled()
    chat.recovers()
    chat.say("hi")
    expect(chat.replies.last).to_contain_text("Lantern")
    expect(chat.help).to_have_count(0)


def test_try_again_works_at_once_and_focus_stays(open_chat) -> None:
    chat = open_chat(lambda page: page.clock.install())
    chat.faults(FAULTS["down"])
    chat.say("what is sextortion")
    expect(chat.help).to_be_visible()
    chat.recovers()
    chat.button("Try again").press("Enter")
    expect(chat.replies).to_have_count(2)
    expect(chat.status).to_have_text("I can answer again.")
    assert chat.page.evaluate("document.querySelector('lantern-chat').renderRoot.activeElement.className") == "scroll"


def test_all_messages_of_the_outage_are_answered_in_order(open_chat) -> None:
    chat = open_chat(lambda page: page.clock.install())
    chat.faults(FAULTS["down"])
    chat.say("one")
    expect(chat.help).to_be_visible()
    chat.say("two")
    expect(chat.mine.last).to_contain_text("Not answered yet")
    chat.recovers()
    got: list[str] = []

    def answer(route: Route) -> None:
        got.append(route.request.post_data_json["message"])
        route.fulfill(json=[reply(f"To {got[-1]}.")])

    chat.page.route(WEBHOOK, answer)
    chat.button("Try again").click()
    expect(chat.replies.last).to_contain_text("To two.")
    assert got == ["one", "two"]


def test_it_stops_asking_when_a_message_fails_again_and_again(open_chat) -> None:
    chat = open_chat(lambda page: page.clock.install())
    tries = []

    def fail(route: Route) -> None:
        tries.append(1)
        route.fulfill(status=500, body="")

    chat.page.route(WEBHOOK, fail)
    chat.say("hi")
    expect(chat.help).to_be_visible()
    for _ in range(12):
        chat.page.clock.run_for(31_000)
        chat.page.wait_for_timeout(60)
    assert len(tries) == 4
    expect(chat.button("Try again")).to_be_visible()


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_refused_message_is_explained_and_not_sent_again(chat: Chat, status: int) -> None:
    error = {"error": {"code": "message_too_long", "message": "Try again with fewer words."}, "contact": {}}
    tries = []

    def refuse(route: Route) -> None:
        tries.append(1)
        route.fulfill(status=status, json=error)

    chat.page.route(WEBHOOK, refuse)
    chat.say("hi")
    expect(chat.replies.last).to_contain_text("Try again with fewer words.")
    expect(chat.help).to_have_count(0)
    assert len(tries) == 1


def test_odd_parts_of_a_good_answer_are_left_out(chat: Chat) -> None:
    answer = {
        "text": "Good.",
        "buttons": [None, {"title": 1}, {"title": "Ok", "payload": "/ok"}],
        "image": 7,
        "custom": [],
    }
    chat.answers(
        answer, {"text": "More.", "buttons": "x", "custom": {"kind": 5, "sources": [1, {"n": "x"}], "copy": "x"}}
    )
    chat.say("hi")
    expect(chat.replies).to_have_count(3)
    expect(chat.picks).to_have_text(["Ok"])


def test_the_help_card_is_there_at_any_time(chat: Chat) -> None:
    chat.button("Help card").press("Enter")
    expect(chat.help).to_contain_text("Help that is always here")
    assert chat.page.evaluate("document.querySelector('lantern-chat').renderRoot.activeElement.textContent").startswith(
        "Help"
    )
    chat.button("Help card").click()
    expect(chat.help).to_have_count(0)


def test_the_help_card_says_what_the_data_says(open_chat, contacts: Contacts) -> None:
    widget = yaml.safe_load((DATA / "records" / "widget.yml").read_text(encoding="utf-8"))["widget"]
    lines = read_response("system", "core")["text"].strip().split("\n")
    chat = open_chat(lambda page: page.route(CHANNEL, lambda route: route.abort()), greeted=False)
    steps = chat.help.locator(".steps li")
    expected = [line.removeprefix("• ") for line in lines if line.startswith("•")]
    expect(steps).to_have_text([*expected, widget["languages"]["en"]["last_step"]])
    expect(steps).to_have_count(5)
    expect(chat.help.locator(".text")).to_have_text(lines[0])
    people = chat.help.locator(".people li")
    expect(people).to_have_count(len(widget["help"]))
    for key, person in zip(widget["help"], people.all(), strict=True):
        contact = contacts.get(key)
        expect(person).to_contain_text(widget["languages"]["en"]["when"][key])
        hrefs = [link.get_attribute("href") for link in person.locator("a").all()]
        if contact.phone:
            assert contact.phone_href in hrefs
        if contact.url:
            assert f"https://{contact.url}" in hrefs
        if contact.text:
            digits = "".join(filter(str.isdigit, contact.text))
            assert f"sms:{digits}" in hrefs


def test_what_is_under_way_ends_with_the_element(open_chat) -> None:
    chat = open_chat(lambda page: page.clock.install())
    chat.faults(FAULTS["down"])
    chat.say("hi")
    expect(chat.help).to_be_visible()
    asked = []
    chat.page.on("request", lambda request: asked.append(request.url))
    chat.page.evaluate("document.querySelector('lantern-chat').remove()")
    chat.page.clock.run_for(60_000)
    assert asked == []


def test_the_page_shows_the_contact_when_even_the_file_is_missing(new_context, server) -> None:
    page: Page = new_context().new_page()
    page.route("**/widget/*.js", lambda route: route.abort())
    page.goto(server.url)
    for href in ("tel:+18008435678", "https://report.cybertip.org", "tel:911", "tel:988"):
        expect(page.locator(f"lantern-chat a[href='{href}']")).to_be_visible()
    assert json.loads(page.evaluate("JSON.stringify(!customElements.get('lantern-chat'))"))
