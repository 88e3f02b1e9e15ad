"""One case that cannot be read costs that case and no other, on SQLite and on PostgreSQL alike."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
from sqlalchemy import Text, cast, select, text, update

from services.clients.store.case_schema import SCHEMA
from services.clients.store.cases import SqlCaseStore
from services.clients.store.database import Database, open_database
from services.clients.store.tables import cases, events
from services.domain.case.apply import apply
from services.domain.case.case import UNNUMBERED, Case
from services.domain.case.commands.person import Withdrew
from services.domain.case.creation import created_by_person
from services.domain.case.status import Status
from services.domain.people import PersonId
from services.ports.errors import ChangedMeanwhile, UnreadableCase
from tests.cases import ANA, CASES, HOUR, NOW, TIMING
from tests.clients.test_case_schema import frozen
from tests.databases import ON_BOTH, Databases

NEWER = {"schema": SCHEMA + 1, "all": "that a newer Sendwell knows of ana@contoso.example"}


@pytest_asyncio.fixture
async def database(databases: Databases) -> AsyncIterator[Database]:
    async with open_database(databases.fresh()) as database:
        yield database


async def saved(store: SqlCaseStore, status: Status, person: PersonId = ANA) -> Case:
    return await store.save(
        created_by_person(
            replace(CASES[status], number=UNNUMBERED, sender=replace(CASES[status].sender, person=person)), NOW
        ),
        {},
    )


async def becomes(database: Database, case: Case, body: object) -> None:
    async with database.writing() as connection:
        await connection.execute(update(cases).where(cases.c.number == case.number).values(body=body))


async def stored_text(database: Database, case: Case) -> str:
    async with database.reading() as connection:
        body = await connection.execute(select(cast(cases.c.body, Text)).where(cases.c.number == case.number))
        return str(body.scalar_one())


@ON_BOTH
async def test_lists_leave_it_out_and_the_log_names_it_once(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    store, other = SqlCaseStore(database), PersonId("another")
    first, second = await saved(store, Status.WAITING, other), await saved(store, Status.WAITING)
    await becomes(database, first, NEWER)
    with caplog.at_level(logging.WARNING, "sendwell.store"):
        assert [case.number for case in await store.open_cases()] == [second.number]
        assert [case.number for case in await store.many([first.number, second.number])] == [second.number]
        assert await store.of_sender(other, "nobody@contoso.example") == []
    (line,) = caplog.messages
    assert line.startswith(f"case {first.number} cannot be read: its schema {SCHEMA + 1} is newer")
    assert "contoso" not in line


@ON_BOTH
async def test_who_asks_for_others_in_the_same_moment_gets_them(database: Database) -> None:
    store = SqlCaseStore(database)
    first, second = await saved(store, Status.WAITING, PersonId("another")), await saved(store, Status.WAITING)
    await becomes(database, first, NEWER)
    unreadable, found = await asyncio.gather(store.get(first.number), store.get(second.number), return_exceptions=True)
    assert isinstance(unreadable, UnreadableCase)
    assert found == second


@ON_BOTH
async def test_asked_for_by_itself_it_is_no_missing_case(database: Database) -> None:
    store = SqlCaseStore(database)
    case = await saved(store, Status.WAITING)
    await becomes(database, case, NEWER)
    for asking in (store.get(case.number), store.open_of(ANA), store.latest_of(ANA)):
        with pytest.raises(UnreadableCase) as unreadable:
            await asking
        assert unreadable.value.number == case.number


@ON_BOTH
async def test_the_newest_case_is_the_newest_that_can_be_read_unless_one_is_open(database: Database) -> None:
    """An unreadable case that ended does not keep its person from asking again; one that waits still does."""
    store = SqlCaseStore(database)
    older, ended = await saved(store, Status.WORKS), await saved(store, Status.WITHDRAWN)
    await becomes(database, ended, {"damaged": True})
    assert await store.latest_of(ANA) == older
    opened = await saved(store, Status.WAITING)
    await becomes(database, opened, {"damaged": True})
    with pytest.raises(UnreadableCase):
        await store.latest_of(ANA)


@ON_BOTH
async def test_the_past_of_a_mailbox_is_not_told_without_what_only_a_newer_program_knows_of_it(
    database: Database,
) -> None:
    """The next case would take over none of its signs. What is damaged nobody will ever read: the one before counts."""
    store = SqlCaseStore(database)
    older, newest = await saved(store, Status.DENIED), await saved(store, Status.WITHDRAWN)
    await becomes(database, newest, NEWER)
    for asking in (store.history_of(ANA, NOW - 24 * HOUR), store.newest_restricted(ANA)):
        with pytest.raises(UnreadableCase) as unreadable:
            await asking
        assert unreadable.value.number == newest.number
    await becomes(database, newest, {"damaged": True})
    history = await store.history_of(ANA, NOW - 24 * HOUR)
    assert (history.requests, history.episode) == (2, older.episode)
    assert await store.newest_restricted(ANA) == older


@ON_BOTH
async def test_what_a_newer_program_stored_meanwhile_is_not_overwritten(database: Database) -> None:
    store = SqlCaseStore(database)
    case = await saved(store, Status.WAITING)
    async with database.writing() as connection:
        await connection.execute(update(cases).values(version=case.version + 1, body=NEWER))
    before = await stored_text(database, case)
    with pytest.raises(ChangedMeanwhile):
        await store.save(apply(case, Withdrew(), NOW, TIMING), {})
    assert await stored_text(database, case) == before


@ON_BOTH
async def test_a_line_of_the_history_in_unknown_words_is_said_to_be_unreadable(database: Database) -> None:
    store = SqlCaseStore(database)
    case = await saved(store, Status.WAITING)
    for unknown in ({"verb": "sign_off"}, {"verb": "open", "facts": None}):
        async with database.writing() as connection:
            await connection.execute(update(events).values(unknown))
        with pytest.raises(UnreadableCase):
            await store.history(case.number)


async def test_text_that_is_no_json_hides_no_neighbour(database: Database) -> None:
    """SQLite takes any text for JSON; PostgreSQL takes none."""
    store = SqlCaseStore(database)
    case, other = await saved(store, Status.WAITING), await saved(store, Status.WAITING, PersonId("another"))
    async with database.writing() as connection:
        await connection.execute(text(f"update cases set body = 'torn {{' where number = {case.number}"))
    assert [one.number for one in await store.open_cases()] == [other.number]
    with pytest.raises(UnreadableCase, match="no JSON object"):
        await store.get(case.number)


@ON_BOTH
async def test_a_case_of_a_frozen_version_goes_on_in_the_present_one(database: Database) -> None:
    """An old body is read, a command is applied, and the case is stored in today's words."""
    store = SqlCaseStore(database)
    case = await saved(store, Status.WAITING)
    await becomes(database, case, frozen(1)["status-waiting"])
    found = await store.get(case.number)
    assert found is not None
    await store.save(apply(found, Withdrew(), NOW, TIMING), {})
    again = await store.get(case.number)
    assert again is not None
    assert again.status is Status.WITHDRAWN
    async with database.reading() as connection:
        body = (await connection.execute(select(cases.c.body))).scalar_one()
    assert (body["schema"], body["proofs"]["password"]["finding"]) == (SCHEMA, "changed_since")
