"""Both routes to Exchange keep the same promises: the restricted lists over REST and through PowerShell."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest
import pytest_asyncio

from services.clients.clock import SystemClock
from services.clients.exchange.cmdlets import Cmdlets
from services.clients.exchange.invoke_command import InvokeCommand
from services.clients.exchange.powershell import PowerShellModule
from services.clients.exchange.restricted_connectors import RestrictedConnectors
from services.clients.exchange.restricted_senders import ExchangeOnline
from services.clients.http import ApiClient
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.ports.microsoft365 import RemovalDone, RemovalNotBegun, RemovalRefused, RemovalUnclear
from tests.clients.pwsh import Pwsh, Turn, connects, dies, finds, refuses
from tests.service import Service, breaks_off, says, says_raw

TENANT = "11111111-2222-4333-8444-555555555555"
RECORDED = Path(__file__).parent / "recorded"
ROW = {"SenderAddress": "ana@contoso.example", "Reason": "x"}
GONE = "The operation couldn't be performed because object '{}' couldn't be found on 'server'."
TYPE = "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException"
Asked = tuple[str, Mapping[str, Any]]


class Route(Protocol):
    """How Exchange answers over one route. The last answer is repeated."""

    def plans(self, *answers: Any) -> None: ...
    def rows(self, *rows: Mapping[str, Any], warning: str = "") -> Any: ...
    def refusal(self, text: str) -> Any: ...
    def not_found(self, name: str) -> Any: ...
    def throttled(self) -> Any: ...
    def forbidden(self) -> Any: ...
    def lost(self) -> Any: ...
    async def cmdlets(self) -> Cmdlets: ...
    @property
    def asked(self) -> Sequence[Asked]: ...


class Rest:
    def __init__(self, service: Service, api: ApiClient) -> None:
        self._service, self._api = service, api

    def plans(self, *answers: Any) -> None:
        self._service.answers(*answers)

    def rows(self, *rows: Mapping[str, Any], warning: str = "") -> Any:
        return says({"value": list(rows), "@adminapi.warnings": [warning] if warning else []})

    def refusal(self, text: str) -> Any:
        return says({"error": {"details": [{"message": f"|Some.Exception|{text}"}]}}, 400)

    def not_found(self, name: str) -> Any:
        return says({"error": {"details": [{"message": f"Ex6F9304|{TYPE}|{GONE.format(name)}"}]}}, 404)

    def throttled(self) -> Any:
        return says({}, 429)

    def forbidden(self) -> Any:
        return says_raw(b"\0" * 4096, 403, headers={"Content-Encoding": "gzip"})

    def lost(self) -> Any:
        return breaks_off

    async def cmdlets(self) -> Cmdlets:
        return InvokeCommand(self._api, TENANT)

    @property
    def asked(self) -> Sequence[Asked]:
        calls = [asked.json["CmdletInput"] for asked in self._service.asked]
        return [(call["CmdletName"], call["Parameters"]) for call in calls]


class PowerShell:
    def __init__(self, pwsh: Pwsh) -> None:
        self._pwsh = pwsh
        self.module = PowerShellModule(pwsh.launch)
        self._opened = False

    def plans(self, *answers: Turn) -> None:
        """A process that was lost says nothing more: the answers after it are those of the next one."""
        lives: list[list[Turn]] = [[connects()]]
        for answer in answers:
            lives[-1].append(answer)
            if answer == self.lost():
                lives.append([connects()])
        if len(lives[-1]) == 1:
            lives[-1].append(answers[-1])
        self._pwsh.lives(*lives)

    def rows(self, *rows: Mapping[str, Any], warning: str = "") -> Turn:
        return finds(*rows, warning=warning)

    def refusal(self, text: str) -> Turn:
        return refuses(f"|Some.Exception|{text}")

    def not_found(self, name: str) -> Turn:
        return refuses(f"Ex6F9304|{TYPE}|{GONE.format(name)}", reason="ManagementObjectNotFoundException")

    def throttled(self) -> Turn:
        return refuses("Too many requests", reason="TooManyRequestsException")

    def forbidden(self) -> Turn:
        return refuses("(403) Forbidden", reason="CmdletAccessDeniedException")

    def lost(self) -> Turn:
        return dies()

    async def cmdlets(self) -> Cmdlets:
        if not self._opened:
            self._opened = True
            await self.module.__aenter__()
        return self.module

    @property
    def asked(self) -> Sequence[Asked]:
        return [(cmdlet, unmarked(given)) for cmdlet, given in self._pwsh.asked]


def unmarked(given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value.removeprefix("=") if isinstance(value, str) else value for name, value in given.items()}


@pytest_asyncio.fixture(params=["rest", "powershell"])
async def route(
    request: pytest.FixtureRequest, service: Service, api: ApiClient, tmp_path: Path
) -> AsyncIterator[Route]:
    if request.param == "rest":
        yield Rest(service, api)
        return
    powershell = PowerShell(Pwsh(tmp_path))
    yield powershell
    await powershell.module.__aexit__(None, None, None)


async def senders(route: Route) -> ExchangeOnline:
    return ExchangeOnline(await route.cmdlets(), SystemClock())


async def test_the_recorded_list_reads_the_same(route: Route) -> None:
    rows = json.loads((RECORDED / "list_many.json").read_text(encoding="utf-8"))["value"]
    route.plans(route.rows(*rows))
    listing = await (await senders(route)).restricted()
    assert route.asked == [("Get-BlockedSenderAddress", {})]
    assert listing.complete
    assert [entry.address for entry in listing.entries] == [row["SenderAddress"] for row in rows]
    assert [entry.cause.value for entry in listing.entries] == ["spam", "policy_limit", "service_rate", "unknown"]
    assert [entry.since is not None for entry in listing.entries] == [True, True, True, False]


async def test_a_list_cut_short_says_so(route: Route) -> None:
    route.plans(route.rows(ROW, warning="There are more results available than are currently displayed."))
    assert not (await (await senders(route)).restricted()).complete


async def test_one_sender_is_asked_for_and_others_are_not_taken_for_them(route: Route) -> None:
    route.plans(
        route.rows(ROW, {**ROW, "SenderAddress": "else@contoso.example"}),
        route.not_found("b@contoso.example"),
        route.rows(),
    )
    addresses = ["ana@contoso.example", "b@contoso.example", "c@contoso.example"]
    listing = await (await senders(route)).restricted_among(addresses)
    assert [entry.address for entry in listing.entries] == ["ana@contoso.example"]
    assert listing.complete
    assert [given for _, given in route.asked] == [{"SenderAddress": address} for address in addresses]


async def test_a_list_that_is_refused_is_never_empty(route: Route) -> None:
    route.plans(route.refusal("Not today"), route.forbidden(), route.throttled())
    exchange = await senders(route)
    for reason in (UnknownReason.UNEXPECTED_RESPONSE, UnknownReason.NO_PERMISSION, UnknownReason.THROTTLED):
        with pytest.raises(Unavailable) as trouble:
            await exchange.restricted()
        assert trouble.value.reason is reason


async def test_a_read_that_was_lost_is_tried_again(route: Route) -> None:
    route.plans(route.lost(), route.rows(ROW))
    assert len((await (await senders(route)).restricted()).entries) == 1


async def test_a_removal_is_done_or_the_entry_was_gone(route: Route) -> None:
    route.plans(
        route.rows(), route.rows(warning="no settings have been modified"), route.not_found("ana@contoso.example")
    )
    exchange = await senders(route)
    for _ in range(3):
        assert await exchange.unblock("ana@contoso.example", "case 1") == RemovalDone()
    assert route.asked == [("Remove-BlockedSenderAddress", {"SenderAddress": "ana@contoso.example"})] * 3


async def test_a_removal_that_is_refused_says_why(route: Route) -> None:
    route.plans(route.refusal("unblocked too often"), route.forbidden())
    exchange = await senders(route)
    assert await exchange.unblock("ana@contoso.example", "case 1") == RemovalRefused(error="unblocked too often")
    refused = await exchange.unblock("ana@contoso.example", "case 1")
    assert isinstance(refused, RemovalRefused)
    assert "no permission" in refused.error


async def test_a_removal_that_was_lost_is_unclear_and_called_once(route: Route) -> None:
    route.plans(route.lost(), route.rows())
    assert isinstance(await (await senders(route)).unblock("ana@contoso.example", "case 1"), RemovalUnclear)
    assert len(route.asked) == 1


async def test_a_removal_that_was_throttled_did_not_begin(route: Route) -> None:
    route.plans(route.throttled())
    assert isinstance(await (await senders(route)).unblock("ana@contoso.example", "case 1"), RemovalNotBegun)
    assert len(route.asked) == 1


async def test_connectors_are_read_and_unblocked_with_a_note(route: Route) -> None:
    relay = "5e0c0000-0000-4000-8000-00000000c0de"
    route.plans(route.rows({"ConnectorId": relay}), route.rows())
    connectors = RestrictedConnectors(await route.cmdlets(), SystemClock())
    assert [entry.address for entry in (await connectors.restricted()).entries] == [relay]
    assert await connectors.unblock(relay, "case 21") == RemovalDone()
    assert route.asked[1] == ("Remove-BlockedConnector", {"ConnectorId": relay, "Reason": "case 21"})
