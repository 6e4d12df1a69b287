"""What the chat element leaves behind and tells others: nothing."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Request, expect

from tests.browser.conftest import Chat, Site
from tests.conftest import Server

SECRET = "he wants money tonight"
STORED = """async () => {
  const caches_ = globalThis.caches ? await caches.keys() : [];
  const databases = indexedDB.databases ? (await indexedDB.databases()).map(one => one.name) : [];
  const workers = navigator.serviceWorker ? await navigator.serviceWorker.getRegistrations() : [];
  return [localStorage.length, sessionStorage.length, document.cookie, caches_.length, databases.length, workers.length,
          JSON.stringify(history.state), window.name, location.hash, location.search];
}"""


def whole_visit(chat: Chat) -> None:
    chat.say(SECRET)
    expect(chat.replies).to_have_count(2)
    chat.picks.first.click()
    expect(chat.replies).to_have_count(3)
    chat.say("how often did they want money?")
    expect(chat.replies).to_have_count(4)
    chat.button("Help card").click()
    chat.button("Start over").click()
    expect(chat.replies).to_have_count(1)


def test_nothing_is_stored(open_chat) -> None:
    chat = open_chat()
    whole_visit(chat)
    assert chat.page.evaluate(STORED) == [0, 0, "", 0, 0, 0, "null", "", "", ""]
    assert chat.page.context.cookies() == []
    assert chat.page.context.storage_state() == {"cookies": [], "origins": []}


def test_only_our_own_origin_is_asked_and_learns_only_the_message(open_chat, server: Server) -> None:
    asked: list[Request] = []
    chat = open_chat(lambda page: page.on("request", lambda request: asked.append(request)))
    whole_visit(chat)
    origins = {"{0.scheme}://{0.netloc}".format(urlsplit(request.url)) for request in asked}
    assert origins == {server.url}
    posts = [request for request in asked if request.method == "POST"]
    assert len(posts) == 5
    for request in posts:
        assert set(request.post_data_json) == {"sender", "message"}
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", request.post_data_json["sender"])
        assert not {"cookie", "referer", "authorization"} & set(request.all_headers())
    assert not [request.url for request in asked if SECRET.split()[0] in request.url and "?" in request.url]


def test_each_visit_has_its_own_code(open_chat) -> None:
    senders: list[str] = []

    def note(request: Request) -> None:
        if request.post_data:
            senders.append(request.post_data_json["sender"])

    for _ in range(2):
        chat = open_chat(lambda page: page.on("request", note))
        chat.page.reload()
        expect(chat.replies).to_have_count(1)
    assert len(set(senders)) == 4


def test_privacy_is_told_up_front_in_one_line(open_chat) -> None:
    chat = open_chat(viewport={"width": 1280, "height": 800})
    notice = chat.page.locator(".privacy p").first
    expect(notice).to_be_in_viewport()
    expect(notice).to_have_text("Nothing is saved. No person reads along. Leave out names.")


def test_what_is_typed_goes_to_no_spelling_service(chat: Chat) -> None:
    for attribute, value in (("spellcheck", "false"), ("autocomplete", "off"), ("writingsuggestions", "false")):
        expect(chat.box).to_have_attribute(attribute, value)


def test_links_to_others_carry_no_trace(chat: Chat, site: Site) -> None:
    for link in chat.page.locator(".panel a[href^=http]").all():
        assert link.get_attribute("rel") == "noopener noreferrer"
        assert link.get_attribute("target") == "_blank"
