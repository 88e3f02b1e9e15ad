"""Database errors: only those that pass by themselves or that an operator can fix are `Unavailable`."""

import sqlite3
import traceback
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from sqlalchemy import insert, text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.clients.store.cards import SqlCardStore
from services.clients.store.cases import SqlCaseStore
from services.clients.store.database import Database, open_database
from services.clients.store.faults import DatabaseMisusedError, is_away
from services.clients.store.list_monitor import SqlMonitorStore
from services.clients.store.tables import events, seen
from services.domain.case.creation import created_by_person
from services.domain.case.parts import CaseNumber
from services.domain.case.status import Status
from services.ports.errors import Unavailable
from services.ports.storage import ActivityId, Audience
from services.ports.teams import ConversationRef, Posted
from tests.cases import CASES, MINUTE, NOW
from tests.databases import ON_BOTH, POSTGRESQL, SQLITE, Databases, Files, file_of

SECRET = "my cat is called Ludmilla"
ON_POSTGRESQL = pytest.mark.parametrize("databases", [POSTGRESQL], indirect=True)
ON_SQLITE = pytest.mark.parametrize("databases", [SQLITE], indirect=True)

Slip = Callable[[AsyncConnection], Coroutine[Any, Any, None]]


@pytest_asyncio.fixture
async def database(databases: Databases) -> AsyncIterator[Database]:
    async with open_database(databases.fresh()) as database:
        yield database


def says(*statements: str, **values: object) -> Slip:
    async def slip(connection: AsyncConnection) -> None:
        for statement in statements:
            await connection.execute(text(statement), values)

    return slip


def row(**values: object) -> Slip:
    given: dict[str, Any] = {"conversation": SECRET, "activity": "1", "at": NOW, **values}

    async def slip(connection: AsyncConnection) -> None:
        await connection.execute(insert(seen).values(given))

    return slip


async def twice(connection: AsyncConnection) -> None:
    for _ in range(2):
        await row()(connection)


async def of_no_case(connection: AsyncConnection) -> None:
    line = {"case_number": 99, "seq": 1, "at": NOW, "actor": "x", "verb": "x", "name": SECRET, "facts": {}}
    await connection.execute(insert(events).values(line))


async def of_no_known_type(connection: AsyncConnection) -> None:
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    await connection.exec_driver_sql(f"select {mark}", (object(),))


async def one_value_too_few(connection: AsyncConnection) -> None:
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    await connection.exec_driver_sql(f"select {mark}, {mark}", (SECRET,))


ON_EITHER: dict[str, Slip] = {
    "no such table": says("select * from nowhere"),
    "no such column": says("select nothing from cases"),
    "no sentence": says("selec 1"),
    "a value is missing": row(at=None),
    "there already": twice,
    "of no case": of_no_case,
    "of no known type": of_no_known_type,
    "one value too few": one_value_too_few,
}
STRICT: dict[str, Slip] = {
    "too long": row(activity=SECRET * 20),
    "no number": says("select cast(:word as integer)", word=SECRET),
    "no text": row(activity=f"\0{SECRET}"),
    "divided by nothing": says("select 1 / 0"),
}
"""Statements that SQLite accepts."""


async def outcome(database: Database, slip: Slip) -> str:
    """Runs `slip` in a write transaction; returns "taken", "a bug", or "away: " and the error's detail."""
    try:
        async with database.writing() as connection:
            await slip(connection)
    except Unavailable as away:
        return f"away: {away.detail}"
    except DatabaseMisusedError as bug:
        told = "".join(traceback.format_exception(bug))
        assert "Ludmilla" not in told, "what people wrote is in no log"
        assert f"in {slip.__name__}\n" in told, "where the slip is"
        return "a bug"
    return "taken"


@ON_BOTH
async def test_a_slip_of_ours_is_a_bug_and_the_database_goes_on(database: Database) -> None:
    slips = ON_EITHER | (STRICT if database.engine.dialect.name == POSTGRESQL else {})
    assert {name: await outcome(database, slip) for name, slip in slips.items()} == dict.fromkeys(slips, "a bug")
    await database.ping()
    assert await outcome(database, row()) == "taken"


STOPPED: dict[str, Slip] = {
    "canceling statement due to statement timeout": says("set local statement_timeout = 10", "select pg_sleep(60)"),
    "canceling statement due to user request": says("select pg_cancel_backend(pg_backend_pid())"),
}


@ON_POSTGRESQL
async def test_a_query_that_is_stopped_is_tried_later(database: Database) -> None:
    for sentence, slip in STOPPED.items():
        assert await outcome(database, slip) == f"away: database: {sentence}"
    await database.ping()


