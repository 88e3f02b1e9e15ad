"""Announcements over HTTPS, as a receiver sees them: signed, whole, to nobody else; and what its answers mean."""

import base64
import hashlib
import hmac
import json
import logging
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
import trustme
from aiohttp.abc import AbstractResolver, ResolveResult

from services.clients.webhook.public_only import PrivateAddressError, PublicOnly
from services.clients.webhook.sender import SignedWebhook, sessions_for
from services.clients.webhook.shape import headers_of
from services.domain.announcing.announcement import Announcement
from services.domain.announcing.news import News
from services.domain.case.parts import CaseNumber
from services.domain.case.workflow import Actor
from services.domain.public_address import is_public
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable, Unreachable
from services.webhook_settings import WebhookReceiver
from tests.cases import BO, NOW
from tests.dialogs.fake_clock import FakeClock
from tests.service import Script, Service, hangs, resets, says

SECRET = bytes(range(24))
APPROVED = Announcement(
    case=CaseNumber(17),
    event=5,
    news=News.APPROVED,
    at=NOW,
    status="approved",
    ended=False,
    actor=Actor.APPROVER,
    mailbox="ana@contoso.example",
    by=BO.id,
    by_name=BO.name,
    previous=CaseNumber(9),
)
AUTHORITY = trustme.CA()


def verified(headers: Mapping[str, str], body: bytes, secret: bytes, now: datetime) -> Any:
    """What a receiver does, by the specification and not by our code: the body, if it is ours, whole and recent."""
    stamp = headers["webhook-timestamp"]
    assert abs(now - datetime.fromtimestamp(int(stamp), UTC)) <= timedelta(minutes=5)
    signed = b".".join((headers["webhook-id"].encode(), stamp.encode(), body))
    expected = "v1," + base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()
    assert expected in headers["webhook-signature"].split(" ")
    return json.loads(body)


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Service]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert("localhost").configure_cert(tls)
    async with Service(tls=tls) as service:
        service.answers(says({}))
        yield service


@asynccontextmanager
async def webhook(
    receiver: Service, *, private: bool = True, within: timedelta = timedelta(seconds=30), proxy: str | None = None
) -> AsyncIterator[SignedWebhook]:
    trusted = ssl.create_default_context()
    AUTHORITY.configure_trust(trusted)
    known = WebhookReceiver(url=f"{receiver.url}/hook?token=s3cret", secret=SECRET, may_be_private=private)
    async with sessions_for(known, trusted, proxy) as session:
        yield SignedWebhook(known, session, source="app", clock=FakeClock(), proxy_for=lambda _: proxy, within=within)


