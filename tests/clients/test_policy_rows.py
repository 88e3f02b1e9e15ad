"""Outbound policies as Exchange writes them, and rows that are refused because they are unexpected."""

from typing import Any

import pytest

from services.clients.exchange.invoke_command import InvokeCommand
from services.clients.exchange.outbound_policies import ExchangePolicies
from services.clients.exchange.policy_rows import policy_as_parameters, rule_as_parameters
from services.clients.http import ApiClient
from services.domain.limits.outbound_policy import (
    AutoForwarding,
    Membership,
    OutboundPolicy,
    OutboundRule,
    PolicySnapshot,
    SendingLimits,
    ThresholdAction,
)
from services.domain.people import PersonId
from services.domain.unknown import Unknown, UnknownReason
from services.ports.errors import Unavailable
from tests.service import Script, Service, says

TENANT = "11111111-2222-4333-8444-555555555555"
MIA = ("mia@contoso.example", "m.hart@contoso.example")
PERSON = PersonId("aaaaaaaa-0001-4000-8000-000000000007")
GONE = says(
    {"error": {"code": "NotFound", "details": [{"message": "Ex6F9304|A.ManagementObjectNotFoundException|gone"}]}}, 404
)
DOMAINS = says({"value": [{"DomainName": "contoso.example"}, {"DomainName": "fabrikam.example"}]})


def _policy(**more: Any) -> dict[str, Any]:
    return {
        "Name": "Default",
        "IsDefault": True,
        "Enabled": False,
        "AdminDisplayName": "",
        "RecipientLimitExternalPerHour@data.type": "System.UInt32",
        "RecipientLimitExternalPerHour": 300,
        "RecipientLimitInternalPerHour": 0,
        "RecipientLimitPerDay": "700",
        "ActionWhenThresholdReached": "blockUserForToday",
        "NotifyOutboundSpam": True,
        "NotifyOutboundSpamRecipients@odata.type": "#Collection(String)",
        "NotifyOutboundSpamRecipients": ["secops@contoso.example"],
        "BccSuspiciousOutboundMail": "False",
        "BccSuspiciousOutboundAdditionalRecipients": [],
        "AutoForwardingMode": "AUTOMATIC",
        **more,
    }


def _rule(**more: Any) -> dict[str, Any]:
    nobody = dict.fromkeys(("From", "FromMemberOf", "SenderDomainIs"))
    excepted = {f"ExceptIf{name}": None for name in nobody}
    named = {"Name": "Pilot", "HostedOutboundSpamFilterPolicy": "Pilot", "State": "Enabled", "Priority": 0}
    return {**named, **nobody, **excepted, "Comments": None, **more}


def _rows(*rows: Any, **more: Any) -> Script:
    return says({"value": list(rows), **more})


def _recipient(name: str, identity: str | None, *addresses: str) -> dict[str, Any]:
    smtp = [f"smtp:{address}" for address in addresses]
    return {
        "Identity": name,
        "PrimarySmtpAddress": addresses[0],
        "EmailAddresses": smtp,
        "ExternalDirectoryObjectId": identity,
    }


@pytest.fixture
def policies(api: ApiClient) -> ExchangePolicies:
    return ExchangePolicies(InvokeCommand(api, TENANT), api)


async def test_a_policy_is_read_whole_whatever_its_case(policies: ExchangePolicies, service: Service) -> None:
    service.answers(
        _rows(_policy()), _rows(_rule(State="disabled", From="bob@contoso.example", ExceptIfFrom="")), DOMAINS
    )
    default = OutboundPolicy(
        name="Default",
        limits=SendingLimits(external_per_hour=300, internal_per_hour=0, per_day=700),
        action=ThresholdAction.RESTRICT_FOR_TODAY,
        forwarding=AutoForwarding.AUTOMATIC,
        notify=True,
        notify_to=("secops@contoso.example",),
        is_default=True,
    )
    pilot = OutboundRule(name="Pilot", policy="Pilot", priority=0, enabled=False, senders=("bob@contoso.example",))
    assert await policies.snapshot(MIA, PERSON) == PolicySnapshot(
        policies=(default,), rules=(pilot,), person=PERSON, domains=("contoso.example", "fabrikam.example")
    )
    bodies = [asked.json["CmdletInput"] for asked in service.asked]
    assert [body["CmdletName"] for body in bodies] == [
        "Get-HostedOutboundSpamFilterPolicy",
        "Get-HostedOutboundSpamFilterRule",
        "Get-AcceptedDomain",
    ]
    assert all(body["Parameters"] == {} for body in bodies)


