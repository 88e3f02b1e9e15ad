"""Nothing of a tenant's own is left in a recording, and what belonged together still does."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from services.recording.placeholders import Placeholders
from services.recording.safe_words import NUMBERS as ALLOWED
from tests.recording.conftest import Taken

SECRETS = (
    "Geheim Hauptkasse",
    "geheim.kasse@geheim-bank.example",
    "smtp:Geheim@Geheim-Bank.example",
    '"Geheim" [SMTP:geheim@geheim-bank.example]',
    "geheim.geheim-bank.example",
    "+49 89 4711 0815",
    "203.0.113.47",
    "4711",
    "2001:db8:4711::815",
    "https://geheim-bank.example/4711?token=geheim",
    "eyJnZWhlaW0iOiI0NzExIn0.Z2VoZWlt.c2lnbg4711",
    "AQAAgeheim4711==",
    "Re: geheim 4711 <#geheim>",
    "秘密 ГЕХЕЙМ geheim",
    "d3b07384-4711-4113-8edc-abcdefabcdef",
    "not an object 'Geheim' found for user geheim@geheim-bank.example",
    "MessagetraceId:4711geheim;Geheim=4711",
    "2026-11-26 geheim",
)
TELLING = (
    "geheim",
    "4711",
    "0815",
    "815",
    "秘密",
    "гехейм",
    "203.0.113",
    "hauptkasse",
    "kasse",
    "d3b07384",
    "abcdefab",
)
NUMBERS = (47_110_815, 4_711.5, 4711, -4711)


def leaves(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all that is no object and no list, and of every object."""
    if isinstance(value, dict):
        yield at
        for name, part in value.items():
            yield from leaves(part, (*at, name))
    elif isinstance(value, list):
        for number, part in enumerate(value[:3]):
            yield from leaves(part, (*at, number))
    else:
        yield at


def planted(value: Any, at: tuple[Any, ...], secret: Any) -> Any:
    """The value with a secret in one place: instead of a leaf, or as one more field of an object."""
    if not at:
        return {**value, f"Geheim{secret}"[:40]: secret} if isinstance(value, dict) else secret
    if isinstance(value, dict):
        return {name: planted(part, at[1:], secret) if name == at[0] else part for name, part in value.items()}
    return [planted(part, at[1:], secret) if number == at[0] else part for number, part in enumerate(value)]


def tells(written: str) -> list[str]:
    folded = written.casefold()
    return [word for word in TELLING if word in folded]


def test_no_secret_in_any_field_of_any_answer_is_written(taken: Taken) -> None:
    """Every secret in turn takes every field's place."""
    fields = 0
    for raw in taken.answers:
        body = json.loads(raw.raw)
        for number, at in enumerate(leaves(body)):
            fields += 1
            # A limit or an error code may stay if it is no longer than one.
            long = NUMBERS[0] if at and at[-1] in ALLOWED else NUMBERS[number % len(NUMBERS)]
            for secret in (SECRETS[number % len(SECRETS)], long):
                changed = replace(raw, raw=json.dumps(planted(body, at, secret)).encode())
                written = json.dumps(Placeholders().answer(changed), ensure_ascii=False)
                assert tells(written) == [], (raw.url, at, secret)
    assert fields > 300


@pytest.mark.parametrize("field", ["message", "displayName", "Reason", "subject", "code", "@odata.type", "unheardOf"])
@pytest.mark.parametrize("secret", SECRETS)
def test_no_field_lets_any_secret_through(field: str, secret: str) -> None:
    given = {field: [secret, {"error": {field: secret}}], secret: secret}
    assert tells(json.dumps(Placeholders().value("", given), ensure_ascii=False)) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"<html><title>Geheim 4711</title>",
        b'{"value": [{"Name": "Geheim 4711", "x',
        "Geheim 4711".encode("utf-16"),
        b"\xff\xfegeheim4711",
        b'"Geheim 4711"',
        b"[" * 100_000,
        b'{"n": ' + b"4711" * 2_000 + b"}",
    ],
)
def test_no_body_lets_a_secret_through_whatever_it_is(raw: bytes) -> None:
    assert tells(json.dumps(Placeholders().body(raw), ensure_ascii=False)) == []


