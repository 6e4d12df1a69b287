"""The chat element on a school's own page: its attributes, beside another framework, under a strict policy."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lantern.site.assets import BUNDLE
from tests.browser.conftest import CHANNEL, Chat, Site, reply
from tests.browser.test_access import crisis, violations
from tests.conftest import Server

PREACT = Path(__file__).resolve().parents[2] / "widget" / "node_modules" / "preact" / "dist" / "preact.umd.js"
DESKTOP = {"width": 1280, "height": 800}


def page_with(server: Server, attributes: str = "", head: str = "", body: str = "", element: bool = True) -> str:
    script = f'<script src="{server.url}/widget/lantern-chat.js" async></script>'
    head = f'<meta name="viewport" content="width=device-width"><title>School</title>{head}{script}'
    chat = f"<lantern-chat {attributes}></lantern-chat>" if element else ""
    body = f"<main><h1>School</h1>{chat}{body}</main>"
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'


@pytest.fixture
def visit(new_context, site: Site, server: Server):
    """Returns a function that puts a page with the element on the school's site and opens it."""

    def open_page(attributes: str = "", headers: dict[str, str] | None = None, **parts: Any) -> Page:
        options = {key: parts.pop(key) for key in ("viewport", "color_scheme") if key in parts}
        page = new_context(**options).new_page()
        page.problems = []
        page.on("console", lambda message: message.type in ("error", "warning") and page.problems.append(message.text))
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.goto(site.put("/school", page_with(server, attributes, **parts), headers))
        return page

    return open_page


def test_the_snippet_pasted_into_a_blank_page_works(new_context, site: Site, server: Server) -> None:
    page = new_context().new_page()
    page.goto(f"{server.url}/embed")
    snippet = page.locator("#snippet").text_content()
    page.goto(site.put("/blank", f"<!doctype html><title>Blank</title>{snippet}"))
    expect(page.locator("lantern-chat")).to_have_attribute("position", "bottom-right")
    page.locator("lantern-chat .launcher").click()
    chat = Chat(page)
    expect(chat.replies.first).to_contain_text("Lantern")
    chat.say("how often did they want money?")
    expect(chat.replies.last).to_contain_text("7%")
    whole = html.unescape(page.request.get(f"{server.url}/embed").text())
    page.goto(site.put("/whole", re.search(r'<pre id="page".*?<code>\s*(.*?)</code>', whole, re.DOTALL)[1]))
    expect(Chat(page).replies.first).to_contain_text("Lantern")


