"""Leaving the page: at once, without the server, and without a way back to the conversation."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import CHANNEL, Chat, Site
from tests.conftest import Server

SECRET = "he wants money tonight"


def escape(page: Page, times: int = 3) -> None:
    for _ in range(times):
        page.keyboard.press("Escape")


@pytest.fixture
def talking(open_chat, site: Site) -> Chat:
    """A chat after one exchange; the page before it in the tab is the school's."""
    before = site.put("/before", "<title>Before</title>")
    chat: Chat = open_chat(lambda page: page.goto(before))
    chat.say(SECRET)
    expect(chat.replies).to_have_count(2)
    return chat


@pytest.mark.parametrize("how", ["button", "Esc"])
def test_the_page_is_replaced_and_back_does_not_return_to_it(talking: Chat, site: Site, how: str) -> None:
    page = talking.page
    entries = page.evaluate("history.length")
    if how == "button":
        talking.leave.click()
    else:
        escape(page)
    page.wait_for_url(f"{site.origin}/weather")
    assert page.evaluate("history.length") == entries
    page.go_back()
    expect(page).to_have_url(f"{site.origin}/before")
    page.go_forward()
    expect(page).to_have_url(f"{site.origin}/weather")


def test_the_other_site_does_not_learn_where_somebody_came_from(talking: Chat, site: Site) -> None:
    talking.leave.click()
    talking.page.wait_for_url(f"{site.origin}/weather")
    (headers,) = [headers for path, headers in site.seen if path == "/weather"]
    assert "referer" not in headers


def test_leaving_waits_for_no_server(talking: Chat, site: Site) -> None:
    talking.page.route(CHANNEL, lambda route: None)
    talking.say("still there?")
    expect(talking.page.locator(".typing")).to_be_visible()
    talking.leave.click()
    talking.page.wait_for_url(f"{site.origin}/weather")


def test_leaving_works_while_the_server_is_down(open_chat, site: Site) -> None:
    chat = open_chat(lambda page: page.route(CHANNEL, lambda route: route.abort()), greeted=False)
    expect(chat.help).to_be_visible()
    escape(chat.page)
    chat.page.wait_for_url(f"{site.origin}/weather")


def test_the_screen_is_blank_at_once(talking: Chat) -> None:
    """What is left on the screen in the very moment of the press, before any other page could have come."""
    talking.box.fill("a draft")
    seen = talking.page.evaluate(
        """() => {
          const root = document.querySelector("lantern-chat").renderRoot;
          root.querySelector(".leave").click();
          const box = root.querySelector(".blank").getBoundingClientRect();
          const onTop = root.elementFromPoint(innerWidth / 2, innerHeight / 2).className;
          const covers = box.width >= innerWidth && box.height >= innerHeight;
          const fields = root.querySelectorAll("textarea").length;
          return {text: root.textContent, fields, covers, onTop, title: document.title};
        }"""
    )
    assert SECRET not in seen["text"] and "Lantern" not in seen["text"] and seen["fields"] == 0
    assert seen["covers"] and seen["onTop"] == "blank" and not seen["title"].strip()


def test_esc_tells_how_often_it_is_still_needed(chat: Chat) -> None:
    escape(chat.page, 1)
    expect(chat.status).to_have_text("Press Esc two more times to leave this page.")
    escape(chat.page, 1)
    expect(chat.status).to_have_text("Press Esc once more to leave this page.")
    chat.page.keyboard.press("a")
    expect(chat.status).to_have_text("")
    escape(chat.page, 2)
    expect(chat.page).not_to_have_url(re.compile("weather"))


def test_esc_pressed_slowly_does_not_leave(open_chat, server: Server) -> None:
    chat = open_chat(lambda page: page.clock.install())
    for _ in range(4):
        escape(chat.page, 1)
        chat.page.clock.run_for(2_100)
    expect(chat.page).to_have_url(f"{server.url}/")


def test_the_page_cannot_swallow_esc(talking: Chat, site: Site) -> None:
    talking.page.evaluate("document.addEventListener('keydown', event => event.stopImmediatePropagation(), true)")
    talking.box.focus()
    escape(talking.page)
    talking.page.wait_for_url(f"{site.origin}/weather")


def test_it_says_what_it_cannot_hide(chat: Chat) -> None:
    fold = chat.page.locator(".privacy details")
    fold.locator("summary").click()
    expect(fold.locator("p")).to_be_visible()
    for words in ("can't clear what your browser wrote down", "People who run this device or network"):
        expect(fold).to_contain_text(words)


def test_another_page_and_back_finds_no_conversation(talking: Chat, site: Site, server: Server) -> None:
    talking.page.goto(site.put("/other", "<title>Other</title>"))
    talking.page.go_back()
    expect(talking.page).to_have_url(f"{server.url}/")
    expect(talking.replies).to_have_count(1)
    assert SECRET not in talking.page.locator("lantern-chat").evaluate("e => e.renderRoot.textContent")


def embedded(site: Site, server: Server, attributes: str) -> str:
    script = f'<script src="{server.url}/widget/lantern-chat.js" async></script>'
    return site.put(
        "/school", f"<!doctype html><title>School</title>{script}<lantern-chat {attributes}></lantern-chat>"
    )


def test_a_page_can_name_another_exit(new_context, site: Site, server: Server) -> None:
    news = site.put("/news", "<title>News</title>")
    page = new_context().new_page()
    page.goto(embedded(site, server, f'exit-url="{news}"'))
    Chat(page).leave.click()
    page.wait_for_url(news)


def test_an_exit_that_is_no_web_page_is_not_taken(new_context, site: Site, server: Server) -> None:
    page = new_context().new_page()
    page.goto(embedded(site, server, 'exit-url="javascript:document.title=1"'))
    Chat(page).leave.click()
    page.wait_for_url(f"{site.origin}/weather")


def test_a_closed_and_unused_chat_leaves_esc_to_the_page(new_context, site: Site, server: Server) -> None:
    page = new_context().new_page()
    address = embedded(site, server, 'position="bottom-right"')
    page.goto(address)
    expect(page.locator(".launcher")).to_be_visible()
    escape(page)
    expect(page).to_have_url(address)
    page.locator(".launcher").click()
    expect(Chat(page).replies).to_have_count(1)
    escape(page)
    page.wait_for_url(f"{site.origin}/weather")


def test_in_a_frame_the_whole_page_is_left(new_context, site: Site, server: Server) -> None:
    page = new_context().new_page()
    page.goto(
        site.put("/framed", f'<title>School</title><iframe src="{server.url}/" width="340" height="700"></iframe>')
    )
    frame = page.frame_locator("iframe")
    expect(frame.locator(".turn").first).to_be_visible()
    frame.get_by_role("button", name="Leave this page now").click()
    page.wait_for_url(f"{site.origin}/weather")


def test_other_sites_cannot_frame_the_page(new_context, site: Site, server: Server) -> None:
    site.put("/framed", f'<iframe src="{server.url}/"></iframe>')
    page = new_context().new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.goto(site.origin.replace("127.0.0.1", "localhost") + "/framed")
    page.wait_for_timeout(500)
    assert page.frame_locator("iframe").locator("lantern-chat").count() == 0
    assert any("frame-ancestors" in problem for problem in problems)
