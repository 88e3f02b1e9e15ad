"""What Teams refuses a bot, played by the sandbox: strange mentions, private channels, haste."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.connector import BotConnector, ConnectorService, SendTiming
from bot.finished_cards import CARD_TYPE
from bot.messenger import TeamsMessenger
from cards.mentions import mentioning
from cards.notices import one_line
from sandbox import Sandbox
from sandbox.people import APP_ID, CHANNEL_ID, PEOPLE, TAG_ID, TENANT
from sandbox.teams import _answer, in_chat
from services.domain.card import Card
from services.domain.mention import Mention
from services.ports.errors import Unavailable, Unreachable
from services.ports.teams import ConversationRef
from tests.cards.sample_view import VIEW
from tests.sandbox.test_strict import Client, talking_to

ANA, BO, CLEO, FAY = (PEOPLE[key] for key in ("ana", "bo", "cleo", "fay"))
AT_ONCE = SendTiming(within=timedelta(seconds=30), again_after=(timedelta(), timedelta()))


class Tokens:
    """Tokens of the sandbox's login for the Bot Connector."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def token(self, scope: str) -> str:
        _, answer = await self._client.token(scope.removesuffix("/.default"))
        return str(answer["access_token"])

    async def renew(self, scope: str, refused: str) -> None:
        raise AssertionError("the token is good")


class Bot:
    """The bot's messenger, on the sandbox's Teams."""

    def __init__(self, client: Client) -> None:
        self.client, self.box = client, client.box
        host = self.box.connector.base_url.removeprefix("https://")
        service = ConnectorService(scope=f"{self.box.connector.issuer}/.default", hosts=frozenset({host}))
        connector = BotConnector(client.session, tokens=Tokens(client), service=service, timing=AT_ONCE)
        self.messenger = TeamsMessenger(connector, app_id=APP_ID, tenant=TENANT, again_after=timedelta())
        self.channel = ConversationRef(id=CHANNEL_ID, service_url=self.box.connector.service_url)
        self.chat = ConversationRef(id=ANA.chat_id, service_url=self.box.connector.service_url)

    async def posts(self, *mentions: Mention, where: ConversationRef | None = None) -> list[str]:
        """Posts a card; returns whom it notified."""
        card = mentioning(one_line("Case 17 waits."), mentions, VIEW)
        await self.messenger.post(where or self.channel, card, "Case 17 waits.")
        return self.box.chats.messages[-1].notified


@pytest_asyncio.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with Sandbox(data=tmp_path) as box, talking_to(box) as client:
        yield Bot(client)


def of(persona: Any, **change: Any) -> Mention:
    return Mention(id=persona.id, name=change.get("name", persona.name))


async def test_a_plain_post_notifies_nobody_and_a_mention_does_but_in_no_update(bot: Bot) -> None:
    assert await bot.posts() == []
    assert await bot.posts(of(BO), of(CLEO, name=BO.name)) == ["bo", "cleo"]
    assert await bot.posts(Mention(id=TAG_ID, name="Mail admins", is_tag=True)) == ["bo", "cleo"]
    card = mentioning(one_line("Decided."), [of(BO)], VIEW)
    posted = await bot.messenger.post(bot.channel, one_line("Case 17"), "Case 17")
    assert await bot.messenger.replace(posted, card, "Decided.")
    assert bot.box.chats.messages[-1].notified == []


@pytest.mark.parametrize(
    "stranger", [of(FAY), Mention(id="nobody", name="Nobody"), Mention(id="x", name="T", is_tag=True)]
)
async def test_who_is_not_in_the_team_cannot_be_mentioned(bot: Bot, stranger: Mention) -> None:
    with pytest.raises(Unreachable, match=r"^400 BadArgument$"):
        await bot.posts(of(BO), stranger)
    assert bot.box.chats.messages == []


def broken(text: str, entities: Any, kind: str = "TextBlock") -> Card:
    body = [{"type": kind, "text": text}]
    return {"type": "AdaptiveCard", "version": "1.5", "body": body, "msteams": {"entities": entities}}


ENTITY = {"type": "mention", "text": "<at>Bo</at>", "mentioned": {"id": BO.id, "name": "Bo"}}


