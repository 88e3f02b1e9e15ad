"""Other days by clicks: a question, word by another route, a withdrawal, a failure, a ticket, a relapse."""

from tests.page.conftest import WIDE_ONLY
from tests.page.window import Window

pytestmark = WIDE_ONLY


async def test_the_person_is_asked_and_answers(window: Window) -> None:
    await window.world.ana_has_sent()
    await window.becomes("bo")
    await window.sees_the_evidence()
    await window.presses(window.channel, "Ask")
    await window.fills(window.channel, "Your question to Ana Soto", "Which mailing tool?")
    await window.presses(window.channel, "Send the question")
    await window.reads(window.channel, "waiting for their reply")
    await window.becomes("ana")
    await window.reads(window.chat, "Which mailing tool?")
    await window.says("our own tool")
    # Two older cards are collapsed now; the card with the filled reply box stands below them.
    await window.chat.get_by_text("continues below").nth(1).wait_for()
    await window.page.wait_for_timeout(1_500)  # a click during an update is lost
    await window.presses(window.chat, "Send reply")
    await window.reads(window.channel, "our own tool")
    await window.reads(window.channel, "Waiting for a decision")


async def test_a_doubtful_unblock_wants_word_by_another_route(window: Window) -> None:
    await window.world.ana_has_sent("spam")
    await window.becomes("bo")
    await window.reads(window.channel, "Call Ana Soto first")
    await window.sees_the_evidence()
    await window.presses(window.channel, "Approve")
    await window.presses(window.channel, "Yes, unblock")
    await window.reads(window.channel, "Required: someone else may be using the account")
    assert window.world.removals() == []
    await window.channel.get_by_role("checkbox").last.check()
    await window.fills(window.channel, "Reason", "called her mobile")
    await window.presses(window.channel, "Yes, unblock")
    await window.holds(window.channel, "Identity confirmed")
    await window.reads(window.channel, "Off the list")


async def test_the_person_withdraws(window: Window) -> None:
    await window.world.ana_has_sent()
    await window.presses(window.chat, "Withdraw")
    await window.presses(window.chat, "Yes, withdraw")
    await window.reads(window.channel, "withdrew the request")
    await window.presses(window.chat, "Ask again")
    await window.reads(window.chat, "Step 1 of 3")


async def test_a_failed_unblock_is_tried_again(window: Window) -> None:
    await window.world.fails()
    await window.becomes("bo")
    await window.reads(window.channel, "unblocked too often")
    window.world.tenant.accounts["ana"].unblocks_spent = False
    await window.presses(window.channel, "Try again")
    await window.presses(window.channel, "Yes, unblock")
    await window.reads(window.channel, "Off the list")
    assert window.world.removals() == ["refused", "done"]


async def test_a_ticket_is_needed_and_opened(calm_window: Window) -> None:
    window = calm_window
    await window.world.needs_ticket()
    await window.becomes("bo")
    await window.reads(window.channel, "open a support ticket")
    await window.sees_no_more_news()
    await window.presses(window.channel, "Support ticket opened")
    await window.fills(window.channel, "Microsoft's reference number", "2611250001")
    await window.presses(window.channel, "Save the reference")
    await window.reads(window.channel, "With Microsoft support")
    await window.becomes("ana")
    await window.reads(window.chat, "2611250001")


async def test_a_sender_relapses(window: Window) -> None:
    await window.world.is_off_list()
    window.world.tenant.restrict("ana", "spam")
    await window.reads(window.channel, "Restricted again")
    await window.reads(window.chat, "This follows case 1")
    await window.presses(window.chat, "Tell the admins now")
    await window.holds(window.channel, "Follows case 1")
