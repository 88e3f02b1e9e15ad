"""Lines that say how cases stand: each is changed once that is so no more."""

from collections.abc import Sequence
from contextlib import suppress

from cards.approver.thread_lines import Told, reminder_of_many, settled, stalled
from cards.notices import thread_card
from cards.view import View
from dialogs.casework.views import Views
from services.domain.case.case import Case
from services.domain.case.stall import Stall
from services.domain.case.standing_lines import STALLS, LineKind, stands
from services.domain.case.status import UNRESOLVED
from services.ports.errors import Unavailable, Unreachable
from services.ports.storage import Audience, StandingLine, Storage
from services.ports.teams import Messenger, Posted


class StandingLines:
    """Where the lines were posted, and what has become of what they say."""

    def __init__(self, *, storage: Storage, messenger: Messenger, views: Views) -> None:
        self._cards, self._queries, self._stalls = storage.cards, storage.queries, storage.stalls
        self._messenger, self._views = messenger, views

    async def record(self, line: Told, cases: Sequence[Case], posted: Posted) -> None:
        """The line stands there. What only tells what happened is not kept: it stays. Raises `Unavailable`."""
        if line.claim is None:
            return
        for case in cases:
            await self._cards.record_line(case.number, StandingLine(kind=line.claim, posted=posted))
        # What it says may have ended while it was posted. Where that cannot be found out the card's own task does: one
        # that posts lines would post them again.
        with suppress(Unavailable):
            for case in await self._queries.many([case.number for case in cases]):
                await self.settle(case, [StandingLine(kind=line.claim, posted=posted)])

    async def settle(self, case: Case, lines: Sequence[StandingLine] | None = None) -> None:
        """Whatever is true of the case no more is said no more. `lines`: those that speak of it, if they were just
        read. Raises `Unavailable`."""
        if lines is None:
            lines = (await self._cards.shown(case.number, Audience.APPROVERS)).lines
        for line in lines:
            if not await self._standing(line.kind, [case]):
                await self._rewrite(line)

    async def _standing(self, kind: LineKind, cases: Sequence[Case]) -> Sequence[Case]:
        """Those of whom it is true still."""
        standing = [case for case in cases if stands(kind, case)]
        if kind not in STALLS or not standing:
            return standing
        held_up = {stall.case for stall in await self._held_up(kind)}
        return [case for case in standing if case.number in held_up]

    async def _held_up(self, kind: LineKind) -> Sequence[Stall]:
        present = await self._stalls.present(self._views.clock.now())
        return [stall for stall in present if stall.kind is STALLS[kind]]

    async def _rewrite(self, line: StandingLine) -> None:
        view = self._views.of(line.posted.conversation.locale)
        spoken_of = await self._cards.spoken_of(line.posted)
        cases = await self._queries.many(spoken_of)
        if len(cases) < len(spoken_of):
            return  # of a case that cannot be read (a newer program's) nobody here knows how it stands: that one will
        standing = await self._standing(line.kind, cases)
        text = await self._of_those_left(line.kind, standing, view) if standing else settled(line.kind, cases, view)
        if text is not None:
            with suppress(Unreachable):  # in a channel that is gone nobody reads it
                await self._messenger.replace(line.posted, thread_card(text, view), text)
        if not standing:
            for case in cases:
                await self._cards.forget(case.number, line.posted)

    async def _of_those_left(self, kind: LineKind, cases: Sequence[Case], view: View) -> str | None:
        """The line about these alone; `None` where it names nobody, and is true still."""
        if kind in STALLS:
            numbers = {case.number for case in cases}
            stalls = [stall for stall in await self._held_up(kind) if stall.case in numbers]
            return stalled(stalls, cases, view).text if stalls else None
        if kind is not LineKind.REMINDER:
            return None  # it stands, whatever the case was when somebody read it
        stops = {case.status for case in cases}
        return reminder_of_many(cases, view).text if len(stops) == 1 and stops <= set(UNRESOLVED) else None
