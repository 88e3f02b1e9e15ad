"""Writing to Teams: every response has one meaning, and our token is sent to allowed hosts only."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.connector import BotConnector, ConnectorService, SendTiming
from bot.messenger import TeamsMessenger
from bot.waits import Waits
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable, Unreachable
from services.ports.teams import ConversationRef, Posted
from tests.bot.door import APP, CONNECTOR, TENANT
from tests.service import FixedTokens, Service, hangs, resets, says, says_raw

CARD = {"type": "AdaptiveCard"}
TEAMS = ConnectorService(scope=CONNECTOR.scope, hosts=frozenset({"smba.trafficmanager.net"}))


@pytest_asyncio.fixture
async def service() -> AsyncIterator[Service]:
    async with Service() as service:
        yield service


@pytest_asyncio.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def messenger_within(seconds: float, session: aiohttp.ClientSession) -> TeamsMessenger:
    timing = SendTiming(within=timedelta(seconds=seconds), again_after=(timedelta(), timedelta()))
    connector = BotConnector(session, tokens=FixedTokens(), service=CONNECTOR, timing=timing, anonymous=True)
    return TeamsMessenger(connector, app_id=APP, tenant=TENANT, again_after=timedelta())


@pytest_asyncio.fixture
async def messenger(session: aiohttp.ClientSession) -> TeamsMessenger:
    """A time limit so long that a busy machine does not exceed it."""
    return messenger_within(30, session)


def chat(service: Service) -> ConversationRef:
    return ConversationRef(id="a:1", service_url=f"{service.url}/emea/")


def channel(service: Service) -> ConversationRef:
    return ConversationRef(id="19:c@thread.tacv2", service_url=f"{service.url}/emea/")


async def test_a_chat_a_new_thread_and_a_reply(messenger: TeamsMessenger, service: Service) -> None:
    service.answers(
        says({"id": "7"}, 201), says({"id": "19:c@thread.tacv2;messageid=8", "activityId": "8"}), says({"id": "9"})
    )
    first = await messenger.post(chat(service), CARD, "not before 21:05 UTC")
    assert first == Posted(conversation=chat(service), activity="7")
    posted = await messenger.post(channel(service), CARD, "s")
    assert (posted.conversation.id, posted.activity) == ("19:c@thread.tacv2;messageid=8", "8")
    reply = await messenger.post(channel(service), CARD, "s", thread="8")
    assert (reply.conversation.id, reply.activity) == ("19:c@thread.tacv2;messageid=8", "9")
    paths = [asked.path for asked in service.asked]
    thread = "19%3Ac%40thread.tacv2%3Bmessageid%3D8"
    assert paths == [
        "/emea/v3/conversations/a%3A1/activities",
        "/emea/v3/conversations",
        f"/emea/v3/conversations/{thread}/activities",
    ]
    assert service.asked[1].json["channelData"]["channel"]["id"] == "19:c@thread.tacv2"
    assert service.asked[0].headers["Authorization"] == "Bearer token-1"
    assert service.asked[0].json["summary"] == "not before 21:05 UTC"


async def test_a_card_is_replaced_where_it_was_posted_or_known_to_be_gone(
    messenger: TeamsMessenger, service: Service
) -> None:
    posted = Posted(conversation=chat(service), activity="7")
    service.answers(says({"id": "7"}), says({"error": {"code": "ActivityNotFoundInConversation"}}, 404))
    assert await messenger.replace(posted, CARD, "s")
    assert not await messenger.replace(posted, CARD, "s")
    assert (service.asked[0].method, service.asked[0].path) == ("PUT", "/emea/v3/conversations/a%3A1/activities/7")


async def test_an_update_whose_message_is_said_to_be_gone_is_tried_once_more(
    messenger: TeamsMessenger, service: Service
) -> None:
    posted = Posted(conversation=chat(service), activity="7")
    service.answers(says({"error": {"code": "ActivityNotFoundInConversation"}}, 404), says({"id": "7"}))
    assert await messenger.replace(posted, CARD, "s")
    service.answers(says({"error": {"code": "ConversationNotFound"}}, 404), says({"id": "7"}))
    assert not await messenger.replace(posted, CARD, "s")
    assert [asked.method for asked in service.asked] == ["PUT"] * 3


async def test_a_post_that_met_another_one_is_sent_again(messenger: TeamsMessenger, service: Service) -> None:
    met = says({"error": {"code": "PreconditionFailed"}}, 412)
    service.answers(met, met, says({"id": "7"}, 201))
    assert (await messenger.post(chat(service), CARD, "s")).activity == "7"
    assert len(service.asked) == 3


async def test_a_conversation_that_asked_for_a_pause_gets_one_and_holds_up_no_other(
    messenger: TeamsMessenger, service: Service
) -> None:
    service.answers(says({}, 429, {"Retry-After": "600"}), says({"id": "7"}, 201))
    for _ in range(3):
        with pytest.raises(Unavailable) as trouble:
            await messenger.post(chat(service), CARD, "s")
        assert trouble.value.reason is UnknownReason.THROTTLED
        assert trouble.value.retry_after is not None
        assert timedelta(minutes=5) < trouble.value.retry_after <= timedelta(minutes=10)
    assert len(service.asked) == 1
    await messenger.post(replace(chat(service), id="a:2"), CARD, "s")
    await messenger.post(channel(service), CARD, "s", thread="8")
    assert len(service.asked) == 3


def test_a_pause_is_over_when_it_is() -> None:
    now = [0.0]
    waits = Waits(lambda: now[0])
    for number in range(2_000):
        waits.begin(f"a:{number}", timedelta(seconds=1 + number))
    assert waits.left("a:0") == timedelta(seconds=1)
    now[0] = 1.0
    waits.begin("a:0", timedelta(seconds=5))
    assert (waits.left("a:0"), waits.left("a:3"), waits.left("b")) == (timedelta(seconds=5), timedelta(seconds=3), None)
    now[0] = 6.0
    assert waits.left("a:0") is None


class WithABug(FixedTokens):
    """A token source with a bug: it raises `KeyError`."""

    async def token(self, scope: str) -> str:
        raise KeyError(scope)


async def test_a_bug_is_not_taken_for_a_card_that_is_gone(session: aiohttp.ClientSession, service: Service) -> None:
    connector = BotConnector(session, tokens=WithABug(), service=CONNECTOR, anonymous=True)
    messenger = TeamsMessenger(connector, app_id=APP, tenant=TENANT)
    with pytest.raises(KeyError):
        await messenger.replace(Posted(conversation=chat(service), activity="7"), CARD, "s")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (says({"error": {"code": "MessageWritesBlocked"}}, 403), "403 MessageWritesBlocked"),
        (says({"error": {"code": "ConversationNotFound"}}, 404), "404 ConversationNotFound"),
        (says_raw(b"", 413), "413"),
        (says({"error": "x"}, 400), "400"),
        (says([], 410), "410"),
    ],
)
async def test_who_cannot_be_written_to(messenger: TeamsMessenger, service: Service, script: Any, words: str) -> None:
    service.answers(script)
    with pytest.raises(Unreachable, match=f"^{words}$"):
        await messenger.post(chat(service), CARD, "s")


@pytest.mark.parametrize(
    ("script", "reason", "wait"),
    [
        (says({}, 429, {"Retry-After": "7"}), UnknownReason.THROTTLED, timedelta(seconds=7)),
        (says({}, 429, {"Retry-After": "soon"}), UnknownReason.THROTTLED, None),
        (says({}, 412), UnknownReason.UNREACHABLE, None),
        (says({}, 500), UnknownReason.UNREACHABLE, None),
        (says_raw(b"<html>", 502), UnknownReason.UNREACHABLE, None),
        (says({}, 401), UnknownReason.UNREACHABLE, None),
        (says({}, 302, {"Location": "https://evil.example"}), UnknownReason.UNREACHABLE, None),
        (resets, UnknownReason.UNREACHABLE, None),
    ],
)
async def test_what_is_tried_later(
    messenger: TeamsMessenger, service: Service, script: Any, reason: UnknownReason, wait: timedelta | None
) -> None:
    service.answers(script)
    with pytest.raises(Unavailable) as trouble:
        await messenger.post(chat(service), CARD, "s")
    assert (trouble.value.reason, trouble.value.retry_after) == (reason, wait)


async def test_a_connector_that_hangs_is_tried_later(session: aiohttp.ClientSession, service: Service) -> None:
    service.answers(hangs)
    with pytest.raises(Unavailable) as trouble:
        await messenger_within(0.2, session).post(chat(service), CARD, "s")
    assert trouble.value.reason is UnknownReason.TIMED_OUT


async def test_a_post_is_never_repeated_beneath_us(messenger: TeamsMessenger, service: Service) -> None:
    service.answers(resets)
    with pytest.raises(Unavailable):
        await messenger.post(chat(service), CARD, "s")
    assert len(service.asked) == 1


async def test_a_refused_token_is_renewed_once(messenger: TeamsMessenger, service: Service) -> None:
    service.answers(says({}, 401), says({"id": "7"}))
    await messenger.post(chat(service), CARD, "s")
    assert [asked.headers["Authorization"] for asked in service.asked] == ["Bearer token-1", "Bearer token-2"]


class NoTokens:
    """Fails the test when a token is asked for."""

    async def token(self, scope: str) -> str:
        raise AssertionError(f"a token for {scope} was about to leave")

    async def renew(self, scope: str, refused: str) -> None:
        raise AssertionError(scope)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "http://smba.trafficmanager.net/",
        "https://smba.trafficmanager.net.evil.example/",
        "https://smba.trafficmanager.net@evil.example/",
        "https://127.0.0.1/",
        "https://smba.trafficmanager.net:444/",
        "",
        "https://[",
    ],
)
async def test_our_token_never_leaves_for_another_host(session: aiohttp.ClientSession, url: str) -> None:
    connector = BotConnector(session, tokens=NoTokens(), service=TEAMS)
    messenger = TeamsMessenger(connector, app_id=APP, tenant=TENANT)
    conversation = ConversationRef(id="a:1", service_url=url)
    for writing in (
        messenger.post(conversation, CARD, "s"),
        messenger.replace(Posted(conversation=conversation, activity="1"), CARD, "s"),
    ):
        with pytest.raises(Unreachable):
            await writing


async def test_anonymous_sends_no_token(session: aiohttp.ClientSession, service: Service) -> None:
    connector = BotConnector(session, tokens=None, service=CONNECTOR, anonymous=True)
    service.answers(says({"id": "7"}))
    await TeamsMessenger(connector, app_id="", tenant=TENANT).post(chat(service), CARD, "s")
    assert "Authorization" not in service.asked[0].headers


async def test_anonymous_writes_to_nobody_beyond_this_machine(session: aiohttp.ClientSession) -> None:
    connector = BotConnector(session, tokens=None, service=TEAMS, anonymous=True)
    conversation = ConversationRef(id="a:1", service_url="https://smba.trafficmanager.net/emea/")
    with pytest.raises(Unreachable):
        await TeamsMessenger(connector, app_id="", tenant=TENANT).post(conversation, CARD, "s")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_our_token_follows_no_redirect(messenger: TeamsMessenger, service: Service, status: int) -> None:
    async with Service() as elsewhere:
        elsewhere.answers(says({"id": "1"}))
        service.answers(says({}, status, headers={"Location": f"{elsewhere.url}/emea/"}))
        with pytest.raises((Unavailable, Unreachable)):
            await messenger.post(chat(service), CARD, "s")
        assert elsewhere.asked == []
    assert len(service.asked) == 1


async def test_each_host_has_its_own_proxy(session: aiohttp.ClientSession, service: Service) -> None:
    async with Service() as proxy:
        ways = {"http://127.0.0.1": proxy.url}
        connector = BotConnector(session, tokens=FixedTokens(), service=CONNECTOR, proxy_for=ways.get, anonymous=True)
        messenger = TeamsMessenger(connector, app_id=APP, tenant=TENANT)
        for asked in (service, proxy):
            asked.answers(says({"id": "7"}, 201))
        await messenger.post(chat(service), CARD, "s")
        await messenger.post(ConversationRef(id="a:1", service_url="http://127.0.0.1:9/emea/"), CARD, "s")
        assert [len(asked.asked) for asked in (service, proxy)] == [1, 1]
