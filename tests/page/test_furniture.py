"""What Teams itself adds around cards, where it matters for judging one; and switches that show how they stand."""

from playwright.async_api import expect

from tests.page.conftest import WIDE_ONLY
from tests.page.window import Window

pytestmark = WIDE_ONLY
CARD = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "Case 1 " * 80, "wrap": True}]}


async def test_of_many_replies_the_last_two_show_until_somebody_wants_the_others(still_window: Window) -> None:
    channel, chats = still_window.channel, still_window.world.box.chats
    post = chats.begin_thread("bot", "Case 1")
    for number in range(1, 6):
        chats.post(post.conversation, "bot", f"Reply {number}")
    replies = channel.get_by_text("Reply ")
    await expect(channel.get_by_role("button", name="3 earlier replies")).to_be_visible()
    await expect(replies.filter(visible=True)).to_have_text(["Reply 4", "Reply 5"])
    await still_window.presses(channel, "3 earlier replies")
    await expect(replies.filter(visible=True)).to_have_count(5)
    chats.post(post.conversation, "bot", "Reply 6")
    await expect(replies.filter(visible=True)).to_have_count(6)  # what is unfolded stays so


async def test_a_card_is_no_wider_than_in_teams_and_says_that_it_was_updated(still_window: Window) -> None:
    window, chats = still_window, still_window.world.box.chats
    await window.page.set_viewport_size({"width": 2_600, "height": 900})
    post = chats.begin_thread("bot", "", CARD)
    card = window.channel.locator(".card")
    await expect(card).to_be_visible()
    box = await card.bounding_box()
    assert box is not None
    assert 500 < box["width"] <= 600
    assert not await window.channel.get_by_text("Updated").count()
    chats.update(post.conversation, post.id, "", CARD)
    await window.reads(window.channel, "Updated")


async def test_a_switch_shows_how_it_stands_and_turns_back(still_window: Window) -> None:
    window, account = still_window, still_window.world.tenant.accounts["bo"]
    bo = await window.unfolds("restrict-bo")
    await expect(bo).to_have_attribute("aria-checked", "false")
    await bo.click()
    await expect(bo).to_have_attribute("aria-checked", "true")
    assert window.world.tenant.is_restricted("bo")
    await bo.click()
    await expect(bo).to_have_attribute("aria-checked", "false")
    assert not window.world.tenant.is_restricted(account.persona.key)
