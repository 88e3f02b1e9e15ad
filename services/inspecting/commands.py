"""`python app.py case 17`, `export 17` or `2026-10`, `report 30`: what the database says; nobody else is asked."""

import asyncio
import re
import sys
from collections.abc import Coroutine, Iterable, Sequence
from datetime import UTC, datetime

from services.clients.clock import SystemClock
from services.clients.store.cases import SqlCaseStore
from services.clients.store.database import Database, open_to_read
from services.clients.store.reports import SqlReportStore
from services.clients.store.trail import TrailRow, stalls_of, tasks_of, trail_between, trail_of
from services.domain.case.case import Case
from services.domain.case.parts import CaseNumber
from services.domain.reporting.days import DAYS_AT_MOST
from services.domain.reporting.period import spans_of
from services.inspecting.audit_trail import as_csv, as_json, entries
from services.inspecting.case_report import Read, report
from services.inspecting.form import Format
from services.inspecting.period_report import written
from services.ports.errors import Unavailable, UnreadableCase

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
_CASES_AT_ONCE = 500
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


class NothingThereError(Exception):
    """What was asked for is not there or not understood. The message is for whoever asked."""


def tell_case(url: str, number: str, *, personal: bool) -> int:
    """Print why the case waits. Returns 0, 2 where there is no such case, 1 where the database does not answer."""
    return _told(_case(url, number, personal=personal))


def export(url: str, what: str, form: Format) -> int:
    """Print the history of a case, or of all cases in a month of UTC. Returns as `tell_case`."""
    return _told(_export(url, what, form))


def tell_report(url: str, days: int, form: Format) -> int:
    """Print what happened in so many days, in weeks of UTC. Returns as `tell_case`."""
    return _told(_report(url, days, form))


def _told(asked: Coroutine[object, object, str]) -> int:
    try:
        sys.stdout.write(asyncio.run(asked))
    except NothingThereError as nothing:
        sys.stderr.write(f"{nothing}\n")
        return 2
    except (Unavailable, UnreadableCase) as trouble:
        sys.stderr.write(f"{trouble.logged}\n")
        return 1
    return 0


async def _case(url: str, number: str, *, personal: bool) -> str:
    wanted, now = _case_number(number), SystemClock().now()
    async with open_to_read(url) as database:
        case = await SqlCaseStore(database).get(wanted)
        if case is None:
            raise NothingThereError(f"There is no case {wanted}.")
        read = Read(
            case=case,
            tasks=await tasks_of(database, wanted),
            stalls=await stalls_of(database, wanted, now),
            trail=await trail_of(database, wanted),
            now=now,
        )
    return "".join(f"{line}\n" for line in report(read, personal=personal))


async def _report(url: str, days: int, form: Format) -> str:
    if not 0 < days <= DAYS_AT_MOST:
        raise NothingThereError(f"A report is of 1 to {DAYS_AT_MOST} days.")
    now = SystemClock().now()
    async with open_to_read(url) as database:
        return written(await SqlReportStore(database).of(spans_of(days, now), now), form)


async def _export(url: str, what: str, form: Format) -> str:
    async with open_to_read(url) as database:
        rows = await _rows(database, what)
        found = list(entries(rows, await _readable(database, rows)))
    return as_csv(found) if form is Format.CSV else as_json(found)


async def _rows(database: Database, what: str) -> Sequence[TrailRow]:
    if month := _MONTH.fullmatch(what):
        year, number = int(month[1]), int(month[2])
        begin = datetime(year, number, 1, tzinfo=UTC)
        end = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
        return await trail_between(database, begin, end)
    rows = await trail_of(database, _case_number(what))
    if not rows:
        raise NothingThereError(f"There is no case {what}.")
    return rows


async def _readable(database: Database, rows: Iterable[TrailRow]) -> dict[CaseNumber, Case]:
    """The cases of those rows. Without one that this program cannot read its history is written all the same."""
    store, found = SqlCaseStore(database), dict[CaseNumber, Case]()
    numbers = sorted({row.case for row in rows})
    for first in range(0, len(numbers), _CASES_AT_ONCE):
        some = await store.many(numbers[first : first + _CASES_AT_ONCE])
        found.update((case.number, case) for case in some)
    return found


def _case_number(text: str) -> CaseNumber:
    if not _NUMBER.fullmatch(text):
        raise NothingThereError(f"“{text}” is neither the number of a case nor a month such as 2026-10.")
    return CaseNumber(int(text))
