"""Properties of a case."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.domain.case.case import Case, Status
from services.domain.case.parts import Decision
from services.domain.containment.containment import Containment, ContainmentStep, StepOutcome, StepResult
from services.domain.evidence.report import Forwarding
from services.domain.people import SignOff
from services.domain.proofs.securing import ApprovalCondition
from tests.cases import BO, CASES, HOUR, NOW, report, restriction

SECOND = timedelta(seconds=1)
APPROVED = replace(
    CASES[Status.APPROVED],
    decision=Decision(approved=True, by=BO.id, name=BO.name, at=NOW),
    unblock=replace(CASES[Status.APPROVED].unblock, tried_at=None),
)


@pytest.mark.parametrize(
    ("case", "again"),
    [
        (replace(APPROVED, restriction=restriction(since=NOW - SECOND)), False),
        (replace(APPROVED, restriction=restriction(since=NOW)), True),
        (replace(APPROVED, restriction=restriction(since=None)), False),
        (replace(APPROVED, restriction=None), False),
        (replace(APPROVED, restriction=restriction(since=NOW), decision=None), False),
        # Once an unblock was tried, it concerns this restriction.
        (
            replace(
                APPROVED, restriction=restriction(since=NOW), unblock=replace(APPROVED.unblock, tried_at=NOW - SECOND)
            ),
            True,
        ),
        (replace(APPROVED, restriction=restriction(since=NOW), unblock=replace(APPROVED.unblock, tried_at=NOW)), False),
        (
            replace(
                APPROVED, restriction=restriction(since=NOW), unblock=replace(APPROVED.unblock, tried_at=NOW + HOUR)
            ),
            False,
        ),
    ],
)
def test_a_restriction_is_another_from_the_moment_of_the_approval_until_it_is_tried(case: Case, again: bool) -> None:
    assert case.is_restricted_anew is again


def test_a_stolen_account_needs_two_until_whoever_was_in_is_out() -> None:
    forwarded = Forwarding(to="x@a.example", keeps_copy=True, external=True)
    stolen = replace(CASES[Status.WAITING], evidence=report(forwarding=forwarded))
    assert (stolen.needs_two, stolen.is_contained) == (True, False)
    mark = SignOff(by=BO.id, name=BO.name, at=NOW)
    steps = (ContainmentStep.DISABLE, ContainmentStep.FORWARDING_OFF)
    begun = Containment(requested=mark, confirmed=mark, steps=steps)
    assert replace(stolen, containment=begun).needs_two
    done = replace(begun, results=tuple(StepResult(step=step, outcome=StepOutcome.DONE) for step in steps))
    contained = replace(stolen, containment=done)
    assert (contained.needs_two, contained.is_contained) == (False, True)
    assert ApprovalCondition.LOOKS_STOLEN in contained.conditions
    assert not CASES[Status.WAITING].needs_two


def test_a_connector_always_needs_word_of_whoever_runs_it_and_nothing_else() -> None:
    assert replace(
        CASES[Status.SECURING], sender=replace(CASES[Status.SECURING].sender, connector_id="scanner")
    ).conditions == (ApprovalCondition.CONNECTOR,)
