"""The steps that change outbound policies: what each does to a snapshot, whether it is applied, and how to undo it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import reduce
from typing import Literal, TypeAlias

from services.domain.limits.outbound_policy import (
    OutboundPolicy,
    OutboundRule,
    PolicySnapshot,
    SendingLimits,
    names_any,
    same,
)


class StepKind(StrEnum):
    """The kinds of steps, as stored in a plan."""

    MAKE_POLICY = "make_policy"
    MAKE_RULE = "make_rule"
    EXCEPT_SENDER = "except_sender"
    RAISE_LIMITS = "raise_limits"


@dataclass(frozen=True, slots=True, kw_only=True)
class MakePolicy:
    """Make a new policy. It has no effect until a rule names it."""

    policy: OutboundPolicy
    kind: Literal[StepKind.MAKE_POLICY] = StepKind.MAKE_POLICY

    @property
    def name(self) -> str:
        return self.policy.name


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeRule:
    """Make a new rule; the rules at its priority and after it move down by one."""

    rule: OutboundRule
    kind: Literal[StepKind.MAKE_RULE] = StepKind.MAKE_RULE

    @property
    def name(self) -> str:
        return self.rule.name


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptSender:
    """Except a sender from a rule. `was`: the senders excepted before."""

    rule: str
    sender: str
    was: tuple[str, ...] = ()
    kind: Literal[StepKind.EXCEPT_SENDER] = StepKind.EXCEPT_SENDER

    @property
    def name(self) -> str:
        return self.rule


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseLimits:
    """Change the limits of an existing policy."""

    policy: str
    was: SendingLimits
    to: SendingLimits
    kind: Literal[StepKind.RAISE_LIMITS] = StepKind.RAISE_LIMITS

    @property
    def name(self) -> str:
        return self.policy


PolicyStep: TypeAlias = MakePolicy | MakeRule | ExceptSender | RaiseLimits


class StepState(StrEnum):
    """Whether a snapshot shows a step as applied."""

    APPLIED = "applied"
    NOT_APPLIED = "not_applied"
    OTHERWISE = "otherwise"


def state_of(step: PolicyStep, snapshot: PolicySnapshot, aliases: tuple[str, ...]) -> StepState:
    """Whether a step is applied in a snapshot.

    `OTHERWISE`: what the step changes is missing, or is neither as before the step nor as after it. `aliases` are all
    the sender's addresses, since Exchange may show another address than it was given."""
    match step:
        case MakePolicy():
            policy = snapshot.policy(step.policy.name)
            return _state(policy is None, policy is not None and same_settings(policy, step.policy))
        case MakeRule():
            rule = snapshot.rule(step.rule.name)
            return _state(rule is None, rule is not None and _same_rule(rule, step.rule, aliases))
        case ExceptSender():
            rule = snapshot.rule(step.rule)
            excepted = rule is not None and names_any(rule.except_senders, aliases)
            return _state(rule is not None and not excepted, excepted)
        case RaiseLimits():
            policy = snapshot.policy(step.policy)
            return _state(
                policy is not None and policy.limits == step.was, policy is not None and policy.limits == step.to
            )


def _state(not_applied: bool, applied: bool) -> StepState:
    if applied:
        return StepState.APPLIED
    return StepState.NOT_APPLIED if not_applied else StepState.OTHERWISE


def same_settings(one: OutboundPolicy, other: OutboundPolicy) -> bool:
    """Whether two policies have the same settings. Their descriptions may differ: admins may change ours."""
    return canonical(replace(one, note="")) == canonical(replace(other, note=""))


def _same_rule(one: OutboundRule, other: OutboundRule, aliases: tuple[str, ...]) -> bool:
    """Whether two rules are the same but for their priority and the address by which they name the sender."""
    return _plain_rule(one, aliases) == _plain_rule(other, aliases)


def _plain_rule(rule: OutboundRule, aliases: tuple[str, ...]) -> object:
    def plain(values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple("" if names_any([value], aliases) else value for value in values)

    known = replace(rule, senders=plain(rule.senders), except_senders=plain(rule.except_senders))
    return canonical(replace(known, priority=0))


def canonical(value: OutboundPolicy | OutboundRule) -> tuple[object, ...]:
    """A value that is equal for policies or rules that Exchange treats as equal: case and list order are ignored."""
    return tuple(_plain(getattr(value, field)) for field in value.__dataclass_fields__)


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(sorted({str(item).casefold() for item in value}))
    return value.casefold() if isinstance(value, str) else value


def with_steps(snapshot: PolicySnapshot, steps: Iterable[PolicyStep]) -> PolicySnapshot:
    """The snapshot as it will be after the steps."""
    return reduce(_with_step, steps, snapshot)


def _with_step(snapshot: PolicySnapshot, step: PolicyStep) -> PolicySnapshot:
    match step:
        case MakePolicy():
            return snapshot.with_policy(step.policy)
        case MakeRule():
            shifted = (
                replace(rule, priority=rule.priority + (rule.priority >= step.rule.priority)) for rule in snapshot.rules
            )
            return replace(snapshot, rules=(*shifted, step.rule))
        case ExceptSender():
            rule = _rule(snapshot, step.rule)
            return snapshot.with_rule(replace(rule, except_senders=(*rule.except_senders, step.sender)))
        case RaiseLimits():
            return snapshot.with_policy(replace(_policy(snapshot, step.policy), limits=step.to))


def without_steps(snapshot: PolicySnapshot, steps: Iterable[PolicyStep], aliases: tuple[str, ...]) -> PolicySnapshot:
    """The snapshot without the steps that are applied. What still differs from an earlier one was changed by others."""
    applied = [step for step in steps if state_of(step, snapshot, aliases) is StepState.APPLIED]
    return reduce(lambda left, step: _without_step(left, step, aliases), reversed(applied), snapshot)


def _without_step(snapshot: PolicySnapshot, step: PolicyStep, aliases: tuple[str, ...]) -> PolicySnapshot:
    match step:
        case MakePolicy():
            others = (policy for policy in snapshot.policies if not same(policy.name, step.policy.name))
            return replace(snapshot, policies=tuple(others))
        case MakeRule():
            mine = _rule(snapshot, step.rule.name)
            rest = (rule for rule in snapshot.rules if rule is not mine)
            shifted = (replace(rule, priority=rule.priority - (rule.priority > mine.priority)) for rule in rest)
            return replace(snapshot, rules=tuple(shifted))
        case ExceptSender():
            rule = _rule(snapshot, step.rule)
            return snapshot.with_rule(replace(rule, except_senders=without_sender(rule, aliases)))
        case RaiseLimits():
            return snapshot.with_policy(replace(_policy(snapshot, step.policy), limits=step.was))


def without_sender(rule: OutboundRule, aliases: tuple[str, ...]) -> tuple[str, ...]:
    """The rule's excepted senders without this one."""
    return tuple(value for value in rule.except_senders if not names_any([value], aliases))


def _policy(snapshot: PolicySnapshot, name: str) -> OutboundPolicy:
    return next(policy for policy in snapshot.policies if same(policy.name, name))


def _rule(snapshot: PolicySnapshot, name: str) -> OutboundRule:
    return next(rule for rule in snapshot.rules if same(rule.name, name))
