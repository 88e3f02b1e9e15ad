"""What an operator reads on the machine: why a case waits, and who decided what on which facts."""

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import delete, text, update

from app import main
from services.clients.clock import SystemClock
from services.clients.store.database import open_to_read
from services.clients.store.tables import cases, events
from services.clients.store.trail import StallRow, TaskRow, trail_of
from services.clients.store.unusable import DatabaseUnusableError
from services.domain.case.parts import CaseNumber
from services.domain.case.status import OPEN, Status
from services.inspecting.audit_trail import as_csv
from services.inspecting.case_report import Read, report
from services.ports.errors import Unavailable
from tests.cases import ANA, BO, CASES, NOW, SPAM_REASON
from tests.databases import ON_BOTH, Databases
from tests.dialogs.world import World, small_world

PRIVATE = ("Ana", "Soto", "Bo Larsen", "@", ANA, BO.id, "she called me")
Commands = Callable[..., Awaitable[tuple[int, str, str]]]


@pytest.fixture
def url(databases: Databases) -> str:
    return databases.fresh()


@pytest_asyncio.fixture
async def w(url: str) -> AsyncIterator[World]:
    """The bot, which goes on running beside the command."""
    async with small_world(url) as world:
        yield world


@pytest.fixture
def commands(url: str, capsys: pytest.CaptureFixture[str]) -> Commands:
    """`python app.py …` with nothing set but the database."""

    async def run(*arguments: str, database: str = "") -> tuple[int, str, str]:
        given = {"SENDWELL_DATABASE_URL": database or url}
        code = await asyncio.to_thread(main, given, arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


async def test_why_a_case_waits_is_said_with_what_it_has_due_and_without_anybody(w: World, commands: Commands) -> None:
    await w.ana_has_sent(SPAM_REASON)
    code, said, _ = await commands("case", "1")
    assert code == 0
    assert "case 1: waiting" in said
    assert "waits for an approver's decision" in said
    assert "condition: " in said
    assert "task: remind, next" in said or "task: remind, due since" in said
    assert "person: send → waiting" in said
    assert [private for private in PRIVATE if private in said] == []


async def test_names_are_there_only_when_asked_for(w: World, commands: Commands) -> None:
    await w.ana_has_sent()
    await w.bo_approves()
    _, said, _ = await commands("case", "1", "--personal")
    assert "sender: Ana Soto <ana@contoso.example" in said
    assert "approver (Bo Larsen): approve → approved" in said


def test_what_fails_since_when_and_how_often_it_was_tried_is_said() -> None:
    minute = timedelta(minutes=1)
    read = Read(
        case=CASES[Status.UNBLOCKED],
        tasks=(
            TaskRow(kind="check", due=NOW + minute, held_until=None, tries=3),
            TaskRow(kind="remind", due=NOW - minute, held_until=None, tries=0),
            TaskRow(kind="prove", due=NOW + minute, held_until=NOW + minute, tries=1),
        ),
        stalls=(StallRow(kind="check", reason="no_permission", since=NOW),),
        trail=(),
        now=NOW,
    )
    said = "\n".join(report(read, personal=False))
    assert "stalls: check fails since " in said
    assert ": no permission" in said
    assert "task: check, next " in said
    assert "in 0:01:00, tried 3 times" in said
    assert "0:01:00 ago" in said
    assert "task: prove, in work now" in said


def test_every_open_status_says_whom_it_waits_for() -> None:
    for status, case in CASES.items():
        lines = list(report(Read(case=case, tasks=(), stalls=(), trail=(), now=NOW), personal=False))
        assert any(line.startswith("waits for nothing") for line in lines) == (status not in OPEN), status


async def test_a_decision_is_exported_with_who_made_it_and_on_which_facts(w: World, commands: Commands) -> None:
    await w.ana_has_sent(SPAM_REASON)
    await w.bo_approves()
    code, said, _ = await commands("export", "1", "--format", "json")
    assert code == 0
    approved = next(entry for entry in json.loads(said) if entry["verb"] == "approve")
    assert (approved["case"], approved["actor"], approved["who"], approved["name"]) == (1, "approver", BO.id, BO.name)
    assert approved["facts"]["internal"] == "called her"
    assert approved["facts"]["entries"] == ["ana@contoso.example: spam"]
    assert "spam_verdict" in approved["facts"]["conditions"]
    rows = list(csv.DictReader(io.StringIO((await commands("export", "1"))[1], newline="")))
    assert [row["verb"] for row in rows] == [entry["verb"] for entry in json.loads(said)]
    assert json.loads(rows[-1]["facts"])["status"]


async def test_a_month_is_exported_from_its_first_moment_until_before_the_next(w: World, commands: Commands) -> None:
    await w.ana_has_sent()
    month = f"{NOW:%Y-%m}"
    assert len(json.loads((await commands("export", month, "--format", "json"))[1])) > 3
    assert json.loads((await commands("export", "2024-12", "--format", "json"))[1]) == []


@pytest.mark.parametrize(
    "name",
    ["=HYPERLINK(1)", "+1", "-1+1", "@SUM(A1)", "\t=1", " =1", "＝1", "\r\n=1", "'=1", "|calc", '"=1'],
)
def test_no_cell_is_a_formula(name: str) -> None:
    entry: dict[str, Any] = dict.fromkeys(("case", "place", "at", "actor", "verb", "who"), "x")
    written = as_csv([{**entry, "name": name, "facts": {"=1": name}}])
    (row,) = csv.DictReader(io.StringIO(written, newline=""))
    assert row["name"].startswith("'")
    assert row["facts"].startswith("{")
    assert len(written.splitlines()) == 2


async def test_what_is_not_there_is_said(commands: Commands) -> None:
    for command, what in (("case", "9"), ("export", "9"), ("case", "0"), ("export", "2026-13"), ("case", "x")):
        code, said, err = await commands(command, what)
        assert (code, said) == (2, "")
        assert what in err


async def test_a_case_that_cannot_be_read_is_exported_all_the_same(w: World, commands: Commands) -> None:
    await w.ana_has_sent()
    async with w.database.writing() as connection:
        await connection.execute(update(cases).values(body={"schema": 999}))
    code, said, _ = await commands("export", "1", "--format", "json")
    assert (code, json.loads(said)[0]["verb"]) == (0, "open")
    assert (await commands("case", "1"))[0] == 1


@ON_BOTH
async def test_the_database_refuses_to_be_written_to(w: World, url: str) -> None:
    await w.ana_asks()
    async with open_to_read(url) as database:
        assert [row.place for row in await trail_of(database, CaseNumber(1))] == [1, 2]
        with pytest.raises(Unavailable, match=r"readonly|read-only"):
            async with database.writing() as connection:
                await connection.execute(delete(events))


async def test_no_database_is_made_or_migrated(w: World, url: str, commands: Commands, tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    code, _, err = await commands("case", "1", database=f"sqlite+aiosqlite:///{missing}")
    assert (code, missing.exists()) == (1, False)
    assert "There is no such database file" in err
    async with w.database.writing() as connection:
        await connection.execute(text("update alembic_version set version_num = '0001'"))
    with pytest.raises(DatabaseUnusableError, match="another version"):
        async with open_to_read(url):
            pass


async def test_a_report_is_figures_and_names_nobody(w: World, commands: Commands) -> None:
    w.clock.time = SystemClock().now()  # the command's clock is the machine's
    await w.ana_has_sent(SPAM_REASON)
    code, said, _ = await commands("report", "30", "--format", "json")
    figures = {(one["figure"], one["of"]): one["value"] for one in json.loads(said)}
    assert code == 0
    assert figures["restrictions_by_cause", "spam"] == 1
    assert (figures["requests", ""], figures["open_by_status", "waiting"]) == (1, 1)
    assert [private for private in PRIVATE if private in said] == []
    _, said, _ = await commands("report")
    assert ["requests", "", "1"] in list(csv.reader(io.StringIO(said)))
    assert (await commands("report", "0"))[0] == 2
