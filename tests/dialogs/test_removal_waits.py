"""Exchange asks to wait before a sender is unblocked: nobody calls it sooner, and the approvers read until when."""

from datetime import timedelta

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.domain.case.status import Status
from services.domain.evidence.report import Forwarding
from services.domain.people import Standing
from services.domain.unknown import UnknownReason
from services.ports.microsoft365 import Removal, RemovalNotBegun, RemovalUnclear
from tests.cases import BO, HOUR, LIMIT_REASON, MINUTE, report
from tests.dialogs.test_stalls import NOT_UNBLOCKED, told
from tests.dialogs.world import ANA_CLICKS, CLEO, World

HALF_AN_HOUR = timedelta(minutes=30)
THROTTLED = RemovalNotBegun(error="throttled: HTTP 429", wait=HALF_AN_HOUR, reason=UnknownReason.THROTTLED)
AWAY = RemovalUnclear(error="unreachable: HTTP 503", wait=HALF_AN_HOUR)


async def is_approved(w: World, *outcomes: Removal) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.outcomes = list(outcomes)
    await w.presses(BO, "approve")


def the_card(w: World) -> str:
    """The case's own; a line below it tells that the source asks for a long pause."""
    return w.text_of(w.posts()[0])


@pytest.mark.parametrize("asked", [THROTTLED, AWAY])
async def test_no_call_comes_before_exchange_wants_one(w: World, asked: Removal) -> None:
    await is_approved(w, asked)
    first = w.clock.now()
    await w.passes(HALF_AN_HOUR - MINUTE)
    assert w.mail.removals == [first]
    await w.passes(2 * MINUTE)
    assert w.mail.removals == [first, first + HALF_AN_HOUR]


async def test_the_pause_outlives_the_process_that_was_asked_for_it(w: World) -> None:
    await is_approved(w, THROTTLED)
    again = World(w.database, w.timing)
    again.mail.entries, again.clock.time, again.directory.people = w.mail.entries, w.clock.time, w.directory.people
    await again.passes(HALF_AN_HOUR - MINUTE)
    assert again.mail.removals == []
    await again.passes(2 * MINUTE)
    assert len(again.mail.removals) == 1


async def test_a_change_of_the_case_does_not_cut_the_pause_short(w: World) -> None:
    await is_approved(w, THROTTLED)
    w.messenger.closed[w.conversation(ANA_CLICKS, ConversationKind.PERSONAL).id] = "403 BotNotInConversationRoster"
    await w.uninstalls(ANA_CLICKS)
    await w.passes(HALF_AN_HOUR - MINUTE)
    assert len(w.mail.removals) == 1


async def test_the_card_says_until_when_it_waits(w: World) -> None:
    await is_approved(w, THROTTLED)
    until = (await w.case()).unblock.waits_until
    assert until is not None
    shown = the_card(w)
    assert f"{until:%H:%M}" in shown or f"{until:%Y-%m-%dT%H:%M}" in shown


async def test_a_pause_that_is_longer_than_the_approval_lapses_with_it_and_says_so(w: World) -> None:
    asked = RemovalNotBegun(error="throttled", wait=w.timing.approval_lasts + HOUR, reason=UnknownReason.THROTTLED)
    await is_approved(w, asked)
    assert "The approval lapses before" in the_card(w)
    await w.passes(w.timing.approval_lasts + MINUTE)
    assert await w.status() is Status.WAITING
    # A new approval is no way around the pause either.
    await w.presses(BO, "approve")
    assert await w.status() is Status.APPROVED
    assert len(w.mail.removals) == 1
    await w.passes(HOUR + MINUTE)
    assert len(w.mail.removals) == 2


async def test_a_long_pause_is_told_to_the_approvers(w: World) -> None:
    await is_approved(w, *[THROTTLED] * 4)
    await w.passes(HOUR + MINUTE)
    (line, *_) = told(w, NOT_UNBLOCKED)
    assert "1 (Ana Soto)" in line


@pytest.mark.parametrize("standing", [Standing.NOT_APPROVER, Standing.DISABLED])
async def test_who_is_no_approver_any_more_when_the_pause_is_over_has_let_nobody_go(
    w: World, standing: Standing
) -> None:
    """Bo approved it, and his colleagues found out why."""
    await is_approved(w, THROTTLED)
    w.approvers.standings[BO.id] = standing
    await w.passes(HALF_AN_HOUR + MINUTE)
    assert (await w.status(), len(w.mail.removals)) == (Status.WAITING, 1)
    assert "no longer allowed to decide" in the_card(w)
    await w.presses(CLEO, "approve")
    await w.passes(HOUR)
    assert (await w.status(), len(w.mail.removals)) == (Status.OFF_LIST, 2)


async def test_of_two_who_approved_both_must_still_be_approvers(w: World) -> None:
    w.traces.report = report(forwarding=Forwarding(to="x@mail.example", keeps_copy=True, external=True))
    await w.ana_has_sent(LIMIT_REASON)
    await w.passes(MINUTE)
    w.mail.outcomes = [THROTTLED]
    for who in (BO, CLEO):
        await w.presses(who, "approve", by_another_route="true", ground="called her")
    assert await w.status() is Status.APPROVED
    w.approvers.standings[BO.id] = Standing.NOT_APPROVER
    await w.passes(HALF_AN_HOUR + MINUTE)
    assert (await w.status(), len(w.mail.removals)) == (Status.WAITING, 1)


async def test_while_the_directory_cannot_say_who_decides_the_removal_waits_on(w: World) -> None:
    await is_approved(w, THROTTLED)
    w.approvers.trouble = UnknownReason.TIMED_OUT
    await w.passes(HALF_AN_HOUR + MINUTE)
    assert (await w.status(), len(w.mail.removals)) == (Status.APPROVED, 1)
    w.approvers.trouble = None
    await w.passes(HOUR)
    assert (await w.status(), len(w.mail.removals)) == (Status.OFF_LIST, 2)


async def test_a_removal_that_follows_its_click_asks_nobody_again(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    asked = w.approvers.asked
    await w.presses(BO, "approve")
    assert (w.approvers.asked - asked, len(w.mail.removals)) == (1, 1)


async def test_while_there_is_no_such_group_the_removal_waits_on(w: World) -> None:
    await is_approved(w, THROTTLED)
    w.approvers.gone = True
    await w.passes(HALF_AN_HOUR + MINUTE)
    assert (await w.status(), len(w.mail.removals)) == (Status.APPROVED, 1)
    w.approvers.gone = False
    await w.passes(HOUR)
    assert (await w.status(), len(w.mail.removals)) == (Status.OFF_LIST, 2)


async def test_however_long_the_directory_asks_to_be_left_alone_the_approval_lapses_in_time(w: World) -> None:
    await is_approved(w, THROTTLED)
    w.approvers.trouble, w.approvers.pause = UnknownReason.THROTTLED, 10 * HOUR
    await w.passes(w.timing.approval_lasts + MINUTE)
    assert (await w.status(), len(w.mail.removals)) == (Status.WAITING, 1)
