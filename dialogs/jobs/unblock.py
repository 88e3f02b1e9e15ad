"""Unblocking a sender: read the list again, commit the intent, call Remove, record what came of it.

A repeat must not spend one of the account's limited unblocks: after a call of unknown outcome nothing is called
before the grace is over and the list shows the sender still."""

from datetime import datetime

from dialogs.casework.case_writer import CaseWriter
from dialogs.casework.known_addresses import KnownAddresses, confirms_absence
from dialogs.casework.lookups import Lookups
from dialogs.jobs.decided_earlier import deciders_left
from services.domain.case.case import Case
from services.domain.case.commands.command import ClockEvent
from services.domain.case.commands.unblocking import (
    ApprovalLapsed,
    ReadBeforeUnblock,
    UnblockDone,
    UnblockGivenUp,
    UnblockIntended,
    UnblockNotBegun,
    UnblockRefused,
    UnblockSettled,
    UnblockUnclear,
)
from services.domain.case.facts import Worse
from services.domain.case.noted_facts import has_relapsed, took_effect, worse_than_decided
from services.domain.case.status import Status
from services.domain.case.timers import approval_ends_at, approval_is_over, timers
from services.domain.case.transition import Refusal, Refused, TaskKind
from services.domain.case.unblocking import calls_are_spent, next_entry, progress_of
from services.domain.restriction import Restriction
from services.domain.unknown import UnknownReason
from services.ports.clock import Clock
from services.ports.errors import Unavailable
from services.ports.microsoft365 import (
    Approvers,
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

    def __init__(self, *, writer: CaseWriter, lookups: Lookups, approvers: Approvers, clock: Clock) -> None:
        self._writer = writer
        self._lookups, self._approvers = lookups, approvers
        self._addresses = KnownAddresses(writer=writer, lookups=lookups)
        self._clock = clock

    async def run(self, case: Case, task: OutboxTask) -> None:
        """One step of an unblock. Raises what `TaskHandlers.run` raises."""
        if case.is_removal_open and case.status.is_ended:
            await self._look_back(case, task)
            return
        if case.status is not Status.APPROVED:
            raise Refused(Refusal.NOT_NOW)
        if approval_is_over(case, self._clock.now(), self._writer.timing):
            over = UnblockGivenUp() if case.unblock.calls or case.unblock.entries else ApprovalLapsed()
            await self._writer.apply_for_worker(case, over, task)
            return
        mail = self._lookups.lists.of(case)
        try:
            listing = await mail.fresh()
            entries = await self._lookups.listed(listing, case.sender.addresses, mail)
            if not entries and confirms_absence(case, listing.read_at, self._writer.timing):
                case = await self._addresses.read_again(case)
                entries = await self._lookups.listed(listing, case.sender.addresses, mail)
        except Unavailable as trouble:
            raise self._in_time(case, trouble) from trouble
        await self._unblock(case, entries, listing.read_at, task)

    async def _unblock(self, case: Case, entries: tuple[Restriction, ...], read_at: datetime, task: OutboxTask) -> None:
        """One step, for one of the listed entries."""
        if not entries:
            await self._writer.apply_for_worker(case, ReadBeforeUnblock(read_at=read_at), task)
            return
        if any(has_relapsed(case, entry) for entry in entries):
            anew = ReadBeforeUnblock(restriction=entries[0], also_listed=entries[1:], read_at=read_at)
            await self._writer.apply_for_worker(case, anew, task)
            return
        if worse := worse_than_decided(case, entries, self._clock.now()):
            lapsed = ApprovalLapsed(worse=worse, restriction=entries[0], also_listed=entries[1:])
            await self._writer.apply_for_worker(case, lapsed, task)
            return
        entry = next_entry(case, entries)
        if entry is None:
            nothing_left = UnblockSettled(restriction=entries[0], also_listed=entries[1:], read_at=read_at)
            await self._writer.apply_for_worker(case, nothing_left, task)
        elif calls_are_spent(case, entry):
            await self._writer.apply_for_worker(case, UnblockGivenUp(address=entry.address), task)
        else:
            self._wait_for_grace(case, entry)
            if left := await self._left(case):
                lapsed = ApprovalLapsed(worse=left, restriction=entries[0], also_listed=entries[1:])
                await self._writer.apply_for_worker(case, lapsed, task)
                return
            await self._remove(case, entry, task, self._lookups.lists.of(case))

    async def _left(self, case: Case) -> tuple[Worse, ...]:
        """That somebody who approved may not decide any more: asked where the removal was held up since the click."""
        decision, first = case.decision, case.first_approval
        if decision is None or self._clock.now() - decision.at <= self._writer.timing.decide_within:
            return ()
        try:
            return await deciders_left(self._approvers, {decision.by, *([first.by] if first else [])})
        except Unavailable as trouble:
            raise self._in_time(case, trouble) from trouble

    def _in_time(self, case: Case, trouble: Unavailable) -> Unavailable:
        """However long the pause that a source asks for: the approval lapses in time. A trouble of its own, for others
        may wait for the same answer."""
        left = approval_ends_at(case, self._writer.timing) - self._clock.now()
        wait = min(trouble.retry_after, left) if trouble.retry_after else None
        return Unavailable(trouble.reason, trouble.detail, retry_after=wait, quotes=trouble.quotes)

    def _wait_for_grace(self, case: Case, entry: Restriction) -> None:
        """Raises `Unavailable` while Exchange asked us to wait, or the last call for this entry may still take effect:
        its task is due by another entry's call, which is older."""
        tried_at, now = progress_of(case, entry).tried_at, self._clock.now()
        if case.unblock.waits_until and case.unblock.waits_until > now:
            wait = min(case.unblock.waits_until, approval_ends_at(case, self._writer.timing)) - now
            raise Unavailable(UnknownReason.NOT_YET, "the pause that Exchange asked for", retry_after=wait)
        if tried_at and case.unblock.entries and tried_at + self._writer.timing.unblock_grace > now:
            wait = tried_at + self._writer.timing.unblock_grace - now
            raise Unavailable(UnknownReason.NOT_YET, "the grace after a call of Remove", retry_after=wait)

    async def _look_back(self, case: Case, task: OutboxTask) -> None:
        """The case was stopped while Remove was under way, and its answer was lost: the list says what came of it."""
        mail = self._lookups.lists.of(case)
        entries = await self._lookups.listed(await mail.fresh(), case.sender.addresses, mail)
        command = UnblockDone() if took_effect(case, entries) else UnblockGivenUp()
        await self._writer.apply_for_worker(case, command, task)

    async def _remove(self, case: Case, entry: Restriction, task: OutboxTask, mail: MailSystem) -> None:
        # Committing the intent also puts the task off past the grace: after a crash the next process waits that long.
        intended = await self._writer.apply_for_worker(case, UnblockIntended(address=entry.address), task)
        removal = await mail.unblock(entry.address, f"Sendwell case {case.number}")
        present = await self._writer.record_outcome(intended, _recorded(removal))
        if isinstance(removal, RemovalNotBegun | RemovalUnclear):
            now = self._clock.now()
            again_at = timers(present, now, self._writer.timing).get(TaskKind.UNBLOCK, now)
            raise Unavailable(removal.reason, "Remove", retry_after=again_at - now)  # whoever waits for it is told


def _recorded(removal: Removal) -> ClockEvent:
    match removal:
        case RemovalDone():
            return UnblockDone()
        case RemovalRefused(error=error):
            return UnblockRefused(error=error)
        case RemovalNotBegun(error=error, wait=wait):
            return UnblockNotBegun(error=error, wait=wait)
        case RemovalUnclear(error=error, wait=wait):
            return UnblockUnclear(error=error, wait=wait)
