"""A connector by clicks: restricted, listed, asked for, unblocked."""

from tests.page.conftest import WIDE_ONLY
from tests.page.window import Window

pytestmark = WIDE_ONLY

RELAY = "5e0c0000-0000-4000-8000-00000000c0de"


async def test_a_connector_is_asked_for_and_unblocked(window: Window) -> None:
    await window.changes("restrict-connector")
    await window.becomes("bo")
    await window.commands("restricted")
    await window.reads(window.channel, "1 restricted connector")
    await window.commands(f"unblock connector {RELAY} the scanner is clean again")
    await window.reads(window.channel, "Bo Larsen asked to unblock this connector")
    await window.becomes("cleo")
    await window.presses(window.channel, "Approve")
    await window.channel.get_by_role("checkbox").last.check()
    await window.fills(window.channel, "Reason", "saw the scanner")
    await window.presses(window.channel, "Yes, unblock")
    await window.reads(window.channel, "Send a message through the connector")
