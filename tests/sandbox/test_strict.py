"""The sandbox refuses what the real services refuse; otherwise tests against it would prove nothing."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from sandbox import Sandbox
from sandbox.people import APP_ID, APP_SECRET, CHANNEL_ID, PEOPLE, TENANT
from sandbox.playground import Playground

ANA = PEOPLE["ana"]
EXCHANGE_HEADERS = {
    "Accept": "application/json",
    "X-AnchorMailbox": f"APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{TENANT}",
}


class Client:
    """An API client without checks of its own, with any token."""

    def __init__(self, box: Sandbox, session: aiohttp.ClientSession) -> None:
        self.box = box
        self.session = session
        self.environment = box.environment

    async def token(self, audience: str, **change: str | None) -> tuple[int, Any]:
        form = {
            "grant_type": "client_credentials",
            "client_id": APP_ID,
            "client_secret": APP_SECRET,
            "scope": f"{audience}/.default",
            **change,
        }
        url = f"{self.environment['SENDWELL_LOGIN_URL']}/{TENANT}/oauth2/v2.0/token"
        said = {name: value for name, value in form.items() if value is not None}
        async with self.session.post(url, data=said) as response:
            return response.status, await response.json()

    async def ask(
        self, method: str, url: str, audience: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        _, answer = await self.token(audience)
        bearer = {"Authorization": f"Bearer {answer.get('access_token')}", **(headers or {})}
        async with self.session.request(method, url, json=body, headers=bearer, auto_decompress=False) as response:
            raw = await response.read()
            return response.status, (await response.json() if "json" in response.content_type else raw)

    async def graph(
        self,
        path: str,
        method: str = "GET",
        body: Any = None,
        audience: str = "",
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        base = self.environment["SENDWELL_GRAPH_URL"]
        return await self.ask(method, base + path, audience or base, body, headers)

    async def cmdlet(self, name: str, **parameters: Any) -> tuple[int, Any]:
        return await self.invoke({"CmdletInput": {"CmdletName": name, "Parameters": parameters}})

    async def invoke(self, body: Any, tenant: str = TENANT, **change: str) -> tuple[int, Any]:
        base = self.environment["SENDWELL_EXCHANGE_URL"]
        headers = {**EXCHANGE_HEADERS, **change}
        return await self.ask("POST", f"{base}/adminapi/beta/{tenant}/InvokeCommand", base, body, headers)

    async def teams(self, method: str, path: str, body: Any, audience: str = "https://api.botframework.com") -> Any:
        url = f"{self.box.connector.service_url}v3/conversations{path}"
        return await self.ask(method, url, audience, body)


@pytest_asyncio.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    async with Sandbox(data=tmp_path) as box, talking_to(box) as client:
        yield client


@asynccontextmanager
async def talking_to(box: Sandbox) -> AsyncIterator[Client]:
    context = ssl.create_default_context(cafile=box.environment["SENDWELL_CA_FILE"])
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as session:
        yield Client(box, session)


async def test_a_login_for_an_app_without_id_knows_no_other_app(tmp_path: Path) -> None:
    async with Sandbox(data=tmp_path, playground=Playground()) as box, talking_to(box) as client:
        graph = box.environment["SENDWELL_GRAPH_URL"]
        nameless = {"client_id": None, "client_secret": None}
        assert (await client.token(graph, **nameless))[0] == 200
        assert (await client.token("https://api.botframework.com", **nameless))[0] == 400
        for change in ({}, {"client_secret": None}):
            status, answer = await client.token(graph, **change)
            assert (status, answer["error_codes"]) == (400, [900144])


async def test_no_other_login_knows_an_app_without_id(client: Client) -> None:
    graph = client.environment["SENDWELL_GRAPH_URL"]
    for nothing in (None, ""):
        status, answer = await client.token(graph, client_id=nothing, client_secret=nothing)
        assert (status, answer["error_codes"]) == (400, [900144])


CARD = {
    "type": "message",
    "attachments": [
        {
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": {"type": "AdaptiveCard", "version": "1.5", "body": []},
        }
    ],
}


@pytest.mark.parametrize(
    "change",
    [
        {"client_secret": "wrong"},
        {"client_id": "another"},
        {"grant_type": "password"},
        {"scope": "https://nowhere.example/.default"},
        {"scope": "User.Read"},
    ],
)
async def test_the_login_refuses(client: Client, change: dict[str, str]) -> None:
    status, answer = await client.token(client.environment["SENDWELL_GRAPH_URL"], **change)
    assert status in (400, 401)
    assert answer["error_description"].startswith("AADSTS")


async def test_a_token_for_another_audience_is_401(client: Client) -> None:
    assert (await client.graph("/v1.0/users?$top=1&$select=id", audience="https://api.botframework.com"))[0] == 401
    graph = client.environment["SENDWELL_GRAPH_URL"]
    assert (await client.teams("POST", f"/{ANA.chat_id}/activities", CARD, audience=graph))[0] == 401


async def test_a_missing_role_is_refused_in_each_services_own_shape(client: Client) -> None:
    client.box.tenant.roles.clear()
    status, answer = await client.graph(f"/v1.0/users/{ANA.id}?$select=id")
    assert (status, answer["error"]["code"]) == (403, "Authorization_RequestDenied")
    status, answer = await client.cmdlet("Get-BlockedSenderAddress")
    assert status in (401, 403)
    assert status == 401 or set(answer) == {0}


async def test_graph_gives_only_what_is_selected_and_refuses_what_it_does_not_know(client: Client) -> None:
    _, bare = await client.graph(f"/v1.0/users/{ANA.id}")
    assert "lastPasswordChangeDateTime" not in bare
    assert (await client.graph(f"/v1.0/users/{ANA.id}?$select=id,shoeSize"))[0] == 400
    assert (await client.graph("/v1.0/users/nobody?$select=id"))[0] == 404
    assert (await client.graph(f"/v1.0/users/{ANA.id}/checkMemberGroups", "POST", {"groupIds": []}))[0] == 400
    assert (await client.graph("/v1.0/auditLogs/directoryAudits?$filter=x"))[0] == 400


async def test_a_search_of_the_audit_log_is_a_job_and_few_run_at_a_time(client: Client) -> None:
    searches, log = "/beta/security/auditLog/queries", client.box.tenant.audit_log
    log.takes = 3_600
    whole = {
        "displayName": "x",
        "filterStartDateTime": "2026-09-01T00:00:00Z",
        "filterEndDateTime": "2026-11-01T00:00:00Z",
        "recordTypeFilters": ["hygieneEvent"],
    }
    assert (await client.graph(searches, "POST", {**whole, "filterEndDateTime": ""}))[0] == 400
    made = [await client.graph(searches, "POST", whole) for _ in range(11)]
    assert [status for status, _ in made] == [200] * 10 + [429]
    one = f"{searches}/{made[0][1]['id']}"
    assert (await client.graph(f"{one}/records"))[0] == 400
    assert (await client.graph(one))[1]["status"] in ("notStarted", "running")
    assert len((await client.graph(searches))[1]["value"]) == len(log.searches) == 10
    log.takes = 0
    assert (await client.graph(f"{one}/records"))[0] == 200
    assert (await client.graph(one, "DELETE"))[0] == 204
    assert [(await client.graph(path))[0] for path in (one, f"{one}/records")] == [404, 404]
    assert len(log.searches) == 9


async def test_reports_need_a_premium_licence(client: Client) -> None:
    client.box.tenant.premium = False
    status, answer = await client.graph(f"/v1.0/reports/authenticationMethods/userRegistrationDetails/{ANA.id}")
    assert status == 403
    assert "premium" in answer["error"]["message"]


@pytest.mark.parametrize(
    ("name", "parameters", "status"),
    [
        ("Get-BlockedSenderAddress", {"Bogus": "x"}, 400),
        ("Get-BlockedSenderAddress", {"SenderAddress": 7}, 400),
        ("Remove-BlockedSenderAddress", {}, 400),
        ("Remove-BlockedSenderAddress", {"SenderAddress": "nobody@contoso.example"}, 404),
        ("Remove-Mailbox", {"Identity": "x"}, 403),
    ],
)
async def test_exchange_refuses(client: Client, name: str, parameters: dict[str, Any], status: int) -> None:
    assert (await client.cmdlet(name, **parameters))[0] == status


LIST = {"CmdletInput": {"CmdletName": "Get-BlockedSenderAddress", "Parameters": {}}}


async def test_exchange_wants_its_headers_and_its_body(client: Client) -> None:
    assert (await client.invoke(LIST))[0] == 200
    assert (await client.invoke(LIST, **{"X-AnchorMailbox": "UPN:ana"}))[0] == 400
    assert (await client.invoke(LIST, Accept="text/xml"))[0] == 400
    assert (await client.invoke(LIST, tenant="another"))[0] == 400
    odd: list[Any] = [[], {}, {"CmdletInput": 7}, {**LIST, "more": 1}, {"CmdletInput": {"CmdletName": "x"}}]
    for body in odd:
        assert (await client.invoke(body))[0] == 400


async def test_an_unblock_too_many_is_refused(client: Client) -> None:
    client.box.tenant.restrict("ana", "limit")
    client.box.tenant.accounts["ana"].unblocks_spent = True
    status, answer = await client.cmdlet("Remove-BlockedSenderAddress", SenderAddress=ANA.upn)
    assert status == 400
    assert "unblocked too often" in answer["error"]["details"][0]["message"]


async def test_the_list_lags_behind_a_removal(client: Client) -> None:
    client.box.tenant.list_lag = 60
    client.box.tenant.restrict("ana", "limit")
    assert (await client.cmdlet("Remove-BlockedSenderAddress", SenderAddress=ANA.upn))[0] == 200
    _, answer = await client.cmdlet("Get-BlockedSenderAddress")
    assert [row["SenderAddress"] for row in answer["value"]] == [ANA.upn]
    client.box.tenant.list_lag = 0
    _, answer = await client.cmdlet("Get-BlockedSenderAddress")
    assert answer["value"] == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/a:nobody/activities", CARD, 404),
        ("PUT", f"/{ANA.chat_id}/activities/404", CARD, 404),
        ("POST", f"/{ANA.chat_id}/activities", {"type": "event"}, 400),
        ("POST", f"/{ANA.chat_id}/activities", [], 400),
        ("POST", f"/{ANA.chat_id}/activities", {**CARD, "text": "x" * 30_000}, 413),
        ("POST", f"/{ANA.chat_id}/activities", {"type": "message", "attachments": [{"contentType": "x"}]}, 400),
        ("POST", f"/{ANA.chat_id}/activities", {"type": "message", "attachments": [1, 2]}, 400),
        ("POST", "", {"isGroup": True}, 400),
        ("POST", "", {"isGroup": False, "channelData": {"channel": {"id": CHANNEL_ID}}, "activity": CARD}, 400),
    ],
)
async def test_teams_refuses(client: Client, method: str, path: str, body: Any, status: int) -> None:
    assert (await client.teams(method, path, body))[0] == status


async def test_teams_keeps_what_a_person_switched_off(client: Client) -> None:
    account = client.box.tenant.accounts["ana"]
    path = f"/{ANA.chat_id}/activities"
    account.installed = False
    assert (await client.teams("POST", path, CARD))[1]["error"]["code"] == "BotNotInConversationRoster"
    account.installed, account.blocked_bot = True, True
    assert (await client.teams("POST", path, CARD))[1]["error"]["code"] == "MessageWritesBlocked"
    account.blocked_bot = False
    assert (await client.teams("POST", path, CARD))[0] == 200


async def test_a_card_of_another_version_is_refused(client: Client) -> None:
    new = {**CARD, "attachments": [{**CARD["attachments"][0], "content": {"type": "AdaptiveCard", "version": "9.9"}}]}  # type: ignore[dict-item]  # one known shape
    assert (await client.teams("POST", f"/{ANA.chat_id}/activities", new))[0] == 400
