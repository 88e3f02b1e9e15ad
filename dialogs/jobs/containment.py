"""Taking the steps that responders confirmed: one a run, saved before and after, and the account read in the end."""

import asyncio

from dialogs.casework.case_writer import CaseWriter
from dialogs.casework.lookups import Lookups, or_unknown
from dialogs.jobs.decided_earlier import AGAIN_AFTER, deciders_left
from services.domain.case.case import Case
from services.domain.case.facts import Worse
from services.domain.case.listed import with_entries_seen
from services.domain.case.noted_facts import present_facts
from services.domain.case.transition import Refusal, Refused
from services.domain.containment.after_steps import AfterSteps, Delegate
from services.domain.containment.commands import (
    ContainingByClock,
    PutBackHeld,
    StepBegun,
    StepPutBack,
    StepsChecked,
    StepTaken,
)
from services.domain.containment.containment import Containment, ContainmentStep, StepOutcome, StepResult
from services.domain.containment.due import gives_up
from services.domain.containment.transitions import contained_account, worse_for_giving_back
from services.domain.evidence.report import Excerpt
from services.domain.people import PersonId
from services.domain.unknown import UnknownReason
from services.ports.clock import Clock
from services.ports.errors import Unavailable
from services.ports.microsoft365 import Microsoft365
from services.ports.storage import OutboxTask

_SHARE = 0.5
"""Of a lease, what the reads after the steps may take: a task may take three quarters of it."""


class ContainAccount:
    """Runs CONTAIN tasks."""

    def __init__(self, *, writer: CaseWriter, microsoft365: Microsoft365, lookups: Lookups, clock: Clock) -> None:
        self._writer = writer
        self._lookups = lookups
        self._containment, self._directory = microsoft365.containment, microsoft365.directory
        self._responders = microsoft365.responders
        self._mailbox, self._mailboxes = microsoft365.mailbox_evidence, microsoft365.mailboxes
        self._clock = clock

    async def run(self, case: Case, task: OutboxTask) -> None:
        """One step, or one put back, or the reads after them. Raises what `TaskHandlers.run` raises."""
        containment = case.containment
        if containment is None:
            raise Refused(Refusal.NOT_NOW)
        over = gives_up(containment, self._clock.now(), task.tries)
        if step := containment.next_step:
            command = _given_up(step) if over else await self._taken(case, containment, step)
        elif containment.putting_back:
            step = containment.putting_back[0]
            command = StepPutBack(result=_unanswered(step)) if over else await self._put_back(case, containment, step)
        elif containment.results:
            command = StepsChecked(after=await self._read(case))
        else:
            raise Refused(Refusal.NOT_NOW)
        await self._writer.apply_to_latest(case, command, task)

    async def _taken(self, case: Case, containment: Containment, step: ContainmentStep) -> ContainingByClock:
        rules, person = tuple(rule.id for rule in containment.rules), contained_account(case).person
        # What stands there is written down before it is touched: a lost answer cannot take it away.
        if all(found.step is not step for found in containment.begun):
            was = await self._containment.before(step, person, _address(case), rules)
            return StepBegun(found=StepResult(step=step, outcome=StepOutcome.DONE, was=was))
        return StepTaken(result=await self._containment.contain(step, person, _address(case), rules))

    async def _put_back(self, case: Case, containment: Containment, step: ContainmentStep) -> ContainingByClock:
        if case.is_evidence_pending:
            raise Unavailable(UnknownReason.NOT_YET, retry_after=AGAIN_AFTER)
        worse = await self._worse(case, containment)
        if worse := worse or await deciders_left(self._responders, containment.put_back_by):
            return PutBackHeld(worse=worse)
        taken = containment.result_of(step) or StepResult(step=step, outcome=StepOutcome.ALREADY_SO)
        person = contained_account(case).person
        return StepPutBack(result=await self._containment.put_back(taken, person, _address(case)))

    async def _worse(self, case: Case, containment: Containment) -> tuple[Worse, ...]:
        """In what the facts are worse than those that putting back was wanted on, the list read now."""
        if containment.put_back_on is None:
            return ()  # wanted before this was kept
        mail = self._lookups.lists.of(case)
        entries = await self._lookups.listed(await mail.fresh(), case.sender.addresses, mail)
        present = present_facts(with_entries_seen(case, entries), self._clock.now())
        return worse_for_giving_back(containment.put_back_on, present)

    async def _read(self, case: Case) -> AfterSteps:
        """Every source at once; one that fails costs its own answer."""
        now, person, address = self._clock.now(), contained_account(case).person, _address(case)
        within = self._writer.timing.lease * _SHARE
        async with asyncio.TaskGroup() as group:
            account = group.create_task(or_unknown(self._containment.account(person), within))
            methods = group.create_task(or_unknown(self._directory.methods(person), within))
            forwarding = group.create_task(or_unknown(self._mailbox.forwarding(address), within))
            rules = group.create_task(or_unknown(self._mailbox.inbox_rules(address), within))
            delegates = group.create_task(or_unknown(self._delegates(address, person), within))
        shown = rules.result()
        return AfterSteps(
            # The time before: what happens while it is read may not be in it.
            read_at=now,
            account=account.result(),
            methods=methods.result(),
            forwarding=forwarding.result(),
            rules=shown.rows if isinstance(shown, Excerpt) else shown,
            rules_cut=isinstance(shown, Excerpt) and shown.cut,
            delegates=delegates.result(),
        )

    async def _delegates(self, address: str, but: PersonId) -> tuple[Delegate, ...]:
        """Everybody else who can send from the mailbox. Raises `Unavailable` if there may be more."""
        mailbox = await self._mailboxes.mailbox(address)
        if mailbox.unread:
            raise Unavailable(UnknownReason.INCOMPLETE, "who may send from the mailbox")
        return tuple(Delegate(person=holder.person, name=holder.name) for holder in mailbox.other_senders(but))


def _given_up(step: ContainmentStep) -> StepTaken:
    return StepTaken(result=_unanswered(step))


def _unanswered(step: ContainmentStep) -> StepResult:
    return StepResult(step=step, outcome=StepOutcome.UNCLEAR)


def _address(case: Case) -> str:
    """The mailbox whose rules and forwarding the evidence spoke of."""
    return case.restriction.address if case.restriction else case.sender.upn