@pytest.mark.parametrize(
    ("policy", "rule"),
    [
        (says({}, 403), _rows()),
        (GONE, _rows()),
        (says({"value": []}), _rows()),
        (_rows(_policy(IsDefault=False)), _rows()),
        (_rows(_policy(), **{"@odata.nextLink": "more"}), _rows()),
        (_rows(_policy(), {"Identity": "nameless"}), _rows()),
        (_rows(_policy(Name="  ")), _rows()),
        (_rows(_policy(RecipientLimitPerDay=None)), _rows()),
        (_rows(_policy(RecipientLimitPerDay=True)), _rows()),
        (_rows(_policy(RecipientLimitPerDay="many")), _rows()),
        (_rows(_policy(ActionWhenThresholdReached="BlockForGood")), _rows()),
        (_rows(_policy(AutoForwardingMode=None)), _rows()),
        (_rows(_policy(NotifyOutboundSpamRecipients=[7])), _rows()),
        (_rows(_policy()), says({}, 403)),
        (_rows(_policy()), says({})),
        (_rows(_policy()), _rows({"Identity": "nameless", "State": "Enabled"})),
        (_rows(_policy()), _rows(_rule(State="Maybe"))),
        (_rows(_policy()), _rows(_rule(HostedOutboundSpamFilterPolicy=None))),
        (_rows(_policy()), _rows(_rule(Priority=None))),
        (_rows(_policy()), _rows(_rule(ExceptIfFrom=[{"odd": 1}]))),
        (_rows(_policy()), _rows(_rule(), **{"@adminapi.warnings": ["There are more results available"]})),
    ],
)
async def test_what_is_odd_or_cut_short_is_no_snapshot(
    policies: ExchangePolicies, service: Service, policy: Script, rule: Script
) -> None:
    service.answers(policy, rule, DOMAINS)
    with pytest.raises(Unavailable):
        await policies.snapshot(MIA, PERSON)


@pytest.mark.parametrize("domains", [says({}, 403), GONE, _rows({"DomainName": None})])
async def test_the_organisations_domains_may_stay_unknown(
    policies: ExchangePolicies, service: Service, domains: Script
) -> None:
    service.answers(_rows(_policy()), _rows(), domains)
    assert isinstance((await policies.snapshot(MIA, PERSON)).domains, Unknown)


async def test_the_primary_address_is_asked_for_where_a_rule_names_a_domain(
    policies: ExchangePolicies, service: Service
) -> None:
    rule = _rule(ExceptIfSenderDomainIs=["contoso.example"], From=[MIA[0]])
    mia = _recipient("Mia Hart", PERSON, "m.hart@contoso.example", MIA[0])
    service.answers(_rows(_policy()), _rows(rule), _rows(mia), DOMAINS)
    assert (await policies.snapshot(MIA, PERSON)).primary == "m.hart@contoso.example"
    service.answers(_rows(_policy()), _rows(rule), GONE, DOMAINS)
    assert (await policies.snapshot(MIA, PERSON)).primary == ""


TEAM = _recipient("Team", "11111111-aaaa-4000-8000-000000000001", "team@contoso.example")
OTHER = _recipient("Other", "11111111-aaaa-4000-8000-000000000002", "other@contoso.example")


