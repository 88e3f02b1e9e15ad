"""Opening a database: to be migrated, damaged, of a newer version, unreachable."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from services.clients.store.cases import SqlCaseStore
from services.clients.store.database import Database, open_database
from services.clients.store.tables import metadata
from services.clients.store.unusable import DatabaseUnusableError
from services.clients.store.versions import alembic_config
from services.domain.case.creation import created_by_person
from services.domain.case.parts import CaseNumber
from services.domain.case.status import Status
from services.ports.errors import Unavailable
from tests.cases import CASES, NOW
from tests.databases import UNHURRIED, Postgres, sqlite_url


def _differences(connection: Connection) -> list[object]:
    found: list[object] = compare_metadata(MigrationContext.configure(connection), metadata)
    return found


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_the_migrations_make_the_tables(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    server: Postgres | None = request.getfixturevalue("postgres_server") if kind == "postgresql" else None
    url = server.empty() if server else sqlite_url(tmp_path)
    async with open_database(url) as database, database.engine.connect() as connection:
        assert await connection.run_sync(_differences) == []


async def test_a_filled_database_is_opened_again_as_it_was(tmp_path: Path) -> None:
    async with open_database(sqlite_url(tmp_path)) as database:
        await SqlCaseStore(database).save(created_by_person(CASES[Status.WAITING], NOW), {})
    async with open_database(sqlite_url(tmp_path)) as database:
        case = await SqlCaseStore(database).get(CaseNumber(1))
        assert case is not None
        assert case.status is Status.WAITING


async def test_replicas_may_start_together(postgres_server: Postgres) -> None:
    url = postgres_server.empty()

    async def start() -> None:
        async with open_database(url) as database:
            await database.ping()

    await asyncio.gather(*(start() for _ in range(4)))


@asynccontextmanager
async def writer(url: str) -> AsyncIterator[psycopg.AsyncConnection]:
    """Somebody in the middle of a transaction, who looks for no deadlock themselves."""
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    async with await psycopg.AsyncConnection.connect(plain) as connection:
        await connection.execute("set deadlock_timeout = '1h'")
        yield connection


async def test_a_migration_that_an_older_program_is_in_the_way_of_is_tried_again(postgres_server: Postgres) -> None:
    url = postgres_server.empty()
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(lambda plain: command.upgrade(alembic_config(plain), "0012"))
    await engine.dispose()

    async def migrates() -> None:
        async with open_database(f"{url}&options=-c%20deadlock_timeout%3D10ms") as database:
            await database.ping()
            assert not database.newer.migrated

    async def waiting(many: int) -> None:
        mine = "database = (select oid from pg_database where datname = current_database())"
        asked = f"select count(*) from pg_locks where not granted and {mine}"
        while postgres_server.run(asked, database=url) != [(many,)]:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.01)

    async with writer(url) as older, writer(url) as another, asyncio.timeout(UNHURRIED), asyncio.TaskGroup() as tasks:
        await older.execute("select from cases")
        await another.execute("lock table cards in row exclusive mode")
        tasks.create_task(migrates())
        await waiting(1)  # for the cards; it holds the outbox by now
        claims = tasks.create_task(older.execute("update outbox set tries = 1"))
        await waiting(2)
        await another.commit()  # the migration comes to the cases, which the older program reads
        await claims
        await older.commit()


async def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    async with open_database(sqlite_url(tmp_path)) as database, database.writing() as connection:
        await connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(DatabaseUnusableError, match="newer Sendwell"):
        async with open_database(sqlite_url(tmp_path)):
            pass


async def test_a_damaged_file_is_refused_with_advice(tmp_path: Path) -> None:
    (tmp_path / "sendwell.db").write_bytes(b"this is no database " * 500)
    with pytest.raises(DatabaseUnusableError, match="restore a backup"):
        async with open_database(sqlite_url(tmp_path)):
            pass


async def test_a_damaged_page_is_found_at_the_start(tmp_path: Path) -> None:
    async with open_database(sqlite_url(tmp_path)) as database:
        await SqlCaseStore(database).save(created_by_person(CASES[Status.WAITING], NOW), {})
    file = tmp_path / "sendwell.db"
    whole = bytearray(file.read_bytes())
    with sqlite3.connect(file) as connection:
        root = connection.execute("select rootpage from sqlite_master where name = 'cases'").fetchone()[0]
    whole[(root - 1) * 4096 : root * 4096] = b"\xff" * 4096
    file.write_bytes(bytes(whole))
    with pytest.raises(DatabaseUnusableError):
        async with open_database(sqlite_url(tmp_path)):
            pass


async def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusableError, match="cannot be used"):
        async with open_database(f"sqlite+aiosqlite:///{tmp_path}/no/such/folder/x.db"):
            pass
    await asyncio.sleep(0.1)  # the driver's thread reports its failed close to the event loop, which must still run


async def test_a_database_that_is_away_is_unavailable_not_a_crash(postgres_server: Postgres) -> None:
    async with open_database(postgres_server.fresh()) as database:
        with pytest.raises(Unavailable) as trouble:
            async with database.writing() as connection:
                await connection.execute(text("select pg_terminate_backend(pg_backend_pid())"))
        assert "select" not in str(trouble.value)
        await database.ping()


async def test_a_locked_file_is_waited_for_and_then_said(tmp_path: Path) -> None:
    async with open_database(sqlite_url(tmp_path), wait=0.3) as database:
        other = sqlite3.connect(tmp_path / "sendwell.db", isolation_level=None)
        other.execute("begin immediate")
        try:
            async with database.reading() as connection:
                await connection.execute(text("select 1"))
            with pytest.raises(Unavailable, match="locked"):
                async with database.writing() as connection:
                    await connection.execute(text("select 1"))  # a writer has the lock from its first statement on
        finally:
            other.close()


async def test_writers_of_one_process_queue_and_the_last_one_gets_its_turn(tmp_path: Path) -> None:
    """With more writers than connections, none polls for SQLite's lock, none is refused, and readers go on."""
    order: list[int] = []

    async def write(database: Database, number: int) -> None:
        async with database.writing() as connection:
            await connection.execute(text("update alembic_version set version_num = version_num"))
            order.append(number)

    async with open_database(sqlite_url(tmp_path)) as database:
        async with database.writing():
            writers = [asyncio.create_task(write(database, number)) for number in range(60)]
            await asyncio.sleep(0)
            for _ in range(20):
                await database.ping()
            assert order == []
        await asyncio.gather(*writers)
    assert order == list(range(60))


async def test_whoever_waits_too_long_for_a_turn_is_told(tmp_path: Path) -> None:
    async with open_database(sqlite_url(tmp_path), wait=0.05) as database, database.writing():
        with pytest.raises(Unavailable, match="too many are writing"):
            async with database.writing():
                pass
