"""The list monitor by clicks: a restricted person is contacted first, and the channel gets a card quietly."""

from tests.page.conftest import WIDE_ONLY
from tests.page.window import Window

pytestmark = WIDE_ONLY


async def test_somebody_who_did_not_ask_is_written_to(window: Window) -> None:
    await window.world.watches()
    await window.changes("restrict-dan")
    await window.reads(window.channel, "has not replied yet")
    await window.becomes("dan")
    await window.reads(window.chat, "To check that this message is real")
    await window.presses(window.chat, "Show me the steps")
    await window.reads(window.chat, "Step 1 of 3")
    await window.becomes("bo")
    await window.sees_the_evidence()
    await window.presses(window.channel, "Request on their behalf")
    await window.fills(window.channel, "Why you ask on their behalf", "he called")
    await window.presses(window.channel, "Create the request")
    await window.reads(window.channel, "Bo Larsen requested this on behalf of Dan Reyes")