@pytest.mark.parametrize(
    "card",
    [
        broken("<at>Bo</at>", []),
        broken("Bo", [ENTITY]),
        broken("<at>Bo</at>", [ENTITY], kind="TextRun"),
        broken("<at>Bo", [ENTITY]),
        broken("<at>Bo</at> <at>", [ENTITY]),
        broken("<at>Bo</at>", [{**ENTITY, "text": "<at>Bob</at>"}]),
        broken("<at>Bo</at>", [{**ENTITY, "mentioned": {"id": BO.id}}]),
        broken("<at>Bo</at>", [{**ENTITY, "mentioned": 7}]),
        broken("<at>Bo</at>", 7),
    ],
)
async def test_a_mention_and_its_entity_belong_together(bot: Bot, card: Card) -> None:
    with pytest.raises(Unreachable, match=r"^400 BadArgument$"):
        await bot.messenger.post(bot.channel, card, "s")


async def test_a_private_channel_refuses_posts_and_threads(bot: Bot) -> None:
    posted = await bot.messenger.post(bot.channel, one_line("Case 17"), "s")
    bot.box.chats.channel_is_private = True
    with pytest.raises(Unreachable, match=r"^403 BotNotInConversationRoster$"):
        await bot.posts()
    with pytest.raises(Unreachable, match=r"^403 BotNotInConversationRoster$"):
        await bot.messenger.post(bot.channel, one_line("waiting for a decision"), "s", thread=posted.activity)
    assert await bot.posts(where=bot.chat) == []


async def test_an_update_that_misses_its_message_and_a_post_that_meets_another_leave_one_card(bot: Bot) -> None:
    faults = bot.box.tenant.faults
    posted = await bot.messenger.post(bot.channel, one_line("Case 17"), "s")
    faults.fail("teams.update", "404", times=1)
    assert await bot.messenger.replace(posted, one_line("Case 17, decided"), "s")
    faults.fail("teams.post", "412", times=2)
    await bot.messenger.post(bot.channel, one_line("waiting for a decision"), "s", thread=posted.activity)
    assert [message.updates for message in bot.box.chats.of_channel()] == [1, 0]
    faults.fail("teams.update", "404", times=2)
    assert not await bot.messenger.replace(posted, one_line("Case 17"), "s")
    faults.fail("teams.post", "412", times=3)
    with pytest.raises(Unavailable):
        await bot.posts()


async def test_a_chat_that_is_throttled_is_left_alone_and_the_channel_is_not(bot: Bot) -> None:
    bot.box.tenant.faults.fail(f"teams:{ANA.chat_id}", "429", times=1, retry_after=3_600)
    for _ in range(3):
        with pytest.raises(Unavailable) as trouble:
            await bot.posts(where=bot.chat)
        assert trouble.value.retry_after is not None
        await bot.posts()
    assert bot.box.connector.throttle.too_early == []


async def test_who_does_not_wait_is_noticed_and_waits_anew(bot: Bot) -> None:
    bot.box.tenant.faults.fail(f"teams:{ANA.chat_id}", "429", times=1, retry_after=3_600)
    for _ in range(2):
        with pytest.raises(Unavailable):
            await Bot(bot.client).posts(where=bot.chat)
    assert bot.box.connector.throttle.too_early == [ANA.chat_id]


def test_a_chats_text_has_lost_what_stood_in_brackets_and_its_html_has_not() -> None:
    said = in_chat("Ana <ana@x.example>\n5 < 6")
    assert said["text"] == "Ana \n5 < 6"
    (attached,) = said["attachments"]
    assert attached["contentType"] == "text/html"
    assert attached["content"] == "<p>Ana &lt;ana@x.example&gt;</p>\r\n<p>5 &lt; 6</p>\r\n"


def test_an_answer_to_a_button_that_is_too_large_is_shown_to_nobody() -> None:
    def answered(words: str) -> str:
        card = {"type": "AdaptiveCard", "body": [{"type": "TextBlock", "text": words}]}
        return _answer(200, json.dumps({"type": CARD_TYPE, "value": card}, ensure_ascii=False).encode()).kind

    assert answered("語" * 9_000) == CARD_TYPE
    assert answered("語" * 10_000) == "too large"
