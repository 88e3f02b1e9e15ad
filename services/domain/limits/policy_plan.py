"""Planning a change of outbound policies: pure, from one snapshot, with a fingerprint that shows changes by others."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from services.domain.limits.outbound_policy import (
    EffectivePolicy,
    OutboundPolicy,
    OutboundRule,
    PolicySnapshot,
    SendingLimits,
    effective_policy,
    in_order,
    matches,
    names_any,
    same,
)
from services.domain.limits.policy_names import free_name
from services.domain.limits.policy_steps import (
    ExceptSender,
    MakePolicy,
    MakeRule,
    PolicyStep,
    RaiseLimits,
    canonical,
    with_steps,
)
from services.domain.people import PersonId
from services.domain.unknown import Unknown


class Strategy(StrEnum):
    """How a sender gets other limits: by a policy of their own, or by an exception from the stricter policy, so that
    the default policy applies again."""

    OWN_LIMITS = "own_limits"
    PUBLISHED_RECIPE = "published_recipe"


class Obstacle(StrEnum):
    """Why there is nothing to plan."""

    GOVERNING_UNKNOWN = "governing_unknown"
    DOMAINS_UNKNOWN = "domains_unknown"
    NOTHING_TO_CHANGE = "nothing_to_change"
    GROUP_UNKNOWN = "group_unknown"
    NOT_A_MEMBER = "not_a_member"
    NO_ROLE = "no_role"


class NoPlan(Exception):  # noqa: N818 - it names a state of the world, not a fault of ours
    """There is no plan: the strategy would change nothing, or its result is not known."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(str(obstacle))
        self.obstacle = obstacle


class Gain(StrEnum):
    """Who else may send more once a plan is applied."""

    EVERYBODY_UNDER_DEFAULT = "everybody_under_default"
    DOMAINS_ADDED_LATER = "domains_added_later"


