"""Rows of Microsoft Graph that cannot be read: none may be left out as if it said nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.clients.clock import SystemClock
from services.clients.graph.account_evidence import GraphEvidence
from services.clients.graph.audit_log import GraphAuditLog
from services.clients.graph.directory import GraphDirectory
from services.clients.graph.message_traces import MessageTraces, trace_budget
from services.clients.graph.roles import holds_role
from services.clients.http import ApiClient
from services.domain.evidence.findings import EvidenceSource, Found, findings
from services.domain.evidence.report import Change, Report
from services.domain.people import PersonId
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from tests.service import Script, Service, says

ANA = PersonId("00000000-0000-4000-8000-000000000001")
ADDRESS = "ana@contoso.example"
NOW = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)
SINCE = NOW - timedelta(days=10)
CODES: tuple[object, ...] = (None, False, [], "x", "9" * 5_000, 10**30)
METHODS = "/v1.0/users/x/authentication/methods"


def rows(*found: object, **more: object) -> Script:
    return says({"value": list(found), **more})


def signed_in(day: int, country: str, **fields: object) -> dict[str, Any]:
    at = f"2026-11-{day}T10:00:00Z"
    return {"createdDateTime": at, "status": {"errorCode": 0}, "location": {"countryOrRegion": country}, **fields}


@pytest.mark.parametrize(
    "fields",
    [
        {"status": None},
        {"status": {}},
        *({"status": {"errorCode": code}} for code in CODES),
        {"createdDateTime": "soon"},
        {"createdDateTime": None},
    ],
)
async def test_a_sign_in_that_cannot_be_read_makes_them_incomplete(
    api: ApiClient, service: Service, fields: dict[str, Any]
) -> None:
    service.answers(rows(signed_in(18, "ES"), signed_in(26, "KP", **fields)))
    with pytest.raises(Unavailable) as unread:
        await GraphEvidence(GraphDirectory(api)).sign_ins(ANA, SINCE)
    assert unread.value.reason is UnknownReason.INCOMPLETE


@pytest.mark.parametrize(
    ("recent", "told"),
    [
        (("ES", ""), [(None, UnknownReason.INCOMPLETE)]),
        (("KP", ""), [(Found.UNUSUAL_PLACE, None), (None, UnknownReason.INCOMPLETE)]),
        (("ES",), [(None, None)]),
    ],
)
async def test_a_recent_sign_in_without_a_country_is_not_clean(
    api: ApiClient, service: Service, recent: tuple[str, ...], told: list[object]
) -> None:
    service.answers(rows(signed_in(18, "ES"), *(signed_in(26, country) for country in recent)))
    found = (await GraphEvidence(GraphDirectory(api)).sign_ins(ANA, SINCE)).rows
    lines = findings(Report(gathered_at=NOW, sign_ins=found), NOW - timedelta(hours=1), None)
    assert [(one.found, one.not_checked) for one in lines if one.source is EvidenceSource.SIGN_INS] == told


def changed(**fields: object) -> dict[str, Any]:
    activity = {"activityDateTime": "2026-11-26T10:00:00Z", "activityDisplayName": "User registered security info"}
    return {**activity, "result": "success", **fields}


async def test_a_change_counts_however_its_result_is_written(api: ApiClient, service: Service) -> None:
    service.answers(rows(changed(result="Success"), changed(result="Failure")))
    (change,) = (await GraphEvidence(GraphDirectory(api)).changes(ANA, SINCE)).rows
    assert change.what is Change.METHOD_ADDED


@pytest.mark.parametrize(
    "fields", [{"activityDateTime": None}, {"activityDisplayName": None}, {"activityDisplayName": 7}, {"result": 1}]
)
async def test_a_change_that_cannot_be_read_makes_them_incomplete(
    api: ApiClient, service: Service, fields: dict[str, Any]
) -> None:
    service.answers(rows(changed(**fields)))
    with pytest.raises(Unavailable) as unread:
        await GraphEvidence(GraphDirectory(api)).changes(ANA, SINCE)
    assert unread.value.reason is UnknownReason.INCOMPLETE


async def test_more_changes_than_are_kept_are_incomplete_and_none_of_another_kind_is_pushed_out(
    api: ApiClient, service: Service
) -> None:
    """A thief can add and remove methods all day; that an app was given access still shows."""
    noise = [changed(activityDisplayName="User deleted security info") for _ in range(150)]
    consent = changed(activityDisplayName="Consent to application", activityDateTime="2026-11-25T10:00:00Z")
    service.answers(rows(*noise, consent, *noise))
    read = await GraphEvidence(GraphDirectory(api)).changes(ANA, SINCE)
    assert read.cut
    assert len(read.rows) <= 100
    lines = findings(Report(gathered_at=NOW, changes=read.rows, changes_cut=read.cut), NOW, None)
    told = {one.found or one.not_checked for one in lines if one.source is EvidenceSource.CHANGES}
    assert told == {Found.APP_CONSENTED, UnknownReason.INCOMPLETE}


@pytest.mark.parametrize(
    ("modified", "numbers"),
    [
        ([{"displayName": "MobilePhone", "oldValue": '["1"]', "newValue": '["2"]'}], "mobile"),
        ([{"displayName": "mobilePhone", "oldValue": None, "newValue": '["2"]'}], "mobile"),
        ([{"displayName": "TelephoneNumber", "newValue": '["2"]'}], "business"),
        ([{"displayName": "businessPhones", "newValue": '["2"]'}], "business"),
        (
            [{"displayName": "Included Updated Properties", "newValue": '"MobilePhone, TelephoneNumber"'}],
            "business, mobile",
        ),
        ([{"displayName": "MobilePhone", "oldValue": '["1"]', "newValue": '["1"]'}], None),
        ([{"displayName": "Department", "newValue": '["x"]'}], None),
        ([], None),
        (None, None),
        (["x", 7], None),
    ],
)
async def test_an_update_of_a_telephone_number_is_a_change_and_any_other_is_none(
    api: ApiClient, service: Service, modified: object, numbers: str | None
) -> None:
    target = {"id": ANA, "type": "User", "modifiedProperties": modified}
    service.answers(rows(changed(activityDisplayName="Update user", targetResources=[target])))
    read = await GraphEvidence(GraphDirectory(api)).changes(ANA, SINCE)
    assert [(one.what, one.detail) for one in read.rows] == ([(Change.NUMBER_CHANGED, numbers)] if numbers else [])


@pytest.mark.parametrize(
    "data",
    [
        *("[" * 200_000, '{"a":' * 200_000, "{", "[]", "null", 7, [], None),
        {"CreationTime": "x"},
        {"Event": "Listed", "EventValue": ADDRESS, "CreationTime": "x"},
        {"EventValue": ADDRESS, "CreationTime": "2026-11-26T10:00:00"},
        {"Event": "Listed", "EventValue": 7, "CreationTime": "2026-11-26T10:00:00"},
    ],
)
async def test_an_audit_record_that_cannot_be_read_is_not_left_out(
    api: ApiClient, service: Service, data: object
) -> None:
    service.answers(says({"id": "s", "status": "succeeded"}), rows({"auditData": data}))
    with pytest.raises(Unavailable) as unread:
        await GraphAuditLog(GraphDirectory(api), api).listings("s", (ADDRESS,))
    assert unread.value.reason is UnknownReason.INCOMPLETE


async def test_methods_on_a_second_page_are_not_lost(api: ApiClient, service: Service) -> None:
    one = {"@odata.type": "#microsoft.graph.microsoftAuthenticatorAuthenticationMethod", "id": "m1"}
    two = {"@odata.type": "#microsoft.graph.phoneAuthenticationMethod", "id": "m2"}
    service.answers(rows(one, **{"@odata.nextLink": f"{service.url}{METHODS}?$skiptoken=2"}), rows(two))
    assert [method.id for method in await GraphDirectory(api).methods(ANA)] == ["m1", "m2"]


@pytest.mark.parametrize(
    ("answer", "tries", "replaced"),
    [
        (says({}, 404), 1, True),
        (says({}, 403), 1, True),
        (says({}, 429), 3, False),
        (says({}, 503), 3, False),
        (rows(**{"@odata.nextLink": "x"}), 1, False),
    ],
)
async def test_a_list_of_roles_that_is_only_late_is_not_replaced(
    api: ApiClient, service: Service, answer: Script, tries: int, *, replaced: bool
) -> None:
    """The list in beta alone shows roles that a group holds for an administrative unit."""
    service.answers(rows(), rows(), *[answer] * tries, rows())
    if replaced:
        assert not await holds_role(api, ANA)
    else:
        with pytest.raises(Unavailable):
            await holds_role(api, ANA)
    assert any("transitiveMemberOf" in asked.path for asked in service.asked) is replaced


@pytest.mark.parametrize("odd", ["x", None, 7, []])
async def test_a_row_that_is_no_object_is_not_left_out(api: ApiClient, service: Service, odd: object) -> None:
    sent = {"id": "1", "senderAddress": ADDRESS, "recipientAddress": "b", "receivedDateTime": "2026-11-26T10:00:00Z"}
    service.answers(rows(odd, sent))
    for asked in (
        MessageTraces(api, trace_budget(SystemClock())).sent((ADDRESS,), SINCE, NOW),
        GraphDirectory(api).methods(ANA),
        GraphDirectory(api).members("g", 10),
    ):
        with pytest.raises(Unavailable) as unread:
            await asked
        assert unread.value.reason is UnknownReason.UNEXPECTED_RESPONSE
