"""The database fails: the fault is reported clearly, nothing is lost, and the bot recovers by itself where it can."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncConnection

from dialogs.conversations.inbound import ConversationKind
from services.clients.store.database import Database, open_database
from services.clients.store.unusable import DatabaseUnusableError
from services.domain.case.status import Status
from services.ports.errors import Unavailable
from tests.cases import BO, MINUTE
from tests.databases import POSTGRESQL, SQLITE, Files, Postgres, file_of
from tests.dialogs.rounds import run_due
from tests.dialogs.world import ANA_CLICKS, CLEO, World
from tests.reliability.endings import untrue_cards
from tests.reliability.troubles import ON_POSTGRESQL, ON_SQLITE, Scene, Trouble

EVERY_TROUBLE = [(SQLITE, trouble) for trouble in ON_SQLITE] + [(POSTGRESQL, trouble) for trouble in ON_POSTGRESQL]
IN_TROUBLE = pytest.mark.parametrize(
    ("databases", "trouble"), EVERY_TROUBLE, indirect=["databases"], ids=[trouble.name for _, trouble in EVERY_TROUBLE]
)


@pytest_asyncio.fixture
async def scene(databases: Files | Postgres) -> AsyncIterator[Scene]:
    url = databases.fresh()
    async with open_database(url) as database:
        yield Scene(database=database, url=url, server=databases if isinstance(databases, Postgres) else None)


@IN_TROUBLE
async def test_what_is_decided_in_the_trouble_is_not_half_done(scene: Scene, trouble: Trouble) -> None:
    """No reply says "done" when it was not; pressed again afterwards, it is done once."""
    w = World(scene.database)
    await w.ana_has_sent()
    await trouble.begins(scene)
    with suppress(Unavailable):  # answered with "try again"; on a full disk there may be room for one more row
        await w.presses(BO, "approve", by_another_route="true", ground="called her")
    with pytest.raises(Unavailable, match=trouble.sentence):
        await scene.database.ping()
    await trouble.ends(scene)
    await w.bo_approves()
    await w.passes(20 * MINUTE)
    await scene.database.ping()
    assert await w.status() is Status.OFF_LIST
    assert len(w.mail.removals) == 1
    assert await untrue_cards(w, await w.case()) == []


@IN_TROUBLE
async def test_what_was_decided_before_the_trouble_is_done_after_it(scene: Scene, trouble: Trouble) -> None:
    w = World(scene.database)
    await w.ana_has_sent()
    await w.only_says(BO, "approve 1 called: her newsletter", ConversationKind.CHANNEL)
    await trouble.begins(scene)
    for _ in range(3):
        for loop in w.workers:
            await run_due(loop)
    await trouble.ends(scene)
    await w.passes(20 * MINUTE)
    assert await w.status() is Status.OFF_LIST
    assert len(w.mail.removals) == 1
    assert await untrue_cards(w, await w.case()) == []


async def test_a_lock_of_a_moment_is_waited_for_by_everybody(databases: Files) -> None:
    """Twenty clicks come while another program writes: all are answered, one decides."""
    async with open_database(databases.fresh()) as opened:
        waiting = Arrivals(opened, 20)
        w = World(waiting)
        await w.ana_has_sent()
        waiting.counts = True
        with locked(str(opened.engine.url.database)) as lock:
            clicks = [
                asyncio.create_task(w.only_presses(who, "approve", 1, ConversationKind.CHANNEL, {}))
                for who in [BO, CLEO] * 10
            ]
            await waiting.all_are_here.wait()
            lock.rollback()
            await asyncio.gather(*clicks)
        await w.passes(5 * MINUTE)
        assert await w.status() is Status.OFF_LIST
        assert len(w.mail.removals) == 1


class Arrivals(Database):
    """The real database, which signals when that many writers wait."""

    def __init__(self, database: Database, expected: int) -> None:
        super().__init__(database.engine)
        self._expected = expected
        self.counts = False
        self.all_are_here = asyncio.Event()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        if self.counts:
            self._expected -= 1
            if not self._expected:
                self.all_are_here.set()
        async with super().writing() as connection:
            yield connection


@contextmanager
def locked(file: str) -> Iterator[sqlite3.Connection]:
    """Another program that writes."""
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("begin immediate")
    try:
        yield other
    finally:
        other.close()


async def test_connections_that_break_in_mid_story_are_replaced(postgres_server: Postgres) -> None:
    url = postgres_server.fresh()
    async with open_database(url) as database:
        w = World(database)
        await w.ana_asks()
        assert postgres_server.hang_up_on(url) >= 1
        await w.ana_secures()
        assert postgres_server.hang_up_on(url) >= 1
        await w.presses(ANA_CLICKS, "send")
        assert postgres_server.hang_up_on(url) >= 1
        await w.bo_approves()
        await w.passes(5 * MINUTE)
        assert await w.status() is Status.OFF_LIST
        assert len(w.mail.removals) == 1


async def test_when_every_connection_is_in_use_it_is_said(tmp_path: Path) -> None:
    async with open_database(Files(tmp_path).fresh(), wait=0.3) as database, AsyncExitStack() as stack:
        for _ in range(15):
            await stack.enter_async_context(database.engine.connect())
        with pytest.raises(Unavailable, match="all connections are in use"):
            await database.ping()


async def test_a_file_that_is_damaged_while_the_bot_runs_is_said_and_refused_at_the_next_start(tmp_path: Path) -> None:
    url = Files(tmp_path).fresh()
    async with open_database(url) as database:
        w = World(database)
        await w.ana_has_sent()
        _overwrite(url)
        with pytest.raises(Unavailable, match=r"malformed|not a database"):
            await w.bo_approves()
        for loop in w.workers:
            await run_due(loop)
        with pytest.raises(Unavailable, match=r"malformed|not a database"):
            await database.ping()
    with pytest.raises(DatabaseUnusableError, match="backup"):
        async with open_database(url):
            pass


def _overwrite(url: str) -> None:
    with sqlite3.connect(file_of(url)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    file_of(url).write_bytes(b"something else entirely " * 8_000)


async def test_a_file_that_cannot_be_written_is_refused_at_the_start(tmp_path: Path) -> None:
    file = file_of(Files(tmp_path).fresh())
    async with open_database(f"sqlite+aiosqlite:///{file}"):
        pass
    with pytest.raises(DatabaseUnusableError, match=r"readonly database.*this user may write to it"):
        async with open_database(f"sqlite+aiosqlite:///file:{file}?mode=ro&uri=true"):
            pass


async def test_a_file_that_another_program_holds_is_refused_at_the_start(tmp_path: Path) -> None:
    url = Files(tmp_path).fresh()
    async with open_database(url):
        pass
    with locked(str(file_of(url))), pytest.raises(DatabaseUnusableError, match=r"locked\. Another program holds it"):
        async with open_database(url, wait=0.3):
            pass
