"""Traces in mailbox, account and audit log, with recorded responses of Exchange and Graph."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.clients.clock import SystemClock
from services.clients.exchange.invoke_command import InvokeCommand
from services.clients.exchange.mailbox_evidence import ExchangeEvidence
from services.clients.graph.account_evidence import GraphEvidence
from services.clients.graph.audit_log import GraphAuditLog
from services.clients.graph.directory import GraphDirectory
from services.clients.graph.message_traces import MessageTraces, trace_budget
from services.clients.http import ApiClient
from services.domain.evidence.report import Change, Forwarding, RiskLevel, RuleDeed
from services.domain.people import PersonId
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from tests.service import Script, Service, says

TENANT = "11111111-2222-4333-8444-555555555555"
MEGAN = "megan@contoso.example"
PERSON = PersonId("aaaaaaaa-0001-4000-8000-000000000001")
SINCE = datetime(2026, 9, 14, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=10)
NOT_PREMIUM = says({"error": {"code": "Authentication_RequestFromNonPremiumTenantOrB2CTenant", "message": "x"}}, 403)
DOMAINS = says({"value": [{"DomainName": "contoso.example"}]})


def _rows(*rows: dict[str, Any], **more: Any) -> Script:
    return says({"value": list(rows), **more})


def _mailbox(**more: Any) -> dict[str, Any]:
    return {
        "UserPrincipalName": MEGAN,
        "PrimarySmtpAddress": "m@contoso.example",
        "EmailAddresses": ["SMTP:m@contoso.example"],
        "ForwardingAddress": None,
        "ForwardingSmtpAddress": None,
        "DeliverToMailboxAndForward": True,
        **more,
    }


@pytest.fixture
def mailbox(api: ApiClient) -> ExchangeEvidence:
    return ExchangeEvidence(InvokeCommand(api, TENANT), MessageTraces(api, trace_budget(SystemClock())))


@pytest.fixture
def account(api: ApiClient) -> GraphEvidence:
    return GraphEvidence(GraphDirectory(api))


@pytest.fixture
def audit(api: ApiClient) -> GraphAuditLog:
    return GraphAuditLog(GraphDirectory(api), api)


async def _refused(question: Any, reason: UnknownReason) -> None:
    with pytest.raises(Unavailable) as refused:
        await question
    assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("fields", "to", "external"),
    [
        ({"ForwardingSmtpAddress": "smtp:x@mail.example"}, "x@mail.example", True),
        ({"ForwardingSmtpAddress": "smtp:pat@contoso.example"}, "pat@contoso.example", False),
        ({"ForwardingAddress": "Pat Hall", "ForwardingSmtpAddress": "smtp:x@mail.example"}, "Pat Hall", None),
    ],
)
async def test_forwarding_and_whether_it_leaves(
    mailbox: ExchangeEvidence, service: Service, fields: dict[str, Any], to: str, external: bool | None
) -> None:
    service.answers(_rows(_mailbox(**fields)), DOMAINS)
    assert await mailbox.forwarding(MEGAN) == Forwarding(to=to, keeps_copy=True, external=external)


async def test_no_forwarding_and_somebody_elses_mailbox(mailbox: ExchangeEvidence, service: Service) -> None:
    service.answers(_rows(_mailbox()))
    assert await mailbox.forwarding("M@contoso.example") is None
    await _refused(mailbox.forwarding("other@contoso.example"), UnknownReason.UNEXPECTED_RESPONSE)


async def test_domains_that_cannot_be_read_leave_it_open(mailbox: ExchangeEvidence, service: Service) -> None:
    service.answers(_rows(_mailbox(ForwardingSmtpAddress="smtp:x@mail.example")), says({}, 403))
    forwarding = await mailbox.forwarding(MEGAN)
    assert forwarding is not None
    assert forwarding.external is None


async def test_inbox_rules_with_hidden_ones_and_big_numbers(mailbox: ExchangeEvidence, service: Service) -> None:
    service.answers(
        _rows(
            {"Name": "Junk E-mail Rule", "Enabled": True, "DeleteMessage": True},
            {
                "Name": ".",
                "Enabled": True,
                "Identity": "m\\15394007230974001153",
                "ForwardTo": ['"x" [SMTP:x@mail.example]'],
                "DeleteMessage": True,
                "SupportedByTask": False,
            },
            {"Name": "deputy", "Enabled": True, "Identity": "m\\2", "ForwardTo": ['"Alex" [EX:/o=x/cn=alex]']},
            {"Name": "own", "Enabled": "False", "Identity": "m\\3", "RedirectTo": ['"P" [SMTP:p@contoso.example]']},
            {"Name": "feeds", "Enabled": True, "Identity": "m\\4", "MoveToFolder": "RSS Subscriptions"},
            {"Name": "sorting", "Enabled": True, "Identity": "m\\5", "MoveToFolder": "Customers"},
        ),
        DOMAINS,
    )
    outside, deputy, own, feeds = (await mailbox.inbox_rules(MEGAN)).rows
    assert (outside.id, outside.hidden, outside.external) == ("m\\15394007230974001153", True, True)
    assert outside.deeds == (RuleDeed.FORWARDS, RuleDeed.DELETES)
    assert (deputy.external, own.external, own.enabled) == (None, False, False)
    assert (feeds.deeds, feeds.external) == ((RuleDeed.HIDES,), False)
    asked = service.asked[0].json["CmdletInput"]["Parameters"]
    assert asked == {"Mailbox": MEGAN, "IncludeHidden": True}


async def test_rules_cut_short_or_refused(mailbox: ExchangeEvidence, service: Service) -> None:
    service.answers(_rows(**{"@odata.nextLink": "x"}), DOMAINS)
    assert (await mailbox.inbox_rules(MEGAN)).cut
    service.answers(says({"error": {"message": "no"}}, 400))
    await _refused(mailbox.inbox_rules(MEGAN), UnknownReason.UNEXPECTED_RESPONSE)


def _sign_in(at: str, error: object = 0, place: str | None = "NG") -> dict[str, Any]:
    location = {"countryOrRegion": place} if place else None
    return {"createdDateTime": at, "status": {"errorCode": error}, "location": location, "ipAddress": "198.51.100.23"}


async def test_sign_ins_are_condensed_and_nothing_telling_is_lost(account: GraphEvidence, service: Service) -> None:
    many = [_sign_in(f"2026-09-24T06:{n:02}:00Z") for n in range(40)]
    failed = [_sign_in(f"2026-09-24T05:{n:02}:00Z", 50126) for n in range(12)]
    service.answers(_rows(*many, *failed, _sign_in("2026-09-24T06:30:00Z", place=None)))
    found = (await account.sign_ins(PERSON, SINCE)).rows
    assert sum(not one.succeeded for one in found) == 12
    got_in = [(one.at.minute, one.place) for one in found if one.succeeded]
    # The first and the last, and those that may have been guessed: within an hour of ten failures, until 05:11.
    assert got_in == [(39, "NG"), (30, None), *((minute, "NG") for minute in range(11, -1, -1))]
    assert found[0].at > found[-1].at


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        (0, "succeeded"),
        ("0", "succeeded"),
        (50126, "failed"),
        ("50053", "failed"),
        (500121, "failed"),
        (53003, "stopped"),
        (50155, "stopped"),
        (50057, "stopped"),
        (50140, None),
        (50125, None),
        (16000, None),
        (59_999, None),
    ],
)
async def test_what_a_code_of_the_sign_in_log_counts_as(
    account: GraphEvidence, service: Service, code: object, kept: str | None
) -> None:
    service.answers(_rows(_sign_in("2026-09-24T06:00:00Z", code)))
    found = [
        "succeeded" if one.succeeded else "stopped" if one.stopped else "failed"
        for one in (await account.sign_ins(PERSON, SINCE)).rows
    ]
    assert found == ([kept] if kept else [])


async def test_no_licence_is_said(account: GraphEvidence, service: Service) -> None:
    service.answers(NOT_PREMIUM)
    await _refused(account.sign_ins(PERSON, SINCE), UnknownReason.NO_LICENCE)
    await _refused(account.risk(PERSON), UnknownReason.NO_LICENCE)


async def test_risk_with_its_detections_and_none(account: GraphEvidence, service: Service) -> None:
    event = {"riskEventType": "suspiciousSendingPatterns", "activityDateTime": "2026-09-24T06:50:00Z"}
    service.answers(says({"riskLevel": "high", "riskState": "atRisk"}), _rows(event, {}))
    risk = await account.risk(PERSON)
    assert (risk.level, risk.dismissed, [one.kind for one in risk.events]) == (
        RiskLevel.HIGH,
        False,
        ["suspiciousSendingPatterns"],
    )
    service.answers(says({}, 404))
    assert (await account.risk(PERSON)).level is RiskLevel.NONE
    service.answers(says({"riskLevel": "new", "riskState": "remediated"}), _rows())
    assert (await account.risk(PERSON)).level is RiskLevel.HIDDEN


def _audited(activity: str, **more: Any) -> dict[str, Any]:
    by = {"app": None, "user": {"userPrincipalName": MEGAN}}
    at = "2026-09-24T10:12:03.1234567Z"
    return {"activityDisplayName": activity, "activityDateTime": at, "result": "success", "initiatedBy": by, **more}


async def test_what_changed_on_an_account(account: GraphEvidence, service: Service) -> None:
    app = [{"type": "User"}, {"type": "ServicePrincipal", "displayName": "Mail Sync Pro"}]
    service.answers(
        _rows(
            _audited("User registered security info"),
            _audited("Consent to application", targetResources=app),
            _audited("Reset user password", initiatedBy={"app": {"displayName": "Tool"}}),
            _audited("Reset user password", result="failure"),
            _audited("Update user"),
        )
    )
    changes = (await account.changes(PERSON, SINCE)).rows
    assert [(one.what, one.detail or one.by) for one in changes] == [
        (Change.METHOD_ADDED, MEGAN),
        (Change.APP_CONSENTED, "Mail Sync Pro"),
        (Change.PASSWORD_CHANGED, "Tool"),
    ]


async def test_a_log_without_end_or_shape(account: GraphEvidence, service: Service) -> None:
    service.answers(*[_rows(**{"@odata.nextLink": "https://graph.example/v1.0/auditLogs/x"})] * 10)
    assert (await account.changes(PERSON, SINCE)).cut
    service.answers(says({"value": "x"}))
    await _refused(account.changes(PERSON, SINCE), UnknownReason.UNEXPECTED_RESPONSE)
    service.answers(says({}, 404))
    await _refused(account.changes(PERSON, SINCE), UnknownReason.UNEXPECTED_RESPONSE)


def _hygiene(event: str, at: str, **more: Any) -> dict[str, Any]:
    return {"auditData": {"Event": event, "EventValue": MEGAN, "CreationTime": at, "Reason": "r", **more}}


async def test_a_search_of_the_audit_log_is_created_and_read(audit: GraphAuditLog, service: Service) -> None:
    service.answers(_rows(), says({"id": "q/1", "status": "notStarted"}, 201))
    assert await audit.begin("Sendwell case 1", (MEGAN,), SINCE, UNTIL) == "q/1"
    asked = service.asked[1].json
    assert (asked["displayName"], asked["recordTypeFilters"]) == ("Sendwell case 1", ["hygieneEvent"])
    text = '{"Event": "Delisted", "UserId": "MEGAN@contoso.example", "CreationTime": "2026-09-24T09:00:00"}'
    link = f"{service.url}/beta/security/auditLog/queries/q%2F1/records?$skiptoken=x"
    service.answers(
        says({"status": "succeeded"}),
        _rows(_hygiene("Listed", "2026-09-24T07:41:12"), {"auditData": text}, **{"@odata.nextLink": link}),
        _rows(_hygiene("Listed", "2026-09-24T07:41:12", EventValue="other@contoso.example")),
    )
    found = await audit.listings("q/1", (MEGAN,))
    assert found is not None
    newest, oldest = found
    assert (newest.listed, oldest.listed, oldest.reason) == (False, True, "r")
    assert service.asked[-1].path == "/beta/security/auditLog/queries/q%2F1/records"


@pytest.mark.parametrize("status", ["notStarted", "running", "somethingNew", None])
async def test_what_does_not_say_that_it_has_ended_is_running(
    audit: GraphAuditLog, service: Service, status: str | None
) -> None:
    service.answers(says({"status": status}))
    assert await audit.listings("q", (MEGAN,)) is None


@pytest.mark.parametrize(
    ("scripts", "reason"),
    [
        ([says({"status": "failed"})], UnknownReason.UNEXPECTED_RESPONSE),
        ([says({}, 404)], UnknownReason.UNEXPECTED_RESPONSE),
        ([says({"status": "succeeded"}), says({"value": 1})], UnknownReason.UNEXPECTED_RESPONSE),
        ([says({"status": "succeeded"}), _rows(**{"@odata.nextLink": "x"})], UnknownReason.INCOMPLETE),
    ],
)
async def test_a_search_that_does_not_answer(
    audit: GraphAuditLog, service: Service, scripts: list[Script], reason: UnknownReason
) -> None:
    service.answers(*scripts)
    await _refused(audit.listings("q", (MEGAN,)), reason)


@pytest.mark.parametrize("unread", [says({}, 403), says({}, 404), says({"value": "x"})])
async def test_a_search_begins_where_the_list_of_searches_may_not_be_read(
    audit: GraphAuditLog, service: Service, unread: Script
) -> None:
    service.answers(unread, says({"id": "q"}, 201))
    assert await audit.begin("x", (MEGAN,), SINCE, UNTIL) == "q"


@pytest.mark.parametrize(
    ("scripts", "reason"),
    [
        ([_rows(), says({}, 403)], UnknownReason.NO_PERMISSION),
        ([_rows(), says({}, 404)], UnknownReason.UNEXPECTED_RESPONSE),
        ([_rows(), says({"error": {"message": "Too many searches."}}, 400)], UnknownReason.THROTTLED),
        ([_rows(), says({}, 429)], UnknownReason.THROTTLED),
        # Perhaps there is one of that name already: it must not be begun a second time.
        ([says({}, 503), says({}, 503), says({}, 503), says({"id": "q"}, 201)], UnknownReason.UNREACHABLE),
    ],
)
async def test_a_search_that_cannot_begin_now(
    audit: GraphAuditLog, service: Service, scripts: list[Script], reason: UnknownReason
) -> None:
    service.answers(*scripts)
    await _refused(audit.begin("x", (MEGAN,), SINCE, UNTIL), reason)
