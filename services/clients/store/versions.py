"""Which migration a database is at, and how it comes to this program's.

Alembic is loaded where there is something to migrate, and nowhere else: it takes a twentieth of a start, and what it
brings along stays in memory."""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from services.clients.store.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION = re.compile(r"(\d{4})_\w+\.py")
_TABLE = "alembic_version"


class NewerDatabaseError(Exception):
    """The database is at a migration that this program does not have."""


@cache
def known_versions() -> frozenset[str]:
    """Every migration that this program has: the name of each one's file begins with its revision. Cached: the files do
    not change while the program runs."""
    files = (_MIGRATIONS / "versions").iterdir()
    return frozenset(named[1] for file in files if (named := _MIGRATION.fullmatch(file.name)))


def newest_version() -> str:
    """The migration that this program works on."""
    return max(known_versions())


def version_of(connection: Connection) -> str | None:
    """The migration that the database is at; `None` before the first."""
    if not inspect(connection).has_table(_TABLE):
        return None
    version: str | None = connection.scalar(text(f"select version_num from {_TABLE}"))  # noqa: S608 - our own constant
    return version


def upgrade(connection: Connection) -> None:
    """Bring the database to this program's version. Raises `NewerDatabaseError`; nothing is changed then."""
    found = version_of(connection)
    if found == newest_version():
        return
    if found is not None and found not in known_versions():
        raise NewerDatabaseError(f"it is at {found}, and this program knows {newest_version()}")
    if connection.dialect.name == "sqlite" and not inspect(connection).get_table_names():
        _make(connection)
        return
    from alembic import command  # noqa: PLC0415 - see above

    command.upgrade(alembic_config(connection), "head")


def _make(connection: Connection) -> None:
    """In an empty file all tables are made at once, as the migrations would leave them. In PostgreSQL they would not be
    the same: there a constraint keeps the name of the table that it was made with, and a migration may speak of it.
    https://alembic.sqlalchemy.org/en/latest/cookbook.html#building-an-up-to-date-database-from-scratch"""
    metadata.create_all(connection, checkfirst=False)
    name = f"version_num VARCHAR(32) NOT NULL, CONSTRAINT {_TABLE}_pkc PRIMARY KEY (version_num)"
    connection.execute(text(f"create table {_TABLE} ({name})"))
    connection.execute(text(f"insert into {_TABLE} values (:newest)"), {"newest": newest_version()})  # noqa: S608 - our constant


def alembic_config(connection: Connection) -> "Config":
    """Alembic's configuration for our migrations, on an open connection."""
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
