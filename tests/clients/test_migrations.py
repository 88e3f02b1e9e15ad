"""Older, filled databases are migrated to the newest revision, or stay as they are.

Their contents were written by the programs of their time and frozen: see `tests/clients/stored`."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Boolean, DateTime, Engine, MetaData, Table, event, insert, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

from services.clients.store.cases import SqlCaseStore
from services.clients.store.conversations import SqlConversationStore
from services.clients.store.database import open_database
from services.clients.store.tables import outbox
from services.clients.store.unusable import DatabaseUnusableError
from services.clients.store.versions import alembic_config
from services.domain.case.case import UNNUMBERED
from services.domain.case.creation import created_by_person
from services.domain.case.parts import CaseNumber
from services.domain.case.status import Status
from services.domain.case.transition import TaskKind
from services.domain.case.workflow import Verb
from services.ports.errors import ChangedMeanwhile
from services.ports.teams import ConversationRef
from tests.cases import ANA, CASES, NOW
from tests.databases import ON_BOTH, Databases

STORED = Path(__file__).parent / "stored"
REVISIONS = ("0001", "0002", "0003", "0004")
FORGETTING_SINCE = "0003"
STATUSES = {
    1: Status.APPROVED,
    2: Status.NEEDS_INFO,
    3: Status.OFF_LIST,
    4: Status.NEEDS_TICKET,
    5: Status.WITH_MICROSOFT,
    6: Status.ALREADY_LIFTED,
    7: Status.CLOSED_UNCONFIRMED,
    8: Status.NOT_RESTRICTED,
    9: Status.WAITING,
    10: Status.DENIED,
    11: Status.WORKS,
    12: Status.UNBLOCKED,
    13: Status.FAILED,
    14: Status.OFF_LIST,
    15: Status.RELAPSED,
    16: Status.SECURING,
}
"""The statuses of the cases that each frozen database holds."""
ANAS_STORY = [
    *(Verb.OPEN, Verb.SECURE, Verb.SECURE, Verb.SECURE, Verb.SEND, Verb.REVIEW, Verb.REMIND, Verb.ASK, Verb.REPLY),
    *(Verb.APPROVE, Verb.UNBLOCK, Verb.UNBLOCK),
]


@asynccontextmanager
async def raw(url: str) -> AsyncIterator[Any]:
    """Opens the database without the bot's own code."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        yield connection
    await engine.dispose()


@cache
def frozen(revision: str) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = json.loads((STORED / f"{revision}.json").read_text(encoding="utf-8"))
    return rows


async def old_database(databases: Databases, revision: str = "0001") -> str:
    """Fills the database as the program of that revision left it."""
    url = databases.empty()
    async with raw(url) as connection:
        await connection.run_sync(lambda sync: command.upgrade(alembic_config(sync), revision))
        await connection.run_sync(_fill, frozen(revision))
    return url


def _fill(connection: Connection, rows: dict[str, list[dict[str, Any]]]) -> None:
    tables = MetaData()
    tables.reflect(connection)
    for name, stored in rows.items():
        table = tables.tables[name]
        if stored:
            connection.execute(insert(table), [_typed(table, row) for row in stored])
        if connection.dialect.name == "postgresql" and table.autoincrement_column is not None and stored:
            column = table.autoincrement_column.name
            connection.execute(text(f"select setval('{name}_{column}_seq', (select max({column}) from {name}))"))


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """SQLite stores times as text and booleans as numbers; converts both back."""
    values = dict(row)
    for name, value in row.items():
        if isinstance(table.c[name].type, DateTime) and value is not None:
            values[name] = datetime.fromisoformat(value).replace(tzinfo=UTC)
        if isinstance(table.c[name].type, Boolean):
            values[name] = bool(value)
    return values


async def holds_what_it_held(url: str, revision: str = "0001") -> None:
    """Asserts that everything of the old database is there, in today's words."""
    async with open_database(url) as database:
        cases = SqlCaseStore(database)
        for number, status in STATUSES.items():
            found = await cases.get(CaseNumber(number))
            assert found is not None
            assert found.status is status
            assert len(await cases.history(CaseNumber(number))) == sum(
                row["case_number"] == number for row in frozen(revision)["events"]
            )
        assert {case.number for case in await cases.open_cases()} >= {n for n, s in STATUSES.items() if not s.is_ended}
        await _anas_case_is_whole(cases)
        await _one_person_has_one_open_case(cases)
        if revision == REVISIONS[-1]:
            await _a_containment_is_told_in_identifiers(cases)
        language = "en-GB" if revision == "0001" else "de"
        assert await SqlConversationStore(database).person(ANA) == ConversationRef(
            id="a:1", service_url="https://x/", locale=language
        )
        async with database.reading() as connection:
            tasks = (await connection.execute(select(outbox.c.case_number, outbox.c.kind))).all()
        assert sorted(tasks) == sorted(_tasks(revision))


async def _anas_case_is_whole(cases: SqlCaseStore) -> None:
    case = await cases.open_of(ANA)
    assert case is not None
    assert (case.number, case.version, case.request.note) == (1, 12, "It was our newsletter.")
    assert case.request.question is not None
    assert (case.request.question.asked.text, case.request.question.reply) == ("Which mailing tool?", "Our own.")
    assert (case.unblock.error, case.unblock.calls) == ("timed out: HTTP 504", 1)
    history = await cases.history(case.number)
    assert [event.verb for event in history] == ANAS_STORY
    assert history[0].facts == {
        "status": "securing",
        "cause": "policy_limit",
        "password": "not_checked",
        "mfa": "not_checked",
    }
    assert history[-1].facts["error"] == "timed out: HTTP 504"


