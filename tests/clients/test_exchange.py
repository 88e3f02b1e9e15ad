"""The restricted list with Exchange's recorded responses, and Remove with its outcomes."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.clients.clock import SystemClock
from services.clients.exchange.invoke_command import InvokeCommand
from services.clients.exchange.restricted_senders import ExchangeOnline
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
        (says_raw(b"[" * 100_000, kind="application/json"), UnknownReason.UNEXPECTED_RESPONSE),
        (says({"error": {"details": 7, "message": []}}, 400), UnknownReason.UNEXPECTED_RESPONSE),
        (says({"ErrorRecords": 7}, 400), UnknownReason.UNEXPECTED_RESPONSE),
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
        (says({"error": {"details": 7, "innererror": [], "message": "Odd"}}, 400), "Odd"),
        (says({"ErrorRecords": {"Message": 7}, "Message": "Odder"}, 400), "Odder"),
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


def row(**fields: Any) -> Any:
    return {"value": [{"SenderAddress": "ana@contoso.example", **fields}]}


@pytest.mark.parametrize(
    ("value", "temporary"),
    [
        *((True, True), ("True", True), ("true", True), (" TRUE ", True), (1, True), ("1", True)),
        *((False, False), ("False", False), (0, False), (None, False), ("", False), ("perhaps", False)),
        *((2, False), ([True], False), ({"value": True}, False)),
    ],
)
async def test_temporary_is_what_says_so_in_any_form(
    exchange: ExchangeOnline, service: Service, value: Any, temporary: bool
) -> None:
    service.answers(says(row(TemporaryBlock=value)))
    (entry,) = (await exchange.restricted()).entries
    assert entry.temporary is temporary


async def test_a_missing_date_is_the_other_one_and_both_are_kept(exchange: ExchangeOnline, service: Service) -> None:
    first, later = "2026-09-24T07:00:00Z", "2026-09-24T09:00:00Z"
    for fields, since, changed in (
        ({"CreatedDatetime": first, "ChangedDatetime": later}, 7, 9),
        ({"CreatedDatetime": first}, 7, None),
        ({"CreatedDatetime": "0001-01-01T00:00:00", "ChangedDatetime": later}, 9, 9),
        ({}, None, None),
    ):
        service.answers(says(row(**fields)))
        (entry,) = (await exchange.restricted()).entries
        hours = [at.hour if at else None for at in (entry.since, entry.changed)]
        assert hours == [since, changed]


async def test_fields_that_nobody_knows_are_kept_as_text_and_bounded(
    exchange: ExchangeOnline, service: Service
) -> None:
    strange = {
        "RuleIdentity@data.type": "System.UInt64",
        "RuleIdentity": 15_394_007_230_974_001_153_999,
        "Zone": "W. Europe",
        "Nothing": None,
        "Many": ["a", 1],
        "Long": "x" * 5_000,
        "CreatedDatetime": "heute",
    }
    service.answers(says(row(**strange)))
    (entry,) = (await exchange.restricted()).entries
    assert entry.other_fields == (
        "RuleIdentity: 15394007230974001153999",
        "Zone: W. Europe",
        'Many: ["a", 1]',
        f"Long: {'x' * 200}",
        "CreatedDatetime: heute",
    )
    service.answers(says(row(**{f"{number}{'y' * 100}": "z" for number in range(500)})))
    (entry,) = (await exchange.restricted()).entries
    assert len("".join(entry.other_fields)) < 20 * 64


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("smtp:ana@contoso.example", "ana@contoso.example"),
        ({"Address": "ana@contoso.example", "Domain": "contoso.example"}, "ana@contoso.example"),
        ("Ana Soto", None),
        ("5a4d8f2e-0000-4000-8000-000000000001", None),
        ({"Local": "ana"}, None),
        (7, None),
    ],
)
async def test_an_entry_whose_address_cannot_be_read_makes_the_list_incomplete(
    exchange: ExchangeOnline, service: Service, address: Any, read: str | None
) -> None:
    service.answers(says({"value": [{"SenderAddress": address}]}))
    listing = await exchange.restricted()
    assert [entry.address for entry in listing.entries] == ([read] if read else [])
    assert listing.complete is (read is not None)


@pytest.mark.parametrize(
    "body",
    [
        {"value": [], "@odata.nextLink": "https://x"},
        {"value": [], "@adminapi.warnings": ["By default, only the first 1000 items are returned."]},
        {"value": [], "@adminapi.warnings": "Use the ResultSize parameter to see more."},
        {"value": [], "adminapi.warnings": ["There are more results available."]},
        {"value": [{"SenderAddress": f"p{number}@contoso.example"} for number in range(1_000)]},
    ],
)
async def test_a_list_that_may_go_on_is_not_whole(exchange: ExchangeOnline, service: Service, body: Any) -> None:
    service.answers(says(body))
    assert not (await exchange.restricted()).complete
    with pytest.raises(Unavailable) as trouble:
        await exchange.restricted_among(["z@contoso.example"])
    assert trouble.value.reason is UnknownReason.INCOMPLETE


@pytest.mark.parametrize(
    "script",
    [
        says({"value": [], "@adminapi.errors": ["something"]}),
        says(not_found("contoso.example"), 404),
        says({"error": {"message": "|CommandNotFoundException|The cmdlet couldn't be found."}}, 400),
        says({"error": {"message": "|ServerException|The mailbox server 'x' couldn't be found."}}, 400),
        says({"error": {"message": "|TransientException|ana@contoso.example could not be read."}}, 400),
        says({"value": [{"SenderAddress": "somebody@contoso.example"}]}),
        says_raw(b"[" * 100_000, kind="application/json"),
    ],
)
async def test_what_is_no_answer_about_this_sender_is_not_an_all_clear(
    exchange: ExchangeOnline, service: Service, script: Script
) -> None:
    service.answers(script)
    with pytest.raises(Unavailable) as trouble:
        await exchange.restricted_among(["ana@contoso.example"])
    assert trouble.value.reason is UnknownReason.UNEXPECTED_RESPONSE


async def test_the_entry_of_another_address_of_the_same_mailbox_is_this_senders(
    exchange: ExchangeOnline, service: Service
) -> None:
    service.answers(says(row()))
    listing = await exchange.restricted_among(["a.soto@contoso.example", "Ana@contoso.example"])
    assert [entry.address for entry in listing.entries] == ["ana@contoso.example"]


async def test_texts_that_no_database_takes_are_made_storable(exchange: ExchangeOnline, service: Service) -> None:
    service.answers(
        says_raw(rb'{"value": [{"SenderAddress": "a@x.example", "Reason": "a\ud800b\u0000"}]}', kind="application/json")
    )
    (entry,) = (await exchange.restricted()).entries
    assert entry.reason == "a\ufffdb\ufffd"
