"""What a question costs on SQLite: one visit to the driver's thread, and what a cancelled writer leaves: nothing."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, func, insert, select

from services.clients.store.database import Database, open_database
from services.clients.store.tables import seen
from tests.cases import NOW
from tests.databases import Files

_STEPS = 40
"""Rounds of the loop after which a writer is cancelled; none takes as many."""
_ROW = insert(seen).values(conversation="chat", activity=bindparam("activity"), at=NOW)


class Counting(asyncio.SelectorEventLoop):
    """An event loop that counts how often a thread calls back."""

    visits = 0

    def call_soon_threadsafe(self, *call: Any, **options: Any) -> asyncio.Handle:  # type: ignore[override]  # passed on
        self.visits += 1
        return super().call_soon_threadsafe(*call, **options)


def test_a_question_visits_the_thread_once_and_what_is_written_once_more(tmp_path: Path) -> None:
    loop = Counting()

    async def told() -> tuple[int, int, int]:
        async with open_database(Files(tmp_path).fresh()) as database:
            await _write(database, "before")
            begun = loop.visits
            assert await _count(database) == 1
            asked = loop.visits
            await _write(database, "one more")
            return begun, asked, loop.visits

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        begun, asked, written = runner.run(told())
    assert asked - begun == 1
    assert written - asked == 2, "BEGIN IMMEDIATE with the row; COMMIT"


async def test_whoever_is_cancelled_while_writing_leaves_no_transaction_open(tmp_path: Path) -> None:
    async with open_database(Files(tmp_path).fresh()) as database:
        for step in range(_STEPS):
            writing = asyncio.create_task(_write(database, f"given up {step}"))
            for _ in range(step):
                await asyncio.sleep(0)
            writing.cancel()
            with suppress(asyncio.CancelledError):
                await writing
            before = await _count(database)
            await _write(database, f"after {step}")
            assert await _count(database) == before + 1


async def test_who_handles_the_end_of_a_cancelled_writer_may_write(tmp_path: Path) -> None:
    async with open_database(Files(tmp_path).fresh(), wait=0.3) as database:

        async def given_up() -> None:
            async with database.writing() as connection:
                await connection.execute(_ROW, {"activity": "twice"})
                _this_task().cancel()
                await connection.execute(_ROW, {"activity": "twice"})  # is refused, and nobody hears of it

        try:
            await asyncio.create_task(given_up())
        except asyncio.CancelledError:
            await _write(database, "after")
        assert await _count(database) == 1


def _this_task() -> asyncio.Task[None]:
    task = asyncio.current_task()
    assert task
    return task


async def _write(database: Database, activity: str) -> None:
    async with database.writing() as connection:
        await connection.execute(_ROW, {"activity": activity})


async def _count(database: Database) -> int:
    async with database.reading() as connection:
        return int((await connection.execute(select(func.count()).select_from(seen))).scalar_one())
