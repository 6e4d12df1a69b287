"""The demo page in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from scripts.setup import BROWSERS
from tests.conftest import Server

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="module")
def browser() -> Iterator:
    path = next((found for found in map(shutil.which, BROWSERS) if found), None)
    assert path, "no Chromium: run `make test`, which installs it"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def page(browser, server: Server) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    opened = context.new_page()
    opened.goto(server.url)
    expect(opened.locator(".bot")).to_contain_text("Lantern")
    yield opened
    context.close()


def say(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.keyboard.press("Enter")


def test_a_conversation_with_typing_and_buttons(page: Page) -> None:
    say(page, "someone says he will post my pics if i dont pay")
    expect(page.locator(".bot").last).to_contain_text("Don't pay")
    expect(page.locator(".bot").last.locator(".tip")).to_contain_text("1-800-843-5678")
    page.locator(".choices button").first.click()
    expect(page.locator(".me")).to_have_count(2)
    expect(page.locator(".bot")).to_have_count(3)


def test_the_contact_is_on_screen_before_and_while_chatting(page: Page) -> None:
    expect(page.locator(".contact a").first).to_have_attribute("href", "tel:+18008435678")
    say(page, "hi")
    expect(page.locator(".contact")).to_be_in_viewport()


def test_text_stays_text(page: Page) -> None:
    say(page, "<img src=x onerror=alert(1)>")
    expect(page.locator(".me").last).to_have_text("<img src=x onerror=alert(1)>")
    assert page.locator("#log img").count() == 0


def test_nothing_overflows_a_small_phone(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    say(page, "w" * 300)
    expect(page.locator(".bot").nth(1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_dead_server_still_shows_help(page: Page) -> None:
    page.route("**/webhook", lambda route: route.abort())
    say(page, "hello?")
    expect(page.locator(".bot").last).to_contain_text("CyberTipline")
    page.unroute("**/webhook")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".bot").last.locator(".tip")).to_contain_text("report.cybertip.org")


def test_nothing_is_stored_and_nobody_else_is_asked(browser, server: Server) -> None:
    context = browser.new_context()
    opened = context.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(server.url)
    expect(opened.locator(".bot")).to_contain_text("Lantern")
    say(opened, "hi")
    expect(opened.locator(".bot")).to_have_count(2)
    assert all(url.startswith((server.url, "data:")) for url in asked)
    assert opened.evaluate("localStorage.length + sessionStorage.length") == 0
    assert context.cookies() == []
    context.close()
