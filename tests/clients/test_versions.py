"""An empty file of SQLite is made at once and not by every migration since the first: nobody can tell afterwards."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from services.clients.store import versions
from services.clients.store.versions import known_versions, newest_version, upgrade
from tests.databases import Files

LISTED = ("get_columns", "get_indexes", "get_unique_constraints", "get_check_constraints", "get_foreign_keys")


def _made_of(connection: Connection) -> Mapping[str, object]:
    """All that is there, in no order: a column that a migration added stands behind the others."""
    found = inspect(connection)
    return {
        f"{table} {what}": sorted(_said(one) for one in getattr(found, what)(table))
        for table in found.get_table_names()
        for what in LISTED
    } | {table: found.get_pk_constraint(table) for table in found.get_table_names()}


def _said(one: Mapping[str, object]) -> str:
    """With the condition of a partial index as text."""
    options = one.get("dialect_options")
    plain = {name: str(option) for name, option in options.items()} if isinstance(options, Mapping) else options
    return str({**one, "dialect_options": plain})


def _upgraded(connection: Connection) -> tuple[Mapping[str, object], str]:
    upgrade(connection)
    return _made_of(connection), str(connection.scalar(text("select version_num from alembic_version")))


async def _of(url: str) -> tuple[Mapping[str, object], str]:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(_upgraded)
    finally:
        await engine.dispose()


async def test_an_empty_file_is_made_as_the_migrations_make_it(tmp_path: Path) -> None:
    files = Files(tmp_path)
    made, migrated = await _of(files.empty()), await _of(files.fresh())
    assert len(made[0]) > 60
    assert {what: of for what, of in made[0].items() if migrated[0].get(what) != of} == {}
    assert made == migrated
    assert made[1] == newest_version()


def test_the_names_of_the_files_say_the_versions() -> None:
    script = ScriptDirectory(str(Path(versions.__file__).parent / "migrations"))
    assert known_versions() == {one.revision for one in script.walk_revisions()}
    assert newest_version() == script.get_current_head()


async def test_tables_of_others_are_no_empty_database(tmp_path: Path) -> None:
    """Nothing is made over their head: what the first migration says of it is said."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'others.db'}")
    async with engine.begin() as connection:
        await connection.execute(text("create table cases (theirs integer)"))
    with pytest.raises(Exception, match="already exists"):
        async with engine.begin() as connection:
            await connection.run_sync(upgrade)
    await engine.dispose()
