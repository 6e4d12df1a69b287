"""The conversation in the chat element: with the real server, and with replies made for one behavior."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import WEBHOOK, Chat, reply

SOURCES = [
    {"id": "a", "section": "Why?", "period": "October 2013 to April 2016", "n": 1428},
    {"id": "b", "section": "How?", "period": "October 2013 to April 2016", "n": 1428},
]
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def test_a_conversation_with_typing_and_buttons(chat: Chat) -> None:
    chat.say("someone says he will post my pics if i dont pay")
    expect(chat.replies.last).to_contain_text("Don't pay")
    chat.picks.first.click()
    expect(chat.mine).to_have_count(2)
    expect(chat.replies).to_have_count(3)


def test_every_turn_of_lantern_ends_with_the_contact(chat: Chat) -> None:
    chat.say("how often did they want money?")
    expect(chat.replies).to_have_count(2)
    for turn in chat.replies.all():
        expect(turn.locator(".contact a").nth(0)).to_have_attribute("href", "tel:+18008435678")
        expect(turn.locator(".contact a").nth(1)).to_have_attribute("href", "https://report.cybertip.org")


def test_the_bar_can_be_tapped_and_stays_on_screen(chat: Chat) -> None:
    links = chat.page.locator(".bar a")
    expect(links.nth(0)).to_have_attribute("href", "tel:+18008435678")
    expect(links.nth(1)).to_have_attribute("href", "https://report.cybertip.org")
    for text in ("hi", "what is sextortion", "how often did they want money?"):
        chat.say(text)
        expect(chat.replies.last).to_be_visible()
    for item in chat.page.locator(".bar a, .bar button").all():
        expect(item).to_be_in_viewport(ratio=0.9)
        assert item.evaluate(
            """element => {
              const box = element.getBoundingClientRect();
              const root = element.getRootNode();
              return element.contains(root.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
            }"""
        )


def test_buttons_belong_to_the_latest_reply(chat: Chat) -> None:
    chat.answers(reply("Pick one.", buttons=[{"title": "First", "payload": "/first"}]))
    chat.say("hi")
    expect(chat.button("First")).to_be_visible()
    sent = []
    chat.page.on("request", lambda request: sent.append(request.post_data_json))
    chat.answers(reply("Fine."))
    chat.button("First").click()
    expect(chat.mine.last).to_have_text(re.compile("First"))
    expect(chat.replies.last).to_contain_text("Fine.")
    expect(chat.picks).to_have_count(0)
    assert sent[-1]["message"] == "/first"


def test_several_replies_to_one_message_are_shown_in_order(chat: Chat) -> None:
    chat.answers(reply("One."), reply("Two."))
    chat.say("hi")
    expect(chat.replies).to_have_count(3)
    expect(chat.replies.nth(1)).to_contain_text("One.")
    expect(chat.replies.nth(2)).to_contain_text("Two.")
    expect(chat.page.locator(".contact")).to_have_count(2)


def test_while_lantern_writes_it_says_so(chat: Chat) -> None:
    held = []
    chat.page.route(WEBHOOK, lambda route: held.append(route))
    chat.say("hi")
    expect(chat.page.locator(".typing")).to_be_in_viewport(ratio=0.9)
    expect(chat.status).to_have_text("Lantern is writing")
    held[0].fulfill(json=[reply("Here I am.")])
    expect(chat.replies.last).to_contain_text("Here I am.")
    expect(chat.page.locator(".typing")).to_have_count(0)
    expect(chat.status).to_have_text("")


def test_messages_sent_meanwhile_are_answered_in_order(chat: Chat) -> None:
    held = []
    chat.page.route(WEBHOOK, lambda route: held.append(route))
    chat.say("one")
    chat.say("two")
    expect(chat.mine).to_have_count(2)
    assert [route.request.post_data_json["message"] for route in held] == ["one"]
    held[0].fulfill(json=[reply("To one.", buttons=[{"title": "Old", "payload": "/old"}])])
    expect(chat.replies.last).to_contain_text("To one.")
    chat.page.wait_for_timeout(50)
    held[1].fulfill(json=[reply("To two.")])
    expect(chat.replies.last).to_contain_text("To two.")
    expect(chat.picks).to_have_count(0)


def test_text_stays_text(chat: Chat) -> None:
    markup = "<img src=x onerror=alert(1)><b>bold</b>"
    chat.answers(reply(markup, buttons=[{"title": markup, "payload": "/x"}]))
    chat.say(markup)
    expect(chat.replies.last).to_contain_text(markup)
    expect(chat.mine.last).to_contain_text(markup)
    expect(chat.picks.last).to_have_text(markup)
    assert chat.page.locator(".scroll img, .scroll .text b").count() == 0


def test_links_lead_to_known_contacts_only(chat: Chat) -> None:
    text = (
        "See takeitdown.ncmec.org. Call 1-800-843-5678 or 988, text HOME to 741741. Not evil.example, 1-900-555-0199, "
    )
    text += "report.cybertip.org.evil.example, https://takeitdown.ncmec.org/other, javascript:alert(1), 19880, 911x."
    chat.answers(reply(text))
    chat.say("links")
    expect(chat.replies.last).to_contain_text("evil.example")
    links = chat.replies.last.locator(".text a")
    assert [link.get_attribute("href") for link in links.all()] == [
        "https://takeitdown.ncmec.org",
        "tel:+18008435678",
        "tel:988",
        "sms:741741",
    ]
    assert links.first.get_attribute("rel") == "noopener noreferrer"


def test_a_contact_that_the_server_made_up_is_not_shown(chat: Chat) -> None:
    made_up = {
        "label": "Other",
        "phone": "1-900-555-0199",
        "phone_href": "tel:+19005550199",
        "url": "https://evil.example",
    }
    answer = reply("Here.")
    answer["custom"]["contact"] = made_up
    chat.answers(answer)
    chat.say("hi")
    expect(chat.replies.last.locator(".contact")).to_contain_text("1-800-843-5678")
    assert "evil.example" not in chat.page.locator("lantern-chat").evaluate("e => e.renderRoot.textContent")


def test_a_crisis_pins_the_lines_to_tap(chat: Chat) -> None:
    chat.say("i want to kill myself")
    expect(chat.crisis).to_be_visible()
    hrefs = [link.get_attribute("href") for link in chat.crisis.locator("a").all()]
    assert hrefs[:3] == ["tel:911", "tel:988", "sms:988"]
    chat.say("what is sextortion")
    expect(chat.replies).to_have_count(3)
    for link in chat.crisis.locator("a").all():
        expect(link).to_be_in_viewport(ratio=0.9)
    chat.button("Start over").click()
    expect(chat.crisis).to_have_count(0)


def test_a_crisis_card_names_whom_the_reply_names(chat: Chat) -> None:
    chat.answers(reply("Childhelp listens: 1-800-422-4453. In danger, call 911.", kind="crisis"))
    chat.say("at home")
    expect(chat.crisis.locator("a[href='tel:+18004224453']")).to_have_text("Call 1-800-422-4453")


def test_sources_fold_out(chat: Chat) -> None:
    chat.answers(reply("In 7% of the reports.", kind="finding", sources=SOURCES))
    chat.say("money")
    fold = chat.replies.last.locator(".sources")
    expect(fold.locator("li")).not_to_be_visible()
    fold.locator("summary").click()
    expect(fold.locator("li")).to_have_count(1)
    for words in ("1,428", "October 2013 to April 2016", "Why?", "How?"):
        expect(fold).to_contain_text(words)


def test_the_sources_of_a_real_finding_fold_out(chat: Chat) -> None:
    chat.say("how often did they want money?")
    chat.replies.last.locator(".sources summary").click()
    expect(chat.replies.last.locator(".sources li").first).to_contain_text("1,428 CyberTipline reports")


def test_sentences_after_the_mark_can_be_copied(open_chat) -> None:
    chat = open_chat(permissions=["clipboard-read", "clipboard-write"])
    chat.answers(reply('Tell one adult.\n\nYou can copy this: "I need help."\n"It is about a picture."\n\nSend it.'))
    chat.say("how")
    quotes = chat.replies.last.locator("blockquote")
    expect(quotes).to_have_text(["I need help.", "It is about a picture."])
    expect(chat.replies.last).to_contain_text("Send it.")
    chat.replies.last.locator(".copy button").nth(1).click()
    expect(chat.replies.last.locator(".copy button").nth(1)).to_have_text("Copied")
    expect(chat.status).to_have_text("Copied")
    assert chat.page.evaluate("navigator.clipboard.readText()") == "It is about a picture."


def test_sentences_that_the_channel_lists_can_be_copied(chat: Chat) -> None:
    chat.answers(reply('Say: "I need you." Then wait.', copy=["I need you.", "Not in the text."]))
    chat.say("how")
    expect(chat.replies.last.locator("blockquote")).to_have_text(["I need you.", "Not in the text."])
    assert chat.replies.last.locator(".text").all_inner_texts() == ["Say:", "Then wait."]


def test_without_the_clipboard_the_sentence_is_marked(open_chat) -> None:
    chat = open_chat(
        lambda page: page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    )
    chat.answers(reply("Say this.", copy=["I need you."]))
    chat.say("how")
    chat.replies.last.locator(".copy button").click()
    expect(chat.status).to_contain_text("Copy it with your device")


def test_pictures_have_words_and_come_from_the_server_only(chat: Chat, server) -> None:
    asked = []
    chat.page.on("request", lambda request: asked.append(request.url))
    chat.page.route(
        "**/picture.png",
        lambda route: route.fulfill(content_type="image/png", body=__import__("base64").b64decode(PICTURE)),
    )
    chat.answers(
        reply("Look.", image="/picture.png", image_alt="A fake profile"),
        reply("No.", image="https://evil.example/x.png"),
    )
    chat.say("picture")
    expect(chat.replies.nth(1).locator("img")).to_have_attribute("alt", "A fake profile")
    expect(chat.replies.last).to_contain_text("No.")
    assert chat.replies.last.locator("img").count() == 0
    assert not [url for url in asked if "evil" in url]
    assert f"{server.url}/picture.png" in asked


def test_start_over_forgets_and_takes_a_new_code(chat: Chat) -> None:
    senders = []
    chat.page.on("request", lambda request: request.post_data and senders.append(request.post_data_json["sender"]))
    chat.say("what is sextortion")
    expect(chat.replies).to_have_count(2)
    chat.button("Start over").click()
    expect(chat.mine).to_have_count(0)
    expect(chat.replies).to_have_count(1)
    assert len(set(senders)) == 2


def test_the_limit_is_shown_and_kept(chat: Chat) -> None:
    count = chat.page.locator(".count")
    chat.box.fill("hello")
    expect(count).to_have_text("5 of 2,000")
    chat.box.fill("x" * 2003)
    expect(count).to_have_text("Too long by 3. Try two shorter messages.")
    chat.box.press("Enter")
    expect(chat.mine).to_have_count(0)
    assert len(chat.box.input_value()) == 2003
    chat.box.fill("\U0001f642" * 2000)
    expect(count).to_have_text("2,000 of 2,000")
    chat.box.press("Enter")
    expect(chat.replies).to_have_count(2)


def test_shift_enter_makes_a_new_line_and_spaces_send_nothing(chat: Chat) -> None:
    chat.box.fill("   ")
    chat.box.press("Enter")
    chat.box.fill("one")
    chat.box.press("Shift+Enter")
    chat.box.press_sequentially("two")
    assert chat.box.input_value() == "one\ntwo"
    chat.box.press("Enter")
    expect(chat.mine).to_have_count(1)


def test_the_latest_exchange_is_in_sight_and_the_page_does_not_jump(chat: Chat) -> None:
    for text in ("hi", "what is sextortion", "someone says he will post my pics if i dont pay"):
        before = chat.replies.count()
        chat.say(text)
        expect(chat.replies).to_have_count(before + 1)
        expect(chat.mine.last).to_be_in_viewport(ratio=0.9)
        expect(chat.replies.last).to_be_in_viewport()
    assert chat.page.locator("lantern-chat .panel").bounding_box()["y"] >= -1
