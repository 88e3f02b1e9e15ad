"""Answers of Exchange about a mailbox that cannot be read: none may read as clean, or as nobody's right."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from services.clients.clock import SystemClock
from services.clients.exchange.cmdlets import Rows
from services.clients.exchange.mailbox_containment import MailboxContainment
from services.clients.exchange.mailbox_evidence import ExchangeEvidence
from services.clients.exchange.mailboxes import ExchangeMailboxes
from services.clients.graph.directory import GraphDirectory
from services.clients.graph.message_traces import MessageTraces, trace_budget
from services.clients.http import ApiClient
from services.domain.evidence.findings import EvidenceSource, Found, findings
from services.domain.evidence.report import Excerpt, Report
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable

ADDRESS = "ana@contoso.example"
NOW = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)
DOMAINS = [{"DomainName": "contoso.example"}]
INSIDE, OUTSIDE = '"b" [SMTP:bo@contoso.example]', '"x" [SMTP:x@mail.example]'


class Scripted:
    """Cmdlets with one answer each."""

    def __init__(self, **answers: list[dict[str, Any]]) -> None:
        self._answers = {name.replace("_", "-"): answer for name, answer in answers.items()}

    async def run(self, cmdlet: str, parameters: Mapping[str, object], *, repeat: bool) -> Rows:
        return Rows(rows=tuple(self._answers[cmdlet]), complete=True)


def evidence(api: ApiClient, **answers: list[dict[str, Any]]) -> ExchangeEvidence:
    cmdlets = Scripted(Get_AcceptedDomain=DOMAINS, **answers)
    return ExchangeEvidence(cmdlets, MessageTraces(api, trace_budget(SystemClock())))


def rule(number: int = 1, **fields: object) -> dict[str, Any]:
    return {"Name": f"r{number}", "Enabled": True, "Identity": str(number), **fields}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"ForwardingAddress": None},
        {"ForwardingAddress": None, "ForwardingSmtpAddress": {"ProxyAddressString": "smtp:x@mail.example"}},
        {"ForwardingAddress": {"Name": "contact"}, "ForwardingSmtpAddress": None},
        {"ForwardingAddress": None, "ForwardingSmtpAddress": ["smtp:x@mail.example"]},
    ],
)
async def test_forwarding_of_no_known_shape_is_not_no_forwarding(api: ApiClient, fields: dict[str, Any]) -> None:
    row = {"PrimarySmtpAddress": ADDRESS, "DeliverToMailboxAndForward": True, **fields}
    for asked in (
        evidence(api, Get_Mailbox=[row]).forwarding(ADDRESS),
        MailboxContainment(Scripted(Get_Mailbox=[row])).forwarding(ADDRESS),
    ):
        with pytest.raises(Unavailable) as unread:
            await asked
        assert unread.value.reason is UnknownReason.UNEXPECTED_RESPONSE


@pytest.mark.parametrize(
    ("target", "external"),
    [
        (OUTSIDE, True),
        (f"{INSIDE}, {OUTSIDE}", True),
        (['"[SMTP:bo@contoso.example]" [SMTP:x@mail.example]'], True),
        ({"Address": "x@mail.example"}, None),
        ([{"Address": "x@mail.example"}], None),
        ([INSIDE, 7], None),
        ([INSIDE], False),
    ],
)
async def test_a_rule_whose_targets_have_another_shape_is_not_harmless(
    api: ApiClient, target: object, *, external: bool | None
) -> None:
    (found,) = (await evidence(api, Get_InboxRule=[rule(ForwardTo=target)]).inbox_rules(ADDRESS)).rows
    assert found.external is external
    assert found.targets


@pytest.mark.parametrize(
    ("enabled", "is_on"), [("true", True), (1, True), (None, True), ([], True), (False, False), ("False", False)]
)
async def test_a_rule_that_does_not_say_that_it_is_off_counts(api: ApiClient, enabled: object, *, is_on: bool) -> None:
    rows = [rule(Enabled=enabled, ForwardTo=[OUTSIDE])]
    (found,) = (await evidence(api, Get_InboxRule=rows).inbox_rules(ADDRESS)).rows
    assert found.enabled is is_on
    containment = MailboxContainment(Scripted(Get_InboxRule=rows))
    assert await containment.rules_that_are(ADDRESS, ("1",), on=True) == (("1",) if is_on else ())


async def test_a_rule_that_sends_outside_is_no_rule_of_the_system_whatever_its_name(api: ApiClient) -> None:
    rows = [rule(Name="Junk E-mail Rule", ForwardTo=[OUTSIDE]), rule(Name="Junk E-mail Rule", DeleteMessage=True)]
    (found,) = (await evidence(api, Get_InboxRule=rows).inbox_rules(ADDRESS)).rows
    assert found.external


async def test_of_very_many_rules_those_that_send_outside_come_first(api: ApiClient) -> None:
    harmless = [rule(n, ForwardTo=[INSIDE]) for n in range(50)]
    off = [rule(n, Enabled=False, ForwardTo=[OUTSIDE]) for n in range(60, 120)]
    read = await evidence(api, Get_InboxRule=[*harmless, *off, rule(51, ForwardTo=[OUTSIDE])]).inbox_rules(ADDRESS)
    assert (read.rows[0].id, read.rows[0].external, len(read.rows)) == ("51", True, 50)
    assert read.cut


@pytest.mark.parametrize(("number", "cut"), [(50, False), (51, True)])
async def test_what_very_many_rules_show_stands_and_they_are_incomplete(
    api: ApiClient, number: int, *, cut: bool
) -> None:
    hiding = [rule(n, DeleteMessage=True) for n in range(number)]
    read = await evidence(api, Get_InboxRule=hiding).inbox_rules(ADDRESS)
    seen = Report(gathered_at=NOW, rules=read.rows, rules_cut=read.cut)
    lines = [one for one in findings(seen, NOW, None) if one.source is EvidenceSource.RULES]
    assert {one.found for one in lines} == {Found.RULE_HIDES, None} if cut else {Found.RULE_HIDES}
    assert any(one.not_checked is UnknownReason.INCOMPLETE for one in lines) is cut


async def test_no_rows_are_the_answer_for_a_mailbox_without_rules(api: ApiClient) -> None:
    assert await evidence(api, Get_InboxRule=[]).inbox_rules(ADDRESS) == Excerpt(rows=())


def mailboxes(api: ApiClient, behalf: object, *rights: dict[str, Any]) -> ExchangeMailboxes:
    mailbox = {"PrimarySmtpAddress": ADDRESS, "RecipientTypeDetails": "SharedMailbox", "GrantSendOnBehalfTo": behalf}
    cmdlets = Scripted(Get_Mailbox=[mailbox], Get_RecipientPermission=[*rights], Get_Recipient=[])
    return ExchangeMailboxes(cmdlets, GraphDirectory(api))


@pytest.mark.parametrize(
    ("row", "unread"),
    [
        ({"AccessControlType": "Allow", "AccessRights": ["SendAs"]}, "Get-RecipientPermission"),
        (
            {"Trustee": {"Name": "Bo"}, "AccessControlType": "Allow", "AccessRights": ["SendAs"]},
            "Get-RecipientPermission",
        ),
        ({"Trustee": "Bo", "AccessControlType": "Allow", "AccessRights": [{"value": "SendAs"}]}, "Bo"),
        ({"Trustee": "Bo", "AccessControlType": "Allow"}, "Bo"),
        ({"Trustee": "Bo", "AccessControlType": 0, "AccessRights": ["SendAs"]}, "Bo"),
    ],
)
async def test_a_right_that_cannot_be_read_is_unread(api: ApiClient, row: dict[str, Any], unread: str) -> None:
    assert (await mailboxes(api, [], row).mailbox(ADDRESS)).unread == (unread,)


@pytest.mark.parametrize(
    ("behalf", "unread"),
    [
        ("Bo Larsen", ("Bo Larsen",)),
        ([{"Name": "Bo"}], ("GrantSendOnBehalfTo",)),
        ({"Name": "Bo"}, ("GrantSendOnBehalfTo",)),
        ([], ()),
        (None, ()),
    ],
)
async def test_on_behalf_of_no_known_shape_is_unread(api: ApiClient, behalf: object, unread: tuple[str, ...]) -> None:
    assert (await mailboxes(api, behalf).mailbox(ADDRESS)).unread == unread


async def test_a_right_that_is_denied_is_nobodys_in_whatever_shape(api: ApiClient) -> None:
    denied = {"Trustee": "Bo", "AccessControlType": "Deny", "AccessRights": [{"value": "SendAs"}]}
    assert (await mailboxes(api, [], denied).mailbox(ADDRESS)).unread == ()
