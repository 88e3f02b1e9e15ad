"""The good day by clicks on a wide window; on a phone `test_tour.py` plays it, by the guide."""

from playwright.async_api import expect

from tests.page.conftest import WIDE_ONLY
from tests.page.window import Window


@WIDE_ONLY
async def test_the_good_day_by_clicks(window: Window) -> None:
    chat, channel = window.chat, window.channel
    window.world.tenant.restrict("ana", "limit")
    await window.pastes_a_bounce()
    await window.changes("reset-password")
    await window.presses(chat, "I have reset it")
    await window.presses(chat, "It is set up")
    await window.reads(chat, "Step 3 of 3")
    await window.presses(chat, "Yes")
    await window.fills(chat, "About how many people did you send it to?", "2,000")
    await window.presses(chat, "Save")
    await window.presses(chat, "Send to the admins")
    await window.reads(channel, "Waiting for a decision")
    await window.sees_the_evidence()
    await window.is_as_its_picture("sandbox")
    await window.becomes("bo")
    await window.presses(channel, "Approve")
    await window.presses(channel, "Yes, unblock")
    await window.reads(channel, "Off the list")
    await window.becomes("ana")
    await window.presses(chat, "It works")
    await window.reads(channel, "can send again")
    assert window.world.removals() == ["done"]


@WIDE_ONLY
async def test_what_one_viewer_was_answered_the_others_do_not_see(window: Window) -> None:
    await window.world.ana_has_sent()
    await window.becomes("dan")
    await window.sees_the_evidence()
    await window.finds(window.channel, "I'm looking into it")
    await window.reads(window.channel, "Only approvers")
    await window.becomes("bo")
    await window.channel.get_by_text("Only approvers").wait_for(state="detached")
    await window.becomes("dan")
    await window.reads(window.channel, "Only approvers")
    await window.page.reload()
    await window.becomes("dan")
    await window.reads(window.channel, "Waiting for a decision")
    assert await window.channel.get_by_text("Only approvers").count() == 0


@WIDE_ONLY
async def test_what_is_written_while_the_bot_is_away_waits_for_it(window: Window) -> None:
    world = window.world
    world.tenant.restrict("ana", "limit")
    await world.stop()
    await window.says("why can't I send email?")
    await window.page.get_by_role("alert").filter(has_text="delivered as soon as it does").wait_for()
    await window.reads(window.chat, "Waits for Sendwell")
    await world.start()
    await window.reads(window.chat, "Step 1 of 3")
    await expect(window.chat.get_by_text("Waits for Sendwell")).to_have_count(0)
    assert len(world.teams.chat("ana")) == 2
