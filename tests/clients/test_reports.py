"""What a report counts: by the database, on both of them; and what older cases bring along."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from sqlalchemy import insert, select

from services.clients.store import tables
from services.clients.store.cases import SqlCaseStore
from services.clients.store.database import Database, open_database
from services.clients.store.reports import SqlReportStore
from services.domain.case.creation import created_by_person
from services.domain.case.parts import CaseNumber
from services.domain.case.status import Status
from services.domain.reporting.case_figures import figures_of
from services.domain.reporting.period import PeriodReport, Repeated, Spread, Waiting, spans_of
from services.domain.restriction import Cause
from tests.cases import CASES, HOUR, NOW
from tests.clients.test_migrations import frozen, old_database
from tests.databases import ON_BOTH, Databases

DAY, MINUTE = 24 * HOUR, timedelta(minutes=1)
WEEKS = spans_of(15, NOW)


@pytest_asyncio.fixture
async def database(databases: Databases) -> AsyncIterator[Database]:
    async with open_database(databases.fresh()) as database:
        yield database


async def happened(database: Database, *rows: dict[str, Any]) -> None:
    """Cases of which only what is counted matters; each begins when its restriction does, unless it says otherwise."""
    usual = {"version": 1, "person": "somebody", "restricted": True, "status": Status.WORKS, "body": {}}
    nothing = {"sent_at": None, "decided_after": None, "works_after": None}
    async with database.writing() as connection:
        for number, row in enumerate(rows, 1):
            at = row["restricted_at"]
            values = {**usual, **nothing, "mailbox": f"m{number}", "cause": Cause.SPAM, "opened_at": at, **row}
            await connection.execute(insert(tables.cases).values(values))


async def counted(database: Database) -> PeriodReport:
    return await SqlReportStore(database).of(WEEKS, NOW)


@ON_BOTH
async def test_restrictions_are_counted_once_by_week_and_cause_however_many_cases_they_had(database: Database) -> None:
    last_week, today = NOW - 7 * DAY, NOW - HOUR
    await happened(
        database,
        {"restricted_at": last_week, "mailbox": "ana"},
        {"restricted_at": last_week, "mailbox": "ana", "opened_at": last_week + HOUR, "cause": Cause.POLICY_LIMIT},
        {"restricted_at": today, "mailbox": "ana"},
        {"restricted_at": today, "mailbox": "dan"},
        {"restricted_at": NOW - 90 * DAY, "mailbox": "dan"},
        {"restricted_at": NOW - 90 * DAY, "mailbox": "eve", "opened_at": today},
        {"restricted_at": None, "cause": None, "opened_at": today, "status": Status.REPORTED},
    )
    found = await counted(database)
    assert len(WEEKS) == 3
    assert (found.by_span, found.restrictions) == ((0, 1, 2), 3)
    assert found.by_cause == ((Cause.SPAM, 2), (Cause.POLICY_LIMIT, 1))
    assert found.repeated == (Repeated(newest=CaseNumber(3), times=2),)


@ON_BOTH
async def test_half_and_nine_tenths_of_the_times_are_said_and_no_time_is_no_zero(database: Database) -> None:
    times = [{"restricted_at": NOW - HOUR, "decided_after": minutes * 60} for minutes in range(11, 0, -1)]
    await happened(database, *times, {"restricted_at": NOW - HOUR})
    found = await counted(database)
    assert found.decided == Spread(many=11, half=6 * MINUTE, most=10 * MINUTE)
    assert found.works is None


@ON_BOTH
async def test_what_became_of_requests_and_what_waits_is_counted(database: Database) -> None:
    sent = {"restricted_at": NOW - DAY, "sent_at": NOW - DAY}
    await happened(
        database,
        {**sent, "status": Status.EXPIRED},
        {**sent, "status": Status.WAITING},
        {**sent, "status": Status.WAITING, "sent_at": NOW - HOUR},
        {**sent, "status": Status.DENIED, "sent_at": NOW - 90 * DAY},
        {"restricted_at": NOW - 90 * DAY, "status": Status.FAILED},
    )
    found = await counted(database)
    assert (found.requests, found.outcomes) == (3, ((Status.WAITING, 2), (Status.EXPIRED, 1)))
    assert found.waiting == (
        Waiting(status=Status.WAITING, many=2, oldest=NOW - DAY),
        Waiting(status=Status.FAILED, many=1, oldest=NOW - 90 * DAY),
    )


@ON_BOTH
async def test_in_an_empty_database_nothing_happened(database: Database) -> None:
    found = await counted(database)
    assert (found.by_span, found.by_cause, found.repeated, found.requests) == ((0, 0, 0), (), (), 0)


async def test_a_forgotten_mailbox_is_not_the_same_as_another_forgotten_one(database: Database) -> None:
    await happened(
        database,
        {"restricted_at": NOW - HOUR, "mailbox": ""},
        {"restricted_at": NOW - 2 * HOUR, "mailbox": ""},
    )
    found = await counted(database)
    assert (found.restrictions, found.repeated) == (2, ())


async def test_a_case_is_counted_as_it_is_saved(database: Database) -> None:
    sent, decided = NOW - 3 * HOUR, NOW - HOUR
    case = replace(
        CASES[Status.WORKS],
        ended_at=NOW,
        request=replace(CASES[Status.WORKS].request, sent_at=sent),
        decision=replace(CASES[Status.APPROVED].decision or _none(), at=decided),
    )
    await SqlCaseStore(database).save(created_by_person(case, NOW), {})
    found = await counted(database)
    assert found.decided == Spread(many=1, half=2 * HOUR, most=2 * HOUR)
    assert found.works == Spread(many=1, half=3 * HOUR, most=3 * HOUR)
    assert found.by_cause == ((Cause.POLICY_LIMIT, 1),)


def _none() -> Any:
    raise AssertionError("an approved case has its decision")


@ON_BOTH
@pytest.mark.parametrize("revision", ["0001", "0004"])
async def test_older_cases_are_counted_from_the_upgrade_on(databases: Databases, revision: str) -> None:
    url = await old_database(databases, revision)
    async with open_database(url) as database, database.reading() as connection:
        columns = (
            tables.cases.c.number,
            tables.cases.c.cause,
            tables.cases.c.decided_after,
            tables.cases.c.works_after,
        )
        rows = {row.number: row for row in await connection.execute(select(*columns))}
    stored = {row["number"]: _body(row) for row in frozen(revision)["cases"]}
    causes = {"policy limit": "policy_limit", "spam verdict": "spam", "service rate limit": "service_rate"}
    for number, body in stored.items():
        cause = str((body["restriction"] or {}).get("cause"))
        assert str(rows[number].cause) == causes.get(cause, cause)
    assert rows[1].decided_after == 5 * 60  # sent 14:04, decided 14:09
    assert {number for number, row in rows.items() if row.works_after is not None} == {
        number for number, body in stored.items() if body["status"] == "works" and body["restriction"]
    }


def _body(row: dict[str, Any]) -> dict[str, Any]:
    body: Any = row["body"]
    return dict(json.loads(body) if isinstance(body, str) else body)


def test_a_report_begins_on_a_monday_of_its_zone_and_has_whole_weeks() -> None:
    vienna = ZoneInfo("Europe/Vienna")
    now = datetime(2026, 10, 28, 12, tzinfo=UTC)  # a Wednesday; summer time ended three days before
    assert spans_of(1, now, vienna) == (datetime(2026, 10, 25, 23, tzinfo=UTC),)
    assert spans_of(8, now, vienna) == (
        datetime(2026, 10, 18, 22, tzinfo=UTC),
        datetime(2026, 10, 25, 23, tzinfo=UTC),
    )


@pytest.mark.parametrize(("days", "most"), [(90, 14), (182, 27), (366, 15)])
def test_of_a_long_time_four_weeks_are_one_bar(days: int, most: int) -> None:
    spans = spans_of(days, NOW)
    assert NOW - timedelta(days=days + 7) <= spans[0] <= NOW - timedelta(days=days - 1)
    assert 0 < len(spans) <= most


def test_a_case_without_a_restriction_has_no_part_in_restrictions() -> None:
    figures = figures_of(replace(CASES[Status.SOLVED], restriction=None))
    assert (figures.cause, figures.restricted_at, figures.works_after) == (None, None, None)
