"""Outbound spam policies, and which of them is in effect for a sender."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from services.domain.people import PersonId
from services.domain.unknown import Unknown, UnknownReason


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingLimits:
    """How many recipients a sender may have. 0 means the service's own limit, which is the highest possible."""

    external_per_hour: int = 0
    internal_per_hour: int = 0
    per_day: int = 0


class ThresholdAction(StrEnum):
    """What happens to a sender who reaches a limit."""

    RESTRICT_FOR_TODAY = "restrict_for_today"
    RESTRICT = "restrict"
    ALERT = "alert"


class AutoForwarding(StrEnum):
    """Whether mail may be forwarded outside automatically. `AUTOMATIC` leaves the choice to Microsoft 365."""

    AUTOMATIC = "automatic"
    ON = "on"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundPolicy:
    """All settings of one policy, since a sender who gets another policy gets all of its settings. `note` is the
    description that admins may write."""

    name: str
    limits: SendingLimits = SendingLimits()
    action: ThresholdAction = ThresholdAction.RESTRICT_FOR_TODAY
    forwarding: AutoForwarding = AutoForwarding.AUTOMATIC
    notify: bool = False
    notify_to: tuple[str, ...] = ()
    bcc: bool = False
    bcc_to: tuple[str, ...] = ()
    note: str = ""
    is_default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundRule:
    """The senders that a policy applies to. Those of `senders`, `groups` and `domains` that are not empty must all
    match; one matching exception excludes a sender. Priority 0 comes first."""

    name: str
    policy: str
    priority: int
    enabled: bool = True
    senders: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    except_senders: tuple[str, ...] = ()
    except_groups: tuple[str, ...] = ()
    except_domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Whether the sender belongs to a group that a rule names, by the address or name the rule gives it."""

    group: str
    belongs: bool | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySnapshot:
    """One read of all policies and rules, for one sender.

    `primary` is the sender's primary address, empty if no rule needs it or it could not be read. `domains` are the
    organisation's own. `group` is the group that was asked about, by the address that Exchange shows; empty if none."""

    policies: tuple[OutboundPolicy, ...]
    rules: tuple[OutboundRule, ...] = ()
    person: PersonId | None = None
    primary: str = ""
    memberships: tuple[Membership, ...] = ()
    domains: tuple[str, ...] | Unknown = ()
    group: str = ""

    def policy(self, name: str) -> OutboundPolicy | None:
        return next((policy for policy in self.policies if same(policy.name, name)), None)

    def rule(self, name: str) -> OutboundRule | None:
        return next((rule for rule in self.rules if same(rule.name, name)), None)

    @property
    def default(self) -> OutboundPolicy | None:
        return next((policy for policy in self.policies if policy.is_default), None)

    @property
    def belongs_to_group(self) -> bool | Unknown:
        """Whether the sender is a member of the group that was asked about."""
        found = next((one.belongs for one in self.memberships if same(one.group, self.group)), None)
        return Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE) if found is None else found

    def with_policy(self, changed: OutboundPolicy) -> "PolicySnapshot":
        others = (policy for policy in self.policies if not same(policy.name, changed.name))
        return replace(self, policies=(*others, changed))

    def with_rule(self, changed: OutboundRule) -> "PolicySnapshot":
        others = (rule for rule in self.rules if not same(rule.name, changed.name))
        return replace(self, rules=(*others, changed))


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectivePolicy:
    """The policy in effect for a sender, and the rule that applies it; the default policy needs no rule."""

    policy: OutboundPolicy
    rule: OutboundRule | None = None


def same(one: str, other: str) -> bool:
    """Whether two names or addresses are the same to Exchange, which ignores case."""
    return one.casefold() == other.casefold()


def names_any(values: Iterable[str], wanted: Iterable[str]) -> bool:
    return not {value.casefold() for value in values}.isdisjoint(text.casefold() for text in wanted)


def in_order(rules: Iterable[OutboundRule]) -> tuple[OutboundRule, ...]:
    """The enabled rules in the order in which Exchange applies them."""
    return tuple(sorted((rule for rule in rules if rule.enabled), key=lambda rule: rule.priority))


def effective_policy(snapshot: PolicySnapshot, addresses: tuple[str, ...]) -> EffectivePolicy | Unknown:
    """The policy of the first enabled rule that matches, else the default policy, whose own `Enabled` has no meaning.

    Returns `Unknown` if it depends on something that could not be read."""
    # https://learn.microsoft.com/defender-office-365/outbound-spam-policies-configure (first match wins)
    for rule in in_order(snapshot.rules):
        match matches(rule, snapshot, addresses):
            case True:
                policy = snapshot.policy(rule.policy)
                return (
                    EffectivePolicy(policy=policy, rule=rule)
                    if policy
                    else Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE)
                )
            case None:
                return Unknown(reason=UnknownReason.INCOMPLETE)
            case False:
                continue
    default = snapshot.default
    return EffectivePolicy(policy=default) if default else Unknown(reason=UnknownReason.INCOMPLETE)


def matches(rule: OutboundRule, snapshot: PolicySnapshot, addresses: tuple[str, ...]) -> bool | None:
    """Whether a rule applies to this sender; `None` if that is not known."""
    excepted = _any(_found(rule.except_senders, rule.except_groups, rule.except_domains, snapshot, addresses))
    conditions = tuple(_found(rule.senders, rule.groups, rule.domains, snapshot, addresses))
    # A rule must have a condition: if none is shown, it has a kind of condition that we do not read.
    included = _all(conditions) if conditions else None
    if excepted is True or included is False:
        return False
    return None if excepted is None or included is None else True


def _found(
    senders: tuple[str, ...],
    groups: tuple[str, ...],
    domains: tuple[str, ...],
    snapshot: PolicySnapshot,
    addresses: tuple[str, ...],
) -> Iterator[bool | None]:
    """Whether the sender matches, for each kind of condition that is not empty."""
    if senders:
        yield _any(_is_sender(value, addresses) for value in senders)
    if groups:
        yield _any(_belongs(group, snapshot) for group in groups)
    if domains:
        yield _any(_is_in(domain, snapshot, addresses) for domain in domains)


def _is_sender(value: str, addresses: tuple[str, ...]) -> bool | None:
    if names_any([value], addresses):
        return True
    # Exchange may show a sender by a name without a domain: then it is not known whose it is.
    return False if "@" in value else None


def _belongs(group: str, snapshot: PolicySnapshot) -> bool | None:
    found = next((one.belongs for one in snapshot.memberships if same(one.group, group)), None)
    return found if isinstance(found, bool) else None


def _is_in(domain: str, snapshot: PolicySnapshot, addresses: tuple[str, ...]) -> bool | None:
    """Whether the primary address is in the domain; `None` if that is not known.

    Without a primary address the first one decides, unless another address is in the domain. Microsoft does not say
    whether a rule's domain includes its subdomains, so an address in one of them is not known to match."""
    certain = _domains([snapshot.primary] if snapshot.primary else addresses[:1])
    possible = certain if snapshot.primary else _domains(addresses)
    wanted = domain.casefold()
    if wanted in certain:
        return True
    return None if any(one == wanted or one.endswith(f".{wanted}") for one in possible) else False


def _domains(addresses: Iterable[str]) -> set[str]:
    return {address.rpartition("@")[2].casefold() for address in addresses}


def _any(parts: Iterable[bool | None]) -> bool | None:
    every = set(parts)
    return True if True in every else (None if None in every else False)


def _all(parts: Iterable[bool | None]) -> bool | None:
    every = set(parts)
    return False if False in every else (None if None in every else True)
