"""Writing what a call outside came to: on its own case, whatever was noted meanwhile, and on no other call's."""

import pytest

from dialogs.casework.case_writer import Desk
from services.clients.store.cases import CaseStore
from services.clients.store.database import Database
from services.domain.case.case import Case, Status
from services.domain.case.commands import (
    Reached,
    ReleaseDone,
    ReleaseIntended,
    ReleaseRefused,
    ReleaseUnclear,
    Retried,
)
from services.ports.errors import ChangedMeanwhile
from services.ports.storage import Heard
from tests.cases import BO, CASES, LIMITS
from tests.dialogs.fakes import FakeClock


class Writing:
    """A case writer over the real store, with a case that was approved and whose removal is being called."""

    def __init__(self, database: Database) -> None:
        self.clock, self.cases = FakeClock(), CaseStore(database)
        self.desk = Desk(cases=self.cases, clock=self.clock, limits=LIMITS, nudge=lambda _: None)

    async def called(self) -> Case:
        approved = await self.desk.open(CASES[Status.APPROVED], Heard(conversation="19:a", activity="1"))
        return await self.desk.advance(approved, ReleaseIntended())

    async def kept(self) -> Case:
        case = await self.cases.latest_of(CASES[Status.APPROVED].person)
        assert case is not None
        return case


@pytest.fixture
def writing(database: Database) -> Writing:
    return Writing(database)


async def test_an_outcome_is_kept_though_something_else_was_noted_meanwhile(writing: Writing) -> None:
    called = await writing.called()
    await writing.desk.advance(called, Reached(error="403"))
    await writing.desk.record(called, ReleaseDone())
    kept = await writing.kept()
    assert (kept.status, kept.unreachable, kept.released_at) == (Status.RELEASED, "403", writing.clock.time)


async def test_the_outcome_of_one_call_is_not_kept_for_the_next(writing: Writing) -> None:
    """Its answer was lost, its grace was over, and the removal was called again: nobody knows about that one yet."""
    first = await writing.called()
    writing.clock.time += LIMITS.release_grace
    again = await writing.desk.advance(first, ReleaseIntended())
    for outcome in (ReleaseDone(), ReleaseRefused(error="403"), ReleaseUnclear(error="504")):
        with pytest.raises(ChangedMeanwhile):
            await writing.desk.record(first, outcome)
    assert await writing.kept() == again


async def test_a_late_outcome_does_not_change_what_was_recorded_of_its_call(writing: Writing) -> None:
    called = await writing.called()
    refused = await writing.desk.record(called, ReleaseRefused(error="403"))
    with pytest.raises(ChangedMeanwhile):
        await writing.desk.record(called, ReleaseDone())
    assert await writing.kept() == refused


async def test_an_outcome_is_not_kept_for_what_was_approved_since(writing: Writing) -> None:
    called = await writing.called()
    refused = await writing.desk.record(called, ReleaseRefused(error="403"))
    again = await writing.desk.advance(refused, Retried(by=BO))
    with pytest.raises(ChangedMeanwhile):
        await writing.desk.record(called, ReleaseDone())
    assert await writing.kept() == again
