"""The outcome of a call to Exchange is recorded on its case, whatever changed meanwhile, and for that call only."""

import pytest

from dialogs.casework.case_writer import CaseWriter
from services.clients.store.cases import SqlCaseStore
from services.clients.store.database import Database
from services.domain.case.case import Case
from services.domain.case.commands.approver import Retried
from services.domain.case.commands.clock import Reached
from services.domain.case.commands.unblocking import UnblockDone, UnblockIntended, UnblockRefused, UnblockUnclear
from services.domain.case.creation import created_by_person
from services.domain.case.status import Status
from services.ports.errors import ChangedMeanwhile
from services.ports.storage import ActivityId
from tests.cases import BO, CASES, TIMING
from tests.dialogs.fake_clock import FakeClock


class Writing:
    """A case writer over the real store, with an approved case whose call of Remove is under way."""

    def __init__(self, database: Database) -> None:
        self.clock, self.cases = FakeClock(), SqlCaseStore(database)
        self.writer = CaseWriter(cases=self.cases, clock=self.clock, timing=TIMING, wake=lambda _: None)

    async def called(self) -> Case:
        approved = await self.writer.create(
            created_by_person(CASES[Status.APPROVED], self.clock.now()),
            ActivityId(conversation_id="19:a", activity_id="1"),
        )
        return await self.writer.apply_for_worker(approved, UnblockIntended())

    async def kept(self) -> Case:
        case = await self.cases.latest_of(CASES[Status.APPROVED].sender.person)
        assert case is not None
        return case


@pytest.fixture
def writing(database: Database) -> Writing:
    return Writing(database)


async def test_an_outcome_is_kept_though_something_else_was_noted_meanwhile(writing: Writing) -> None:
    called = await writing.called()
    await writing.writer.apply_for_worker(called, Reached(error="403"))
    await writing.writer.record_outcome(called, UnblockDone())
    kept = await writing.kept()
    assert (kept.status, kept.contact.unreachable, kept.unblock.done_at) == (
        Status.UNBLOCKED,
        "403",
        writing.clock.time,
    )


async def test_the_outcome_of_one_call_is_not_kept_for_the_next(writing: Writing) -> None:
    """The first response was lost, its grace ended and Remove was called again; that outcome is not known yet."""
    first = await writing.called()
    writing.clock.time += TIMING.unblock_grace
    again = await writing.writer.apply_for_worker(first, UnblockIntended())
    for outcome in (UnblockDone(), UnblockRefused(error="403"), UnblockUnclear(error="504")):
        with pytest.raises(ChangedMeanwhile):
            await writing.writer.record_outcome(first, outcome)
    assert await writing.kept() == again


async def test_a_late_outcome_does_not_change_what_was_recorded_of_its_call(writing: Writing) -> None:
    called = await writing.called()
    refused = await writing.writer.record_outcome(called, UnblockRefused(error="403"))
    with pytest.raises(ChangedMeanwhile):
        await writing.writer.record_outcome(called, UnblockDone())
    assert await writing.kept() == refused


async def test_an_outcome_is_not_kept_for_what_was_approved_since(writing: Writing) -> None:
    called = await writing.called()
    refused = await writing.writer.record_outcome(called, UnblockRefused(error="403"))
    again = await writing.writer.apply_for_worker(refused, Retried(by=BO))
    with pytest.raises(ChangedMeanwhile):
        await writing.writer.record_outcome(called, UnblockDone())
    assert await writing.kept() == again