async def _one_person_has_one_open_case(cases: SqlCaseStore) -> None:
    """The index of open cases lists the open statuses by their stored words."""
    for number in (1, 2, 3, 5):
        case = await cases.get(CaseNumber(number))
        assert case is not None
        with pytest.raises(ChangedMeanwhile):
            await cases.save(
                created_by_person(
                    replace(
                        CASES[Status.SECURING],
                        number=UNNUMBERED,
                        sender=replace(CASES[Status.SECURING].sender, person=case.sender.person),
                    ),
                    NOW,
                ),
                {},
            )


async def _a_containment_is_told_in_identifiers(cases: SqlCaseStore) -> None:
    history = await cases.history(CaseNumber(18))
    told = [event.facts for event in history if event.verb in (Verb.CONTAIN, Verb.PUT_BACK)]
    assert told[0]["steps"] == "revoke_sessions, new_password, rules_off, forwarding_off, disable_account"
    assert told[1]["steps"] == "confirmed"
    ended = {facts["step"]: facts["outcome"] for facts in told if facts.get("outcome") not in (None, "begun")}
    assert ended == {
        "revoke_sessions": "done",
        "new_password": "on_premises",
        "rules_off": "failed",
        "forwarding_off": "already_so",
        "disable_account": "done",
    }


KINDS = {
    "show person": TaskKind.UPDATE_PERSON_CARD,
    "show approvers": TaskKind.UPDATE_APPROVERS_CARD,
    "tell person": TaskKind.NOTIFY_PERSON,
    "tell approvers": TaskKind.NOTIFY_APPROVERS,
    "post approvers": TaskKind.REPOST_APPROVERS_CARD,
    "release": TaskKind.UNBLOCK,
    "watch end": TaskKind.WATCH_END,
    "ask back": TaskKind.ASK_BACK,
}


def _tasks(revision: str) -> list[tuple[int, str]]:
    """The tasks that were due, and for each ended case the task that deletes its personal details later."""
    rows = frozen(revision)["todos"]
    tasks = [(row["case_number"], str(KINDS.get(row["duty"], row["duty"]))) for row in rows]
    if revision < FORGETTING_SINCE:
        tasks += [(number, "forget") for number, status in STATUSES.items() if status.is_ended]
    return tasks


@ON_BOTH
@pytest.mark.parametrize("revision", REVISIONS)
async def test_a_filled_database_of_any_revision_is_brought_up(databases: Databases, revision: str) -> None:
    url = await old_database(databases, revision)
    await holds_what_it_held(url, revision)
    await holds_what_it_held(url, revision)  # a second start has nothing to migrate


@pytest.mark.parametrize("table", ["cases", "events", "todos"])
async def test_a_program_of_before_that_still_runs_can_read_and_write_nothing(databases: Databases, table: str) -> None:
    """An older program would not find tasks under their new names, and newer ones would not find those it writes."""
    url = await old_database(databases, "0004")
    async with open_database(url):
        pass
    columns = list(frozen("0004")[table][0])
    async with raw(url) as connection:
        for statement in (
            f"select {', '.join(columns)} from {table}",
            f"insert into {table} ({', '.join(columns)}) values ({', '.join('null' for _ in columns)})",
        ):
            with pytest.raises(OperationalError, match=r"no such|has no column"):
                await connection.execute(text(statement))


async def test_a_damaged_line_of_a_history_does_not_stop_the_migration(databases: Databases) -> None:
    """SQLite takes any text for JSON; PostgreSQL takes none."""
    url = await old_database(databases, "0004")
    async with raw(url) as connection:
        await connection.execute(text("update events set seen = 'no JSON' where case_number = 9"))
        await connection.execute(text("update events set seen = '[]' where case_number = 10"))
    async with open_database(url) as database:
        history = await SqlCaseStore(database).history(CaseNumber(2))
    assert history[0].facts["status"] == "needs_info"


class Interrupted(BaseException):
    """Raised where the process ends."""


@contextmanager
def interrupted_at(statement: int) -> Iterator[list[str]]:
    """Ends the process right before that statement; yields the statements it reached."""
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
    assert any("outbox" in statement for statement in statements)
    url, before = databases.copy_of(old), await everything_in(old)
    for number in range(1, len(statements) + 1):
        with interrupted_at(number), pytest.raises(Interrupted):
            async with open_database(url):
                pass
        if await everything_in(url) != before:
            # Of what is exactly as it was, the next start makes what the last one below makes.
            await holds_what_it_held(url)
            url = databases.copy_of(old)
    await holds_what_it_held(url)


async def everything_in(url: str) -> list[Any]:
    """What tables, columns and indexes there are, and all rows."""
    how: tuple[str, ...]
    async with raw(url) as connection:
        if connection.dialect.name == "postgresql":
            columns = "table_name, column_name, data_type, is_nullable, column_default"
            how = (
                f"select {columns} from information_schema.columns where table_schema = 'public' order by 1, 2",
                "select indexdef from pg_indexes where schemaname = 'public' order by 1",
                "select conname, pg_get_constraintdef(oid) from pg_constraint order by 1, 2",
            )
            tables = "select tablename from pg_tables where schemaname = 'public' order by 1"
        else:
            how = ("select type, name, sql from sqlite_master order by 1, 2",)
            tables = "select name from sqlite_master where type = 'table' order by 1"
        names = list((await connection.execute(text(tables))).scalars())
        rows = (f'select * from "{name}"' for name in names)
        return [sorted(map(repr, await connection.execute(text(query)))) for query in (*how, *rows)]


@ON_BOTH
async def test_a_migration_that_fails_leaves_the_old_database_as_it_was(databases: Databases) -> None:
    """A foreign table with our name is reported, no migration is left half done, and without it the start succeeds."""
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
