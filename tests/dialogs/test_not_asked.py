"""Who did not ask themself, since an approver asked for them or the watch found them, is told at each stage as well and
in words that fit; and who just asked is not told that they did not."""

import re
from collections.abc import Awaitable, Callable

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.domain.case.status import Status
from tests.cases import ANA, BO, LIMIT_REASON, MINUTE
from tests.dialogs.fake_mail import REFUSED
from tests.dialogs.test_other_mailboxes import OWN
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CLEO, WATCH_EVERY, World

AS_IF_ASKED = re.compile(r"you(?:r)? (?:asked|request)", re.IGNORECASE)
NOT_ASKED = "To check that this message is real"
CALLED = {"by_another_route": "true", "ground": "called her: it was her newsletter"}


async def bo_asks_for_her(w: World) -> None:
    w.mail.restrict(ANAS_ADDRESS, LIMIT_REASON)
    await w.commands(BO, f"unblock {ANAS_ADDRESS} called: it was the newsletter")


async def the_watch_finds_her(w: World) -> None:
    await w.watches()
    w.mail.restrict(ANAS_ADDRESS, LIMIT_REASON)
    await w.watches(WATCH_EVERY)
    await w.commands(BO, f"unblock {ANAS_ADDRESS} called: it was the newsletter")


BEGINS = pytest.mark.parametrize("begins", [bo_asks_for_her, the_watch_finds_her])


@pytest.fixture
def unasked(w: World) -> World:
    """Ana never wrote to the bot, which can be installed for her."""
    w.mailboxes.known = {ANAS_ADDRESS: OWN}
    w.installer.chats[ANA] = w.conversation(ANA_CLICKS, ConversationKind.PERSONAL).id
    return w


async def reads(w: World, status: Status, of: str) -> None:
    """The case has come to this status, and the newest of Ana's cards tells her."""
    assert await w.status() is status
    assert of in w.ana_sees()
    assert not AS_IF_ASKED.search(w.ana_sees()), w.ana_sees()


@BEGINS
async def test_she_is_told_at_each_stage_up_to_the_good_end(
    unasked: World, begins: Callable[[World], Awaitable[None]]
) -> None:
    w = unasked
    await begins(w)
    await reads(w, Status.WAITING, "With the admins")
    await w.presses(CLEO, "ask", words="Which tool?")
    await reads(w, Status.NEEDS_INFO, "Which tool?")
    w.mail.keeps_listing = True
    await w.presses(CLEO, "approve", 1, None, **CALLED)
    await reads(w, Status.UNBLOCKED, "being unblocked")
    await w.passes(w.timing.support_after + 30 * MINUTE)
    await reads(w, Status.NEEDS_TICKET, "still bounces")
    w.mail.entries.clear()
    await w.passes(2 * w.timing.check_every)
    await reads(w, Status.OFF_LIST, "Unblocked: please test")


@pytest.mark.parametrize(
    ("ends", "status", "said"),
    [
        ("deny", Status.DENIED, "no newsletters"),
        ("expire", Status.EXPIRED, "No one decided"),
        ("fail", Status.FAILED, "did not unblock"),
    ],
)
async def test_she_is_told_of_a_bad_end_as_well(unasked: World, ends: str, status: Status, said: str) -> None:
    w = unasked
    await bo_asks_for_her(w)
    if ends == "deny":
        await w.presses(CLEO, "deny", reason="no newsletters")
    elif ends == "expire":
        await w.passes(w.timing.expire_after)
    else:
        w.mail.outcomes = [REFUSED] * 3
        await w.presses(CLEO, "approve", 1, None, **CALLED)
    await reads(w, status, said)


@pytest.mark.parametrize("words", ["why can't I send email?", "status"])
async def test_who_asks_by_themself_is_not_told_that_they_did_not(unasked: World, words: str) -> None:
    w = unasked
    await w.watches()
    w.mail.restrict(ANAS_ADDRESS, LIMIT_REASON)
    await w.watches(WATCH_EVERY)
    assert NOT_ASKED in w.ana_sees()
    await w.says(ANA_CLICKS, words)
    assert await w.status() is Status.SECURING
    assert all(NOT_ASKED not in w.text_of(sheet) for sheet in w.sheets(ANA_CLICKS))
    assert "I have reset it" in w.ana_sees()
