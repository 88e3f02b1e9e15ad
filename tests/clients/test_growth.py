"""A question costs the same whether a thousand cases are behind us or many more: counted, not timed."""

import re
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import text

from services.clients.store.cases import SqlCaseStore
from services.clients.store.database import Database, open_database
from tests.clients.grown import grow, plans, questions
from tests.databases import Databases, Files, Postgres

_SMALL, _GROWN = 500, 2_500
_FOR_A_PLAN = 5_000
"""Rows of which PostgreSQL takes an index; a small table it reads as a whole, and is right."""
_WHOLE = r"SCAN (cases|events|cards|outbox|conversations|seen)\b"
_DEEPER = 60
"""Steps that an index of more levels may cost, and a row that is found in another place of it."""


async def test_on_sqlite_no_question_takes_more_steps_in_a_database_that_has_grown(tmp_path: Path) -> None:
    databases = Files(tmp_path)
    small, grown = await _steps(databases, _SMALL), await _steps(databases, _GROWN)
    longer = {what: (steps, grown[what]) for what, steps in small.items() if grown[what] > 1.3 * steps + _DEEPER}
    assert not longer


async def test_what_somebody_decided_about_others_costs_them_nothing_when_they_ask_themselves(tmp_path: Path) -> None:
    databases = Files(tmp_path)
    others = await _steps(databases, _SMALL)
    decided = "update events set who = 'person-400', actor = 'approver', verb = 'approve'"
    theirs = await _steps(databases, _SMALL, decided)
    for question in ("who somebody is that writes", "the newest case of a person"):
        assert theirs[question] <= others[question] + _DEEPER, question


async def test_on_sqlite_no_question_goes_through_a_whole_table_that_grows(tmp_path: Path) -> None:
    async with open_database(Files(tmp_path).fresh()) as database:
        await grow(database, _SMALL, _SMALL)
        planned = await plans(database)
    assert len(planned) >= len(questions(database))
    assert not {(one.question, line) for one in planned for line in one.lines if re.match(_WHOLE, line)}


async def test_on_postgresql_no_question_reads_a_whole_table_that_grows(postgres_server: Postgres) -> None:
    async with open_database(postgres_server.fresh()) as database:
        await grow(database, _FOR_A_PLAN, _FOR_A_PLAN)
        planned = await plans(database)
    assert len(planned) >= len(questions(database))
    scans = {(one.question, line.strip()) for one in planned for line in one.lines if "Seq Scan" in line}
    assert not {question for question, line in scans if " on stalls" not in line}


async def test_on_postgresql_a_page_of_many_open_cases_does_not_begin_with_all_that_ended(
    postgres_server: Postgres,
) -> None:
    async with open_database(postgres_server.fresh()) as database:
        await grow(database, _FOR_A_PLAN, _FOR_A_PLAN, open_ones=_FOR_A_PLAN // 5)
        pages = {"cases": lambda: SqlCaseStore(database).open_cases(most=40)}
        (planned,) = await plans(database, pages)
    assert any("ix_cases_open" in line for line in planned.lines), planned.lines


async def _steps(databases: Databases, rows: int, change: str = "") -> Mapping[str, int]:
    """How many steps SQLite's own machine takes for each question, in a database of so many cases that was changed.
    https://www.sqlite.org/c3ref/progress_handler.html"""
    async with open_database(databases.fresh()) as database:
        await grow(database, rows, rows)
        if change:
            async with database.writing() as connection:
                await connection.execute(text(change))
        counter = await _counting(database)
        steps = {}
        for question, ask in questions(database).items():
            before = counter[0]
            await ask()
            steps[question] = counter[0] - before
    assert all(steps.values()), "each question was counted"
    return steps


async def _counting(database: Database) -> list[int]:
    """Counts the steps of every statement from now on: one connection is in use at a time, and always the same."""
    counter = [0]

    def count() -> None:
        counter[0] += 1

    async with database.engine.connect() as connection:
        raw = await connection.get_raw_connection()
        assert raw.driver_connection is not None
        await raw.driver_connection.set_progress_handler(count, 1)
    return counter
