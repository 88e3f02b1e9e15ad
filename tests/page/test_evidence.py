"""Evidence by clicks: traces that the page's switches put into the tenant are found, shown and gathered again."""

from datetime import timedelta

from sandbox.clock import CLOCK
from tests.page.conftest import WIDE_ONLY
from tests.page.window import Window

pytestmark = WIDE_ONLY


async def test_an_investigation_is_shown_and_repeated(window: Window) -> None:
    await window.changes("finds-forwarding")
    await window.changes("finds-burst")
    await window.changes("finds-abroad")
    await window.changes("finds-consent")
    await window.changes("lacks-risk")
    await window.world.ana_has_sent()
    await window.becomes("bo")
    await window.reads(window.channel, "Looks like a stolen account.")
    await window.sees_the_evidence()
    await window.finds(window.channel, "Evidence")
    await window.reads(window.channel, "all mail is forwarded to collector@mail.example")
    await window.reads(window.channel, "signed in after 12 failures within an hour")
    await window.reads(window.channel, "Mail Sync Pro")
    await window.reads(window.channel, "Entra ID P2")
    await window.reads(window.channel, "Recipients a day, the last 10 days")
    picture = window.channel.get_by_role("img", name="Chart of sent mail and sign-ins").last
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 72 * 12
    await window.changes("finds-forwarding")
    await window.changes("lacks-nothing")
    CLOCK.move(timedelta(seconds=6))  # sources are not asked twice within five seconds
    await window.finds(window.channel, "Gather again", behind="Evidence")
    # What was found once stays on the card, though it is gone.
    await window.reads(window.channel, "found earlier in this restriction")
    await window.reads(window.channel, "all mail is forwarded to collector@mail.example")


async def test_an_honest_mailing_by_clicks(window: Window) -> None:
    await window.world.ana_has_sent_a_mailing()
    await window.becomes("bo")
    await window.reads(window.channel, "Looks like a legitimate mailing.")
