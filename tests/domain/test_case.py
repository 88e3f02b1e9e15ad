"""Properties of a case."""

from dataclasses import replace
from datetime import timedelta

from services.domain.case.status import Status
from services.domain.containment.after_steps import AccountRead
from services.domain.containment.containment import Containment, ContainmentStep, StepOutcome, StepResult
from services.domain.evidence.report import Forwarding
from services.domain.people import SignOff
from services.domain.proofs.securing import ApprovalCondition
from tests.cases import BO, CASES, NOW, after_steps, report

SECOND = timedelta(seconds=1)


def test_a_stolen_account_needs_two_until_whoever_was_in_is_out() -> None:
    forwarded = Forwarding(to="x@a.example", keeps_copy=True, external=True)
    stolen = replace(CASES[Status.WAITING], evidence=report(forwarding=forwarded))
    assert (stolen.needs_two, stolen.is_contained) == (True, False)
    mark = SignOff(by=BO.id, name=BO.name, at=NOW)
    steps = (ContainmentStep.DISABLE, ContainmentStep.FORWARDING_OFF)
    begun = Containment(requested=mark, confirmed=mark, steps=steps)
    assert replace(stolen, containment=begun).needs_two
    done = replace(begun, results=tuple(StepResult(step=step, outcome=StepOutcome.DONE) for step in steps))
    assert replace(stolen, containment=done).needs_two, "nobody has read it since"
    off = AccountRead(enabled=False)
    contained = replace(stolen, containment=replace(done, after=after_steps(account=off)))
    assert (contained.needs_two, contained.is_contained) == (False, True)
    assert ApprovalCondition.LOOKS_STOLEN in contained.conditions
    assert not CASES[Status.WAITING].needs_two


def test_a_connector_always_needs_word_of_whoever_runs_it_and_nothing_else() -> None:
    assert replace(
        CASES[Status.SECURING], sender=replace(CASES[Status.SECURING].sender, connector_id="scanner")
    ).conditions == (ApprovalCondition.CONNECTOR,)


def test_a_case_is_judged_once_and_anew_when_anything_changes() -> None:
    """A card asks some thirty times what the evidence looks like."""
    case = replace(CASES[Status.WAITING], evidence=report())
    assert case.judgement is case.judgement
    assert case.conditions is case.conditions
    assert replace(case, evidence=None).judgement != case.judgement
    assert case == replace(case), "what is kept is no part of the case"
