"""Where a case changes: a command is judged against the saved case and written with its tasks."""

from collections.abc import Callable
from contextlib import suppress

from services.domain.announcing.news import announced
from services.domain.case.apply import apply
from services.domain.case.case import Case
from services.domain.case.commands.clock import Reached
from services.domain.case.commands.command import Command
from services.domain.case.parts import CaseNumber
from services.domain.case.timers import Timers, timers
from services.domain.case.timing import Timing
from services.domain.case.transition import Refusal, Refused, Transition
from services.ports.clock import Clock
from services.ports.errors import ChangedMeanwhile, DuplicateActivity
from services.ports.storage import ActivityId, CaseStore, Opening, OutboxTask

_TRIES = 5


class CaseWriter:
    """Reads, judges and saves cases. `wake` tells the workers what is due from now on, and when. `announces`: whether
    somebody outside is told of milestones."""

    def __init__(
        self,
        *,
        cases: CaseStore,
        clock: Clock,
        timing: Timing,
        wake: Callable[[Timers], None],
        announces: bool = False,
    ) -> None:
        self._announces = announces
        self._cases = cases
        self._clock = clock
        self._wake = wake
        self.timing = timing

    async def create(
        self, transition: Transition, activity: ActivityId | None = None, opening: Opening | None = None
    ) -> Case:
        """Save a new case, with what belongs to its opening; the activity that asked for it is answered once.

        Raises `ChangedMeanwhile` where its person has an open one by now, or the mark of the `opening` is no longer
        that of the mailbox, `DuplicateActivity`."""
        return await self._save(transition, activity=activity, opening=opening)

    async def apply_for_user(self, case: Case, command: Command, activity: ActivityId) -> Case:
        """Apply a command for somebody who waits for the answer; judged again where the case changed meanwhile.

        Raises:
            Refused: nothing was changed.
            DuplicateActivity: this very activity was acted on already.
        """
        for _ in range(_TRIES):
            try:
                return await self._save(apply(case, command, self._clock.now(), self.timing), activity=activity)
            except ChangedMeanwhile:
                case = await self._again(case.number)
            except Refused:
                # Done already, and sent again because its answer was lost: that is no refusal.
                if await self._cases.was_processed(activity):
                    raise DuplicateActivity from None
                raise
        raise Refused(Refusal.NOT_NOW)

    async def record_reach(self, case: Case, error: str | None) -> None:
        """Keep on the case whether its person can be written to."""
        if error == case.contact.unreachable:
            return
        with suppress(ChangedMeanwhile):  # somebody changed it: the message that follows will find out again
            await self.apply_for_worker(case, Reached(error=error))

    async def apply_for_worker(self, case: Case, command: Command, completes: OutboxTask | None = None) -> Case:
        """Apply an event and complete the task that asked for it. Raises `ChangedMeanwhile`, `Refused`."""
        return await self._save(apply(case, command, self._clock.now(), self.timing), completes=completes)

    async def apply_to_latest(self, case: Case, command: Command, completes: OutboxTask | None = None) -> Case:
        """Apply what took time to find out to the case as it is by now, and complete the task that asked for it.

        Raises what `apply_for_worker` raises; `Refused` where the case has no use for it any more."""
        for _ in range(_TRIES):
            case = await self._again(case.number)
            with suppress(ChangedMeanwhile):
                return await self.apply_for_worker(case, command, completes)
        raise ChangedMeanwhile

    async def record_outcome(self, case: Case, command: Command) -> Case:
        """Write what a call to a vendor came to: it happened, whatever else changed on the case meanwhile.

        Raises `ChangedMeanwhile` where the case is no longer about that call."""
        for _ in range(_TRIES):
            try:
                return await self.apply_for_worker(case, command)
            except ChangedMeanwhile:
                present = await self._again(case.number)
                goes_on = present.status is case.status or present.is_removal_open
                if not goes_on or present.unblock.tried_at != case.unblock.tried_at:
                    raise
                case = present
        raise ChangedMeanwhile

    async def _save(
        self,
        transition: Transition,
        *,
        completes: OutboxTask | None = None,
        activity: ActivityId | None = None,
        opening: Opening | None = None,
    ) -> Case:
        now = self._clock.now()
        if self._announces:
            transition = announced(transition)
        due = timers(transition.case, now, self.timing)
        created_due = timers(transition.creates.case, now, self.timing) if transition.creates else None
        saved = await self._cases.save(
            transition, due, created_timers=created_due, completes=completes, activity=activity, opening=opening
        )
        held = opening.holds if opening else {}
        self._wake({**due, **dict.fromkeys(transition.effects - set(held), now)})
        if transition.creates is not None and created_due is not None:
            self._wake({**created_due, **dict.fromkeys(transition.creates.effects, now)})
        return saved

    async def _again(self, number: CaseNumber) -> Case:
        case = await self._cases.get(number)
        if case is None:
            raise Refused(Refusal.NO_SUCH_CASE)
        return case