def test_not_even_microsofts_words_stay_where_a_tenant_writes() -> None:
    given = {"displayName": "Reset the user password", "subject": "2026-11-26T10:00:00Z"}
    assert Placeholders().value("", given) == {"displayName": "text-1 text-2 text-3 text-4", "subject": "text-5"}


def test_what_was_sent_with_a_call_is_replaced_too(taken: Taken) -> None:
    raw = next(raw for raw in taken.answers if raw.cmdlet == "Get-InboxRule")
    body = {"CmdletInput": {"CmdletName": raw.cmdlet, "Parameters": {"Mailbox": "geheim@geheim-bank.example"}}}
    url = raw.url.with_path("/v1.0/users/geheim@geheim-bank.example").with_query({"$filter": "id eq 'geheim4711'"})
    headers = {"Content-Type": "text/geheim", "X-Geheim": "4711", "Set-Cookie": "geheim", "Retry-After": "30"}
    written = Placeholders().answer(replace(raw, body=body, url=url, headers=headers))
    assert tells(json.dumps(written, ensure_ascii=False)) == []
    assert written["cmdlet"] == "Get-InboxRule"
    assert written["headers"]["Retry-After"] == "30"


def test_the_same_value_has_the_same_placeholder_wherever_it_stands(taken: Taken) -> None:
    placeholders = Placeholders()
    written = {raw.cmdlet or raw.url.path: placeholders.answer(raw) for raw in taken.answers if raw.status == 200}
    listed = written["Get-BlockedSenderAddress"]
    mailbox = written["Get-Mailbox"]["json"]["value"][0]
    user = next(answer for path, answer in written.items() if path.endswith(str(taken.subject.owner)))["json"]
    assert mailbox["UserPrincipalName"] == user["userPrincipalName"]
    assert mailbox["ExternalDirectoryObjectId"] == user["id"]
    assert mailbox["DisplayName"] == user["displayName"]
    assert {text.partition(":")[2] for text in mailbox["EmailAddresses"]} == {
        text.partition(":")[2] for text in user["proxyAddresses"]
    }
    assert listed["path"] == written["Get-Mailbox"]["path"]


def test_microsofts_own_words_shapes_and_dates_stay(taken: Taken) -> None:
    raw = taken.of["restricted senders"][0]
    rows, original = Placeholders().answer(raw)["json"]["value"], json.loads(raw.raw)["value"]
    assert [row["CreatedDatetime"] for row in rows] == [row["CreatedDatetime"] for row in original]
    assert all(list(row) == list(before) for row, before in zip(rows, original, strict=True))
    assert rows[0]["Reason"].startswith("OutboundSpamLast24Hours=318;OutboundMailLast24Hours=")
    assert rows[1]["Reason"].startswith("EmailSendingLimitExceeded;InternalRecipientCountToday=")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("CreatedDatetime", "11/26/2026 5:04:00 PM"),
        ("CreatedDatetime", "/Date(1795712640000)/"),
        ("CreatedDatetime", "2026-11-26T17:04:00.0000000Z"),
        ("@odata.type", "#microsoft.graph.externalAuthenticationMethod"),
        ("type", "Microsoft.Exchange.Management.TooManyUnblocksException"),
        ("activityDisplayName", "Reset password (self-service)"),
        ("errorCode", 50126),
        ("message", "Your tenant is not licensed for this feature."),
        ("TemporaryBlock", "True"),
        ("ForwardTo", None),
    ],
)
def test_what_a_recording_is_made_for_stays(field: str, value: Any) -> None:
    assert Placeholders().value("", {field: value}) == {field: value}


def test_a_field_that_is_not_known_is_named_to_whoever_recorded_it() -> None:
    placeholders = Placeholders()
    assert placeholders.value("", {"BlockedUntilDate": "x", "Name": "y"}) == {"field-1": "text-1", "Name": "text-2"}
    assert placeholders.unknown_fields == {"BlockedUntilDate"}
