"""Limits on requests and messages that protect approvers, and how long personal details are kept."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from dialogs.conversations.inbound import Clicked, ConversationKind
from services.domain.card import Remark
from services.domain.case.status import Status
from services.domain.unknown import UnknownReason
from tests.cases import ANA, BO, HOUR, MINUTE, person
from tests.dialogs.fake_mail import REFUSED
from tests.dialogs.test_digest import somebody
from tests.dialogs.test_mailbox_identity import ALIAS, ANAS
from tests.dialogs.test_troubles import TENANT
from tests.dialogs.test_troubles import _tells as tells
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, DAN, LONG_DAYS, World


async def test_one_person_may_send_so_many_requests_a_day(w: World) -> None:
    w.mail.restrict(ANAS_ADDRESS)
    await w.says(ANA_CLICKS, "my mail bounces")
    for number in range(1, LONG_DAYS.requests_a_day + 1):
        await w.presses(ANA_CLICKS, "tell", number)
        await w.presses(ANA_CLICKS, "withdraw", number)
        await w.passes(MINUTE)
        await w.presses(ANA_CLICKS, "again", number)
    posts, number = len(w.posts()), LONG_DAYS.requests_a_day + 1
    assert "today's request limit" in await w.presses(ANA_CLICKS, "tell", number)
    assert len(w.posts()) == posts
    assert await w.status(number) is Status.SECURING
    await w.passes(8 * HOUR)
    await w.presses(ANA_CLICKS, "password_cannot", number)
    await w.passes(10 * HOUR)
    await w.presses(ANA_CLICKS, "mfa_cannot", number)
    await w.passes(7 * HOUR)
    await w.presses(ANA_CLICKS, "tell", number)
    assert await w.status(number) is Status.WAITING


async def exchange_is_back_for_a_while(w: World) -> None:
    """Long enough for every look to end: nothing was restricted."""
    w.mail.trouble = w.mailboxes.trouble = None
    await w.passes(10 * MINUTE)
    w.mail.trouble = w.mailboxes.trouble = UnknownReason.UNREACHABLE


async def test_whoever_asks_for_any_mailbox_while_exchange_is_away_reaches_the_approvers_as_seldom(w: World) -> None:
    w.mail.trouble = UnknownReason.UNREACHABLE
    w.mailboxes.trouble = UnknownReason.UNREACHABLE
    w.directory.people[DAN.id] = person(id=DAN.id, name=DAN.name)
    answers = []
    for number in range(1, 31):
        answers.append(await w.says(DAN, f"mailbox box{number}@contoso.example"))
        await w.passes(MINUTE)
    opened = await w.cases.open_cases()
    assert len(opened) == LONG_DAYS.requests_a_day
    assert "the limit of open cases" in answers[-1]
    for case in opened:
        assert "told" in await w.presses(DAN, "send", int(case.number))
    assert len(w.posts()) == LONG_DAYS.requests_a_day
    await exchange_is_back_for_a_while(w)
    assert await w.cases.open_cases() == []
    await w.says(DAN, "mailbox another@contoso.example")
    assert "today's request limit" in await w.presses(DAN, "send", LONG_DAYS.requests_a_day + 1)
    assert len(w.posts()) == LONG_DAYS.requests_a_day


async def test_a_request_that_was_told_of_already_is_no_second_one(w: World) -> None:
    w.mail.trouble = UnknownReason.UNREACHABLE
    await w.says(ANA_CLICKS, "my mail bounces")
    await w.presses(ANA_CLICKS, "send")
    w.mail.trouble = None
    w.mail.restrict(ANAS_ADDRESS)
    await w.passes(10 * MINUTE)
    reached = await w.cases.reached(ANA, w.clock.now() - HOUR)
    assert reached.by_person == 1
    await w.presses(ANA_CLICKS, "tell")
    assert await w.status() is Status.WAITING
    assert await w.cases.reached(ANA, w.clock.now() - HOUR) == reached


async def test_about_a_mailbox_that_many_ask_for_each_may_ask_once(w: World) -> None:
    w.mail.trouble = UnknownReason.UNREACHABLE
    w.mailboxes.trouble = UnknownReason.UNREACHABLE
    crowd = [somebody(number) for number in range(LONG_DAYS.requests_a_day + 1)]
    for number, who in enumerate(crowd, start=1):
        w.directory.people[who.id] = person(id=who.id, name=who.name)
        await w.says(who, "mailbox sales@contoso.example")
        assert "told" in await w.presses_in_chat(who, "send", number)
    last = len(crowd)
    await exchange_is_back_for_a_while(w)
    await w.says(crowd[0], "mailbox sales@contoso.example")
    assert "today's request limit" in await w.presses_in_chat(crowd[0], "send", last + 1)


async def test_a_flood_is_answered_once_and_then_with_silence(w: World) -> None:
    for _ in range(LONG_DAYS.messages_a_minute):
        assert "What I can do" in await w.says(DAN, "help")
    assert "wait a minute" in await w.says(DAN, "help")
    assert await w.says(DAN, "help") == ""
    assert "What I can do" in await w.says(ANA_CLICKS, "help")
    await w.passes(MINUTE)
    assert "What I can do" in await w.says(DAN, "help")


async def test_a_flood_of_clicks_changes_nothing(w: World) -> None:
    await w.ana_has_sent()
    for _ in range(LONG_DAYS.messages_a_minute):
        await w.presses(DAN, "approve")
    assert "wait a minute" in await w.presses(DAN, "approve")
    clicked = Clicked(
        by=DAN,
        verb="approve",
        number=1,
        inputs={},
        kind=ConversationKind.CHANNEL,
        conversation=w.conversation(DAN, ConversationKind.CHANNEL),
        activity=w.activity(DAN),
    )
    assert isinstance(await w.router.clicked(clicked), Remark)  # the card stays, to be pressed in a minute
    assert "Approved by" in await w.bo_approves()


async def everything(w: World) -> str:
    rows: list[Any] = []
    async with w.database.reading() as connection:
        for table in ("cases", "events", "cards", "outbox"):
            rows += [tuple(row) for row in await connection.execute(text(f"select * from {table}"))]
    return str(rows)


async def test_details_of_an_ended_case_are_forgotten_and_its_counts_kept(w: World) -> None:
    w.mail.outcomes = [REFUSED]
    await w.ana_asks()
    await w.ana_secures()
    await w.presses(ANA_CLICKS, "send", note="our spring newsletter")
    await w.presses(BO, "looking")
    await w.presses(BO, "ask", words="which tool?")
    await w.presses(ANA_CLICKS, "reply", words="our own")
    await w.bo_approves()
    await w.presses(BO, "retry")
    await w.passes(5 * MINUTE)
    await w.presses(ANA_CLICKS, "works")
    await w.passes(LONG_DAYS.watch_for + HOUR)
    assert "spring newsletter" in await everything(w)
    await w.passes(LONG_DAYS.keep_details_for - timedelta(days=1))
    assert "Ana Soto" in await everything(w)
    await w.passes(timedelta(days=1))
    kept = await everything(w)
    for detail in ("Ana", "ana@", "Bo Larsen", BO.id, ANA_CLICKS.id, "newsletter", "which tool", "our own", "+34"):
        assert detail not in kept, detail
    assert "unblocked too often" not in kept
    case = await w.case()
    assert (case.status, case.unblock.calls, case.list_reads.checks > 0) == (Status.WORKS, 1, True)
    assert case.restriction is not None
    assert len(await w.cases.history(case.number)) > 10
    assert "its details are deleted" in w.ana_sees()
    assert "its details are deleted" in w.approvers_see()


async def test_whoever_cannot_be_written_to_is_forgotten_all_the_same(w: World) -> None:
    await w.ana_has_sent()
    await w.presses(BO, "deny", reason="no")
    await w.passes(5 * MINUTE)
    w.messenger.closed = {sheet.posted.conversation.id: "403" for sheet in w.messenger.sheets}
    await w.passes(LONG_DAYS.keep_details_for)
    assert "Ana" not in await everything(w)


async def test_where_somebody_can_be_written_to_is_forgotten_with_their_last_case(w: World) -> None:
    await w.ana_has_sent()
    await w.presses(BO, "deny", reason="no")
    await w.passes(LONG_DAYS.ask_again_after + HOUR)
    await w.presses(ANA_CLICKS, "again")
    await w.presses(ANA_CLICKS, "withdraw", 2)
    await w.passes(LONG_DAYS.keep_details_for - HOUR)
    assert await w.conversations.person(ANA) is not None  # the younger case still tells of her
    await w.passes(3 * HOUR)
    assert await w.conversations.person(ANA) is None
    assert await w.conversations.channel() is not None


async def test_two_who_join_each_other_reach_the_approvers_as_seldom(w: World) -> None:
    """Neither sends: what Ana asks for is sent by Dan's asking too, and both take it back."""
    w.mailboxes.known = {ANAS_ADDRESS: ANAS, ALIAS: ANAS}
    w.directory.people[DAN.id] = person(id=DAN.id, name=DAN.name, addresses=("dan@contoso.example",))
    w.mail.restrict(ANAS_ADDRESS)
    said = ""
    for _ in range(LONG_DAYS.requests_a_day + 1):
        await w.says(ANA_CLICKS, "my mail bounces")
        said = await w.says(DAN, f"mailbox {ANAS_ADDRESS}")
        await w.says(ANA_CLICKS, "withdraw")
        await w.says(DAN, "withdraw")
        await w.passes(MINUTE)
    assert "today's request limit" in said
    assert len(w.posts()) == LONG_DAYS.requests_a_day


async def test_a_case_that_is_opened_and_withdrawn_is_no_way_around_the_pause(w: World) -> None:
    """Pressing “ask again” on the old card of another matter opens one."""
    await tells(w, ANA_CLICKS, TENANT)
    await w.presses(BO, "close", close_reason="Ask your partner")
    await w.ana_asks()
    await w.presses(ANA_CLICKS, "tell", 2)
    await w.presses(BO, "deny", 2, None, reason="I could not reach you")
    await w.presses(ANA_CLICKS, "again", 1)
    await w.presses(ANA_CLICKS, "withdraw", 3)
    assert await w.status(3) is Status.WITHDRAWN
    assert "too soon" in await w.says(ANA_CLICKS, "my mail bounces")
    await w.passes(LONG_DAYS.ask_again_after)
    await w.says(ANA_CLICKS, "my mail bounces")
    await w.presses(ANA_CLICKS, "tell", 4)
    assert await w.status(4) is Status.WAITING
