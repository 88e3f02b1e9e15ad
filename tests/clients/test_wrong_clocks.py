"""Clocks that were ahead: what they claimed or planned delays nobody by as much as they were wrong."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from services.clients.store.cases import SqlCaseStore
from services.clients.store.database import Database, open_database
from services.clients.store.list_monitor import SqlMonitorStore
from services.clients.store.outbox import SqlOutbox
from services.clients.store.stalls import SqlStallStore
from services.domain.case.creation import created_by_person
from services.domain.case.parts import CaseNumber
from services.domain.case.stall import TOLD_AFTER, Stall
from services.domain.case.status import Status
from services.domain.case.timers import timers
from services.domain.case.transition import TaskKind
from services.domain.unknown import UnknownReason
from services.ports.storage import OutboxTask
from tests.cases import CASES, HOUR, MINUTE, NOW, TIMING
from tests.databases import POSTGRESQL, Databases, Files, Postgres
from tests.on_loop import ON_LOOP

ALL = frozenset(TaskKind)
LEASE = 2 * MINUTE
SHOWN = frozenset({TaskKind.UPDATE_PERSON_CARD})


@pytest.fixture(params=[ON_LOOP, POSTGRESQL])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Databases:
    if request.param == POSTGRESQL:
        server: Postgres = request.getfixturevalue("postgres_server")
        return server
    return Files(tmp_path, ON_LOOP)


@pytest_asyncio.fixture
async def database(databases: Databases) -> AsyncIterator[Database]:
    async with open_database(databases.fresh()) as database:
        yield database


@pytest_asyncio.fixture
async def outbox(database: Database) -> SqlOutbox:
    """With what a request that waits owes now, and later: looks at the list, a reminder, its end."""
    case = CASES[Status.WAITING]
    await SqlCaseStore(database).save(created_by_person(case, NOW), timers(case, NOW, TIMING))
    return SqlOutbox(database)


async def claimed(outbox: SqlOutbox, late: int = 0, kinds: frozenset[TaskKind] = ALL) -> dict[TaskKind, OutboxTask]:
    """What is claimed that many minutes late."""
    return {task.kind: task for task in await outbox.claim(NOW + late * MINUTE, LEASE, 99, kinds)}


async def test_what_was_claimed_before_the_clock_was_set_back_is_claimed_again(outbox: SqlOutbox) -> None:
    before = await claimed(outbox, 59)
    assert set(before) > SHOWN
    again = await claimed(outbox)
    assert set(again) == set(before)
    # Whoever claimed it first writes nothing over the other.
    await outbox.complete(before[TaskKind.UPDATE_PERSON_CARD])
    assert await outbox.next_due(SHOWN) == NOW + LEASE


async def test_a_clock_that_is_a_bit_behind_takes_nothing_from_another(outbox: SqlOutbox) -> None:
    await claimed(outbox)
    assert await claimed(outbox, -2) == {}


async def test_a_clock_that_runs_ahead_and_comes_back_leaves_nothing_behind(outbox: SqlOutbox) -> None:
    first = await claimed(outbox)
    assert set(await claimed(outbox, 60)) >= set(first)
    assert set(await claimed(outbox, 1)) >= set(first)
    assert await claimed(outbox, 1) == {}


async def test_what_is_planned_for_later_is_nobodys_claim(outbox: SqlOutbox) -> None:
    now = await claimed(outbox)
    assert set(now) > SHOWN
    for task in now.values():
        await outbox.postpone(task, NOW + HOUR)
    assert await claimed(outbox, 1) == {}


async def test_lines_that_were_held_are_stale_too_when_the_channel_is_back(outbox: SqlOutbox) -> None:
    await claimed(outbox, 60, SHOWN)
    await outbox.restart(at_once=frozenset(), without=SHOWN, now=NOW, lease=LEASE)
    assert await outbox.next_due(SHOWN) is None


async def test_one_that_is_held_by_a_live_process_is_left_to_it(outbox: SqlOutbox) -> None:
    await claimed(outbox, 0, SHOWN)
    await outbox.restart(at_once=frozenset(), without=SHOWN, now=NOW, lease=LEASE)
    assert await outbox.next_due(SHOWN) == NOW + LEASE


async def test_the_watch_goes_on_after_the_clock_was_set_back(database: Database) -> None:
    store = SqlMonitorStore(database)
    every = 5 * MINUTE
    ahead = await store.claim(NOW + HOUR, LEASE, every)
    assert ahead is not None
    # Not while it may be another's, whose clock is a bit ahead, or planned as it should be.
    assert await store.claim(NOW + HOUR - 2 * MINUTE, LEASE, every) is None
    mine = await store.claim(NOW, LEASE, every)
    assert mine is not None
    assert await store.settle(ahead, NOW + HOUR + every) is None
    assert await store.settle(mine, NOW + every) is not None
    assert await store.claim(NOW + MINUTE, LEASE, every) is None


@pytest.mark.usefixtures("outbox")
async def test_a_step_that_two_clocks_try_in_turn_fails_on_since_the_first_time(database: Database) -> None:
    store, ahead = SqlStallStore(database), 10 * MINUTE
    for minute in range(0, 16, 2):
        now = NOW + minute * MINUTE + (ahead if minute % 4 == 2 else 0 * MINUTE)
        await store.failed(
            Stall(
                case=CaseNumber(1),
                kind=TaskKind.UNBLOCK,
                reason=UnknownReason.TIMED_OUT,
                since=now,
                again_by=now + 3 * MINUTE,
            )
        )
    (present,) = await store.present(NOW + TOLD_AFTER)
    assert present.is_to_be_told(NOW + TOLD_AFTER)


@pytest.mark.usefixtures("outbox")
async def test_silence_is_counted_by_the_clock_as_it_is(database: Database) -> None:
    store = SqlStallStore(database)
    ahead = NOW + HOUR
    stall = Stall(
        case=CaseNumber(1),
        kind=TaskKind.UNBLOCK,
        reason=UnknownReason.TIMED_OUT,
        since=ahead,
        again_by=ahead + 3 * MINUTE,
    )
    await store.failed(stall)
    await store.failed(replace(stall, since=NOW, again_by=NOW + 3 * MINUTE))
    (present,) = await store.present(NOW)
    assert present.is_to_be_told(NOW + TOLD_AFTER)
