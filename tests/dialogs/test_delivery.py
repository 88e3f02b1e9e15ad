"""Whether mail flows again is looked up, and the person gets what came back meanwhile: from message trace."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.domain.case.status import Status
from services.domain.case.transition import TaskKind
from services.domain.case.workflow import Verb
from services.domain.delivery.traced import TracedRow, TracedStatus
from services.domain.unknown import UnknownReason
from tests.cases import BO, HOUR, MINUTE
from tests.databases import Databases
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, LONG_DAYS, World, small_world

SECRET = "About your illness"


def mails(w: World, message: str = "m1", status: TracedStatus = TracedStatus.DELIVERED, **changes: object) -> datetime:
    """A message of Ana's at this moment; returns when."""
    row = TracedRow(
        message=message,
        sender=ANAS_ADDRESS,
        recipient="guest@fabrikam.example",
        at=w.clock.now(),
        status=status,
        subject=SECRET,
    )
    w.traces.rows.append(replace(row, **changes))  # type: ignore[arg-type]  # the tests name real fields
    return w.clock.now()


def whole(w: World) -> str:
    """Everything the approvers' card holds, unfolded or not."""
    return json.dumps(w.posts()[-1].card, ensure_ascii=False)


async def test_a_delivered_message_proves_it_and_the_person_need_not_click(w: World) -> None:
    await w.is_off_list()
    assert "No delivered message seen" in whole(w)
    sent = mails(w)
    await w.passes(HOUR)
    assert await w.status() is Status.WORKS
    assert (await w.case()).delivery.proven_at == sent
    assert "Confirmed: a message sent" in w.approvers_see()
    assert "said" not in w.approvers_see()
    assert "Confirmed: your message of" in w.ana_sees()


async def test_it_works_without_a_message_is_by_word_and_may_be_proven_later(w: World) -> None:
    await w.is_off_list()
    await w.presses(ANA_CLICKS, "works")
    assert "Reported as working" in w.approvers_see()
    assert "Going by your word" in w.ana_sees()
    mails(w)
    chat = len(w.sheets(ANA_CLICKS))
    await w.passes(HOUR)
    assert "Confirmed" in w.approvers_see()
    assert "Reported as working" not in w.approvers_see()
    assert "Confirmed" in w.ana_sees()
    assert len(w.sheets(ANA_CLICKS)) == chat  # it is no news that takes a message


async def test_not_seen_never_reads_as_did_not_flow_and_ends_with_the_watch(w: World) -> None:
    await w.is_off_list()
    w.traces.lag = 100 * HOUR
    mails(w)
    await w.passes(LONG_DAYS.watch_for + HOUR)
    assert await w.status() is Status.CLOSED_UNCONFIRMED
    assert (await w.case()).delivery.unread is None
    assert await w.outbox.next_due(frozenset({TaskKind.PROVE})) is None


async def test_rows_that_show_hours_late_prove_it_when_they_show(w: World) -> None:
    await w.is_off_list()
    w.traces.lag = HOUR
    sent = mails(w)
    await w.passes(HOUR - MINUTE)
    assert await w.status() is Status.OFF_LIST
    await w.passes(2 * HOUR)
    assert (await w.case()).delivery.proven_at == sent


async def test_a_case_asks_a_bounded_number_of_times(w: World) -> None:
    await w.is_off_list()
    await w.passes(LONG_DAYS.watch_for)
    planned = [after for after in LONG_DAYS.prove_after if after < LONG_DAYS.watch_for]
    assert len(w.traces.asked_for_messages) == len(planned)
    history = await w.cases.history((await w.case()).number)
    assert Verb.PROVE not in {event.verb for event in history}  # what is not seen is not written down again and again
    assert all(since < until for since, until in w.traces.asked_for_messages)


@pytest.mark.parametrize("reason", [UnknownReason.THROTTLED, UnknownReason.NOT_SET_UP])
async def test_a_trace_that_cannot_be_read_is_not_checked_and_asks_no_more_often(
    w: World, reason: UnknownReason
) -> None:
    w.traces.troubles = {"messages": reason}
    await w.is_off_list()
    await w.passes(HOUR)
    assert "Delivery is not checked" in whole(w)
    assert len(w.traces.asked_for_messages) <= len(LONG_DAYS.prove_after)
    w.traces.troubles = {}
    mails(w)
    await w.passes(4 * HOUR)
    assert await w.status() is Status.WORKS


