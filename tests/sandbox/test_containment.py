"""The sandbox lets an account be contained as the real services do: only by an app with the permissions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from sandbox import Sandbox
from sandbox.people import (
    APPROVERS_GROUP,
    PEOPLE,
    RESPONDER_APP_ID,
    RESPONDER_APP_SECRET,
    RESPONDERS_GROUP,
)
from sandbox.tenant import CONTAINING
from tests.sandbox.test_strict import Client, talking_to

ANA, BO, DAN, GIL = (PEOPLE[key] for key in ("ana", "bo", "dan", "gil"))
FORCE = {"passwordProfile": {"forceChangePasswordNextSignIn": True}}
OFF = {"accountEnabled": False}
EVENTUAL = {"ConsistencyLevel": "eventual"}
CONNECTOR = "https://api.botframework.com"


class Second(Client):
    """The token of the app that may contain."""

    async def token(self, audience: str, **change: str | None) -> tuple[int, Any]:
        own = {"client_id": RESPONDER_APP_ID, "client_secret": RESPONDER_APP_SECRET}
        return await super().token(audience, **own | change)

    async def user(self, method: str, who: str, body: Any = None, more: str = "") -> tuple[int, Any]:
        return await self.graph(f"/v1.0/users/{who}{more}", method, body)


@asynccontextmanager
async def both(folder: Path, *, second_app: bool = True) -> AsyncIterator[tuple[Client, Second]]:
    async with Sandbox(data=folder, second_app=second_app) as box, talking_to(box) as bot:
        yield bot, Second(box, bot.session)


@pytest_asyncio.fixture
async def second(tmp_path: Path) -> AsyncIterator[Second]:
    async with both(tmp_path) as (_, second):
        yield second


THROUGH_GROUPS = (
    f"/beta/roleManagement/directory/transitiveRoleAssignments?$count=true&$filter=principalId eq '{ANA.id}'",
    f"/v1.0/users/{ANA.id}/transitiveMemberOf/microsoft.graph.directoryRole?$count=true",
)
ROLES = f"/v1.0/roleManagement/directory/roleAssignments?$filter=principalId eq '{ANA.id}'"


async def attempts(client: Client) -> list[int]:
    """Returns the HTTP statuses of all containing requests, made so that they have no lasting effect."""
    user = f"/v1.0/users/{ANA.id}"
    rule = {"Identity": "?", "Mailbox": ANA.upn, "Force": True}
    return [
        (await client.graph(f"{user}/revokeSignInSessions", "POST"))[0],
        (await client.graph(user, "PATCH", FORCE))[0],
        (await client.graph(user, "PATCH", {"accountEnabled": True}))[0],
        (await client.graph(ROLES))[0],
        (await client.cmdlet("Set-Mailbox", Identity=ANA.upn, ForwardingSmtpAddress=None))[0],
        (await client.cmdlet("Disable-InboxRule", **rule))[0],
        (await client.cmdlet("Enable-InboxRule", **rule))[0],
    ]


async def test_only_the_app_that_may_contains(tmp_path: Path) -> None:
    async with both(tmp_path) as (bot, second):
        assert await attempts(bot) == [403] * 7
        assert await attempts(second) == [200, 204, 204, 200, 200, 404, 404]


async def test_without_a_second_app_the_bots_own_contains_and_the_other_is_unknown(tmp_path: Path) -> None:
    async with both(tmp_path, second_app=False) as (bot, second):
        assert await attempts(bot) == [200, 204, 204, 200, 200, 404, 404]
        assert set(await attempts(second)) == {401}
        assert "SENDWELL_RESPONDER_APP_ID" not in bot.environment
        assert bot.environment["SENDWELL_RESPONDERS_GROUP_ID"] == RESPONDERS_GROUP


async def test_the_second_app_can_do_nothing_else(second: Second) -> None:
    assert (await second.token(CONNECTOR))[0] == 400
    assert (await second.token(second.environment["SENDWELL_GRAPH_URL"], client_secret="wrong"))[0] == 401
    assert (await second.user("POST", ANA.id, {"groupIds": [APPROVERS_GROUP]}, "/checkMemberGroups"))[0] == 403
    assert (await second.user("GET", ANA.id, more="/authentication/methods"))[0] == 403
    assert (await second.user("GET", ANA.id, more="?$select=id,accountEnabled"))[0] == 200


async def test_a_role_held_through_a_group_is_on_the_transitive_lists_alone(second: Second) -> None:
    second.box.tenant.privilege("ana", on=True, through_group=True)
    assert (await second.graph(ROLES))[1]["value"] == []
    for path in THROUGH_GROUPS:
        assert (await second.graph(path))[0] == 400, "without the header"
        assert (await second.graph(path.replace("$count=true", ""), headers=EVENTUAL))[0] == 400
        status, answer = await second.graph(path, headers=EVENTUAL)
        assert (status, len(answer["value"])) == (200, 1)


@pytest.mark.parametrize("permission", [*sorted(CONTAINING), "User.Read.All"])
async def test_each_takes_its_own_permission(second: Second, permission: str) -> None:
    second.box.tenant.roles.discard(permission)
    takers = {
        "User.RevokeSessions.All": [0],
        "User-PasswordProfile.ReadWrite.All": [1],
        "User.EnableDisableAccount.All": [2],
        "User.Read.All": [2],
        "RoleManagement.Read.Directory": [3],
    }
    statuses = await attempts(second)
    assert [place for place, status in enumerate(statuses) if status == 403] == takers[permission]


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"jobTitle": "x"},
        {**OFF, **FORCE},
        {"accountEnabled": "false"},
        {"passwordProfile": {"password": "Sh0rt!", "forceChangePasswordNextSignIn": True}},
        {"passwordProfile": {"password": "long enough and of one class only"}},
        {"passwordProfile": {"password": "Aa1!" * 65}},
        {"passwordProfile": {"password": 7}},
        {"passwordProfile": {"password": "Long3nough!", "secret": "x"}},
        {"passwordProfile": {}},
        {"passwordProfile": {"forceChangePasswordNextSignIn": "true"}},
        {"passwordProfile": {"forceChangePasswordNextSignIn": 1}},
        {"passwordProfile": []},
    ],
)
async def test_graph_updates_nothing_else(second: Second, body: Any) -> None:
    assert (await second.user("PATCH", ANA.id, body))[0] == 400
    account = second.box.tenant.accounts["ana"]
    assert account.enabled
    assert account.old_password_works


async def test_no_token_is_401_whatever_is_asked(second: Second) -> None:
    graph = second.environment["SENDWELL_GRAPH_URL"]
    async with second.session.patch(f"{graph}/v1.0/users/{ANA.id}", data=b"?") as response:
        assert response.status == 401


async def test_graph_refuses_what_is_not_the_clouds_to_change(second: Second) -> None:
    tenant = second.box.tenant
    tenant.accounts["ana"].synced = True
    for body in (FORCE, OFF):
        assert (await second.user("PATCH", ANA.id, body))[0] == 400
        assert (await second.user("PATCH", "nobody", body))[0] == 404
    tenant.privilege("dan", on=True)
    assert (await second.user("PATCH", DAN.id, OFF))[0] == 403
    assert tenant.accounts["ana"].enabled
    assert tenant.accounts["dan"].enabled
    revokes: list[tuple[str, Any, int]] = [(GIL.id, None, 400), (ANA.id, {"all": True}, 400), ("nobody", None, 404)]
    for who, given, status in revokes:
        assert (await second.user("POST", who, given, "/revokeSignInSessions"))[0] == status


async def test_roles_are_found_by_whose_they_are(second: Second) -> None:
    tenant, roles = second.box.tenant, "/v1.0/roleManagement/directory"
    for activated, source in ((False, "roleAssignments"), (True, "roleAssignmentScheduleInstances")):
        tenant.privilege("ana", on=True, activated=activated)
        status, answer = await second.graph(f"{roles}/{source}?$filter=principalId eq '{ANA.id}'")
        assert (status, [row["principalId"] for row in answer["value"]]) == (200, [ANA.id])
        assert (await second.graph(f"{roles}/{source}?$filter=principalId eq '{BO.id}'"))[1] == {"value": []}
        assert (await second.graph(f"{roles}/{source}?$filter=principalId eq 'nobody'"))[1] == {"value": []}
        assert (await second.graph(f"{roles}/{source}"))[0] == 400
    tenant.switch("unreadable", "role schedule", on=True)
    assert (await second.graph(f"{roles}/roleAssignmentScheduleInstances?$filter=principalId eq '{ANA.id}'"))[0] == 400


async def test_only_another_password_shuts_out_who_knows_the_old_one(second: Second) -> None:
    account = second.box.tenant.accounts["ana"]
    before = account.password_changed_at
    await second.user("PATCH", ANA.id, FORCE)
    assert account.old_password_works, "whoever knows it passes the demand, and chooses the new one"
    assert account.password_changed_at == before
    random = {"passwordProfile": {"password": "Nobody-knows-1", "forceChangePasswordNextSignIn": True}}
    assert (await second.user("PATCH", ANA.id, random))[0] == 204
    assert (account.old_password_works, account.must_change_password) == (False, True)
    assert account.password_changed_at > before
    assert "Nobody-knows-1" not in f"{second.box.tenant.log} {second.box.tenant.audits}"
    await second.user("POST", ANA.id, None, "/revokeSignInSessions")
    fields = "signInSessionsValidFromDateTime,lastPasswordChangeDateTime"
    _, user = await second.user("GET", ANA.id, more=f"?$select={fields}")
    assert set(user) == set(fields.split(","))
    second.box.tenant.switch("unreadable", "password role", on=True)
    assert (await second.user("PATCH", ANA.id, random))[0] == 403


async def test_a_chosen_password_is_a_new_one(second: Second) -> None:
    await second.user("PATCH", ANA.id, FORCE)
    assert second.box.tenant.accounts["ana"].must_change_password
    second.box.tenant.reset_password("ana")
    assert not second.box.tenant.accounts["ana"].must_change_password


@pytest.mark.parametrize(
    ("name", "parameters", "status"),
    [
        ("Disable-InboxRule", {"Identity": 7, "Mailbox": ANA.upn}, 400),
        ("Disable-InboxRule", {"Identity": "?", "Mailbox": "nobody"}, 404),
        ("Disable-InboxRule", {"Identity": "?", "Mailbox": GIL.upn}, 404),
        ("Enable-InboxRule", {"Identity": "?", "Mailbox": ANA.upn, "IncludeHidden": True}, 400),
        ("Set-Mailbox", {"Identity": "nobody"}, 404),
        ("Set-Mailbox", {"Identity": ANA.upn, "AuditEnabled": False}, 400),
        ("Set-Mailbox", {"Identity": ANA.upn, "ForwardingSmtpAddress": 7}, 400),
        ("Set-Mailbox", {"Identity": ANA.upn, "DeliverToMailboxAndForward": None}, 400),
    ],
)
async def test_exchange_refuses(second: Second, name: str, parameters: dict[str, Any], status: int) -> None:
    assert (await second.cmdlet(name, **parameters))[0] == status


async def test_a_rule_needs_its_confirmation_and_may_be_stuck(second: Second) -> None:
    traces = second.box.tenant.accounts["ana"].traces
    traces.rule(".", delete=True, hidden=True)
    given = {"Identity": traces.rules[0]["Identity"], "Mailbox": ANA.upn}
    assert (await second.cmdlet("Disable-InboxRule", **given))[0] == 400
    assert traces.rules[0]["Enabled"]
    assert (await second.cmdlet("Disable-InboxRule", **given, Force=True))[0] == 200
    assert not traces.rules[0]["Enabled"]
    traces.rules[0]["stuck"] = True
    assert (await second.cmdlet("Enable-InboxRule", **given, Force=True))[0] == 200
    assert not traces.rules[0]["Enabled"]


async def test_a_mailbox_keeps_what_is_not_named(second: Second) -> None:
    traces = second.box.tenant.accounts["ana"].traces
    traces.forwarding = "x@mail.example"
    assert (await second.cmdlet("Set-Mailbox", Identity=ANA.upn, ForwardingAddress="Pat Hall"))[0] == 200
    _, answer = await second.cmdlet("Get-Mailbox", Identity=ANA.upn)
    (row,) = answer["value"]
    assert (row["ForwardingSmtpAddress"], row["ForwardingAddress"]) == ("smtp:x@mail.example", "Pat Hall")
    assert row["DeliverToMailboxAndForward"] is True


async def test_who_may_contain_is_a_group_of_its_own(tmp_path: Path) -> None:
    async with both(tmp_path) as (bot, _):
        ask = {"groupIds": [RESPONDERS_GROUP, APPROVERS_GROUP]}
        assert (await bot.graph(f"/v1.0/users/{BO.id}/checkMemberGroups", "POST", ask))[1] == {"value": ask["groupIds"]}
        bot.box.tenant.responders.discard("bo")
        assert (await bot.graph(f"/v1.0/users/{BO.id}/checkMemberGroups", "POST", ask))[1] == {
            "value": [APPROVERS_GROUP]
        }
        members = f"/v1.0/groups/{RESPONDERS_GROUP}/transitiveMembers/microsoft.graph.user?$select=id"
        assert (await bot.graph(members))[1] == {"value": [{"id": PEOPLE["cleo"].id}]}
