"""What each act makes of other sending limits, all of it, and whom it tells."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.domain.case.apply import moved
from services.domain.case.case import Case, Status
from services.domain.case.commands import Gathered
from services.domain.case.transition import Duty, Refusal, RefusedMove
from services.domain.limits.change import SOLE_APPROVER_WAITS, AskedLimits, LimitsWork, Stage
from services.domain.limits.commands import (
    LimitsAct,
    LimitsApplied,
    LimitsApproved,
    LimitsBack,
    LimitsDismissed,
    LimitsEnded,
    LimitsOvertaken,
    LimitsPlanned,
    LimitsRefused,
    LimitsWanted,
)
from services.domain.limits.outbound_policy import SendingLimits
from services.domain.limits.policy_plan import Obstacle, Plan, Way
from services.domain.limits.sending_limits import NoHelp
from services.domain.people import Clicker, Mark, PersonId
from services.domain.proofs.securing import Mailing, SentMailing
from tests.cases import BO, CASES, HOUR, LIMITS, NOW, RATE_REASON, SPAM_REASON, report, restriction
from tests.filled import filled

CLEO = Clicker(id=PersonId("cleo"), name="Cleo Marsh")
BOS, CLEOS = Mark(by=BO.id, name=BO.name, at=NOW), Mark(by=CLEO.id, name=CLEO.name, at=NOW)
SECOND = timedelta(seconds=1)
HONEST = replace(CASES[Status.WAITING], evidence=report(), mailing=Mailing(sent=SentMailing.YES, recipients="2,001"))
PLAN: Plan = filled(Plan)
WISH = LimitsWanted(by=BO, way=Way.OWN_LIMITS, asked=AskedLimits(per_day=9), group="team@a.example", keep_for=24 * HOUR)
WANTED = LimitsWork(
    stage=Stage.WANTED,
    way=Way.OWN_LIMITS,
    asked=AskedLimits(per_day=9),
    group="team@a.example",
    wanted=BOS,
    keep_for=24 * HOUR,
)
PROPOSED = replace(WANTED, stage=Stage.PROPOSED, plan=PLAN)
BY_ITSELF = replace(PROPOSED, wanted=None)
EARLIER = replace(PROPOSED, wanted=replace(BOS, at=NOW - SOLE_APPROVER_WAITS))
APPROVED = replace(PROPOSED, stage=Stage.APPROVED, approved=CLEOS)
FAILED = replace(APPROVED, stage=Stage.FAILED, error="403", left_behind=("Policy",))
APPLIED = replace(APPROVED, stage=Stage.APPLIED, applied_at=NOW, ends_at=NOW + 24 * HOUR)
TAKING_BACK = replace(APPLIED, stage=Stage.TAKING_BACK, back=BOS)
SHOWN, TOLD = frozenset({Duty.SHOW_APPROVERS}), frozenset({Duty.SHOW_APPROVERS, Duty.TELL_APPROVERS})


@pytest.mark.parametrize(
    ("before", "act", "after", "owes"),
    [
        (None, WISH, WANTED, SHOWN),
        (replace(PROPOSED, anew=True), WISH, WANTED, SHOWN),
        (FAILED, WISH, WANTED, SHOWN),
        (WANTED, LimitsPlanned(plan=PLAN), PROPOSED, TOLD),
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
        (PROPOSED, LimitsApproved(by=CLEO), APPROVED, SHOWN),
        (BY_ITSELF, LimitsApproved(by=BO), PROPOSED, SHOWN),
        (
            EARLIER,
            LimitsApproved(by=BO, alone=True),
            replace(EARLIER, stage=Stage.APPROVED, approved=BOS, alone=True),
            SHOWN,
        ),
        (PROPOSED, LimitsApproved(by=CLEO, alone=True), APPROVED, SHOWN),
        (PROPOSED, LimitsDismissed(by=BO), replace(PROPOSED, stage=Stage.DISMISSED), SHOWN),
        (
            replace(APPROVED, error="403", left_behind=("Policy",), anew=True),
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
            replace(WANTED, anew=True, left_behind=("Policy",)),
            SHOWN,
        ),
        (replace(APPLIED, error="403"), LimitsBack(by=BO), TAKING_BACK, SHOWN),
        (APPLIED, LimitsEnded(), replace(APPLIED, has_ended=True), TOLD),
        (
            TAKING_BACK,
            LimitsApplied(differs=("Old",)),
            replace(TAKING_BACK, stage=Stage.TAKEN_BACK, differs=("Old",)),
            SHOWN,
        ),
        (
            TAKING_BACK,
            LimitsRefused(error="403", left_behind=("Policy",)),
            replace(TAKING_BACK, stage=Stage.APPLIED, error="403", left_behind=("Policy",)),
            SHOWN,
        ),
        (
            TAKING_BACK,
            LimitsOvertaken(left_behind=("Policy",)),
            replace(TAKING_BACK, stage=Stage.APPLIED, anew=True, left_behind=("Policy",)),
            SHOWN,
        ),
    ],
)
def test_what_each_act_makes_of_the_limits(
    before: LimitsWork | None, act: LimitsAct, after: LimitsWork, owes: frozenset[Duty]
) -> None:
    case = replace(HONEST, limits_work=before)
    move = moved(case, act, NOW, LIMITS)
    assert move.case == replace(case, limits_work=after)
    assert move.owes == owes


TOO_SOON = replace(EARLIER, wanted=replace(BOS, at=NOW - SOLE_APPROVER_WAITS + SECOND))
REFUSED_ANYWHERE_ELSE: dict[type, tuple[LimitsAct, set[Stage]]] = {
    type(act): (act, stages)
    for act, stages in (
        (WISH, {Stage.PROPOSED, Stage.NO_HELP, Stage.FAILED, Stage.TAKEN_BACK, Stage.DISMISSED}),
        (LimitsPlanned(plan=PLAN), {Stage.WANTED}),
        (LimitsApproved(by=CLEO), {Stage.PROPOSED}),
        (LimitsDismissed(by=BO), {Stage.PROPOSED}),
        (LimitsApplied(), {Stage.APPROVED, Stage.TAKING_BACK}),
        (LimitsBack(by=BO), {Stage.APPLIED}),
        (LimitsEnded(), {Stage.APPLIED}),
    )
}


@pytest.mark.parametrize("kind", REFUSED_ANYWHERE_ELSE, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("stage", list(Stage), ids=str)
def test_each_act_has_its_stages(kind: type, stage: Stage) -> None:
    act, stages = REFUSED_ANYWHERE_ELSE[kind]
    case = replace(HONEST, limits_work=replace(PROPOSED, stage=stage))
    if stage in stages:
        moved(case, act, NOW, LIMITS)
        return
    with pytest.raises(RefusedMove) as refused:
        moved(case, act, NOW, LIMITS)
    assert refused.value.refusal is Refusal.NOT_NOW


@pytest.mark.parametrize(
    ("before", "act", "refusal"),
    [
        (None, LimitsApproved(by=BO), Refusal.NOT_NOW),
        (PROPOSED, LimitsApproved(by=BO), Refusal.SECOND_FOR_LIMITS),
        (EARLIER, LimitsApproved(by=BO), Refusal.SECOND_FOR_LIMITS),
        (TOO_SOON, LimitsApproved(by=BO, alone=True), Refusal.ALONE_TOO_SOON),
    ],
)
def test_the_second_word_is_somebody_elses_or_comes_an_hour_later(
    before: LimitsWork | None, act: LimitsAct, refusal: Refusal
) -> None:
    with pytest.raises(RefusedMove) as refused:
        moved(replace(HONEST, limits_work=before), act, NOW, LIMITS)
    assert refused.value.refusal is refusal
    assert refused.value.until == (NOW + SECOND if refusal is Refusal.ALONE_TOO_SOON else None)


def test_whoever_turns_out_to_be_no_honest_sender_can_have_the_limits_taken_back() -> None:
    spam = replace(HONEST, restriction=restriction(SPAM_REASON), limits_work=APPLIED)
    assert moved(spam, LimitsBack(by=BO), NOW, LIMITS).case.limits_work == TAKING_BACK


def test_what_was_not_typed_stays_as_it_is() -> None:
    present = SendingLimits(external_per_hour=1, internal_per_hour=2, per_day=3)
    assert AskedLimits().over(present) == present
    asked = AskedLimits(external_per_hour=0, per_day=9)
    assert asked.over(present) == SendingLimits(external_per_hour=0, internal_per_hour=2, per_day=9)


def test_the_only_approver_waits_an_hour() -> None:
    assert SOLE_APPROVER_WAITS == HOUR


OFTEN = replace(HONEST, evidence=None, earlier_restrictions=2)


@pytest.mark.parametrize(
    "case",
    [
        replace(OFTEN, restriction=restriction(RATE_REASON)),
        replace(OFTEN, restriction=None, earlier_restrictions=3),
        replace(OFTEN, mailing=None),
        replace(OFTEN, earlier_restrictions=1),
    ],
)
def test_nothing_is_proposed_where_no_policy_stopped_an_honest_sender_again_and_again(case: Case) -> None:
    gathered = Gathered(report=report(gathered_at=NOW))
    assert moved(OFTEN, gathered, NOW, LIMITS).case.limits_work is not None
    assert moved(case, gathered, NOW, LIMITS).case.limits_work is None


def test_only_an_honest_mailing_of_somebody_is_worth_other_limits() -> None:
    spam, scanner = replace(HONEST, restriction=restriction(SPAM_REASON)), replace(HONEST, connector="scanner")
    for case in (spam, scanner):
        for before, act in ((None, WISH), (PROPOSED, LimitsApproved(by=CLEO))):
            with pytest.raises(RefusedMove) as refused:
                moved(replace(case, limits_work=before), act, NOW, LIMITS)
            assert refused.value.refusal is Refusal.NOT_HONEST
