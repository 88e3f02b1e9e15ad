"""Taking the steps that responders confirmed: one step a run, saved before and after."""

from dialogs.casework.case_writer import CaseWriter
from services.domain.case.case import Case
from services.domain.case.transition import Refusal, Refused
from services.domain.containment.commands import StepBegun, StepPutBack, StepTaken
from services.domain.containment.containment import Containment, ContainmentStep, StepOutcome, StepResult
from services.domain.containment.transitions import contained_account
from services.ports.microsoft365 import ContainmentSteps
from services.ports.storage import OutboxTask


class ContainAccount:
    """Runs CONTAIN tasks."""

    def __init__(self, *, writer: CaseWriter, containment: ContainmentSteps) -> None:
        self._writer = writer
        self._containment = containment

    async def run(self, case: Case, task: OutboxTask) -> None:
        """One step, or one put back. Raises what `TaskHandlers.run` raises."""
        containment = case.containment
        if containment is None or not containment.is_under_way:
            raise Refused(Refusal.NOT_NOW)
        step = containment.next_step
        if step is None:
            await self._put_back(case, containment, task)
            return
        # What stands there is written down before it is touched: a lost answer cannot take it away.
        if all(found.step is not step for found in containment.begun):
            rules = _rules(containment)
            was = await self._containment.before(step, contained_account(case).person, _address(case), rules)
            found = StepResult(step=step, outcome=StepOutcome.DONE, was=was)
            await self._writer.apply_to_latest(case, StepBegun(found=found), task)
            return
        person = contained_account(case).person
        result = await self._containment.contain(step, person, _address(case), _rules(containment))
        await self._writer.apply_to_latest(case, StepTaken(result=result), task)

    async def _put_back(self, case: Case, containment: Containment, task: OutboxTask) -> None:
        step: ContainmentStep = containment.putting_back[0]
        taken = containment.result_of(step) or StepResult(step=step, outcome=StepOutcome.ALREADY_SO)
        result = await self._containment.put_back(taken, contained_account(case).person, _address(case))
        await self._writer.apply_to_latest(case, StepPutBack(result=result), task)


def _rules(containment: Containment) -> tuple[str, ...]:
    return tuple(rule.id for rule in containment.rules)


def _address(case: Case) -> str:
    """The mailbox whose rules and forwarding the evidence spoke of."""
    return case.restriction.address if case.restriction else case.sender.upn
