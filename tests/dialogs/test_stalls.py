"""Nothing waits in silence: approvers are told of what cannot go on, once for a source, and again ever more rarely."""

from dataclasses import replace
from datetime import datetime

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.clients.store.database import Database
from services.clients.store.stalls import SqlStallStore
from services.domain.case.parts import CaseNumber
from services.domain.case.stall import TOLD_AFTER, Stall
from services.domain.case.status import Status
from services.domain.case.transition import TaskKind
from services.domain.unknown import UnknownReason
from tests.cases import BO, HOUR, LIMIT_REASON, MINUTE, NOW
from tests.dialogs.test_digest import sends
from tests.dialogs.test_limits import OWN, asks_honestly, work
from tests.dialogs.world import CLEO, LONG_DAYS, World, everything_well

CALLED = {"by_another_route": "true", "ground": "called her: it was her newsletter"}
NOT_UNBLOCKED, NOT_LOOKED_UP = "Approved, but the unblock has been stuck since", "it has not been possible to check"


def told(w: World, of: str) -> list[str]:
    return [w.text_of(post) for post in w.posts() if of in w.text_of(post)]


async def is_approved_and_the_list_is_away(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await w.only_presses(BO, "approve", 1, ConversationKind.CHANNEL, {})
    w.mail.trouble = UnknownReason.NO_PERMISSION


async def test_an_approval_that_cannot_be_carried_out_is_told_after_a_quarter_of_an_hour(w: World) -> None:
    await is_approved_and_the_list_is_away(w)
    await w.passes(TOLD_AFTER - MINUTE)
    assert told(w, NOT_UNBLOCKED) == []
    await w.passes(3 * MINUTE)
    (line,) = told(w, NOT_UNBLOCKED)
    assert "1 (Ana Soto)" in line
    assert "the permission is missing" in line


async def test_it_is_told_again_ever_more_rarely(w: World) -> None:
    await is_approved_and_the_list_is_away(w)
    await w.passes(HOUR + 5 * MINUTE)
    assert len(told(w, NOT_UNBLOCKED)) == 3  # after 15, 30 and 60 minutes


async def test_what_goes_on_again_is_told_no_more(w: World) -> None:
    await is_approved_and_the_list_is_away(w)
    await w.passes(TOLD_AFTER - 2 * MINUTE)
    w.mail.trouble = None
    await w.passes(HOUR)
    assert await w.status() is Status.OFF_LIST
    assert told(w, NOT_UNBLOCKED) == []
    # A later failure begins anew.
    w.mail.trouble = UnknownReason.THROTTLED
    await w.passes(TOLD_AFTER)
    assert told(w, NOT_LOOKED_UP) == []


async def test_whether_an_unblock_took_effect_is_somebodys_business_too(w: World) -> None:
    w.mail.keeps_listing = True
    await w.ana_has_sent(LIMIT_REASON)
    await w.bo_approves()
    w.mail.trouble = UnknownReason.UNREACHABLE
    await w.passes(HOUR)
    assert told(w, NOT_LOOKED_UP)


async def test_a_request_that_waits_for_its_approvers_is_no_such_case(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.trouble = UnknownReason.UNREACHABLE
    await w.passes(3 * HOUR)
    assert told(w, NOT_LOOKED_UP) == []


async def test_limits_and_a_containment_that_come_no_further_are_told(w: World) -> None:
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    plan = str((await work(w)).plan_number)
    w.policies.trouble = UnknownReason.UNREACHABLE
    await w.presses(CLEO, "limits_apply", plan=plan)
    w.containing.away = True
    await w.presses(BO, "contain", sessions="true")
    await w.presses(BO, "contain_confirm", plan="1")
    await w.passes(TOLD_AFTER + 2 * MINUTE)
    assert told(w, "New sending limits have been stuck since")
    # A containment gives up in that very minute: it is said as given up, or as come no further a moment before.
    gave_up = [sheet for sheet in w.posts() if "no answer came; it may have been done" in w.text_of(sheet)]
    assert gave_up or told(w, "A containment has been stuck since")


async def test_one_line_names_every_case_that_waits_for_the_same(w: World) -> None:
    await sends(w, 1)
    await sends(w, 2)
    for number in (1, 2):
        await w.only_presses(BO, "approve", number, ConversationKind.CHANNEL, CALLED)
    w.mail.trouble = UnknownReason.NO_PERMISSION
    await w.passes(TOLD_AFTER + MINUTE)
    (line,) = told(w, NOT_UNBLOCKED)
    assert "1 (Sample Person 1), 2 (Sample Person 2)" in line


async def test_a_line_that_cannot_be_posted_is_owed(w: World) -> None:
    await is_approved_and_the_list_is_away(w)
    await w.passes(TOLD_AFTER - 2 * MINUTE)
    w.messenger.down = True
    await w.passes(5 * MINUTE)
    w.messenger.down = False
    await w.passes(3 * MINUTE)
    assert len(told(w, NOT_UNBLOCKED)) == 1


STALL = Stall(
    case=CaseNumber(1), kind=TaskKind.UNBLOCK, reason=UnknownReason.TIMED_OUT, since=NOW, again_by=NOW + 3 * MINUTE
)


async def test_two_replicas_tell_it_once(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    store = SqlStallStore(w.database)
    await store.failed(STALL)
    read = await store.present(NOW)
    assert await store.tell(read, NOW + TOLD_AFTER)
    assert not await store.tell(read, NOW + TOLD_AFTER)


@pytest.mark.parametrize(("at", "since"), [(NOW + 2 * MINUTE, NOW), (NOW + 14 * MINUTE, NOW + 14 * MINUTE)])
async def test_a_stall_lasts_while_it_is_tried_again_in_time(w: World, at: datetime, since: datetime) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    store = SqlStallStore(w.database)
    await store.failed(STALL)
    await store.failed(replace(STALL, since=at, again_by=at + 3 * MINUTE))
    (present,) = await store.present(at)
    assert present.since == since


async def test_what_one_replica_saw_fail_and_another_sees_go_on_is_over(database: Database) -> None:
    outside = everything_well()
    one, other = World(database, LONG_DAYS, outside), World(database, LONG_DAYS, outside)
    one.mail.keeps_listing = True
    await one.ana_has_sent(LIMIT_REASON)
    await one.bo_approves()
    await one.passes(2 * MINUTE)  # it knows by now of whatever had failed before
    one.mail.trouble = UnknownReason.UNREACHABLE
    await other.passes(20 * MINUTE)
    assert len(told(other, NOT_LOOKED_UP)) == 1
    one.mail.trouble = None
    await one.passes(10 * MINUTE)
    assert await one.status() is Status.UNBLOCKED
    assert [text for text in map(one.text_of, one.sheets()) if NOT_LOOKED_UP in text] == []
