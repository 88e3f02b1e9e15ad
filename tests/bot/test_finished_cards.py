"""Cards go round the SDK's models, come out as its models would have written them, byte for byte, and leave nothing."""

import gc
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.connector import PooledFactory
from bot.finished_cards import card_activity
from bot.messenger import card_message
from bot.reading import read
from bot.teams_bot import TeamsBot
from dialogs.conversations.inbound import Answer, Reply
from services.domain.card import Card

_GOLDEN = Path(__file__).parents[1] / "cards" / "golden"

_ENVELOPE = {
    "type": "message",
    "id": "1700",
    "channelId": "msteams",
    "serviceUrl": "https://smba.trafficmanager.net/emea/",
    "conversation": {"id": "a:1", "conversationType": "personal"},
    "from": {"id": "29:ana", "name": "Ana", "aadObjectId": "00000000-0000-4000-8000-000000000001"},
    "recipient": {"id": "28:bot"},
    "text": "help",
}
_CLICK = {
    "type": "invoke",
    "name": "adaptiveCard/action",
    "value": {"action": {"type": "Action.Execute", "verb": "works", "data": {"case": 17}}},
}


class Says:
    """Conversations that answer with one card."""

    def __init__(self, card: Card) -> None:
        self._card = card

    async def said(self, _said: object) -> Answer:
        return Reply(card=self._card, summary="In short: é 日本")

    clicked = installed = added_to_team = uninstalled = said


class Connector:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[Mapping[str, Any]] = []

    async def call(self, _method: str, _url: str, _path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        self.sent.append(body)
        return {"id": "1"}


def _written(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


@pytest.mark.parametrize("file", sorted(_GOLDEN.rglob("*.json")), ids=lambda file: file.stem)
async def test_a_reply_is_sent_as_the_sdk_would_write_it(file: Path) -> None:
    card = json.loads(file.read_text(encoding="utf-8"))
    connector = Connector()
    incoming = read(_ENVELOPE)
    assert incoming is not None
    await TeamsBot(Says(card), PooledFactory(connector)).turn(_ENVELOPE, incoming)  # type: ignore[arg-type]  # one call
    (sent,) = connector.sent
    # What the SDK read of it, and writes again.
    assert _written(sent) == _written(type(card_activity(card, "")).deserialize(json.loads(_written(sent))).serialize())
    assert sent["attachments"] == card_message(card, "")["attachments"]
    assert sent["attachments"][0]["content"] is card, "nobody read, copied or wrote it on its way"
    assert sent["replyToId"] == _ENVELOPE["id"]


def turns_in_memory() -> int:
    return sum(type(one).__name__ == "TurnContext" for one in gc.get_objects())


class Counts(Says):
    """Counts the turns that are there while it is asked."""

    def __init__(self) -> None:
        super().__init__({"body": []})
        self.turns = 0

    async def said(self, _said: object) -> Answer:
        self.turns = turns_in_memory()
        return await super().said(_said)

    clicked = installed = added_to_team = uninstalled = said


@pytest.mark.parametrize("kind", ["message", "invoke"])
async def test_a_turn_is_gone_as_soon_as_it_is_over(kind: str) -> None:
    """A circle of references would keep all of it until the garbage collector comes, which has to look for it then."""
    incoming, bot = read({**_ENVELOPE, **_CLICK} if kind == "invoke" else _ENVELOPE), Counts()
    assert incoming is not None
    gc.collect()
    gc.disable()
    try:
        before = turns_in_memory()
        await TeamsBot(bot, PooledFactory(Connector())).turn({**_ENVELOPE, "type": kind}, incoming)  # type: ignore[arg-type]  # one call
        assert (bot.turns, turns_in_memory()) == (before + 1, before)
    finally:
        gc.enable()
