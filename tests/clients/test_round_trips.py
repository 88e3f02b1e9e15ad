"""What a question costs on PostgreSQL: one statement, and no other before or after it."""

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.clients.store.database import Database, open_database
from services.clients.store.tables import seen
from services.ports.errors import Unavailable
from tests.cases import NOW
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
