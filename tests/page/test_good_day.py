"""The good day by clicks, on a wide window and on a phone."""

from tests.page.window import Window


async def test_the_good_day_by_clicks(window: Window) -> None:
    chat, channel = window.chat, window.channel
    window.world.tenant.restrict("ana", "limit")
    await window.pastes_a_bounce()
    await window.page.get_by_test_id("tenant-reset-password").click()
    await window.presses(chat, "I have reset it")
    await window.presses(chat, "It is set up")
    await window.reads(chat, "Step 3 of 3")
    await window.picture("person", of=chat)
    await window.presses(chat, "Yes")
    await window.fills(chat, "How many recipients?", "2,000")
    await window.presses(chat, "Save")
    await window.presses(chat, "Send to the admins")
    await window.reads(channel, "Waiting for a decision")
    await window.picture("sandbox")
    await window.becomes("bo")
    await window.picture("approver-before", of=channel)
    await window.sees_the_evidence()
    await window.presses(channel, "Approve")
    await window.presses(channel, "Yes, unblock")
    await window.reads(channel, "Off the list")
    await window.becomes("ana")
    await window.presses(chat, "It works")
    await window.reads(channel, "can send again")
    await window.picture("approver-after", of=channel)
    assert window.world.removals() == ["done"]


async def test_what_one_viewer_was_answered_the_others_do_not_see(window: Window) -> None:
    await window.world.ana_has_sent()
    await window.becomes("dan")
    await window.sees_the_evidence()
    await window.finds(window.channel, "I'm looking")
    await window.reads(window.channel, "Only approvers")
    await window.becomes("bo")
    await window.channel.get_by_text("Only approvers").wait_for(state="detached")
    await window.becomes("dan")
    await window.reads(window.channel, "Only approvers")
    await window.page.reload()
    await window.becomes("dan")
    await window.reads(window.channel, "Waiting for a decision")
    assert await window.channel.get_by_text("Only approvers").count() == 0


async def test_a_dead_bot_is_said(window: Window) -> None:
    await window.world.stop()
    # The browser reports the page's own request, which was answered 502, before or after the page says so.
    async with window.page.expect_console_message(lambda message: "502" in message.text):
        await window.says("hello")
    await window.page.get_by_role("alert").filter(has_text="does not answer").wait_for()
    window.complaints.clear()
