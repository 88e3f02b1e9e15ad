"""Others' mailboxes by clicks: a shared mailbox from the bounce to the unblock, and a request on somebody's behalf."""

from tests.page.conftest import WIDE_ONLY
from tests.page.window import Window

pytestmark = WIDE_ONLY


async def test_a_shared_mailbox_is_asked_for_and_unblocked(window: Window) -> None:
    await window.changes("restrict-shared")
    await window.says("I can't send from sales@contoso.example")
    await window.reads(window.chat, "About the mailbox Sales")
    await window.reads(window.chat, "2 other people can send from it too")
    await window.presses(window.chat, "Tell the admins now")
    await window.becomes("bo")
    await window.reads(window.channel, "Requested by Ana Soto")
    await window.holds(window.channel, "Kim Abara")
    await window.sees_the_evidence()
    await window.sees_the_evidence()
    await window.presses(window.channel, "Approve")
    await window.channel.get_by_role("checkbox").last.check()
    await window.fills(window.channel, "Reason", "called all three")
    await window.presses(window.channel, "Yes, unblock")
    await window.reads(window.channel, "Off the list")


async def test_an_approver_asks_in_somebodys_place(window: Window) -> None:
    window.world.tenant.restrict("ana", "limit")
    await window.becomes("bo")
    await window.commands("unblock ana.soto@contoso.example she called from the road")
    await window.reads(window.channel, "Bo Larsen requested this on behalf of Ana Soto")
    await window.reads(window.channel, "she called from the road")
