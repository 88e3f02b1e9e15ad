"""Releasing a sender: read the list again, commit the intent, call Remove, record what came of it.

A repeat must not spend one of the account's limited unblocks: after a call of unknown outcome nothing is called
before the grace is over and the list shows the sender still."""

from dialogs.desk import Desk
from dialogs.evidence import Evidence
from services.domain.acts import (
    ClockAct,
    ReadBeforeRelease,
    ReleaseDone,
    ReleaseGivenUp,
    ReleaseIntended,
    ReleaseRefused,
    ReleaseUnclear,
)
from services.domain.case import Case, Status
from services.domain.moves import Refusal, RefusedMove
from services.domain.restriction import Restriction
from services.domain.timers import calls_are_spent
from services.ports import Clock, MailSystem, Removal, RemovalRefused, RemovalUnclear, Removed, Todo


class Release:
    """Pays the RELEASE duty."""

    def __init__(self, *, desk: Desk, mail: MailSystem, evidence: Evidence, clock: Clock) -> None:
        self._desk = desk
        self._mail = mail
        self._evidence = evidence
        self._clock = clock

    async def pay(self, case: Case, todo: Todo) -> None:
        """One step of a release. Raises what `Duties.pay` raises."""
        if case.status is not Status.APPROVED:
            raise RefusedMove(Refusal.NOT_NOW)
        listing = await self._mail.restricted()
        entry = await self._evidence.listed(listing, case.addresses)
        if entry is None:
            await self._desk.advance(case, ReadBeforeRelease(restriction=None, read_at=listing.read_at), todo)
            return
        if calls_are_spent(case):
            await self._desk.advance(case, ReleaseGivenUp(), todo)
            return
        await self._remove(case, entry, todo)

    async def _remove(self, case: Case, entry: Restriction, todo: Todo) -> None:
        # Committing the intent also re-dates the duty past the grace: whoever finds it after a crash waits.
        intended = await self._desk.advance(case, ReleaseIntended(), todo)
        removal = await self._mail.release(entry.address)
        await self._desk.record(intended, _recorded(removal))


def _recorded(removal: Removal) -> ClockAct:
    match removal:
        case Removed():
            return ReleaseDone()
        case RemovalRefused(error=error):
            return ReleaseRefused(error=error)
        case RemovalUnclear(error=error):
            return ReleaseUnclear(error=error)
