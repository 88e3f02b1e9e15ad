"""What is known of whoever writes or clicks, from one read; what an opening saves at once; and what a card settles."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from services.clients.store.askers import SqlAskers
from services.clients.store.cards import SqlCardStore
from services.clients.store.cases import SqlCaseStore
from services.clients.store.conversations import SqlConversationStore
from services.clients.store.database import Database
from services.clients.store.outbox import SqlOutbox
from services.domain.case.apply import apply
from services.domain.case.case import Case
from services.domain.case.commands.person import Withdrew
from services.domain.case.creation import created_by_person
from services.domain.case.history import HistoryMark
from services.domain.case.status import Status
from services.domain.case.timers import timers
from services.domain.case.transition import MESSAGES, TaskKind
from services.ports.askers import Asker
from services.ports.errors import ChangedMeanwhile
from services.ports.storage import ActivityId, Audience, Opening, OutboxTask, Settles
from services.ports.teams import ConversationRef, Posted
from tests.cases import ANA, CASES, HOUR, NOW, TIMING
from tests.databases import ON_BOTH, Databases
from tests.no_driver import opened

pytestmark = ON_BOTH
MINUTE = timedelta(minutes=1)
CHAT = ConversationRef(id="a:1", service_url="https://x/", locale="en-GB")
ACTIVITY = ActivityId(conversation_id="a:1", activity_id="7")
CARD = TaskKind.UPDATE_PERSON_CARD


@pytest_asyncio.fixture
async def database(databases: Databases) -> AsyncIterator[Database]:
    async with opened(databases.fresh()) as database:
        yield database


@pytest.fixture
def cases(database: Database) -> SqlCaseStore:
    return SqlCaseStore(database)


async def known(database: Database, chat: ConversationRef = CHAT) -> Asker:
    return await SqlAskers(database, SqlCaseStore(database)).of(ANA, chat, ACTIVITY, NOW - HOUR)


async def opens(cases: SqlCaseStore, opening: Opening, status: Status = Status.SECURING) -> Case:
    transition = created_by_person(CASES[status], NOW)
    return await cases.save(transition, timers(CASES[status], NOW, TIMING), activity=ACTIVITY, opening=opening)


async def test_of_somebody_new_nothing_is_known(database: Database) -> None:
    asker = await known(database)
    assert asker.is_new
    assert not asker.was_processed
    assert (asker.newest, asker.open, asker.last, asker.unstored) == (None, None, None, CHAT)
    assert asker.mark == HistoryMark(cases=0, versions=0)


async def test_an_opening_saves_the_chat_holds_the_card_and_is_known_afterwards(
    database: Database, cases: SqlCaseStore
) -> None:
    case = await opens(cases, Opening(chat=CHAT, holds={CARD: NOW + MINUTE}, mark=HistoryMark(cases=0, versions=0)))
    await SqlConversationStore(database).speak(ANA, "de")
    asker = await known(database)
    assert (asker.newest, asker.open, asker.last) == (case, case, case)
    assert (asker.unstored, asker.conversation) == (None, replace(CHAT, locale="de"))
    assert asker.was_processed
    assert asker.mark == HistoryMark(cases=1, versions=1)
    assert (await known(database, replace(CHAT, id="a:2"))).unstored == replace(CHAT, id="a:2")
    outbox = SqlOutbox(database)
    assert await outbox.claim(NOW, MINUTE, 9, MESSAGES) == []
    (held,) = await outbox.claim(NOW + MINUTE, MINUTE, 9, MESSAGES)
    assert (held.kind, held.tries) == (CARD, 2), "whoever held it is gone"


async def test_an_opening_on_an_older_history_saves_nothing(database: Database, cases: SqlCaseStore) -> None:
    await opens(cases, Opening(chat=None, holds={}), Status.WORKS)
    with pytest.raises(ChangedMeanwhile):
        await cases.save(
            created_by_person(CASES[Status.SECURING], NOW),
            {},
            opening=Opening(chat=CHAT, holds={}, mark=HistoryMark(cases=0, versions=0)),
        )
    assert (await known(database)).unstored == CHAT
    assert await cases.open_cases() == []


async def test_whoever_clicks_is_read_with_the_case_of_the_button(database: Database, cases: SqlCaseStore) -> None:
    case = await opens(cases, Opening(chat=CHAT, holds={}))
    askers = SqlAskers(database, cases)
    assert (await askers.clicker(ANA, CHAT, case.number)).case == case
    clicker = await askers.clicker(ANA, replace(CHAT, locale="de"), None)
    assert (clicker.case, clicker.unstored) == (None, replace(CHAT, locale="de"))


@pytest.mark.parametrize("changed", [False, True], ids=["as it was shown", "changed meanwhile"])
async def test_a_card_that_shows_the_case_as_it_is_completes_its_task(
    database: Database, cases: SqlCaseStore, changed: bool
) -> None:
    until = NOW + MINUTE
    case = await opens(cases, Opening(chat=CHAT, holds={CARD: until}))
    task = OutboxTask(case=case.number, kind=CARD, event=1, due=until, tries=1)
    if changed:
        await cases.save(apply(case, Withdrew(), NOW, TIMING), {})
    posted, cards = Posted(conversation=CHAT, activity="1"), SqlCardStore(database)
    present = await cards.record(case.number, Audience.PERSON, posted, settles=Settles(task=task, shown=1))
    assert present.current == posted
    assert present.is_settled is not changed
    left = await SqlOutbox(database).claim(until, MINUTE, 9, frozenset({CARD}))
    assert [one.event for one in left if one.event == 1] == ([1] if changed else [])


async def test_a_card_beside_an_older_one_leaves_its_task_until_that_is_collapsed(
    database: Database, cases: SqlCaseStore
) -> None:
    until = NOW + MINUTE
    case = await opens(cases, Opening(chat=CHAT, holds={CARD: until}))
    settles = Settles(task=OutboxTask(case=case.number, kind=CARD, event=1, due=until, tries=1), shown=1)
    older, newer = (Posted(conversation=CHAT, activity=name) for name in ("1", "2"))
    cards = SqlCardStore(database)
    await cards.record(case.number, Audience.PERSON, older)
    assert not (await cards.record(case.number, Audience.PERSON, newer, settles=settles)).is_settled
    await cards.forget(case.number, older)
    assert (await cards.updated(case.number, Audience.PERSON, newer, None, settles=settles)).is_settled
