"""Access for everyone: axe in each state, keyboard, screen readers, zoom, small screens, motion and colors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import CHANNEL, WEBHOOK, Chat, reply
from tests.conftest import Server

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "widget" / "node_modules" / "axe-core" / "axe.min.js"
SOURCES = [{"id": "a", "section": "Why?", "period": "October 2013 to April 2016", "n": 1428}]
BUTTONS = [
    {"title": title, "payload": f"/{title}"} for title in ("It's happening to me", "To a friend", "Just learning")
]
DEEP_FOCUS = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  const style = getComputedStyle(element);
  return {tag: element.localName, name: element.className, text: (element.textContent || "").trim().slice(0, 40),
          ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2};
}"""

FADED = """() => {
  const moving = document.querySelector("lantern-chat")?.renderRoot.getAnimations() ?? [];
  const ending = moving.filter(one => one.effect.getComputedTiming().iterations !== Infinity);
  return Promise.all(ending.map(one => one.finished.catch(() => {})));
}"""
TARGETS = "button, summary, textarea, .tip, .tap"


def violations(page: Page) -> list[str]:
    """What axe finds wrong on the page, the shadow tree included; best practices count too."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    # a fading element has another contrast for a moment
    page.evaluate(FADED)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert found["passes"], "axe checked nothing"
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]


def start(chat: Chat) -> None:
    expect(chat.replies).to_have_count(1)


def buttons(chat: Chat) -> None:
    chat.answers(reply("Who is this about?\n• One\n• Two", buttons=BUTTONS))
    chat.say("hello")
    expect(chat.picks).to_have_count(3)


def finding(chat: Chat) -> None:
    chat.answers(reply("In 7% of the reports, call 988.", kind="finding", sources=SOURCES))
    chat.say("money?")
    chat.replies.last.locator("summary").click()
    expect(chat.replies.last.locator(".sources li")).to_be_visible()


def crisis(chat: Chat) -> None:
    chat.answers(reply("Please call or text 988 now. In danger, call 911.", kind="crisis", buttons=BUTTONS[:1]))
    chat.say("i can't go on")
    expect(chat.crisis).to_be_visible()


def copying(chat: Chat) -> None:
    chat.answers(reply('You can copy this: "I need help."'))
    chat.say("words")
    expect(chat.page.locator(".copy")).to_be_visible()


def typing(chat: Chat) -> None:
    chat.page.unroute(WEBHOOK)
    chat.page.route(WEBHOOK, lambda route: None)
    chat.say("hello?")
    expect(chat.page.locator(".typing")).to_be_visible()


def down(chat: Chat) -> None:
    chat.faults(lambda route: route.abort())
    chat.say("hello?")
    expect(chat.help).to_be_visible()


def help_card(chat: Chat) -> None:
    chat.button("Help card").click()
    expect(chat.help).to_be_visible()


def too_long(chat: Chat) -> None:
    chat.answers(reply("word " * 300))
    chat.say("w" * 300)
    chat.box.fill("x " * 1100)
    expect(chat.page.locator(".count.over")).to_be_visible()


STATES: dict[str, Callable[[Chat], Any]] = {
    state.__name__: state for state in (start, buttons, finding, crisis, copying, help_card, too_long, typing, down)
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(open_chat, state: str) -> None:
    chat = open_chat()
    STATES[state](chat)
    for scheme in ("light", "dark"):
        chat.page.emulate_media(color_scheme=scheme)
        assert violations(chat.page) == [], scheme


@pytest.mark.parametrize("path", ["/", "/embed", "/privacy"])
def test_axe_finds_nothing_on_the_pages(new_context, server: Server, path: str) -> None:
    page = new_context().new_page()
    problems: list[str] = []
    page.on("console", lambda message: message.type == "error" and problems.append(message.text))
    page.goto(server.url + path)
    page.wait_for_load_state("networkidle")
    for width, scheme in ((360, "light"), (1280, "dark"), (1280, "light")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert problems == []


def test_axe_would_find_a_fault(chat: Chat) -> None:
    chat.page.evaluate("document.querySelector('lantern-chat').renderRoot.querySelector('label').remove()")
    assert any(found.startswith("label") for found in violations(chat.page))


def focused(page: Page) -> dict[str, Any]:
    return page.evaluate(DEEP_FOCUS)


def tab_to(page: Page, text: str, key: str = "Tab", most: int = 40) -> None:
    for _ in range(most):
        page.keyboard.press(key)
        if focused(page)["text"] == text:
            return
    raise AssertionError(f"{text} cannot be reached with {key}")


def test_contact_and_exit_come_first_and_everything_else_in_order(chat: Chat) -> None:
    buttons(chat)
    chat.page.evaluate("document.activeElement.blur(); getSelection().removeAllRanges()")
    chat.page.reload()
    expect(chat.replies).to_have_count(1)
    order = []
    for _ in range(30):
        chat.page.keyboard.press("Tab")
        at = focused(chat.page)
        assert at["ring"], at
        order.append(at)
        if at["name"] == "send":
            break
    texts = [at["text"] for at in order]
    assert "1-800-843-5678" in texts[0] and "report.cybertip.org" in texts[1]
    assert texts[2:5] == ["Leave this page now", "Help card", "Start over"]
    assert order[5]["name"] == "scroll"
    assert [at["tag"] for at in order[-2:]] == ["textarea", "button"]


def test_a_whole_conversation_with_the_keyboard_alone(open_chat) -> None:
    chat = open_chat(permissions=["clipboard-read", "clipboard-write"])
    page = chat.page
    chat.answers(reply('You can copy this: "I need help."', sources=SOURCES, buttons=BUTTONS))
    tab_to(page, "Start over")
    while focused(page)["tag"] != "textarea":
        page.keyboard.press("Tab")
    page.keyboard.type("someone threatens me")
    page.keyboard.press("Enter")
    expect(chat.replies).to_have_count(2)
    tab_to(page, "To a friend", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(chat.mine).to_have_count(2)
    expect(chat.replies).to_have_count(3)
    assert focused(page)["name"] == "scroll"
    tab_to(page, "Copy")
    page.keyboard.press("Enter")
    expect(chat.status).to_have_text("Copied")
    tab_to(page, "Where is this from?")
    page.keyboard.press("Enter")
    expect(chat.page.locator(".turn .sources[open]")).to_have_count(1)
    tab_to(page, "Help card", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(chat.help).to_be_visible()


def test_each_reply_is_read_once(open_chat) -> None:
    watch = """() => {
      const log = document.querySelector("lantern-chat").renderRoot.querySelector("[role=log]");
      window.read = [];
      new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(node => {
        const quiet = node.parentElement?.closest("[aria-live=off]") || node.matches?.("[aria-live=off]");
        if (!quiet && node.textContent.trim()) window.read.push(node.textContent);
      }))).observe(log, {childList: true, subtree: true});
    }"""
    chat = open_chat()
    chat.page.evaluate(watch)
    log = chat.page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    for number in ("one", "two", "three"):
        chat.answers(reply(f"Reply {number}.", buttons=BUTTONS))
        chat.say(f"Message {number}")
        expect(chat.replies.last).to_contain_text(f"Reply {number}.")
    chat.button("Help card").click()
    chat.button("Help card").click()
    read = chat.page.evaluate("window.read")
    for number in ("one", "two", "three"):
        assert len([text for text in read if f"Reply {number}." in text]) == 1
        assert not [text for text in read if f"Message {number}" in text]
    assert chat.page.locator("[aria-live], [role=status], [role=alert]").count() - chat.mine.count() == 2


def test_replies_are_marked_as_english_and_parts_have_names(chat: Chat) -> None:
    expect(chat.replies.first).to_have_attribute("lang", "en")
    page = chat.page
    for role, name in (
        ("region", "Lantern"),
        ("group", "Help and exit"),
        ("log", "Conversation"),
        ("textbox", "Your message"),
    ):
        expect(page.get_by_role(role, name=name, exact=True)).to_have_count(1)
    expect(chat.box).to_have_attribute("aria-describedby", "count")


@pytest.mark.parametrize("state", [state for state in STATES if state not in ("typing", "start")])
def test_targets_are_large_and_nothing_sticks_out(open_chat, state: str) -> None:
    chat = open_chat()
    STATES[state](chat)
    for width in (1280, 360, 320):
        chat.page.set_viewport_size({"width": width, "height": 640})
        assert chat.fits(), width
        small = chat.page.evaluate(
            """targets => Array.from(document.querySelector("lantern-chat").renderRoot.querySelectorAll(targets))
              .map(one => [one, one.getBoundingClientRect()])
              .filter(([, box]) => box.width && (box.width < 43.9 || box.height < 43.9))
              .map(([one, box]) => `${one.className || one.localName} ${box.width} x ${box.height}`)""",
            TARGETS,
        )
        assert small == [], width


@pytest.mark.parametrize("state", ["crisis", "down", "too_long"])
def test_twice_the_size_loses_nothing(open_chat, state: str) -> None:
    """Zoom 200 % of a small laptop, and twice the text size on a phone."""
    for viewport, text in (({"width": 640, "height": 400}, "100%"), ({"width": 360, "height": 740}, "200%")):
        chat = open_chat(viewport=viewport)
        chat.page.evaluate("size => { document.documentElement.style.fontSize = size; }", text)
        STATES[state](chat)
        assert chat.fits(), (viewport, text)
        chat.box.focus()
        expect(chat.box).to_be_in_viewport(ratio=0.6)
        for item in chat.page.locator(".bar a, .bar button").all():
            expect(item).to_be_in_viewport(ratio=0.9)
        cut = chat.page.evaluate(
            """targets => Array.from(document.querySelector("lantern-chat").renderRoot.querySelectorAll(targets))
              .filter(one => one.offsetWidth > 1 && one.scrollWidth > one.clientWidth + 1)
              .map(one => one.textContent)""",
            "button, .tip b, .tap, label",
        )
        assert cut == []


def test_at_four_times_the_size_all_of_it_can_be_reached(open_chat) -> None:
    chat = open_chat(viewport={"width": 320, "height": 256})
    crisis(chat)
    assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    chat.box.scroll_into_view_if_needed()
    expect(chat.box).to_be_in_viewport(ratio=0.9)
    expect(chat.leave).to_be_in_viewport(ratio=0.9)


def test_the_keyboard_of_a_phone_hides_neither_writing_nor_exit(open_chat) -> None:
    """Once as Android does it (the page shrinks), once as iOS does it (only what is seen shrinks)."""
    chat = open_chat()
    crisis(chat)
    chat.box.click()
    chat.page.set_viewport_size({"width": 360, "height": 400})
    chat.page.wait_for_timeout(100)
    for item in (chat.box, chat.button("Send"), chat.leave, chat.crisis.locator("a").first):
        expect(item).to_be_in_viewport(ratio=0.9)
    chat = open_chat()
    crisis(chat)
    chat.box.click()
    chat.page.evaluate(
        """() => {
          Object.defineProperty(visualViewport, "height", {get: () => 400});
          visualViewport.dispatchEvent(new Event("resize"));
        }"""
    )
    chat.page.wait_for_timeout(100)
    for item in (chat.box, chat.button("Send"), chat.leave, chat.crisis.locator("a").first):
        box = item.bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= 400, item


def test_motion_stops_where_it_is_not_wanted(open_chat) -> None:
    moving = "Array.from(document.querySelector('lantern-chat').renderRoot.getAnimations()).length"
    chat = open_chat(reduced_motion="reduce")
    typing(chat)
    assert chat.page.evaluate(moving) == 0
    chat = open_chat(reduced_motion="no-preference")
    typing(chat)
    assert chat.page.evaluate(moving) > 0


@pytest.mark.parametrize("state", ["crisis", "down"])
def test_forced_colors_keep_edges_and_focus(open_chat, state: str) -> None:
    chat = open_chat(forced_colors="active")
    STATES[state](chat)
    assert violations(chat.page) == []
    for selector in (".bubble", ".mine .bubble", ".leave", "textarea", ".send"):
        width = chat.page.locator(selector).first.evaluate("e => parseFloat(getComputedStyle(e).borderTopWidth)")
        assert width >= 1, selector


def test_the_chat_is_dark_where_the_device_is(open_chat) -> None:
    shade = (
        "getComputedStyle(document.querySelector('lantern-chat').renderRoot.querySelector('.panel')).backgroundColor"
    )
    grounds = {scheme: open_chat(color_scheme=scheme).page.evaluate(shade) for scheme in ("light", "dark")}
    assert grounds == {"light": "rgb(245, 243, 238)", "dark": "rgb(18, 23, 30)"}


def test_before_the_server_answers_nothing_is_announced_twice(open_chat) -> None:
    chat = open_chat(lambda page: page.route(CHANNEL, lambda route: route.abort()), greeted=False)
    expect(chat.status).to_contain_text("I can't answer right now")
    assert chat.help.evaluate("e => !e.closest('[aria-live]')")