def test_the_snippet_can_be_copied_with_one_button(new_context, server: Server) -> None:
    page = new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.goto(f"{server.url}/embed")
    page.locator("[data-copies=snippet]").click()
    expect(page.locator("[data-copies=snippet] + [role=status]")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#snippet").text_content()


def test_under_a_strict_policy_and_beside_preact(visit, site: Site, server: Server) -> None:
    """The page allows nothing inline and draws itself with another framework, the chat within it."""
    site.put("/preact.js", PREACT.read_text(encoding="utf-8"))
    site.put(
        "/app.js",
        """
        const { h, render, Component } = preact;
        class App extends Component {
          render() {
            return h("main", null, h("h1", null, `Our school ${this.state.n ?? 0}`),
              h("button", { id: "again", onClick: () => this.setState({ n: (this.state.n ?? 0) + 1 }) }, "Draw again"),
              h("lantern-chat", { color: this.state.n ? "#7a1f2b" : "#1f4e79" }));
          }
        }
        addEventListener("DOMContentLoaded", () => render(h(App), document.body));
        """,
    )
    policy = f"default-src 'none'; script-src 'self' {server.url}; connect-src {server.url}; style-src 'self'; "
    policy += "img-src data:; base-uri 'none'; require-trusted-types-for 'script'; trusted-types lit-html"
    page = visit(
        headers={"Content-Security-Policy": policy},
        element=False,
        head='<script src="/preact.js"></script><script src="/app.js"></script><link rel="icon" href="data:,">',
    )
    chat = Chat(page)
    expect(chat.replies.first).to_contain_text("Lantern")
    chat.say("what is sextortion")
    expect(chat.replies).to_have_count(2)
    page.locator("#again").click()
    expect(page.locator("h1")).to_have_text("Our school 1")
    expect(chat.replies).to_have_count(2)
    assert chat.page.locator(".send").evaluate("e => getComputedStyle(e).borderRadius") == "999px"
    assert [problem for problem in page.problems if "icon" not in problem] == []


def test_the_style_of_the_page_stays_out(visit) -> None:
    rules = "body * { color: red !important; font: 40px serif !important } button { display: none !important }"
    page = visit(head=f"<style>{rules}</style>")
    expect(Chat(page).leave).to_be_visible()
    text = page.locator(".privacy p").first
    assert text.evaluate("e => getComputedStyle(e).color") == "rgb(85, 96, 108)"
    assert text.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") < 17


@pytest.mark.parametrize(
    ("position", "viewport"), [("bottom-right", {"width": 360, "height": 640}), ("bottom-left", DESKTOP)]
)
def test_as_a_button_that_opens_the_chat(visit, position: str, viewport: dict) -> None:
    cover = '<div style="position:fixed;inset:0;z-index:2147483647;background:#eee;pointer-events:none">Cookies?</div>'
    page = visit(f'position="{position}"', viewport=viewport, body=f'<p style="height:3000px">Long</p>{cover}')
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    launcher = page.locator(".launcher")
    launcher.focus()
    assert asked == []  # a closed chat asks nothing
    page.keyboard.press("Enter")
    chat = Chat(page)
    expect(chat.replies.first).to_contain_text("Lantern")
    panel = page.locator(".panel").bounding_box()
    if viewport["width"] == 360:
        assert (panel["x"], panel["y"], panel["width"], panel["height"]) == (0, 0, 360, 640)
    else:
        assert (panel["x"] < 100) == (position == "bottom-left")
    # the page's own cover lies under the bar: the chat is in the top layer
    assert (
        chat.leave.evaluate(
            """element => {
          const box = element.getBoundingClientRect();
          return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).localName;
        }"""
        )
        == "lantern-chat"
    )
    page.keyboard.press("Tab")
    assert "1-800-843-5678" in page.evaluate("document.activeElement.shadowRoot.activeElement.textContent")
    chat.say("what is sextortion")
    expect(chat.replies).to_have_count(2)
    page.get_by_role("button", name="Close the chat").click()
    expect(launcher).to_be_visible()
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.className") == "launcher"
    launcher.click()
    expect(chat.replies).to_have_count(2)


@pytest.mark.parametrize("color", ["#ffe600", "white", "rgb(128 128 128)", "#7a1f2b"])
def test_any_color_of_a_school_stays_readable(visit, color: str) -> None:
    page = visit(f'color="{color}" bar-color="{color}"')
    chat = Chat(page)
    expect(chat.replies.first).to_contain_text("Lantern")
    crisis(chat)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert [found for found in violations(page) if "contrast" in found] == []


def test_a_color_that_is_none_changes_nothing(visit) -> None:
    page = visit('color="url(https://evil.example/x.png)" bar-color="nonsense"')
    expect(Chat(page).replies.first).to_be_visible()
    assert page.locator(".bar").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(20, 34, 46)"


def test_a_theme_can_be_forced(visit) -> None:
    page = visit('theme="dark"', color_scheme="light")
    expect(Chat(page).replies.first).to_be_visible()
    assert page.locator(".panel").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(18, 23, 30)"


def test_in_spanish(visit) -> None:
    page = visit('language="es-MX"')
    expect(page.get_by_role("button", name="Salir de esta página ya")).to_be_visible()
    expect(page.locator(".panel")).to_have_attribute("lang", "es")
    expect(page.locator(".turn").first).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Ayuda", exact=True).click()
    expect(page.locator(".help .steps li")).to_have_count(5)
    assert violations(page) == []


def test_a_site_that_is_not_listed_gets_the_help_card(new_context, site: Site, server: Server) -> None:
    site.put("/school", page_with(server))
    page = new_context().new_page()
    page.goto(site.origin.replace("127.0.0.1", "localhost") + "/school")
    expect(Chat(page).help).to_be_visible()
    expect(Chat(page).replies).to_have_count(0)


def test_a_school_may_keep_the_file_itself_and_tells_its_own_people(new_context, site: Site, server: Server) -> None:
    school = {
        "counselor": {
            "name": "Ms. Rivera",
            "room": "room 114",
            "phone": "1-402-555-0100",
            "hours": "Mon to Fri, 8 to 3",
        },
        "lines": [{"name": "Teen line", "phone": None, "url": "https://teenline.example/", "hours": "24/7"}],
        "exit_url": f"{site.origin}/weather",
    }
    site.put("/own/chat.js", f"globalThis.lanternSchool={json.dumps(school)};\n{BUNDLE.read_text(encoding='utf-8')}")
    tag = f'<script src="/own/chat.js"></script><lantern-chat server="{server.url}/"></lantern-chat>'
    page = new_context().new_page()
    page.goto(site.put("/school", f"<!doctype html><title>School</title>{tag}"))
    chat = Chat(page)
    chat.answers(reply("Go to Ms. Rivera (room 114, 1-402-555-0100) or teenline.example."))
    chat.say("who can help")
    expect(chat.replies.last).to_contain_text("teenline.example")
    hrefs = [link.get_attribute("href") for link in chat.replies.last.locator(".text a").all()]
    assert hrefs == ["tel:+14025550100", "https://teenline.example/"]
    chat.button("Help card").click()
    for words in ("Ms. Rivera", "room 114, Mon to Fri, 8 to 3", "Teen line", "24/7"):
        expect(chat.help).to_contain_text(words)
    expect(chat.help.locator("a[href='tel:+14025550100']")).to_be_visible()


def test_two_scripts_and_a_moved_element_do_no_harm(visit, server: Server) -> None:
    page = visit(head=f'<script src="{server.url}/widget/lantern-chat.js"></script>')
    chat = Chat(page)
    expect(chat.replies).to_have_count(1)
    page.evaluate("document.body.append(document.querySelector('lantern-chat'))")
    expect(chat.replies).to_have_count(1)
    chat.say("what is sextortion")
    expect(chat.replies).to_have_count(2)
    assert page.problems == []


def test_the_position_can_change_while_open(visit) -> None:
    page = visit()
    expect(Chat(page).replies).to_have_count(1)
    page.evaluate("document.querySelector('lantern-chat').setAttribute('position', 'bottom-right')")
    page.locator(".launcher").click()
    expect(Chat(page).replies).to_have_count(1)


def test_an_old_browser_without_popovers_and_uuids_works_too(new_context, server: Server, site: Site) -> None:
    page = new_context().new_page()
    page.add_init_script(
        "for (const name of ['showPopover', 'popover']) delete HTMLElement.prototype[name];"
        "delete Crypto.prototype.randomUUID;"
    )
    page.goto(site.put("/school", page_with(server, 'position="bottom-right"')))
    page.locator(".launcher").click()
    expect(Chat(page).replies.first).to_contain_text("Lantern")
    expect(Chat(page).leave).to_be_in_viewport(ratio=0.9)


def test_the_element_asks_only_the_server_it_was_given(visit, server: Server) -> None:
    page = visit(f'server="{server.url}/other"')
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route(CHANNEL, lambda route: route.fulfill(json=[reply("Hi.")], headers={"Access-Control-Allow-Origin": "*"}))
    page.reload()
    expect(Chat(page).replies.first).to_be_visible()
    assert f"{server.url}/other/webhooks/website/webhook" in asked
