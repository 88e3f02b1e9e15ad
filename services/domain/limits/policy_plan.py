"""Planning a change of outbound policies: pure, on one read of them, and recognisable when somebody else was faster."""

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
    """How a sender gets other limits: a policy of their own, or out of the stricter policy and back to Default."""

    OWN_LIMITS = "own_limits"
    PUBLISHED_RECIPE = "published_recipe"


class Obstacle(StrEnum):
    """Why there is nothing to plan."""

    GOVERNING_UNKNOWN = "governing_unknown"
    DOMAINS_UNKNOWN = "domains_unknown"
    NOTHING_TO_CHANGE = "nothing_to_change"
    GROUP_UNKNOWN = "group_unknown"
    NOT_A_MEMBER = "not_a_member"


class NoPlan(Exception):  # noqa: N818 - it names a state of the world, not a fault of ours
    """This way changes nothing, or nobody could say what it would change."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(str(obstacle))
        self.obstacle = obstacle


class Gain(StrEnum):
    """Who else may send more once a plan is carried out."""

    EVERYBODY_UNDER_DEFAULT = "everybody_under_default"
    DOMAINS_ADDED_LATER = "domains_added_later"


class ConflictKind(StrEnum):
    """What an approver should know of the other policies."""

    ALSO_NAMED = "also_named"
    GROUP_EXCEPTED = "group_excepted"
    PRIORITIES_SHIFT = "priorities_shift"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """`ALSO_NAMED`: policies that name the sender too and are ignored. `GROUP_EXCEPTED`: groups that rules naming the
    sender except. `PRIORITIES_SHIFT`: rules that move down by one."""

    kind: ConflictKind
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What will be done, and for whom. `before` and `after` govern the sender; `fingerprint` is of what it was planned
    on."""

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
    """What gives the sender these limits. `name` is what new objects will be called, made fit and free. Raises
    `NoPlan`."""
    addresses = _known(snapshot, addresses)
    governing = effective_policy(snapshot, addresses)
    if isinstance(governing, Unknown):
        raise NoPlan(Obstacle.GOVERNING_UNKNOWN)
    name = free_name(name, snapshot)
    steps = _steps(strategy, snapshot, governing, addresses, limits, name=name)
    after = effective_policy(with_steps(snapshot, steps), addresses)
    if isinstance(after, Unknown):
        raise AssertionError("every way settles what governs the sender")  # noqa: TRY004 - nobody gave a wrong type
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
    way: Strategy,
    snapshot: PolicySnapshot,
    governing: EffectivePolicy,
    addresses: tuple[str, ...],
    limits: SendingLimits,
    *,
    name: str,
) -> tuple[PolicyStep, ...]:
    match way:
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
    """The sender's, or the group's: then no second policy is needed; a policy that other rules name too is not."""
    users = [other for other in snapshot.rules if names_any([other.policy], [rule.policy])]
    if snapshot.group:
        alone = not (rule.senders or rule.domains) and all(same(group, snapshot.group) for group in rule.groups)
    else:
        alone = bool(rule.senders) and all(names_any([value], addresses) for value in rule.senders)
    return alone and len(users) == 1


def _recipe(
    snapshot: PolicySnapshot, addresses: tuple[str, ...], limits: SendingLimits, name: str
) -> tuple[PolicyStep, ...]:
    """Every rule that takes the sender excepts them, and Default gives what is needed. Where no rule takes them, a new
    one keeps everybody else at Default's present settings; it comes last, for it must overtake no other."""
    default = snapshot.default
    answers = {rule.name: matches(rule, snapshot, addresses) for rule in in_order(snapshot.rules)}
    if default is None or None in answers.values():
        raise NoPlan(Obstacle.GOVERNING_UNKNOWN)
    to = _higher(default.limits, limits)
    raises = [RaiseLimits(policy=default.name, was=default.limits, to=to)] if to != default.limits else []
    sender = _sender(snapshot, addresses)
    taking = [rule for rule in in_order(snapshot.rules) if answers[rule.name]]
    if taking:
        excepted = (ExceptSender(rule=rule.name, sender=sender, was=rule.except_senders) for rule in taking)
        # Default first: the sender must not fall under lower limits in between.
        return (*raises, *excepted)
    if not raises:
        raise NoPlan(Obstacle.NOTHING_TO_CHANGE)
    if isinstance(snapshot.domains, Unknown) or not snapshot.domains:
        raise NoPlan(Obstacle.DOMAINS_UNKNOWN)
    kept = replace(default, name=name, note="", is_default=False)
    rule = OutboundRule(
        name=name, policy=name, priority=len(snapshot.rules), domains=snapshot.domains, except_senders=(sender,)
    )
    # Default last: nobody else must gain in between.
    return (MakePolicy(policy=kept), MakeRule(rule=rule), *raises)


def _known(snapshot: PolicySnapshot, addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Rules may show the sender by the primary address: it is one of theirs even where the directory lags."""
    return (
        addresses
        if not snapshot.primary or names_any([snapshot.primary], addresses)
        else (*addresses, snapshot.primary)
    )


def _sender(snapshot: PolicySnapshot, addresses: tuple[str, ...]) -> str:
    return snapshot.primary or addresses[0]


def _higher(one: SendingLimits, other: SendingLimits) -> SendingLimits:
    """0 stands for the highest."""

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
        moved = sorted(snapshot.rules, key=lambda rule: rule.priority)
        yield Conflict(kind=ConflictKind.PRIORITIES_SHIFT, names=tuple(rule.name for rule in moved))


def fingerprint(snapshot: PolicySnapshot, addresses: tuple[str, ...], steps: tuple[PolicyStep, ...]) -> str:
    """Of all a plan rests on: what governs the sender, and the policies and rules it touches. Priorities count only
    through what governs."""
    governing = effective_policy(snapshot, addresses)
    seen: list[OutboundPolicy | OutboundRule | None] = []
    if isinstance(governing, EffectivePolicy):
        seen += [governing.policy, governing.rule]
    for step in steps:
        match step:
            case ExceptSender():
                seen.append(snapshot.rule(step.rule))
            case RaiseLimits():
                seen.append(snapshot.policy(step.policy))
            case MakePolicy():
                seen.append(snapshot.policy(step.policy.name))
            case MakeRule():
                seen.append(snapshot.rule(step.rule.name))
    marks = [_mark(one) for one in seen]
    return hashlib.sha256(repr(marks).encode()).hexdigest()


def _mark(one: OutboundPolicy | OutboundRule | None) -> object:
    if isinstance(one, OutboundRule):
        return canonical(replace(one, priority=0))
    return canonical(one) if one else None