class ConflictKind(StrEnum):
    """How other policies or rules are affected, for the approver to know."""

    ALSO_NAMED = "also_named"
    GROUP_EXCEPTED = "group_excepted"
    PRIORITIES_SHIFT = "priorities_shift"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """`ALSO_NAMED`: policies whose rules match the sender too and have no effect. `GROUP_EXCEPTED`: groups excepted
    from rules that match the sender. `PRIORITIES_SHIFT`: rules that move down by one priority."""

    kind: ConflictKind
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The steps of a change, and for whom. `before` and `after` are the sender's policies; `fingerprint` is the state
    of the policies that the plan was made for."""

    strategy: Strategy
    addresses: tuple[str, ...]
    person: PersonId | None
    steps: tuple[PolicyStep, ...]
    before: OutboundPolicy
    after: OutboundPolicy
    gains: tuple[Gain, ...]
    conflicts: tuple[Conflict, ...]
    fingerprint: str


def plan(
    strategy: Strategy, snapshot: PolicySnapshot, addresses: tuple[str, ...], limits: SendingLimits, name: str
) -> Plan:
    """The plan that gives the sender these limits. `name` is for new objects; it is changed to one that is free and
    that Exchange accepts.

    Raises `NoPlan`."""
    addresses = _known(snapshot, addresses)
    governing = effective_policy(snapshot, addresses)
    if isinstance(governing, Unknown):
        raise NoPlan(Obstacle.GOVERNING_UNKNOWN)
    name = free_name(name, snapshot)
    steps = _steps(strategy, snapshot, governing, addresses, limits, name=name)
    after = effective_policy(with_steps(snapshot, steps), addresses)
    if isinstance(after, Unknown):
        raise AssertionError("every strategy settles the effective policy")  # noqa: TRY004 - no argument is of a wrong type
    return Plan(
        strategy=strategy,
        addresses=addresses,
        person=snapshot.person,
        steps=steps,
        before=governing.policy,
        after=after.policy,
        gains=tuple(_gains(snapshot, steps)),
        conflicts=tuple(_conflicts(snapshot, addresses, after, steps)),
        fingerprint=fingerprint(snapshot, addresses, steps),
    )


def _steps(
    strategy: Strategy,
    snapshot: PolicySnapshot,
    governing: EffectivePolicy,
    addresses: tuple[str, ...],
    limits: SendingLimits,
    *,
    name: str,
) -> tuple[PolicyStep, ...]:
    match strategy:
        case Strategy.OWN_LIMITS:
            return _own_limits(snapshot, governing, addresses, limits, name)
        case Strategy.PUBLISHED_RECIPE:
            return _recipe(snapshot, addresses, limits, name)


def _own_limits(
    snapshot: PolicySnapshot, governing: EffectivePolicy, addresses: tuple[str, ...], limits: SendingLimits, name: str
) -> tuple[PolicyStep, ...]:
    policy = governing.policy
    if snapshot.group and (belongs := snapshot.belongs_to_group) is not True:
        raise NoPlan(Obstacle.GROUP_UNKNOWN if isinstance(belongs, Unknown) else Obstacle.NOT_A_MEMBER)
    if policy.limits == limits:
        raise NoPlan(Obstacle.NOTHING_TO_CHANGE)
    if governing.rule is not None and _is_theirs_alone(governing.rule, snapshot, addresses):
        return (RaiseLimits(policy=policy.name, was=policy.limits, to=limits),)
    own = replace(policy, name=name, limits=limits, note="", is_default=False)
    rule = OutboundRule(name=name, policy=name, priority=0)
    rule = (
        replace(rule, groups=(snapshot.group,))
        if snapshot.group
        else replace(rule, senders=(_sender(snapshot, addresses),))
    )
    return (MakePolicy(policy=own), MakeRule(rule=rule))


def _is_theirs_alone(rule: OutboundRule, snapshot: PolicySnapshot, addresses: tuple[str, ...]) -> bool:
    """Whether the rule applies to this sender or group only, and its policy has no other rule: then its limits can be
    raised without affecting anybody else."""
    users = [other for other in snapshot.rules if names_any([other.policy], [rule.policy])]
    if snapshot.group:
        alone = not (rule.senders or rule.domains) and all(same(group, snapshot.group) for group in rule.groups)
    else:
        alone = bool(rule.senders) and all(names_any([value], addresses) for value in rule.senders)
    return alone and len(users) == 1


def _recipe(
    snapshot: PolicySnapshot, addresses: tuple[str, ...], limits: SendingLimits, name: str
) -> tuple[PolicyStep, ...]:
    """Except the sender from every rule that matches them, and raise the default policy's limits to what is needed.

    If no rule matches them, a new rule keeps everybody else at the default policy's present settings; it comes last, so
    that it takes nobody from another rule."""
    default = snapshot.default
    matched = {rule.name: matches(rule, snapshot, addresses) for rule in in_order(snapshot.rules)}
    if default is None or None in matched.values():
        raise NoPlan(Obstacle.GOVERNING_UNKNOWN)
    to = _higher(default.limits, limits)
    raises = [RaiseLimits(policy=default.name, was=default.limits, to=to)] if to != default.limits else []
    sender = _sender(snapshot, addresses)
    matching = [rule for rule in in_order(snapshot.rules) if matched[rule.name]]
    if matching:
        excepted = (ExceptSender(rule=rule.name, sender=sender, was=rule.except_senders) for rule in matching)
        # The default policy first: the sender must not get lower limits in between.
        return (*raises, *excepted)
    if not raises:
        raise NoPlan(Obstacle.NOTHING_TO_CHANGE)
    if isinstance(snapshot.domains, Unknown) or not snapshot.domains:
        raise NoPlan(Obstacle.DOMAINS_UNKNOWN)
    kept = replace(default, name=name, note="", is_default=False)
    rule = OutboundRule(
        name=name, policy=name, priority=len(snapshot.rules), domains=snapshot.domains, except_senders=(sender,)
    )
    # The default policy last: nobody else must get higher limits in between.
    return (MakePolicy(policy=kept), MakeRule(rule=rule), *raises)


def _known(snapshot: PolicySnapshot, addresses: tuple[str, ...]) -> tuple[str, ...]:
    """The sender's addresses with the primary one: Exchange may show it before the directory does."""
    return (
        addresses
        if not snapshot.primary or names_any([snapshot.primary], addresses)
        else (*addresses, snapshot.primary)
    )


