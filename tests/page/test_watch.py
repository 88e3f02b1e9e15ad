"""The list monitor by clicks: a restricted person is contacted first, and the channel gets a card quietly."""

from tests.page.conftest import WIDE_ONLY
from tests.page.window import Window

pytestmark = WIDE_ONLY


async def test_somebody_who_did_not_ask_is_written_to(window: Window) -> None:
    await window.world.watches()
    await window.changes("restrict-dan")
    await window.reads(window.channel, "has not asked yet")
    await window.becomes("dan")
    await window.reads(window.chat, "You did not ask for this message")
    await window.picture("contacted-first", window.chat)
    await window.presses(window.chat, "Show me the steps")
    await window.reads(window.chat, "Step 1 of 3")
    await window.becomes("bo")
    await window.presses(window.channel, "Ask for them")
    await window.fills(window.channel, "Why you ask in their place", "he called")
    await window.presses(window.channel, "Open the request")
    await window.reads(window.channel, "Bo Larsen asked for Dan Reyes")