@pytest.mark.parametrize(
    ("found", "member", "belongs"),
    [
        (_rows(TEAM), says({"value": ["11111111-AAAA-4000-8000-000000000001"]}), True),
        (_rows(OTHER, TEAM), says({"value": []}), False),
        (_rows(TEAM), says({"value": None}), Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE)),
        (_rows(TEAM), says({}, 404), Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE)),
        (_rows(TEAM), says({}, 403), Unknown(reason=UnknownReason.NO_PERMISSION)),
    ],
)
async def test_whether_the_sender_is_in_a_group(
    policies: ExchangePolicies, service: Service, found: Script, member: Script, belongs: bool | Unknown
) -> None:
    rule = _rule(FromMemberOf=["team@contoso.example"])
    service.answers(_rows(_policy()), _rows(rule), found, member, DOMAINS)
    snapshot = await policies.snapshot(MIA, PERSON)
    assert snapshot.memberships == (Membership(group="team@contoso.example", belongs=belongs),)
    assert service.asked[3].path == f"/v1.0/users/{PERSON}/checkMemberGroups"
    assert service.asked[3].json == {"groupIds": [TEAM["ExternalDirectoryObjectId"]]}


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (GONE, UnknownReason.UNEXPECTED_RESPONSE),
        (says({}, 403), UnknownReason.NO_PERMISSION),
        (_rows(OTHER), UnknownReason.UNEXPECTED_RESPONSE),
        (_rows(TEAM, TEAM), UnknownReason.UNEXPECTED_RESPONSE),
        (_rows({**TEAM, "ExternalDirectoryObjectId": ""}), UnknownReason.UNEXPECTED_RESPONSE),
    ],
)
async def test_a_group_that_is_not_found_stays_unknown_and_is_not_asked_about(
    policies: ExchangePolicies, service: Service, found: Script, reason: UnknownReason
) -> None:
    rule = _rule(From=[MIA[0]], ExceptIfFromMemberOf=["team@contoso.example"])
    service.answers(_rows(_policy()), _rows(rule), found, DOMAINS)
    snapshot = await policies.snapshot(MIA, PERSON)
    assert snapshot.memberships == (Membership(group="team@contoso.example", belongs=Unknown(reason=reason)),)
    assert len(service.asked) == 4


async def test_more_groups_than_the_directory_takes_are_asked_in_parts(
    policies: ExchangePolicies, service: Service
) -> None:
    names = [f"g{number}@contoso.example" for number in range(21)]
    groups = [_rows(_recipient(name, f"id-{name}", name)) for name in names]
    parts = [says({"value": ["id-g3@contoso.example"]}), says({"value": ["id-g20@contoso.example"]})]
    service.answers(_rows(_policy()), _rows(_rule(FromMemberOf=names)), *groups, *parts, DOMAINS)
    snapshot = await policies.snapshot(MIA, PERSON)
    assert [one.group for one in snapshot.memberships if one.belongs is True] == [names[3], names[20]]


async def test_a_disabled_rules_groups_are_not_asked_about(policies: ExchangePolicies, service: Service) -> None:
    service.answers(_rows(_policy()), _rows(_rule(State="Disabled", FromMemberOf=["team"])), DOMAINS)
    assert (await policies.snapshot(MIA, PERSON)).memberships == ()


def test_every_setting_is_given_to_a_new_policy_by_its_exact_name() -> None:
    policy = OutboundPolicy(
        name="Mia",
        limits=SendingLimits(external_per_hour=1, internal_per_hour=2, per_day=3),
        action=ThresholdAction.ALERT,
        forwarding=AutoForwarding.OFF,
        bcc=True,
        bcc_to=("a@contoso.example",),
    )
    assert policy_as_parameters(policy, "case 7" * 100) == {
        "Name": "Mia",
        "AdminDisplayName": ("case 7" * 100)[:250],
        "RecipientLimitExternalPerHour": 1,
        "RecipientLimitInternalPerHour": 2,
        "RecipientLimitPerDay": 3,
        "ActionWhenThresholdReached": "Alert",
        "AutoForwardingMode": "Off",
        "NotifyOutboundSpam": False,
        "BccSuspiciousOutboundMail": True,
        "BccSuspiciousOutboundAdditionalRecipients": ["a@contoso.example"],
    }


def test_every_condition_is_given_to_a_new_rule() -> None:
    rule = OutboundRule(
        name="Mia",
        policy="Mia",
        priority=2,
        enabled=False,
        senders=("a",),
        groups=("b",),
        domains=("c",),
        except_senders=("d",),
        except_groups=("e",),
        except_domains=("f",),
    )
    assert rule_as_parameters(rule, "case 7") == {
        "Name": "Mia",
        "HostedOutboundSpamFilterPolicy": "Mia",
        "Priority": 2,
        "Enabled": False,
        "Comments": "case 7",
        "From": ["a"],
        "FromMemberOf": ["b"],
        "SenderDomainIs": ["c"],
        "ExceptIfFrom": ["d"],
        "ExceptIfFromMemberOf": ["e"],
        "ExceptIfSenderDomainIs": ["f"],
    }
