"""Other sending limits from the wish to their end."""

from dataclasses import replace

from services.domain.case.case import Case
from services.domain.limits.change import LimitChange, Stage
from services.domain.limits.outbound_policy import (
    AutoForwarding,
    Membership,
    OutboundPolicy,
    OutboundRule,
    PolicySnapshot,
    SendingLimits,
    ThresholdAction,
)
from services.domain.limits.policy_plan import Obstacle, Strategy, plan
from services.domain.limits.sending_limits import STANDARD, NoHelp
from services.domain.people import SignOff
from tests.cards.sample_cases import HONEST
from tests.cards.sample_evidence import DAY
from tests.cases import ADDRESSES, ANA, BO, HOUR, NOW

BULK = OutboundPolicy(
    name="Bulk senders",
    limits=SendingLimits(external_per_hour=1_500, internal_per_hour=1_500, per_day=3_000),
    forwarding=AutoForwarding.OFF,
    notify=True,
    notify_to=("mail-admins@contoso.example",),
)
SNAPSHOT = PolicySnapshot(
    policies=(OutboundPolicy(name="Default", limits=STANDARD, action=ThresholdAction.RESTRICT, is_default=True), BULK),
    rules=(
        OutboundRule(name="Bulk", policy="Bulk senders", priority=0, senders=("n@contoso.example",)),
        OutboundRule(
            name="Old pilot", policy="Bulk senders", priority=1, senders=ADDRESSES[:1], except_groups=("Interns",)
        ),
    ),
    primary=ADDRESSES[0],
    memberships=(Membership(group="Interns", belongs=False),),
    domains=("contoso.example",),
)


GROUP = "team@contoso.example"


def limit_cases() -> dict[str, Case]:
    mark = SignOff(by=BO.id, name=BO.name, at=NOW - 2 * HOUR)
    other = SignOff(by=ANA, name="Cleo Marsh", at=NOW - HOUR)
    plain = replace(SNAPSHOT, policies=SNAPSHOT.policies[:1], rules=())
    wanted = SendingLimits(external_per_hour=2_500, internal_per_hour=1_000, per_day=0)
    own = plan(Strategy.OWN_LIMITS, SNAPSHOT, ADDRESSES, wanted, "Sendwell ana@contoso.example")
    recipe = plan(Strategy.PUBLISHED_RECIPE, plain, ADDRESSES, wanted, "Sendwell ana@contoso.example")
    excepted = plan(Strategy.PUBLISHED_RECIPE, SNAPSHOT, ADDRESSES, wanted, "Sendwell ana@contoso.example")
    proposed = LimitChange(stage=Stage.PROPOSED, strategy=Strategy.OWN_LIMITS, requested=mark, plan=own)
    team = replace(plain, memberships=(Membership(group=GROUP, belongs=True),), group=GROUP)
    grouped = replace(
        proposed, group=GROUP, plan=plan(Strategy.OWN_LIMITS, team, ADDRESSES, wanted, f"Sendwell {GROUP}")
    )
    applied = replace(proposed, stage=Stage.APPLIED, approved=other, applied_at=NOW, ends_at=NOW + 30 * DAY)
    works = {
        "wanted": replace(proposed, stage=Stage.REQUESTED, plan=None),
        "proposed": proposed,
        "proposed-group": grouped,
        "applied-group": replace(grouped, stage=Stage.APPLIED, approved=other, applied_at=NOW),
        "proposed-recipe": replace(proposed, strategy=Strategy.PUBLISHED_RECIPE, plan=recipe, requested=None),
        "proposed-excepted": replace(proposed, strategy=Strategy.PUBLISHED_RECIPE, plan=excepted, planned_again=True),
        "approved": replace(proposed, stage=Stage.APPROVED, approved=other),
        "applied": replace(applied, differs=("Old pilot",), by_sole_approver=True),
        "applied-ended": replace(applied, has_ended=True),
        "failed": replace(
            proposed, stage=Stage.FAILED, error="Access denied.", left_behind=tuple(f"Policy {n}" for n in range(8))
        ),
        "taking-back": replace(applied, stage=Stage.REVERTING, reverted_by=mark),
        "taken-back": replace(applied, stage=Stage.REVERTED, reverted_by=mark),
        "dismissed": replace(proposed, stage=Stage.DISMISSED),
        **{f"no-help-{why.name.lower()}": replace(_nothing(), no_help=why) for why in NoHelp},
        **{f"obstacle-{why.name.lower()}": replace(_nothing(), obstacle=why) for why in Obstacle},
    }
    return {"honest": HONEST} | {f"limits-{name}": replace(HONEST, limit_change=work) for name, work in works.items()}


def _nothing() -> LimitChange:
    return LimitChange(stage=Stage.NO_HELP, strategy=Strategy.OWN_LIMITS)