def _sender(snapshot: PolicySnapshot, addresses: tuple[str, ...]) -> str:
    return snapshot.primary or addresses[0]


def _higher(one: SendingLimits, other: SendingLimits) -> SendingLimits:
    """The higher of each limit, where 0 is the highest."""

    def higher(first: int, second: int) -> int:
        return 0 if 0 in (first, second) else max(first, second)

    return SendingLimits(
        external_per_hour=higher(one.external_per_hour, other.external_per_hour),
        internal_per_hour=higher(one.internal_per_hour, other.internal_per_hour),
        per_day=higher(one.per_day, other.per_day),
    )


def _gains(snapshot: PolicySnapshot, steps: tuple[PolicyStep, ...]) -> Iterator[Gain]:
    default = snapshot.default
    if default is None or not any(isinstance(step, RaiseLimits) and step.policy == default.name for step in steps):
        return
    others_are_kept = any(isinstance(step, MakeRule) for step in steps)
    yield Gain.DOMAINS_ADDED_LATER if others_are_kept else Gain.EVERYBODY_UNDER_DEFAULT


def _conflicts(
    snapshot: PolicySnapshot, addresses: tuple[str, ...], after: EffectivePolicy, steps: tuple[PolicyStep, ...]
) -> Iterator[Conflict]:
    rules = in_order(with_steps(snapshot, steps).rules)
    ignored = [rule.policy for rule in rules if rule != after.rule and matches(rule, snapshot, addresses)]
    if ignored:
        yield Conflict(kind=ConflictKind.ALSO_NAMED, names=tuple(ignored))
    bare = [(rule, replace(rule, except_groups=(), except_domains=())) for rule in rules]
    groups = [group for rule, all_of in bare if matches(all_of, snapshot, addresses) for group in rule.except_groups]
    if groups:
        yield Conflict(kind=ConflictKind.GROUP_EXCEPTED, names=tuple(dict.fromkeys(groups)))
    if any(isinstance(step, MakeRule) and step.rule.priority == 0 for step in steps) and snapshot.rules:
        shifted = sorted(snapshot.rules, key=lambda rule: rule.priority)
        yield Conflict(kind=ConflictKind.PRIORITIES_SHIFT, names=tuple(rule.name for rule in shifted))


def fingerprint(snapshot: PolicySnapshot, addresses: tuple[str, ...], steps: tuple[PolicyStep, ...]) -> str:
    """A hash of what a plan depends on: the effective policy and its rule, and the policies and rules that the steps
    change. Priorities count only as far as they decide which policy is in effect."""
    governing = effective_policy(snapshot, addresses)
    found: list[OutboundPolicy | OutboundRule | None] = []
    if isinstance(governing, EffectivePolicy):
        found += [governing.policy, governing.rule]
    for step in steps:
        match step:
            case ExceptSender():
                found.append(snapshot.rule(step.rule))
            case RaiseLimits():
                found.append(snapshot.policy(step.policy))
            case MakePolicy():
                found.append(snapshot.policy(step.policy.name))
            case MakeRule():
                found.append(snapshot.rule(step.rule.name))
    values = [_comparable(one) for one in found]
    return hashlib.sha256(repr(values).encode()).hexdigest()


def _comparable(one: OutboundPolicy | OutboundRule | None) -> object:
    if isinstance(one, OutboundRule):
        return canonical(replace(one, priority=0))
    return canonical(one) if one else None