def test_the_signature_is_that_of_the_specifications_own_example() -> None:
    headers = headers_of(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        datetime.fromtimestamp(1614265330, UTC),
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_a_receiver_verifies_what_it_gets_and_finds_the_documented_shape(receiver: Service) -> None:
    async with webhook(receiver) as sender:
        await sender.send(APPROVED)
    (asked,) = receiver.asked
    assert (asked.method, asked.path, asked.query) == ("POST", "/hook", {"token": "s3cret"})
    assert asked.headers["Content-Type"] == "application/json"
    assert verified(asked.headers, asked.body, SECRET, NOW) == {
        "type": "case.approved",
        "timestamp": "2026-11-24T14:00:00.000Z",
        "data": {
            "version": 1,
            "ticket": "sendwell-app-17",
            "case": 17,
            "event": 5,
            "status": "approved",
            "ended": False,
            "mailbox": "ana@contoso.example",
            "by": {"role": "approver", "id": BO.id, "name": BO.name},
            "previous_case": 9,
        },
    }


async def test_what_is_sent_again_has_the_same_id_and_nothing_else_has(receiver: Service) -> None:
    async with webhook(receiver) as sender:
        for announcement in (APPROVED, APPROVED):
            await sender.send(announcement)
    first, again = (asked.headers["webhook-id"] for asked in receiver.asked)
    assert first == again == "sendwell-app-17-5"


@pytest.mark.parametrize(
    ("script", "reason", "wait"),
    [
        (says(status=429, headers={"Retry-After": "120"}), UnknownReason.THROTTLED, timedelta(seconds=120)),
        (says(status=503, headers={"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}), UnknownReason.UNREACHABLE, None),
        (says(status=500), UnknownReason.UNREACHABLE, None),
        (says(status=400), UnknownReason.UNEXPECTED_RESPONSE, None),
        (says(status=404), UnknownReason.UNEXPECTED_RESPONSE, None),
        (resets, UnknownReason.UNREACHABLE, None),
    ],
)
async def test_what_was_not_taken_is_to_be_tried_again(
    receiver: Service, script: Script, reason: UnknownReason, wait: timedelta | None
) -> None:
    receiver.answers(script)
    async with webhook(receiver) as sender:
        with pytest.raises(Unavailable) as trouble:
            await sender.send(APPROVED)
    assert (trouble.value.reason, trouble.value.retry_after) == (reason, wait)
    assert "s3cret" not in str(trouble.value)


async def test_a_receiver_that_is_slow_is_not_waited_for(receiver: Service) -> None:
    receiver.answers(hangs)
    async with webhook(receiver, within=timedelta(milliseconds=50)) as sender:
        with pytest.raises(Unavailable) as trouble:
            await sender.send(APPROVED)
    assert trouble.value.reason is UnknownReason.TIMED_OUT


async def test_nobody_is_led_elsewhere(receiver: Service) -> None:
    receiver.answers(says(status=307, headers={"Location": f"{receiver.url}/elsewhere"}), says({}))
    async with webhook(receiver) as sender:
        with pytest.raises(Unavailable):
            await sender.send(APPROVED)
    assert [asked.path for asked in receiver.asked] == ["/hook"]


async def test_a_receiver_that_is_gone_wants_no_more(receiver: Service) -> None:
    receiver.answers(says(status=410))
    async with webhook(receiver) as sender:
        with pytest.raises(Unreachable):
            await sender.send(APPROVED)


async def test_a_private_address_is_connected_to_only_where_a_setting_says_so(receiver: Service) -> None:
    async with webhook(receiver, private=False) as sender:
        with pytest.raises(Unavailable, match="a private address"):
            await sender.send(APPROVED)
    assert receiver.asked == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("10.0.0.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("192.168.1.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::a00:1", False),  # NAT64 of 10.0.0.1
        ("64:ff9b::5db8:d822", True),  # and of 93.184.216.34
        ("2002:a00:1::", False),  # 6to4 of it
        ("2001:0:5ef5:79fd::f5ff:fffe", False),  # Teredo
        ("::a00:1", False),
        ("fec0::1", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


class Names(AbstractResolver):
    """Names that stand for several addresses."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=2, proto=0, flags=0)
            for address in self.addresses
        ]

    async def close(self) -> None:
        pass


async def test_of_a_name_with_public_and_private_addresses_the_public_ones_are_used() -> None:
    found = await PublicOnly(Names("10.0.0.1", "93.184.216.34")).resolve("tickets.example", 443)
    assert [one["host"] for one in found] == ["93.184.216.34"]
    with pytest.raises(PrivateAddressError):
        await PublicOnly(Names("10.0.0.1", "127.0.0.1")).resolve("tickets.example", 443)


async def test_what_is_given_up_is_said_without_anybody_and_without_the_address(
    receiver: Service, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        async with webhook(receiver) as sender:
            await sender.give_up(APPROVED, "timed out")
    assert "localhost was not told that case 17 was approved (event 5), and will not be: timed out" in caplog.text
    assert not [private for private in ("ana@", "Bo", "s3cret") if private in caplog.text]


def test_nothing_of_anybody_and_no_secret_is_in_a_repr() -> None:
    known = WebhookReceiver(url="https://tickets.example/s3cret", secret=SECRET)
    assert "s3cret" not in repr(known)
    assert repr(SECRET) not in repr(known)
    assert "ana@" not in repr(APPROVED)
