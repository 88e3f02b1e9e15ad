"""Unblocking a sender: read the list again, commit the intent, call Remove, record what came of it.

A repeat must not spend one of the account's limited unblocks: after a call of unknown outcome nothing is called
before the grace is over and the list shows the sender still."""

from dialogs.casework.case_writer import CaseWriter
from dialogs.casework.lookups import Lookups
from services.domain.case.case import Case, Status
from services.domain.case.commands import (
    ApprovalLapsed,
    ClockEvent,
    ReadBeforeUnblock,
    UnblockDone,
    UnblockGivenUp,
    UnblockIntended,
    UnblockNotBegun,
    UnblockRefused,
    UnblockUnclear,
)
from services.domain.case.noted_facts import has_relapsed, worse_than_decided
from services.domain.case.timers import approval_ends_at, approval_is_over, calls_are_spent
from services.domain.case.transition import Refusal, Refused
from services.domain.restriction import Restriction
from services.ports.clock import Clock
from services.ports.errors import Unavailable
from services.ports.microsoft365 import (
    MailSystem,
    Removal,
    RemovalDone,
    RemovalNotBegun,
    RemovalRefused,
    RemovalUnclear,
)
from services.ports.storage import OutboxTask


class Unblock:
    """Runs UNBLOCK tasks."""

    def __init__(self, *, writer: CaseWriter, lookups: Lookups, clock: Clock) -> None:
        self._writer = writer
        self._lookups = lookups
        self._clock = clock

    async def run(self, case: Case, task: OutboxTask) -> None:
        """One step of an unblock. Raises what `TaskHandlers.run` raises."""
        if case.is_removal_open and case.status is Status.DENIED:
            await self._look_back(case, task)
            return
        if case.status is not Status.APPROVED:
            raise Refused(Refusal.NOT_NOW)
        if approval_is_over(case, self._clock.now(), self._writer.timing):
            over = UnblockGivenUp() if case.unblock.calls else ApprovalLapsed()
            await self._writer.apply_for_worker(case, over, task)
            return
        mail = self._lookups.lists.of(case)
        try:
            listing = await mail.fresh()
            entry = await self._lookups.listed(listing, case.sender.addresses, mail)
        except Unavailable as trouble:
            # However long the pause that it asks for: the approval lapses in time.
            left = approval_ends_at(case, self._writer.timing) - self._clock.now()
            trouble.retry_after = min(trouble.retry_after, left) if trouble.retry_after else None
            raise
        if entry is None:
            await self._writer.apply_for_worker(
                case, ReadBeforeUnblock(restriction=None, read_at=listing.read_at), task
            )
            return
        if has_relapsed(case, entry):
            await self._writer.apply_for_worker(
                case, ReadBeforeUnblock(restriction=entry, read_at=listing.read_at), task
            )
            return
        if worse := worse_than_decided(case, entry, self._clock.now()):
            await self._writer.apply_for_worker(case, ApprovalLapsed(worse=worse, restriction=entry), task)
            return
        if calls_are_spent(case):
            await self._writer.apply_for_worker(case, UnblockGivenUp(), task)
            return
        await self._remove(case, entry, task, mail)

    async def _look_back(self, case: Case, task: OutboxTask) -> None:
        """The case was stopped while Remove was under way, and its answer was lost: the list says what came of it."""
        mail = self._lookups.lists.of(case)
        entry = await self._lookups.listed(await mail.fresh(), case.sender.addresses, mail)
        took_effect = entry is None or has_relapsed(case, entry)
        await self._writer.apply_for_worker(case, UnblockDone() if took_effect else UnblockGivenUp(), task)

    async def _remove(self, case: Case, entry: Restriction, task: OutboxTask, mail: MailSystem) -> None:
        # Committing the intent also puts the task off past the grace: after a crash the next process waits that long.
        intended = await self._writer.apply_for_worker(case, UnblockIntended(), task)
        removal = await mail.unblock(entry.address, f"Sendwell case {case.number}")
        await self._writer.record_outcome(intended, _recorded(removal))


def _recorded(removal: Removal) -> ClockEvent:
    match removal:
        case RemovalDone():
            return UnblockDone()
        case RemovalRefused(error=error):
            return UnblockRefused(error=error)
        case RemovalNotBegun(error=error):
            return UnblockNotBegun(error=error)
        case RemovalUnclear(error=error):
            return UnblockUnclear(error=error)
