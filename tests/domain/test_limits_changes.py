"""What each command makes of a limit change, completely, and the effects it has."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.domain.case.apply import apply
from services.domain.case.case import Case
from services.domain.case.commands.clock import Gathered
from services.domain.case.facts import Worse
from services.domain.case.noted_facts import noted, present_facts
from services.domain.case.status import Status
from services.domain.case.transition import Refusal, Refused, TaskKind
from services.domain.limits.change import SOLE_APPROVER_WAITS, AskedLimits, LimitChange, Stage
from services.domain.limits.commands import (
    LimitsApplied,
    LimitsApproved,
    LimitsCommand,
    LimitsDismissed,
    LimitsEnded,
    LimitsHeldBack,
    LimitsOvertaken,
    LimitsPlanned,
    LimitsRefused,
    LimitsRequested,
    LimitsRevertRequested,
)
from services.domain.limits.outbound_policy import SendingLimits
from services.domain.limits.policy_plan import Obstacle, Plan, Strategy
from services.domain.limits.sending_limits import NoHelp
from services.domain.people import PersonId, SignOff, TeamsUser
from services.domain.proofs.securing import Mailing, SentMailing
from tests.cases import BO, CASES, HOUR, NOW, RATE_REASON, SPAM_REASON, TIMING, report, restriction
from tests.filled import filled

CLEO = TeamsUser(id=PersonId("cleo"), name="Cleo Marsh")
BOS, CLEOS = SignOff(by=BO.id, name=BO.name, at=NOW), SignOff(by=CLEO.id, name=CLEO.name, at=NOW)
SECOND = timedelta(seconds=1)
HONEST = noted(
    replace(
        CASES[Status.WAITING],
        evidence=report(),
        proofs=replace(CASES[Status.WAITING].proofs, mailing=Mailing(sent=SentMailing.YES, recipients="2,001")),
    ),
    NOW,
)
PLAN: Plan = filled(Plan)
WISH = LimitsRequested(
    by=BO, strategy=Strategy.OWN_LIMITS, asked=AskedLimits(per_day=9), group="team@a.example", keep_for=24 * HOUR
)
WANTED = LimitChange(
    stage=Stage.REQUESTED,
    strategy=Strategy.OWN_LIMITS,
    asked=AskedLimits(per_day=9),
    group="team@a.example",
    requested=BOS,
    keep_for=24 * HOUR,
)
PROPOSED = replace(WANTED, stage=Stage.PROPOSED, plan=PLAN)
BY_ITSELF = replace(PROPOSED, requested=None)
EARLIER = replace(PROPOSED, requested=replace(BOS, at=NOW - SOLE_APPROVER_WAITS))
APPROVED = replace(PROPOSED, stage=Stage.APPROVED, approved=CLEOS)
CLICKED = replace(APPROVED, approved_on=present_facts(HONEST, NOW))
WORSE = (Worse.NEW_ALARM,)
FAILED = replace(APPROVED, stage=Stage.FAILED, error="403", left_behind=("Policy",))
APPLIED = replace(APPROVED, stage=Stage.APPLIED, applied_at=NOW, ends_at=NOW + 24 * HOUR)
REVERTING = replace(APPLIED, stage=Stage.REVERTING, reverted_by=BOS)
SHOWN, TOLD = (
    frozenset({TaskKind.UPDATE_APPROVERS_CARD}),
    frozenset({TaskKind.UPDATE_APPROVERS_CARD, TaskKind.NOTIFY_APPROVERS}),
)


@pytest.mark.parametrize(
    ("before", "command", "after", "effects"),
    [
        (None, WISH, WANTED, SHOWN),
        (replace(PROPOSED, planned_again=True), WISH, WANTED, SHOWN),
        (FAILED, WISH, WANTED, SHOWN),
        (WANTED, LimitsPlanned(plan=PLAN), replace(PROPOSED, plan_number=1), TOLD),
        (replace(PROPOSED, plan_number=4), WISH, replace(WANTED, plan_number=4), SHOWN),
        (
            WANTED,
            LimitsPlanned(no_help=NoHelp.TENANT_LIMIT),
            replace(WANTED, stage=Stage.NO_HELP, no_help=NoHelp.TENANT_LIMIT),
            SHOWN,
        ),
        (
            WANTED,
            LimitsPlanned(obstacle=Obstacle.GROUP_UNKNOWN),
            replace(WANTED, stage=Stage.NO_HELP, obstacle=Obstacle.GROUP_UNKNOWN),
            SHOWN,
        ),
        (PROPOSED, LimitsApproved(by=CLEO, plan=0), CLICKED, SHOWN),
        (CLICKED, LimitsHeldBack(worse=WORSE), replace(PROPOSED, held_back=WORSE), TOLD),
        (
            replace(PROPOSED, plan_number=2),
            LimitsApproved(by=CLEO, plan=2),
            replace(CLICKED, plan_number=2),
            SHOWN,
        ),
        (BY_ITSELF, LimitsApproved(by=BO, plan=0), PROPOSED, SHOWN),
        (
            EARLIER,
            LimitsApproved(by=BO, by_sole_approver=True, plan=0),
            replace(CLICKED, requested=EARLIER.requested, approved=BOS, by_sole_approver=True),
            SHOWN,
        ),
        (PROPOSED, LimitsApproved(by=CLEO, by_sole_approver=True, plan=0), CLICKED, SHOWN),
        (PROPOSED, LimitsDismissed(by=BO), replace(PROPOSED, stage=Stage.DISMISSED), SHOWN),
        (
            replace(APPROVED, error="403", left_behind=("Policy",), planned_again=True),
            LimitsApplied(differs=("Old",)),
            replace(APPLIED, differs=("Old",)),
            SHOWN,
        ),
        (
            replace(APPROVED, keep_for=None),
            LimitsApplied(),
            replace(APPLIED, keep_for=None, ends_at=None),
            SHOWN,
        ),
        (APPROVED, LimitsRefused(error="403", left_behind=("Policy",)), FAILED, TOLD),
        (
            APPROVED,
            LimitsOvertaken(left_behind=("Policy",)),
            # Both words were given for another plan: neither counts for the next one.
            replace(WANTED, requested=None, planned_again=True, left_behind=("Policy",)),
            SHOWN,
        ),
        (replace(APPLIED, error="403"), LimitsRevertRequested(by=BO, plan=0), REVERTING, SHOWN),
        (APPLIED, LimitsEnded(), replace(APPLIED, has_ended=True), TOLD),
        (
            REVERTING,
            LimitsApplied(differs=("Old",)),
            replace(REVERTING, stage=Stage.REVERTED, differs=("Old",)),
            SHOWN,
        ),
        (
            REVERTING,
            LimitsRefused(error="403", left_behind=("Policy",)),
            replace(REVERTING, stage=Stage.APPLIED, error="403", left_behind=("Policy",)),
            SHOWN,
        ),
        (
            REVERTING,
            LimitsOvertaken(left_behind=("Policy",)),
            replace(REVERTING, stage=Stage.APPLIED, planned_again=True, left_behind=("Policy",)),
            SHOWN,
        ),
    ],
)
def test_what_each_command_makes_of_the_limits(
    before: LimitChange | None, command: LimitsCommand, after: LimitChange, effects: frozenset[TaskKind]
) -> None:
    case = replace(HONEST, limit_change=before)
    transition = apply(case, command, NOW, TIMING)
    assert transition.case == replace(case, limit_change=after)
    assert transition.effects == effects


TOO_SOON = replace(EARLIER, requested=replace(BOS, at=NOW - SOLE_APPROVER_WAITS + SECOND))
REFUSED_ANYWHERE_ELSE: dict[type, tuple[LimitsCommand, set[Stage]]] = {
    type(command): (command, stages)
    for command, stages in (
        (WISH, {Stage.PROPOSED, Stage.NO_HELP, Stage.FAILED, Stage.REVERTED, Stage.DISMISSED}),
        (LimitsPlanned(plan=PLAN), {Stage.REQUESTED}),
        (LimitsApproved(by=CLEO, plan=0), {Stage.PROPOSED}),
        (LimitsDismissed(by=BO), {Stage.PROPOSED}),
        (LimitsApplied(), {Stage.APPROVED, Stage.REVERTING}),
        (LimitsHeldBack(worse=WORSE), {Stage.APPROVED}),
        (LimitsRevertRequested(by=BO, plan=0), {Stage.APPLIED}),
        (LimitsEnded(), {Stage.APPLIED}),
    )
}


@pytest.mark.parametrize("kind", REFUSED_ANYWHERE_ELSE, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("stage", list(Stage), ids=str)
def test_each_command_has_its_stages(kind: type, stage: Stage) -> None:
    command, stages = REFUSED_ANYWHERE_ELSE[kind]
    case = replace(HONEST, limit_change=replace(PROPOSED, stage=stage))
    if stage in stages:
        apply(case, command, NOW, TIMING)
        return
    with pytest.raises(Refused) as refused:
        apply(case, command, NOW, TIMING)
    assert refused.value.refusal is Refusal.NOT_NOW


@pytest.mark.parametrize(
    ("before", "command", "refusal"),
    [
        (None, LimitsApproved(by=BO, plan=0), Refusal.NOT_NOW),
        (PROPOSED, LimitsApproved(by=CLEO), Refusal.PLAN_CHANGED),
        (PROPOSED, LimitsApproved(by=CLEO, plan=1), Refusal.PLAN_CHANGED),
        (APPLIED, LimitsRevertRequested(by=CLEO), Refusal.PLAN_CHANGED),
        (APPLIED, LimitsRevertRequested(by=CLEO, plan=1), Refusal.PLAN_CHANGED),
        (PROPOSED, LimitsApproved(by=BO, plan=0), Refusal.SECOND_FOR_LIMITS),
        (EARLIER, LimitsApproved(by=BO, plan=0), Refusal.SECOND_FOR_LIMITS),
        (TOO_SOON, LimitsApproved(by=BO, by_sole_approver=True, plan=0), Refusal.ALONE_TOO_SOON),
    ],
)
def test_the_second_word_is_somebody_elses_or_comes_an_hour_later(
    before: LimitChange | None, command: LimitsCommand, refusal: Refusal
) -> None:
    with pytest.raises(Refused) as refused:
        apply(replace(HONEST, limit_change=before), command, NOW, TIMING)
    assert refused.value.refusal is refusal
    assert refused.value.until == (NOW + SECOND if refusal is Refusal.ALONE_TOO_SOON else None)


def test_limits_can_be_reverted_once_the_sender_turns_out_not_to_be_honest() -> None:
    spam = replace(HONEST, restriction=restriction(SPAM_REASON), limit_change=APPLIED)
    assert apply(spam, LimitsRevertRequested(by=BO, plan=0), NOW, TIMING).case.limit_change == REVERTING


def test_what_was_not_typed_stays_as_it_is() -> None:
    present = SendingLimits(external_per_hour=1, internal_per_hour=2, per_day=3)
    assert AskedLimits().applied_to(present) == present
    asked = AskedLimits(external_per_hour=0, per_day=9)
    assert asked.applied_to(present) == SendingLimits(external_per_hour=0, internal_per_hour=2, per_day=9)


def test_the_only_approver_waits_an_hour() -> None:
    assert SOLE_APPROVER_WAITS == HOUR


OFTEN = replace(HONEST, evidence=None, past=replace(HONEST.past, restrictions=2))


@pytest.mark.parametrize(
    "case",
    [
        replace(OFTEN, restriction=restriction(RATE_REASON)),
        replace(OFTEN, restriction=None, past=replace(OFTEN.past, restrictions=3)),
        replace(OFTEN, proofs=replace(OFTEN.proofs, mailing=None)),
        replace(OFTEN, past=replace(OFTEN.past, restrictions=1)),
    ],
)
def test_nothing_is_proposed_where_no_policy_stopped_an_honest_sender_again_and_again(case: Case) -> None:
    gathered = Gathered(report=report(gathered_at=NOW))
    assert apply(OFTEN, gathered, NOW, TIMING).case.limit_change is not None
    assert apply(case, gathered, NOW, TIMING).case.limit_change is None


def test_only_an_honest_mailing_of_somebody_is_worth_other_limits() -> None:
    spam, scanner = (
        replace(HONEST, restriction=restriction(SPAM_REASON)),
        replace(HONEST, sender=replace(HONEST.sender, connector_id="scanner")),
    )
    for case in (spam, scanner):
        for before, command in ((None, WISH), (PROPOSED, LimitsApproved(by=CLEO, plan=0))):
            with pytest.raises(Refused) as refused:
                apply(noted(replace(case, limit_change=before), NOW), command, NOW, TIMING)
            assert refused.value.refusal is Refusal.NOT_HONEST
