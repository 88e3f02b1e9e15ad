"""The sandbox's message trace is as unkind as Graph's."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import pytest_asyncio

from sandbox import Sandbox
from sandbox.people import PEOPLE
from tests.sandbox.test_strict import Client, talking_to

PATH = "/v1.0/admin/exchange/tracing/messageTraces"
ANA, DAN = PEOPLE["ana"], PEOPLE["dan"]
DAY = timedelta(days=1)


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest_asyncio.fixture
async def client(tmp_path: Path) -> Any:
    async with Sandbox(data=tmp_path) as box, talking_to(box) as client:
        yield client


async def ask(client: Client, *clauses: str, since: timedelta = 10 * DAY, **options: object) -> tuple[int, Any]:
    """A query over the last ten days."""
    now = datetime.now(UTC)
    window = f"receivedDateTime ge {stamp(now - since)} and receivedDateTime le {stamp(now)}"
    wanted = quote(" and ".join([*clauses, window]))
    more = "".join(f"&${name}={value}" for name, value in options.items())
    return await client.graph(f"{PATH}?$filter={wanted}{more}")


async def test_mail_carries_the_primary_address_and_not_the_name_for_signing_in(client: Client) -> None:
    _, by_name = await ask(client, f"senderAddress eq '{ANA.upn}'")
    _, by_address = await ask(client, f"senderAddress eq '{ANA.address}'")
    assert (ANA.upn != ANA.address, by_name["value"]) == (True, [])
    assert {row["senderAddress"] for row in by_address["value"]} == {ANA.address}


async def test_one_row_for_each_recipient_and_the_last_one_again_on_the_next_page(client: Client) -> None:
    status, first = await ask(client, f"senderAddress eq '{DAN.address}'", top=50)
    assert (status, len(first["value"])) == (200, 50)
    link = str(first["@odata.nextLink"]).removeprefix(client.environment["SENDWELL_GRAPH_URL"])
    _, second = await client.graph(link)
    assert "@odata.nextLink" not in second
    assert second["value"][0] == first["value"][-1]
    keys = [(row["id"], row["recipientAddress"]) for row in first["value"] + second["value"]]
    assert (len(keys), len(set(keys))) == (82, 81)


async def test_of_several_values_the_last_one_counts_and_options_are_ignored(client: Client) -> None:
    both = f"senderAddress eq '{ANA.address}' or senderAddress eq '{DAN.address}'"
    one_of = f"senderAddress in ('{ANA.address}', '{DAN.address}')"
    for clause in (both, one_of, f"senderAddress ne '{DAN.address}'"):
        _, answer = await ask(client, clause, select="id", orderby="subject", count="true")
        assert {row["senderAddress"] for row in answer["value"]} == {DAN.address}
        assert "recipientAddress" in answer["value"][0]


@pytest.mark.parametrize(
    "query",
    [
        "$filter=senderAddress gt 'a'",
        "$filter=shoeSize eq '7'",
        "$filter=senderAddress eq 'a' plus subject eq 'b'",
        "$filter=receivedDateTime ge 2026-01-20T00:00:00Z",
        "$filter=receivedDateTime ge 2026-01-20 and receivedDateTime le 2026-01-21",
        "$filter=receivedDateTime ge 2020-01-20T00:00:00Z and receivedDateTime le 2020-01-21T00:00:00Z",
        "$filter=receivedDateTime ge 2098-12-31T00:00:00Z and receivedDateTime le 2099-01-01T00:00:00Z",
        "$top=0",
        "$top=5001",
        "$top=all",
        "$skiptoken=x",
        "$search=a",
    ],
)
async def test_what_it_does_not_take(client: Client, query: str) -> None:
    status, answer = await client.graph(f"{PATH}?{quote(query, safe='$=&')}")
    assert (status, answer["error"]["code"]) == (400, "BadRequest")


async def test_ten_days_at_once_and_no_more(client: Client) -> None:
    assert (await ask(client, "subject eq 'x'"))[0] == 200
    assert (await ask(client, "subject eq 'x'", since=10 * DAY + timedelta(seconds=1)))[0] == 400


async def test_mail_shows_late(client: Client) -> None:
    client.box.tenant.restrict("ana", "limit")
    mine = f"senderAddress eq '{ANA.address}'"
    assert len((await ask(client, mine, top=5000))[1]["value"]) == 2_081
    client.box.tenant.message_trace.lag = timedelta(hours=2)
    assert len((await ask(client, mine, top=5000))[1]["value"]) == 81


async def test_a_hundred_calls_within_five_minutes_are_all_there_are_for_everybody(client: Client) -> None:
    trace, now = client.box.tenant.message_trace, datetime.now(UTC)
    trace.now = lambda: now
    trace.others_ask(99)
    assert (await client.graph(PATH))[0] == 200
    status, answer = await client.graph(PATH)
    assert (status, answer["error"]["code"], trace.turned_away) == (429, "TooManyRequests", 1)
    trace.now = lambda: now + timedelta(minutes=5)
    assert (await client.graph(PATH))[0] == 200


async def test_without_its_service_principal_it_is_401_and_without_the_permission_403(client: Client) -> None:
    client.box.tenant.switch("unreadable", "message trace set-up", on=True)
    status, answer = await client.graph(PATH)
    assert (status, "Service principal-less" in answer["error"]["message"]) == (401, True)
    client.box.tenant.readable()
    client.box.tenant.roles.discard("ExchangeMessageTrace.Read.All")
    assert (await client.graph(PATH))[0] == 403


async def test_each_service_has_its_own_words_for_a_missing_licence(client: Client) -> None:
    for what in ("sign-ins", "risk"):
        client.box.tenant.switch("unreadable", what, on=True)
    status, report = await client.graph("/v1.0/auditLogs/signIns")
    assert (status, report["error"]["code"]) == (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant")
    status, risk = await client.graph(f"/v1.0/identityProtection/riskyUsers/{ANA.id}")
    assert (status, risk["error"]["code"]) == (403, "Forbidden")
    assert "is not licensed for this feature" in risk["error"]["message"]


async def test_the_route_of_a_message_is_asked_for_by_its_recipient_and_counts_as_a_call(client: Client) -> None:
    trace = client.box.tenant.message_trace
    mail = client.box.tenant.accounts["ana"].traces.mails("o'neil@fabrikam.example", status="failed", reply="550 5.7.1")
    status, route = await client.graph(_route(mail, "O''Neil@fabrikam.example"))
    assert (status, [event["event"] for event in route["value"]]) == (200, ["Receive", "Submit", "Fail"])
    assert "{LED=550 5.7.1}" in route["value"][-1]["description"]
    assert (await client.graph(_route(mail, "kim@fabrikam.example")))[1]["value"] == []
    assert len(trace.calls) == 2
    for odd in ("getDetailsByRecipient()", "getDetailsByRecipient(recipientAddress=a)", "details"):
        assert (await client.graph(f"{PATH}/{mail}/{quote(odd)}"))[0] == 400
    client.box.tenant.roles.discard("ExchangeMessageTrace.Read.All")
    assert (await client.graph(_route(mail, "a")))[0] == 403


def _route(mail: str, recipient: str) -> str:
    call = f"getDetailsByRecipient(recipientAddress='{recipient}')"
    return f"{PATH}/{mail}/{quote(call)}"
