"""The restricted list with Exchange's recorded responses, and Remove with its outcomes."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.clients.clock import SystemClock
from services.clients.exchange.restricted_senders import ExchangeOnline, InvokeCommand
from services.clients.http import ApiClient
from services.domain.restriction import Cause
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.ports.microsoft365 import RemovalDone, RemovalNotBegun, RemovalRefused, RemovalUnclear
from tests.service import FixedTokens, Script, Service, breaks_off, hangs, resets, says, says_raw

TENANT = "11111111-2222-4333-8444-555555555555"
RECORDED = Path(__file__).parent / "recorded"
NUL_403 = says_raw(b"\0" * 4096, 403, headers={"Content-Encoding": "gzip"})


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))


def not_found(address: str) -> Any:
    """The error for an object of that name, which is not there."""
    return json.loads(json.dumps(recorded("not_found")).replace("'b'", f"'{address}'"))


@pytest.fixture
def exchange(api: ApiClient) -> ExchangeOnline:
    return ExchangeOnline(InvokeCommand(api, TENANT), SystemClock())


async def test_the_list_is_read_with_the_headers_exchange_wants(exchange: ExchangeOnline, service: Service) -> None:
    service.answers(says(recorded("list_many")))
    listing = await exchange.restricted()
    asked = service.asked[0]
    assert asked.path == f"/adminapi/beta/{TENANT}/InvokeCommand"
    assert asked.json == {"CmdletInput": {"CmdletName": "Get-BlockedSenderAddress", "Parameters": {}}}
    assert asked.headers["X-CmdletName"] == "Get-BlockedSenderAddress"
    assert asked.headers["X-AnchorMailbox"].endswith(f"@{TENANT}")
    assert [entry.cause for entry in listing.entries] == [
        Cause.SPAM,
        Cause.POLICY_LIMIT,
        Cause.SERVICE_RATE,
        Cause.UNKNOWN,
    ]
    assert listing.complete
    assert listing.entries[0].since == datetime(2026, 9, 24, 7, 41, 12, 183000, tzinfo=UTC)
    assert [entry.temporary for entry in listing.entries] == [False, True, False, False]
    assert listing.entries[3].since is None


async def test_a_list_cut_short_says_so(exchange: ExchangeOnline, service: Service) -> None:
    for name in ("list_next_link", "list_more_results"):
        service.answers(says(recorded(name)))
        assert not (await exchange.restricted()).complete


async def test_a_row_without_an_address_makes_the_list_incomplete(exchange: ExchangeOnline, service: Service) -> None:
    service.answers(says({"value": [{"Reason": "x"}, {"SenderAddress": "  "}, {"SenderAddress": "a@x.example"}]}))
    listing = await exchange.restricted()
    assert [entry.address for entry in listing.entries] == ["a@x.example"]
    assert not listing.complete


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (NUL_403, UnknownReason.NO_PERMISSION),
        (says({}, 401), UnknownReason.NO_PERMISSION),
        (says_raw(b"concurrent requests", 429), UnknownReason.THROTTLED),
        (says({}, 500), UnknownReason.UNREACHABLE),
        (says_raw(b'{"value": [', kind="application/json"), UnknownReason.UNEXPECTED_RESPONSE),
        (says_raw(b"<html></html>", kind="text/html"), UnknownReason.UNEXPECTED_RESPONSE),
        (says({"value": 7}), UnknownReason.UNEXPECTED_RESPONSE),
        (says({"value": ["x"]}), UnknownReason.UNEXPECTED_RESPONSE),
        (says({}, 404), UnknownReason.UNEXPECTED_RESPONSE),
        (breaks_off, UnknownReason.UNREACHABLE),
        (hangs, UnknownReason.TIMED_OUT),
    ],
)
async def test_a_list_that_cannot_be_read_is_never_empty(
    exchange: ExchangeOnline, service: Service, script: Script, reason: UnknownReason
) -> None:
    service.answers(script)
    for read in (exchange.restricted, exchange.ping):
        with pytest.raises(Unavailable) as trouble:
            await read()
        assert trouble.value.reason is reason


async def test_one_sender_is_asked_for_by_address(exchange: ExchangeOnline, service: Service) -> None:
    service.answers(says(recorded("list_many")), says(not_found("B@contoso.example"), 404))
    listing = await exchange.restricted_among(["alex@contoso.example", "b@contoso.example"])
    assert [asked.json["CmdletInput"]["Parameters"] for asked in service.asked] == [
        {"SenderAddress": "alex@contoso.example"},
        {"SenderAddress": "b@contoso.example"},
    ]
    # The service ignored the filter: entries of other people must not be taken for this sender's.
    assert [entry.address for entry in listing.entries] == ["Alex@Contoso.Example"]
    assert listing.complete


async def test_one_sender_whose_answer_is_cut_short_or_refused_is_unknown(
    exchange: ExchangeOnline, service: Service
) -> None:
    service.answers(says(recorded("list_next_link")))
    with pytest.raises(Unavailable) as trouble:
        await exchange.restricted_among(["z@contoso.example"])
    assert trouble.value.reason is UnknownReason.INCOMPLETE
    service.answers(says(recorded("unknown_parameter"), 400))
    with pytest.raises(Unavailable, match="BogusParameter"):
        await exchange.restricted_among(["z@contoso.example"])


@pytest.mark.parametrize(
    "script",
    [
        says({"@adminapi.warnings": [], "value": []}),
        says({"@adminapi.warnings": ["no settings have been modified"], "value": []}),
        says_raw(b"", 200),
        says_raw(b"", 204),
        says(not_found("ana@contoso.example"), 404),
    ],
)
async def test_a_removal_that_was_accepted(exchange: ExchangeOnline, service: Service, script: Script) -> None:
    service.answers(script)
    assert await exchange.unblock("ana@contoso.example", "case 1") == RemovalDone()
    assert service.asked[0].json["CmdletInput"] == {
        "CmdletName": "Remove-BlockedSenderAddress",
        "Parameters": {"SenderAddress": "ana@contoso.example"},
    }


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (says(recorded("unblocks_used_up"), 400), "too often"),
        (says(recorded("error_records"), 400), "is not allowed here"),
        (says(recorded("inner_exception"), 400), "valid enumerator name"),
        (says({"error": {"message": "Headline"}}, 400), "Headline"),
        (says({"Message": "Plain"}, 400), "Plain"),
        (says_raw(b"  plain   text ", 400), "plain text"),
        (says_raw(b"", 400), "HTTP 400"),
        (NUL_403, "permission"),
    ],
)
async def test_a_removal_that_was_refused_says_it_in_exchanges_words(
    exchange: ExchangeOnline, service: Service, script: Script, words: str
) -> None:
    service.answers(script)
    removal = await exchange.unblock("ana@contoso.example", "case 1")
    assert isinstance(removal, RemovalRefused)
    assert words in removal.error
    assert "|" not in removal.error
    assert len(service.asked) == 1


@pytest.mark.parametrize("script", [resets, hangs, breaks_off, says({}, 500), says({}, 503), says_raw(b"<html>")])
async def test_a_removal_of_unknown_outcome_is_called_once(
    exchange: ExchangeOnline, service: Service, script: Script
) -> None:
    service.answers(script)
    try:
        removal = await exchange.unblock("ana@contoso.example", "case 1")
    except Unavailable as trouble:
        raise AssertionError("a strange answer to Remove is an unclear outcome") from trouble
    assert isinstance(removal, RemovalUnclear)
    assert len(service.asked) == 1


async def test_a_removal_that_was_throttled_or_never_sent_did_not_begin(
    exchange: ExchangeOnline, service: Service, tokens: FixedTokens
) -> None:
    service.answers(says({}, 429))
    assert isinstance(await exchange.unblock("ana@contoso.example", "case 1"), RemovalNotBegun)
    asked = len(service.asked)
    tokens.trouble = Unavailable(UnknownReason.UNREACHABLE, "login")
    assert isinstance(await exchange.unblock("ana@contoso.example", "case 1"), RemovalNotBegun)
    assert len(service.asked) == asked


async def test_where_nobody_listens_nothing_began(exchange: ExchangeOnline, service: Service) -> None:
    await service.stops()
    assert isinstance(await exchange.unblock("ana@contoso.example", "case 1"), RemovalNotBegun)
