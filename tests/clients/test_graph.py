"""The directory: people, methods, reports, audits and who may decide."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.clients.graph.directory import GraphDirectory
from services.clients.graph.group_members import GroupApprovers
from services.clients.http import ApiClient
from services.domain.people import MethodKind, PasswordHome, PersonId, Standing
from services.domain.unknown import UnknownReason
from services.ports.errors import NotFound, Unavailable
from tests.service import Service, says, says_raw

ANA = PersonId("aaaaaaaa-0001-4000-8000-000000000001")
GROUP = "bbbbbbbb-0001-4000-8000-000000000001"
NOT_FOUND = says({"error": {"code": "Request_ResourceNotFound", "message": "…"}}, 404)
DENIED = says({"error": {"code": "Authorization_RequestDenied", "message": "…"}}, 403)
USER: dict[str, Any] = {
    "id": ANA,
    "displayName": "Ana Soto",
    "userPrincipalName": "ana.soto@contoso.example",
    "mail": "A.Soto@contoso.example",
    "proxyAddresses": ["SMTP:a.soto@contoso.example", "smtp:hello@contoso.example", "SIP:x", 7],
    "accountEnabled": True,
    "userType": "Member",
    "lastPasswordChangeDateTime": "2026-09-24T10:12:03Z",
    "onPremisesSyncEnabled": None,
    "mobilePhone": None,
    "businessPhones": ["", "+34 600 000 001"],
    "manager": {"displayName": "Dan Reyes"},
}


@pytest.fixture
def graph(api: ApiClient) -> GraphDirectory:
    return GraphDirectory(api)


@pytest.fixture
def approvers(graph: GraphDirectory, api: ApiClient) -> GroupApprovers:
    return GroupApprovers(graph, api, GROUP)


async def test_a_person_with_every_address_once(graph: GraphDirectory, service: Service) -> None:
    service.answers(says(USER), says({"authenticationType": "Managed"}))
    person = await graph.person(ANA)
    assert person.addresses == ("ana.soto@contoso.example", "A.Soto@contoso.example", "hello@contoso.example")
    assert (person.phone, person.business_phone, person.manager) == (None, "+34 600 000 001", "Dan Reyes")
    assert person.password_changed_at == datetime(2026, 9, 24, 10, 12, 3, tzinfo=UTC)
    assert person.password_home is PasswordHome.CLOUD
    assert person.enabled
    assert not person.guest
    selected = service.asked[0].query["$select"].split(",")
    assert {"lastPasswordChangeDateTime", "proxyAddresses", "onPremisesSyncEnabled"} <= set(selected)


@pytest.mark.parametrize(
    ("change", "domain", "home"),
    [
        ({"onPremisesSyncEnabled": True}, says({}), PasswordHome.ON_PREMISES),
        ({}, says({"authenticationType": "Federated"}), PasswordHome.FEDERATED),
        ({}, says({"authenticationType": 7}), PasswordHome.CLOUD),
        ({}, DENIED, PasswordHome.CLOUD),
        ({}, NOT_FOUND, PasswordHome.CLOUD),
    ],
)
async def test_where_a_password_lives(
    graph: GraphDirectory, service: Service, change: dict[str, Any], domain: Any, home: PasswordHome
) -> None:
    service.answers(says({**USER, **change}), domain)
    assert (await graph.person(ANA)).password_home is home


async def test_a_domain_is_asked_for_once_by_its_people_and_again_where_it_could_not_say(
    graph: GraphDirectory, service: Service
) -> None:
    service.answers(says(USER), DENIED, says(USER), says({"authenticationType": "Federated"}), says(USER))
    homes = [(await graph.person(ANA)).password_home for _ in range(3)]
    assert homes == [PasswordHome.CLOUD, PasswordHome.FEDERATED, PasswordHome.FEDERATED]
    assert [asked.path.rpartition("/")[0] for asked in service.asked].count("/v1.0/domains") == 2


async def test_a_sparse_person_is_still_a_person(graph: GraphDirectory, service: Service) -> None:
    service.answers(
        says({"userPrincipalName": "x@contoso.example", "proxyAddresses": 7, "manager": "?", "userType": "Guest"})
    )
    person = await graph.person(ANA)
    assert (person.name, person.addresses, person.phone) == ("x@contoso.example", ("x@contoso.example",), None)
    assert person.manager is None
    assert person.guest
    assert not person.enabled


async def test_nobody_and_nameless(graph: GraphDirectory, service: Service) -> None:
    service.answers(NOT_FOUND)
    with pytest.raises(NotFound):
        await graph.person(ANA)
    service.answers(says({"id": ANA}))
    with pytest.raises(Unavailable) as trouble:
        await graph.person(ANA)
    assert trouble.value.reason is UnknownReason.UNEXPECTED_RESPONSE


@pytest.mark.parametrize("script", [says([]), says({}, 400), says_raw(b"{")])
async def test_an_unexpected_response_is_not_known(graph: GraphDirectory, service: Service, script: Any) -> None:
    service.answers(script)
    for question in (graph.person, graph.methods, graph.registration):
        with pytest.raises(Unavailable) as trouble:
            await question(ANA)
        assert trouble.value.reason is UnknownReason.UNEXPECTED_RESPONSE


async def test_an_id_cannot_leave_its_place_in_the_path(graph: GraphDirectory, service: Service) -> None:
    service.answers(NOT_FOUND)
    with pytest.raises(NotFound):
        await graph.person(PersonId("x/../../groups?y"))
    assert service.asked[0].path == "/v1.0/users/x%2F..%2F..%2Fgroups%3Fy"


async def test_methods(graph: GraphDirectory, service: Service) -> None:
    prefix = "#microsoft.graph."
    rows = [
        {"@odata.type": f"{prefix}passwordAuthenticationMethod", "id": "p", "createdDateTime": None},
        {"@odata.type": f"{prefix}fido2AuthenticationMethod", "id": "k", "createdDateTime": "2026-01-02T03:04:05Z"},
        {"@odata.type": f"{prefix}somethingNewAuthenticationMethod", "id": "n"},
    ]
    service.answers(says({"value": rows}))
    methods = await graph.methods(ANA)
    assert [method.kind for method in methods] == [MethodKind.PASSWORD, MethodKind.PASSKEY, MethodKind.OTHER]
    assert [method.is_second_factor for method in methods] == [False, True, False]
    assert methods[1].added_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize("wrapped", [True, False])
async def test_registration_with_and_without_its_wrapper(
    graph: GraphDirectory, service: Service, wrapped: bool
) -> None:
    report = {"isMfaRegistered": True, "isSsprCapable": False}
    service.answers(says({"value": report} if wrapped else report))
    registration = await graph.registration(ANA)
    assert (registration.mfa_registered, registration.self_service_reset) == (True, False)


async def test_password_changes(graph: GraphDirectory, service: Service) -> None:
    def row(**change: Any) -> dict[str, Any]:
        by = {"user": {"userPrincipalName": "ana@contoso.example", "ipAddress": "192.0.2.10"}}
        whole = {
            "result": "success",
            "activityDisplayName": "Reset password (self-service)",
            "activityDateTime": "2026-09-24T10:31:40.0000000Z",
            "initiatedBy": by,
        }
        return {**whole, **change}

    rows = [
        row(),
        row(result="failure"),
        row(activityDisplayName="Update user"),
        row(activityDateTime="?"),
        row(initiatedBy={"user": None}),
    ]
    service.answers(says({"value": rows}))
    since = datetime(2026, 9, 24, 9, tzinfo=UTC)
    changes = await graph.password_changes(ANA, since)
    assert [(change.by, change.from_where) for change in changes] == [
        ("ana@contoso.example", "192.0.2.10"),
        (None, None),
    ]
    asked = service.asked[0].query["$filter"]
    assert asked == f"activityDateTime ge 2026-09-24T09:00:00Z and targetResources/any(t:t/id eq '{ANA}')"


async def test_ping_reads_a_user(graph: GraphDirectory, service: Service) -> None:
    service.answers(DENIED)
    with pytest.raises(Unavailable) as trouble:
        await graph.ping()
    assert trouble.value.reason is UnknownReason.NO_PERMISSION


ENABLED = says({"id": ANA, "accountEnabled": True, "userType": "Member"})


@pytest.mark.parametrize(
    ("scripts", "standing"),
    [
        ([ENABLED, says({"value": [GROUP.upper()]})], Standing.APPROVER),
        ([ENABLED, says({"value": []}), says({"value": []})], Standing.NOT_APPROVER),
        ([ENABLED, says({"value": ["another"]}), DENIED], Standing.NOT_APPROVER),
        ([ENABLED, says({"value": []}), says({"value": [{"accessId": "member"}]})], Standing.ELIGIBLE),
        ([says({"accountEnabled": True, "userType": "Guest"})], Standing.GUEST),
        ([says({"accountEnabled": False, "userType": "Member"})], Standing.DISABLED),
        ([says({"userType": "Member"})], Standing.DISABLED),
        ([NOT_FOUND], Standing.NOT_APPROVER),
    ],
)
async def test_who_may_decide(
    approvers: GroupApprovers, service: Service, scripts: list[Any], standing: Standing
) -> None:
    service.answers(*scripts)
    assert await approvers.standing(ANA) is standing


@pytest.mark.parametrize("answer", [says({}), says({"value": "all"}), says([]), NOT_FOUND, says({}, 400)])
async def test_an_unclear_membership_is_no_membership(approvers: GroupApprovers, service: Service, answer: Any) -> None:
    service.answers(ENABLED, answer)
    with pytest.raises(Unavailable):
        await approvers.standing(ANA)


async def test_whether_anybody_else_could_decide(approvers: GroupApprovers, service: Service) -> None:
    me = {"id": ANA, "accountEnabled": True, "userType": "Member"}
    guest, gone = {**me, "id": "2", "userType": "Guest"}, {**me, "id": "3", "accountEnabled": False}
    service.answers(says({"value": [me, guest, gone]}))
    assert not await approvers.anybody_but(ANA)
    next_page = f"{service.url}/v1.0/groups/{GROUP}/transitiveMembers?$skiptoken=x"
    service.answers(says({"value": [me], "@odata.nextLink": next_page}), says({"value": [{**me, "id": "4"}]}))
    assert await approvers.anybody_but(ANA)
    assert service.asked[-1].query["$skiptoken"] == "x"
    service.answers(says({"value": [me], "@odata.nextLink": next_page}))
    with pytest.raises(Unavailable):
        await approvers.anybody_but(ANA)


async def test_of_a_group_that_does_not_exist_nobody_is_told_that_they_are_not_in_it(
    approvers: GroupApprovers, service: Service
) -> None:
    service.answers(NOT_FOUND)
    with pytest.raises(NotFound):
        await approvers.anybody_but(ANA)
    service.answers(ENABLED, says({"value": []}), says({"value": []}), NOT_FOUND)
    with pytest.raises(NotFound):
        await approvers.standing(ANA)