@ON_POSTGRESQL
async def test_who_is_beaten_by_another_transaction_tries_later(database: Database) -> None:
    assert await outcome(database, row()) == "taken"
    change = says("update seen set activity = activity")

    async def waits_for_a_lock(slow: AsyncConnection) -> None:
        async with database.writing() as fast:
            await change(fast)
            await says("set local lock_timeout = 10")(slow)
            await change(slow)

    async def reads_what_is_changed_then(slow: AsyncConnection) -> None:
        await says("set transaction isolation level serializable", "select * from seen")(slow)
        async with database.writing() as fast:
            await change(fast)
        await change(slow)

    assert (await outcome(database, waits_for_a_lock)).startswith("away: database: canceling statement due to lock")
    assert (await outcome(database, reads_what_is_changed_then)).startswith("away: database: could not serialize")


@ON_SQLITE
async def test_a_file_that_was_moved_is_away_until_it_is_back(databases: Files) -> None:
    url = databases.fresh()
    folder = file_of(url).parent
    async with open_database(url) as database, database.reading():
        folder.rename(folder.with_name("moved"))
        with pytest.raises(Unavailable, match="unable to open database file"):
            await database.ping()
        folder.with_name("moved").rename(folder)
        await database.ping()


@pytest.mark.parametrize(
    ("name", "away"),
    [
        ("SQLITE_IOERR_FSYNC", True),
        ("SQLITE_BUSY_SNAPSHOT", True),
        ("SQLITE_LOCKED", True),
        ("SQLITE_PERM", True),
        ("SQLITE_PROTOCOL", True),
        ("SQLITE_INTERRUPT", True),
        ("SQLITE_ERROR", False),
        ("SQLITE_MISUSE", False),
        ("SQLITE_RANGE", False),
        ("SQLITE_TOOBIG", False),
    ],
)
def test_what_no_test_can_make_sqlite_say_goes_by_its_code(name: str, away: bool) -> None:
    driver = sqlite3.OperationalError("in the driver's words")
    driver.sqlite_errorcode = getattr(sqlite3, name)
    assert is_away(OperationalError("select 1", {}, driver)) is away


@pytest.mark.parametrize(
    ("state", "away"),
    [
        ("08006", True),
        ("40P01", True),
        ("53100", True),
        ("53300", True),
        ("57P02", True),
        ("57P03", True),
        ("58030", True),
        ("XX001", True),
        ("XX000", False),
        ("25P02", False),
        ("42501", False),
        ("54000", False),
    ],
)
def test_what_no_test_can_make_postgresql_say_goes_by_its_state(state: str, away: bool) -> None:
    driver = psycopg.errors.lookup(state)("in the driver's words")
    assert is_away(OperationalError("select 1", {}, driver)) is away


def test_without_a_code_only_a_connection_that_is_not_there_is_away() -> None:
    assert is_away(OperationalError("select 1", {}, psycopg.OperationalError("connection failed")))
    assert is_away(InterfaceError("select 1", {}, psycopg.InterfaceError("it is closed"), connection_invalidated=True))
    assert not is_away(InterfaceError("select 1", {}, psycopg.InterfaceError("the cursor is closed")))
    assert not is_away(OperationalError("select 1", {}, sqlite3.OperationalError("Could not decode to UTF-8 column")))


async def nothing_is_taken(database: Database, table: str) -> None:
    """Makes every new row of that table violate a constraint of its own."""
    rule = {
        SQLITE: f"create trigger rule_of_{table} before insert on {table} begin select raise(abort, 'no'); end",
        POSTGRESQL: f"alter table {table} add constraint rule_of_{table} check (false) not valid",
    }
    async with database.writing() as connection:
        await connection.execute(text(rule[database.engine.dialect.name]))


@ON_BOTH
async def test_a_broken_rule_is_not_taken_for_a_row_that_is_there_already(database: Database) -> None:
    for table in ("seen", "cases", "watch"):
        await nothing_is_taken(database, table)
    with pytest.raises(DatabaseMisusedError):
        await saved(database, ActivityId(conversation_id="a:1", activity_id="7"))
    with pytest.raises(DatabaseMisusedError):
        await saved(database)
    with pytest.raises(DatabaseMisusedError):
        await SqlMonitorStore(database).claim(NOW, MINUTE, MINUTE)


async def saved(database: Database, activity: ActivityId | None = None) -> object:
    return await SqlCaseStore(database).save(created_by_person(CASES[Status.WAITING], NOW), {}, activity=activity)


@ON_BOTH
async def test_a_card_that_two_replicas_record_is_one_card(database: Database) -> None:
    await saved(database)
    posted = Posted(conversation=ConversationRef(id="19:c", service_url="https://smba.example/"), activity="7")
    older = replace(posted, activity="6")
    for each in (older, posted, older, posted):
        await SqlCardStore(database).record(CaseNumber(1), Audience.APPROVERS, each)
    shown = await SqlCardStore(database).shown(CaseNumber(1), Audience.APPROVERS)
    assert (shown.current, shown.superseded) == (posted, (older,))