async def test_a_trace_that_comes_back_incomplete_is_not_checked(w: World) -> None:
    w.traces.rows_complete = False
    await w.is_off_list()
    mails(w)
    await w.passes(3 * MINUTE)
    assert await w.status() is Status.OFF_LIST
    assert "not checked: the answer was incomplete" in whole(w)


async def test_a_message_of_before_the_unblock_proves_nothing(w: World) -> None:
    await w.ana_has_sent()
    mails(w)
    await w.bo_approves()
    await w.passes(5 * LONG_DAYS.reads_apart)
    mails(w, "m1")  # the same one, sent on once more
    await w.passes(2 * HOUR)
    assert await w.status() is Status.OFF_LIST


async def test_a_message_from_before_she_said_that_it_still_bounces_proves_nothing(w: World) -> None:
    await w.is_off_list()
    mails(w)
    await w.passes(MINUTE / 2)
    await w.presses(ANA_CLICKS, "bouncing")
    await w.passes(40 * MINUTE)
    assert await w.status() is Status.OFF_LIST
    mails(w, "m2")
    await w.passes(2 * HOUR)
    assert await w.status() is Status.WORKS


async def test_what_an_approver_stopped_is_not_closed_by_a_delivered_message(w: World) -> None:
    await w.is_off_list()
    await w.presses(BO, "stop", stop_reason="it was not her")
    mails(w)
    await w.passes(HOUR)
    assert await w.status() is Status.OFF_LIST
    assert "Confirmed" in whole(w)


# What came back meanwhile.


async def off_list_with_returned(w: World, messages: int = 2) -> None:
    await w.ana_has_sent()
    for number in range(messages):
        await w.passes(timedelta(seconds=1))
        mails(w, f"r{number}", TracedStatus.FAILED, subject=f"{SECRET} {number}")
        mails(w, f"r{number}", TracedStatus.FAILED, subject=f"{SECRET} {number}", recipient="second@fabrikam.example")
    mails(w, "other", TracedStatus.FAILED, sender="dan@contoso.example", subject="Dan's own")
    await w.bo_approves()
    await w.passes(5 * LONG_DAYS.reads_apart)


async def test_she_alone_is_shown_what_came_back_and_nothing_of_it_is_kept(w: World) -> None:
    await off_list_with_returned(w)
    answer = await w.presses(ANA_CLICKS, "returned")
    assert "2 messages came back" in answer
    assert answer.index(f"{SECRET} 0") < answer.index(f"{SECRET} 1")
    assert "guest@fabrikam.example, second@fabrikam.example" in answer
    assert "Dan's own" not in answer
    assert "It works" in answer  # the way on is still there
    assert SECRET not in json.dumps([sheet.card for sheet in w.messenger.sheets])
    assert SECRET not in repr(await w.case()) + str(await w.cases.history((await w.case()).number))


async def test_many_that_came_back_are_counted_and_the_card_stays_small(w: World) -> None:
    await off_list_with_returned(w, 40)
    answer = await w.presses(ANA_CLICKS, "returned")
    assert "40 messages came back" in answer
    assert "… and 25 more." in answer


async def test_what_came_back_but_could_not_be_read_is_said_and_can_be_asked_again(w: World) -> None:
    await off_list_with_returned(w)
    w.traces.troubles = {"messages": UnknownReason.THROTTLED}
    answer = await w.presses(ANA_CLICKS, "returned")
    assert "could not read which messages came back" in answer
    assert "no message of yours" not in answer
    w.traces.troubles = {}
    assert "2 messages came back" in await w.presses(ANA_CLICKS, "returned")


async def test_approvers_cannot_ask_for_it(w: World) -> None:
    await off_list_with_returned(w)
    for where in ConversationKind:
        assert SECRET not in await w.presses(BO, "returned", where=where)


async def test_a_source_that_hangs_does_not_hold_the_click(databases: Databases) -> None:
    async with small_world(databases.fresh(), replace(LONG_DAYS, click_within=timedelta(milliseconds=20))) as w:
        await off_list_with_returned(w)
        w.traces.hanging = {"messages"}
        assert "did not answer in time" in await w.presses(ANA_CLICKS, "returned")
