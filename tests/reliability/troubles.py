"""Faults of a database while the bot runs, and how each one ends."""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from secrets import token_hex

from sqlalchemy import insert

from services.clients.store.database import Database
from services.clients.store.tables import seen
from services.ports.errors import Unavailable
from tests.cases import HOUR, NOW
from tests.databases import Postgres, file_of

LATER = NOW + 9_999 * HOUR


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A running bot's database and its server, where there is one."""

    database: Database
    url: str
    server: Postgres | None


Command = Callable[[Scene], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """How it begins and ends; `sentence` is what an operator reads."""

    name: str
    begins: Command
    ends: Command
    sentence: str


async def _pragma(scene: Scene, pragma: str) -> None:
    """Runs a pragma on the pool's first connection, the only one in use here."""
    async with scene.database.engine.connect() as connection:
        await connection.exec_driver_sql(f"pragma {pragma}")


class _Lock:
    """Another process that writes and does not come to an end."""

    async def begins(self, scene: Scene) -> None:
        await _pragma(scene, "busy_timeout=10")  # waiting the usual seconds would show the same
        self._other = sqlite3.connect(file_of(scene.url), isolation_level=None)
        self._other.execute("begin immediate")

    async def ends(self, _scene: Scene) -> None:
        self._other.close()


async def _fills_up(scene: Scene) -> None:
    async with scene.database.engine.connect() as connection:
        pages = (await connection.exec_driver_sql("pragma page_count")).scalar()
    await _pragma(scene, f"max_page_count={pages}")
    with suppress(Unavailable):
        while True:
            async with scene.database.writing() as connection:
                await connection.execute(
                    insert(seen).values(conversation=token_hex(99), activity=token_hex(99), at=LATER)
                )


async def _refuses_new_connections(scene: Scene) -> None:
    _server(scene).allow_connections(scene.url, allowed=False)
    _server(scene).hang_up_on(scene.url)


async def _takes_connections_again(scene: Scene) -> None:
    _server(scene).allow_connections(scene.url, allowed=True)


async def _becomes_a_standby(scene: Scene) -> None:
    _server(scene).set_read_only(scene.url, read_only=True)
    _server(scene).hang_up_on(scene.url)


async def _is_primary_again(scene: Scene) -> None:
    _server(scene).set_read_only(scene.url, read_only=False)
    _server(scene).hang_up_on(scene.url)


def _server(scene: Scene) -> Postgres:
    assert scene.server is not None
    return scene.server


_lock = _Lock()
ON_SQLITE = (
    Trouble(name="locked", begins=_lock.begins, ends=_lock.ends, sentence="database is locked"),
    Trouble(
        name="read-only",
        begins=lambda scene: _pragma(scene, "query_only=on"),
        ends=lambda scene: _pragma(scene, "query_only=off"),
        sentence="attempt to write a readonly database",
    ),
    Trouble(
        name="full",
        begins=_fills_up,
        ends=lambda scene: _pragma(scene, "max_page_count=1000000"),
        sentence="database or disk is full",
    ),
)
ON_POSTGRESQL = (
    Trouble(
        name="away",
        begins=_refuses_new_connections,
        ends=_takes_connections_again,
        sentence="not currently accepting connections",
    ),
    Trouble(
        name="read-only server", begins=_becomes_a_standby, ends=_is_primary_again, sentence="read-only transaction"
    ),
)
