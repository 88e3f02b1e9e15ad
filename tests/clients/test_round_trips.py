"""What a question costs on PostgreSQL: one statement, and no other before or after it."""

from typing import Any

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import event, insert, select, text
from sqlalchemy.engine.interfaces import ExecuteStyle
from sqlalchemy.ext.asyncio import AsyncConnection

from services.clients.store.cases import SqlCaseStore
from services.clients.store.database import Database, open_database
from services.clients.store.list_monitor import SqlMonitorStore
from services.clients.store.tables import seen
from services.domain.case.apply import apply
from services.domain.case.commands.clock import Reminded
from services.domain.case.creation import created_by_person
from services.domain.case.status import Status
from services.domain.case.timers import timers
from services.domain.list_monitor import KnownEntry
from services.ports.errors import Unavailable
from tests.cases import CASES, NOW, TIMING
from tests.databases import Postgres

_ROW = {"conversation": "chat", "activity": "1", "at": NOW}
_QUESTIONS = 50


async def test_a_question_is_one_transaction_without_begin_commit_or_a_trial_before_it(
    postgres_server: Postgres,
) -> None:
    url = postgres_server.fresh()
    async with open_database(url) as database:
        for _ in range(_QUESTIONS):
            async with database.reading() as connection:
                await connection.execute(select(seen))
                assert await status_of(connection) is TransactionStatus.IDLE
    # Beside the questions only the few of a start and of the server's own work.
    assert postgres_server.transactions(url) < _QUESTIONS * 1.5


async def test_what_is_written_is_one_transaction_all_or_nothing(postgres_server: Postgres) -> None:
    async with open_database(postgres_server.fresh()) as database:
        with pytest.raises(Unavailable):
            await _writes_and_breaks(database)
        async with database.reading() as connection:
            assert (await connection.execute(select(seen))).first() is None


async def test_a_connection_that_was_left_in_a_pipeline_is_used_by_nobody_any_more(postgres_server: Postgres) -> None:
    """What is asked in a pipeline is not carried out before its end, and what is committed there seems to be."""
    async with open_database(postgres_server.fresh()) as database:
        async with database.engine.connect() as connection:
            raw = await connection.get_raw_connection()
            assert raw.driver_connection is not None
            # Held until the end: one that is collected leaves the pipeline by itself, in a task beside the next
            # connection, and takes away the loop's ear for that one where the system gave it the same number.
            left = raw.driver_connection.pipeline()
            await left.__aenter__()
        async with database.writing() as connection:
            await connection.execute(insert(seen).values(_ROW))
        async with database.reading() as connection:
            assert (await connection.execute(select(seen))).one().activity == "1"
        del left


async def test_several_rows_are_written_as_one_statement_and_never_as_a_pipeline(postgres_server: Postgres) -> None:
    styles = []
    async with open_database(postgres_server.fresh()) as database:

        @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
        def _sent(*sent: Any) -> None:
            styles.append(sent[4].execute_style)

        case, cases, monitor = CASES[Status.WAITING], SqlCaseStore(database), SqlMonitorStore(database)
        saved = await cases.save(created_by_person(case, NOW), timers(case, NOW, TIMING))
        await cases.save(apply(saved, Reminded(), NOW, TIMING), timers(saved, NOW, TIMING))
        await monitor.remember(
            [KnownEntry(address=address, since=NOW) for address in ("ana@x.example", "bo@x.example")], ()
        )
        assert len(await monitor.known()) == 2
    assert ExecuteStyle.INSERTMANYVALUES in styles
    assert ExecuteStyle.EXECUTEMANY not in styles


async def _writes_and_breaks(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(insert(seen).values(_ROW))
        assert await status_of(connection) is TransactionStatus.INTRANS
        await connection.execute(text("select pg_terminate_backend(pg_backend_pid())"))


async def status_of(connection: AsyncConnection) -> TransactionStatus:
    """What the server says of the transaction of this connection."""
    raw = await connection.get_raw_connection()
    assert raw.driver_connection is not None
    return TransactionStatus(raw.driver_connection.info.transaction_status)
