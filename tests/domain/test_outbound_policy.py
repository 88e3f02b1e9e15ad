"""Which policy governs a sender: the first match wins, and what could not be read stays unknown."""

from dataclasses import replace
from typing import Any

import pytest

from services.domain.limits.outbound_policy import (
    EffectivePolicy,
    Membership,
    OutboundPolicy,
    OutboundRule,
    PolicySnapshot,
    SendingLimits,
    effective_policy,
)
from services.domain.unknown import Unknown, UnknownReason

MIA = ("mia@contoso.example", "m.hart@contoso.example")
DEFAULT = OutboundPolicy(name="Default", is_default=True, limits=SendingLimits(per_day=1_000))
LOUD, QUIET = OutboundPolicy(name="Loud"), OutboundPolicy(name="Quiet")
UNREAD = Unknown(reason=UnknownReason.INCOMPLETE)


def snapshot(*rules: OutboundRule, **more: object) -> PolicySnapshot:
    usual = PolicySnapshot(policies=(DEFAULT, LOUD, QUIET), rules=rules)
    return replace(usual, **more)  # type: ignore[arg-type]  # the tests name real fields


def rule(name: str = "Loud", priority: int = 0, **more: Any) -> OutboundRule:
    return replace(OutboundRule(name=name, policy=name, priority=priority), **more)


def belongs(**groups: bool | Unknown) -> tuple[Membership, ...]:
    return tuple(Membership(group=group, belongs=answer) for group, answer in groups.items())


def governing(found: PolicySnapshot, addresses: tuple[str, ...] = MIA) -> str | Unknown:
    answer = effective_policy(found, addresses)
    return answer.policy.name if isinstance(answer, EffectivePolicy) else answer


def test_default_governs_whom_no_rule_takes() -> None:
    assert effective_policy(snapshot(), MIA) == EffectivePolicy(policy=DEFAULT)


@pytest.mark.parametrize(
    ("scope", "takes"),
    [
        ({"senders": ("MIA@Contoso.example",)}, True),
        ({"senders": ("bob@contoso.example", "m.hart@contoso.example")}, True),
        ({"senders": ("bob@contoso.example",)}, False),
        ({"domains": ("CONTOSO.example",)}, True),
        ({"domains": ("fabrikam.example",)}, False),
        ({"groups": ("team",)}, True),
        ({"groups": ("others", "team")}, True),
        ({"groups": ("others",)}, False),
        ({"senders": MIA, "groups": ("others",)}, False),
        ({"senders": MIA, "groups": ("team",), "domains": ("contoso.example",)}, True),
        ({"senders": MIA, "except_senders": ("m.hart@CONTOSO.example",)}, False),
        ({"senders": MIA, "except_senders": ("bob@contoso.example",)}, True),
        ({"senders": MIA, "except_groups": ("team",)}, False),
        ({"senders": MIA, "except_groups": ("others",)}, True),
        ({"senders": MIA, "except_domains": ("contoso.example",)}, False),
        ({"senders": MIA, "except_groups": ("others",), "except_domains": ("contoso.example",)}, False),
        ({"senders": MIA, "enabled": False}, False),
        ({"groups": ("hidden",)}, None),
        ({"groups": ("never read",)}, None),
        ({"groups": ("hidden", "team")}, True),
        ({"groups": ("hidden",), "senders": ("bob@contoso.example",)}, False),
        ({"groups": ("hidden",), "senders": MIA}, None),
        ({"groups": ("hidden",), "except_senders": MIA}, False),
        ({"senders": MIA, "except_groups": ("hidden",)}, None),
        ({"senders": MIA, "except_groups": ("hidden", "team")}, False),
        ({"senders": ("bob@contoso.example",), "except_groups": ("hidden",)}, False),
        ({"senders": ("Mia Hart",)}, None),
        ({"senders": ("Mia Hart", MIA[0])}, True),
        ({}, None),
        ({"except_senders": MIA}, False),
    ],
)
def test_whom_a_rule_takes(scope: dict[str, Any], takes: bool | None) -> None:
    found = snapshot(rule(**scope), memberships=belongs(team=True, others=False, hidden=UNREAD))
    expected: dict[bool | None, str | Unknown] = {True: "Loud", False: "Default", None: UNREAD}
    assert governing(found) == expected[takes]


@pytest.mark.parametrize(
    ("domain", "primary", "addresses", "takes"),
    [
        ("contoso.example", "", ("mia@contoso.example", "mia@old.example"), True),
        ("old.example", "", ("mia@contoso.example", "mia@old.example"), None),
        ("old.example", "mia@contoso.example", ("mia@contoso.example", "mia@old.example"), False),
        ("old.example", "mia@OLD.example", ("mia@contoso.example", "mia@old.example"), True),
        ("contoso.example", "", ("mia@sales.contoso.example",), None),
        ("toso.example", "", ("mia@contoso.example",), False),
    ],
)
def test_a_domain_is_the_primary_addresss(
    domain: str, primary: str, addresses: tuple[str, ...], takes: bool | None
) -> None:
    expected: dict[bool | None, str | Unknown] = {True: "Loud", False: "Default", None: UNREAD}
    assert governing(snapshot(rule(domains=(domain,)), primary=primary), addresses) == expected[takes]


def test_the_first_match_wins_and_the_order_is_the_priority() -> None:
    loud, quiet = rule("Loud", 1, senders=MIA), rule("Quiet", 0, senders=MIA)
    assert governing(snapshot(loud, quiet)) == "Quiet"
    assert governing(snapshot(loud, replace(quiet, priority=2))) == "Loud"
    assert governing(snapshot(loud, replace(quiet, enabled=False))) == "Loud"


def test_what_comes_after_a_match_does_not_matter_and_what_comes_before_does() -> None:
    certain, unsure = rule("Loud", 0, senders=MIA), rule("Quiet", 1, groups=("hidden",))
    assert governing(snapshot(certain, unsure)) == "Loud"
    assert governing(snapshot(replace(certain, priority=2), unsure)) == UNREAD


def test_a_rule_whose_policy_is_gone_leaves_it_unknown() -> None:
    assert governing(snapshot(rule("Lost", senders=MIA))) == Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE)


def test_a_snapshot_without_default_says_nothing_of_those_no_rule_takes() -> None:
    assert governing(snapshot(policies=(LOUD,))) == UNREAD
