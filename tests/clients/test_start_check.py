"""A start finds damage; of a large file it looks at what it works with, and not at all that ever was."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest_asyncio
from sqlalchemy import create_engine
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError

from services.clients.store.database import open_database
from services.clients.store.start_check import damage
from tests.clients.grown import grow
from tests.databases import Files, file_of


@pytest_asyncio.fixture
async def file(tmp_path: Path) -> Path:
    """A database with some hundred cases."""
    url = Files(tmp_path).fresh()
    async with open_database(url) as database:
        await grow(database, 300, 300)
    return file_of(url)


@contextmanager
def opened(file: Path) -> Iterator[Connection]:
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def is_damaged(file: Path, table: str) -> None:
    """The first page of a table is overwritten."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
        (page,) = connection.execute("select rootpage from sqlite_master where name = ?", (table,)).fetchone()
        (size,) = connection.execute("pragma page_size").fetchone()
    with file.open("r+b") as raw:
        raw.seek((page - 1) * size)
        raw.write(b"\xff" * size)


def is_found(file: Path, **how: int) -> bool:
    """Whether the damage is found: said, or too great for the check itself."""
    with opened(file) as connection:
        try:
            return damage(connection, **how) is not None
        except DatabaseError:
            return True


def test_a_file_in_order_is_trusted_whatever_its_size(file: Path) -> None:
    assert not is_found(file)
    assert not is_found(file, whole_up_to=0)


def test_damage_is_found_anywhere_in_a_small_file(file: Path) -> None:
    is_damaged(file, "events")
    assert is_found(file)


def test_of_a_large_file_the_tasks_are_looked_at_and_not_every_event_of_years(file: Path) -> None:
    is_damaged(file, "events")
    assert not is_found(file, whole_up_to=0)
    is_damaged(file, "outbox")
    assert is_found(file, whole_up_to=0)
