"""Dots for what came while one looked elsewhere, and where a list stands when something new comes."""

import signal

from playwright.async_api import expect

from sandbox import PEOPLE
from tests.page.conftest import PHONE, WIDE_ONLY
from tests.page.window import Window

CHAT = PEOPLE["ana"].chat_id


async def test_a_dot_stands_at_whoever_got_something_new(still_window: Window) -> None:
    window = still_window
    await window.becomes("bo")
    await window.sees_dot_at("ana", on=False)
    window.world.box.chats.post(CHAT, "bot", "Something for Ana.")
    await window.sees_dot_at("ana")
    await window.becomes("ana")
    await window.chat.scroll_into_view_if_needed()
    await window.reads(window.chat, "Something for Ana.")
    await window.sees_dot_at("ana", on=False)
    await window.becomes("bo")
    await window.sees_dot_at("ana", on=False)


async def test_the_switch_is_used_by_keyboard(still_window: Window) -> None:
    window = still_window
    await window.page.get_by_role("radio", name="Ana").focus()
    await window.page.keyboard.press("ArrowRight")
    await expect(window.chat.get_by_role("heading", name="Bo's chat")).to_be_visible()
    await expect(window.page.get_by_role("radio", name="Bo")).to_be_focused()


async def test_a_new_card_shows_its_head_and_on_a_phone_a_dot_leads_there(window: Window) -> None:
    await window.world.ana_has_sent()
    head = window.channel.locator("[data-message-id] .head").last
    if window.page.viewport_size == PHONE:
        tab = window.page.get_by_role("navigation").get_by_role("link", name="Channel")
        await tab.locator(".dot").wait_for()
        await tab.click()
        await tab.locator(".dot").wait_for(state="hidden")
    await expect(head).to_be_in_viewport(ratio=1)


@WIDE_ONLY
async def test_who_reads_further_up_is_not_moved(still_window: Window) -> None:
    window = still_window
    chats = window.world.box.chats
    for number in range(12):
        chats.post(CHAT, "bot", f"Message {number}\n\n\n\n")
    await expect(window.chat.locator(".head").last).to_be_in_viewport(ratio=1)
    await window.chat.locator(".messages").evaluate("list => { list.scrollTop = 40; }")
    chats.post(CHAT, "bot", "The newest")
    more = window.chat.get_by_role("button", name="1 not seen yet")
    await more.wait_for()
    assert await window.scrolled(window.chat) == 40
    await more.click()
    await expect(window.chat.get_by_text("The newest")).to_be_in_viewport(ratio=1)
    await more.wait_for(state="hidden")


@WIDE_ONLY
async def test_the_bot_types_until_it_has_answered(window: Window) -> None:
    bot = window.world.bot
    assert bot is not None
    window.world.tenant.restrict("ana", "limit")
    typing = window.chat.get_by_text("Sendwell is typing")
    bot.send_signal(signal.SIGSTOP)
    try:
        await window.says("why can't I send email?")
        await typing.wait_for()
    finally:
        bot.send_signal(signal.SIGCONT)
    await window.reads(window.chat, "Sending is restricted")
    await typing.wait_for(state="hidden")


@WIDE_ONLY
async def test_what_changes_further_up_is_no_news(still_window: Window) -> None:
    window = still_window
    chats = window.world.box.chats
    first = chats.post(CHAT, "bot", "The first\n\n\n\n")
    for number in range(12):
        chats.post(CHAT, "bot", f"Message {number}\n\n\n\n")
    await expect(window.chat.locator(".head").last).to_be_in_viewport(ratio=1)
    chats.update(CHAT, first.id, "Told otherwise", None)
    await window.chat.get_by_text("Told otherwise").wait_for()
    await expect(window.chat.get_by_role("button", name="not seen yet")).to_have_count(0)
