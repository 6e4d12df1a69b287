"""One browser and one server for all browser tests, a second site beside them, and a chat to talk to."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect, sync_playwright

from scripts.setup import BROWSERS
from tests.conftest import Server

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
PHONE = {"width": 360, "height": 740}
WEBHOOK = "**/webhooks/website/webhook"
CHANNEL = "**/webhooks/website/**"


def reply(text: str, kind: str = "guidance", **more: Any) -> dict[str, Any]:
    """One reply as the website channel sends it; `copy` and `sources` go into `custom`."""
    custom = {"kind": kind, **{key: more.pop(key) for key in ("copy", "sources", "image_alt") if key in more}}
    return {"recipient_id": "x", "text": text, "custom": custom, **more}


class Chat:
    """The chat element on an open page. Playwright looks into its shadow tree by itself."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.box = page.locator("lantern-chat textarea")
        self.replies = page.locator(".turn:not(.mine)")
        self.mine = page.locator(".turn.mine")
        self.picks = page.locator(".picks button")
        self.help = page.locator(".help")
        self.crisis = page.locator(".crisis")
        self.status = page.locator("lantern-chat [role=status]")
        self.leave = page.get_by_role("button", name="Leave this page now")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def say(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")

    def answers(self, *replies: dict[str, Any]) -> None:
        """From now on the server gives these replies."""
        self.page.unroute(WEBHOOK)
        self.page.route(WEBHOOK, lambda route: route.fulfill(json=list(replies)))

    def faults(self, handler: Callable[[Route], Any]) -> None:
        """From now on every request to the channel ends in `handler`."""
        self.page.unroute(WEBHOOK)
        self.page.route(CHANNEL, handler)

    def recovers(self) -> None:
        self.page.unroute(CHANNEL)
        self.page.unroute(WEBHOOK)

    def fits(self) -> bool:
        """Whether nothing sticks out sideways: neither of the page nor of the conversation."""
        return self.page.evaluate(
            """() => {
              const scroll = document.querySelector("lantern-chat").renderRoot.querySelector(".scroll");
              return document.documentElement.scrollWidth <= innerWidth && scroll.scrollWidth <= scroll.clientWidth;
            }"""
        )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next((found for found in map(shutil.which, BROWSERS) if found), None)
    assert path, "no Chromium: run `make test`, which installs it"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    opened: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        opened.append(browser.new_context(**{"viewport": PHONE, **options}))
        opened[-1].set_default_timeout(10_000)
        return opened[-1]

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def open_chat(new_context: Callable[..., BrowserContext], server: Server) -> Callable[..., Chat]:
    """Returns a function that opens the demo page and waits for the welcome."""

    def make(before: Callable[[Page], Any] | None = None, greeted: bool = True, **options: Any) -> Chat:
        page = new_context(**options).new_page()
        if before:
            before(page)
        page.goto(server.url)
        chat = Chat(page)
        if greeted:
            expect(chat.replies.first).to_contain_text("Lantern")
        return chat

    return make


@pytest.fixture
def chat(open_chat: Callable[..., Chat]) -> Chat:
    return open_chat()


class Site:
    """A school's own site: pages that tests put there, on the origin that school.yml names."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.pages: dict[str, tuple[str, dict[str, str]]] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # noqa: N802  (the name that http.server calls)
                site.seen.append((self.path, {key.lower(): value for key, value in self.headers.items()}))
                body, headers = site.pages.get(self.path, ("", {}))
                kind = "text/javascript" if self.path.endswith(".js") else "text/html"
                self.send_response(200 if self.path in site.pages else 404)
                for name, value in {"Content-Type": f"{kind}; charset=utf-8", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", urlsplit(origin).port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def put(self, path: str, body: str, headers: dict[str, str] | None = None) -> str:
        """Puts a page or script there and returns its address."""
        self.pages[path] = (body, headers or {})
        return self.origin + path


@pytest.fixture(scope="session")
def running_site(school_origin: str) -> Iterator[Site]:
    site = Site(school_origin)
    yield site
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture
def site(running_site: Site) -> Site:
    running_site.pages.clear()
    running_site.seen.clear()
    running_site.put("/weather", "<title>Weather</title>sunny")
    return running_site
