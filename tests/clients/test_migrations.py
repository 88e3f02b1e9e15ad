"""Older, filled databases become the newest one, or stay what they are."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest
from alembic import command
from pydantic import TypeAdapter
from sqlalchemy import Engine, MetaData, event, insert, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from services.clients.store.cases import CaseStore
from services.clients.store.conversations import PlaceStore
from services.clients.store.database import DatabaseUnusableError, alembic_config, open_database
from services.clients.store.tables import todos
from services.domain.case.case import Case, CaseNumber, Status
from services.domain.case.transition import Duty
from services.domain.case.workflow import Verb
from services.ports.teams import Place
from tests.cases import ANA, CASES, HOUR, NOW
from tests.databases import ON_BOTH, Databases

OLD = {1: CASES[Status.WAITING], 2: CASES[Status.DENIED], 3: CASES[Status.WORKS]}


@asynccontextmanager
async def raw(url: str) -> AsyncIterator[Any]:
    """The database without us."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        yield connection
    await engine.dispose()


async def old_database(databases: Databases) -> str:
    """Filled as the first version left it: one request that waits, two that ended."""
    url = databases.empty()
    async with raw(url) as connection:
        await connection.run_sync(lambda sync: command.upgrade(alembic_config(sync), "0001"))
        await connection.run_sync(_fill)
    return url


def _fill(connection: Connection) -> None:
    tables = MetaData()
    tables.reflect(connection)
    for number, case in OLD.items():
        connection.execute(insert(tables.tables["cases"]).values(_row(number, case)))
        opened = {
            "at": NOW,
            "actor": "person",
            "verb": "open",
            "who": ANA,
            "name": "Ana Soto",
            "seen": {"status": "securing"},
        }
        connection.execute(insert(tables.tables["events"]).values(case_number=number, seq=1, **opened))
    place = {"conversation": "a:1", "service_url": "https://x/", "locale": "en-GB"}
    connection.execute(insert(tables.tables["conversations"]).values(whose=ANA, **place))
    owed = {"case_number": 1, "duty": "expire", "event": 0, "due": NOW + HOUR, "tries": 0}
    connection.execute(insert(tables.tables["todos"]).values(owed))
    card = {"case_number": 1, "audience": "person", "living": True, "activity": "7", **place}
    connection.execute(insert(tables.tables["cards"]).values(card))
    connection.execute(insert(tables.tables["seen"]).values(conversation="a:1", activity="6", at=NOW))


def _row(number: int, case: Case) -> dict[str, object]:
    return {
        "number": number,
        "version": 1,
        "person": case.person,
        "mailbox": case.person,
        "status": case.status,
        "opened_at": case.opened_at,
        "sent_at": case.sent_at,
        "released_at": case.released_at,
        "restricted": True,
        "body": TypeAdapter(Case).dump_python(case, mode="json"),
    }


async def holds_what_it_held(url: str) -> None:
    """Everything of the old database is there, and the ended cases owe that they are forgotten."""
    async with open_database(url) as database:
        cases = CaseStore(database)
        for number, case in OLD.items():
            found = await cases.get(CaseNumber(number))
            assert found is not None
            assert (found.status, found.decision, found.note) == (case.status, case.decision, case.note)
            assert [event.verb for event in await cases.history(CaseNumber(number))] == [Verb.OPEN]
        assert await PlaceStore(database).person(ANA) == Place(conversation="a:1", service_url="https://x/")
        async with database.reading() as connection:
            owed = (await connection.execute(select(todos.c.case_number, todos.c.duty))).all()
        assert sorted(owed) == [(1, Duty.EXPIRE), (2, Duty.FORGET), (3, Duty.FORGET)]


@ON_BOTH
async def test_a_filled_database_of_the_first_version_is_brought_up(databases: Databases) -> None:
    url = await old_database(databases)
    await holds_what_it_held(url)
    await holds_what_it_held(url)  # a second start finds nothing to do


class Interrupted(BaseException):
    """The process ended here."""


@contextmanager
def interrupted_at(statement: int) -> Iterator[list[str]]:
    """The process ends right before that statement; yields those it reached."""
    reached: list[str] = []

    def listener(_c: object, _cursor: object, sql: str, *_: object) -> None:
        reached.append(sql)
        if len(reached) == statement:
            raise Interrupted

    event.listen(Engine, "before_cursor_execute", listener)
    try:
        yield reached
    finally:
        event.remove(Engine, "before_cursor_execute", listener)


@ON_BOTH
async def test_a_migration_interrupted_anywhere_is_done_at_the_next_start(databases: Databases) -> None:
    old = await old_database(databases)
    with interrupted_at(0) as statements:
        async with open_database(databases.copy_of(old)):
            pass
    assert any("lost_channels" in statement for statement in statements)
    for number in range(1, len(statements) + 1):
        url = databases.copy_of(old)
        with interrupted_at(number), pytest.raises(Interrupted):
            async with open_database(url):
                pass
        await holds_what_it_held(url)


@ON_BOTH
async def test_a_migration_that_fails_leaves_the_old_database_as_it_was(databases: Databases) -> None:
    """Somebody's own table is in the way: it is said, nothing is half done, and without it the start succeeds."""
    url = await old_database(databases)
    async with raw(url) as connection:
        await connection.execute(text("create table lost_channels (mine integer)"))
    with pytest.raises(DatabaseUnusableError, match="lost_channels"):
        async with open_database(url):
            pass
    async with raw(url) as connection:
        version = (await connection.execute(text("select version_num from alembic_version"))).scalar()
        columns = (await connection.execute(text("select * from conversations"))).keys()
        assert version == "0001"
        assert "team" not in columns
        await connection.execute(text("drop table lost_channels"))
    await holds_what_it_held(url)
