"""Text typed into an open form survives updates of the page."""

import copy
from typing import Any

from playwright.async_api import Locator, expect

from sandbox import PEOPLE, Message
from tests.page.conftest import WIDE_ONLY
from tests.page.window import Window

CHAT = PEOPLE["ana"].chat_id


async def half_written(window: Window) -> tuple[Message, Locator]:
    """Ana has the mailing form open and wrote half of it."""
    world = window.world
    world.tenant.restrict("ana", "limit")
    await world.ana_asks()
    world.tenant.reset_password("ana")
    for which in ("password_done", "mfa_done"):
        await world.ana_presses(which)
    await window.reads(window.chat, "Step 3 of 3")
    # The card is posted now, and not only Ana's reply: from here on it is updated like any other.
    await window.page.get_by_role("button", name="Reload").click()
    await window.presses(window.chat, "Yes")
    field = window.chat.get_by_label("About how many people did you send it to?")
    await field.fill("about 1,2")
    return world.card_of("ana"), field


def shown(message: Message) -> dict[str, Any]:
    assert message.card is not None
    return copy.deepcopy(message.card)


async def test_a_half_filled_form_survives_what_happens_around_it(window: Window) -> None:
    message, field = await half_written(window)
    chats, before = window.world.box.chats, await window.scrolled(window.chat)
    element = await field.element_handle()
    chats.update(CHAT, message.id, "", shown(message))
    chats.post(CHAT, "bot", "Another message")
    await window.reads(window.chat, "Another message")
    await expect(window.chat.get_by_text("Updated").last).to_be_attached()
    assert await element.evaluate("field => field.isConnected"), "an identical update draws nothing anew"
    await expect(field).to_have_value("about 1,2")
    await expect(field).to_be_focused()
    assert await window.scrolled(window.chat) == before


async def test_typed_words_are_kept_in_a_card_that_takes_its_place(window: Window) -> None:
    message, field = await half_written(window)
    card = shown(message)
    card["body"].append({"type": "TextBlock", "text": "One more line", "wrap": True})
    line = window.chat.get_by_text("One more line").last
    while not await line.is_visible():  # what Ana pressed may still be drawn, and take our line away
        window.world.box.chats.update(CHAT, message.id, "", card)
        await window.page.wait_for_timeout(200)
    await expect(field).to_be_visible()
    await expect(field).to_have_value("about 1,2")
    await expect(field).to_be_focused()
    await window.page.keyboard.press("End")
    await window.page.keyboard.type("00")
    await window.presses(window.chat, "Save")
    await window.reads(window.chat, "about 1,200")


@WIDE_ONLY
async def test_what_finds_no_place_is_told_and_kept(window: Window) -> None:
    message, _ = await half_written(window)
    bare, notice = {**shown(message), "actions": []}, window.chat.locator(".lost")
    while not await notice.is_visible():  # what Ana pressed may still be drawn, and bring the form back
        window.world.box.chats.update(CHAT, message.id, "", bare)
        await window.page.wait_for_timeout(200)
    await expect(notice).to_contain_text("About how many people did you send it to?: “about 1,2”")
    await notice.get_by_role("button", name="Dismiss").click()
    await expect(notice).to_have_count(0)


@WIDE_ONLY
async def test_everybody_keeps_their_own_draft(window: Window) -> None:
    compose = window.page.get_by_test_id("chat-compose")
    await window.world.ana_has_sent()
    await window.becomes("bo")
    await window.sees_the_evidence()
    await window.presses(window.channel, "Deny")
    await window.fills(window.channel, "Reason Ana Soto will see", "not yet")
    await compose.fill("Bo begins")
    await window.becomes("cleo")
    await expect(compose).to_have_value("")
    await expect(window.channel.get_by_label("Reason Ana Soto will see")).to_have_count(0)
    await window.becomes("bo")
    await expect(compose).to_have_value("Bo begins")
    await expect(window.channel.get_by_label("Reason Ana Soto will see")).to_have_value("not yet")


async def test_the_keyboard_stays_in_the_message_it_answered(window: Window) -> None:
    world, page = window.world, window.page
    world.tenant.restrict("ana", "limit")
    compose = page.get_by_test_id("chat-compose")
    await compose.press_sequentially("why can't I send email?")
    await compose.press("Enter")
    await window.reads(window.chat, "Step 1 of 3")
    await window.changes("reset-password")
    await window.goes_to(window.chat)
    await window.chat.get_by_role("button", name="I have reset it").press("Enter")
    await window.reads(window.chat, "Step 2 of 3")
    inside = "document.activeElement.closest('[data-message-id]') !== null"
    assert await page.evaluate(inside)
    await page.keyboard.press("Tab")
    assert await page.evaluate(inside)
    await window.chat.get_by_role("button", name="It is set up").focus()
    # The posted card now shows what only Ana's reply showed: from here on it is updated like any other.
    await world.until(lambda: world.person_sees("Step 2 of 3"))
    message = world.card_of("ana")
    card = shown(message)
    card["body"].append({"type": "TextBlock", "text": "One more line"})
    world.box.chats.update(CHAT, message.id, "", card)
    await window.reads(window.chat, "One more line")
    await expect(window.chat.get_by_role("button", name="It is set up")).to_be_focused()


@WIDE_ONLY
async def test_what_was_not_taken_is_asked_for_again_where_it_was_typed(window: Window) -> None:
    await window.world.ana_has_sent()
    await window.becomes("bo")
    await window.sees_the_evidence()
    await window.presses(window.channel, "Deny")
    await window.fills(window.channel, "Reason Ana Soto will see", "  ")
    await window.fills(window.channel, "Internal note", "the third one this week")
    await window.presses(window.channel, "Deny the request")
    await window.reads(window.channel, "A reason is needed")
    await expect(window.channel.get_by_label("Internal note")).to_have_value("the third one this week")
    # The open form holds up no other one, be it filled in or not.
    await window.fills(window.channel, "Reason Ana Soto will see", "")
    await window.presses(window.channel, "Ask")
    await window.fills(window.channel, "Your question to Ana Soto", "Which tool?")
    await window.presses(window.channel, "Send the question")
    await window.reads(window.channel, "can't send: waiting for their reply")
