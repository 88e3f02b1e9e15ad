"""Teams, towards the bot: people write, press buttons and install; each activity is signed as the real ones are."""

import asyncio
import html
import itertools
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import aiohttp

from sandbox.actions import Execute, collected, executes
from sandbox.chats import BOT, Card, Chats, Message
from sandbox.clock import now
from sandbox.connector import MESSAGE_AT_MOST, Connector
from sandbox.files import Files
from sandbox.people import BOT_NAME, CHANNEL_ID, PEOPLE, TEAM_ID, TENANT
from sandbox.tenant import Tenant

_CARD_ANSWER = "application/vnd.microsoft.card.adaptive"
_TIMEOUT = aiohttp.ClientTimeout(total=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The bot's answer to a pressed button, as the clicker sees it."""

    status: int
    kind: str = ""
    card: Card | None = None
    text: str | None = None


class Teams:
    """The clients of every persona."""

    def __init__(self, tenant: Tenant, chats: Chats, connector: Connector, files: Files, bot_url: str) -> None:
        self._tenant = tenant
        self._chats = chats
        self._connector = connector
        self._files = files
        self._session: aiohttp.ClientSession | None = None
        self._numbers = itertools.count(1)
        self._last: dict[str, Any] | None = None
        self._changes = asyncio.Event()
        self.pressed: list[tuple[datetime, str, str]] = []
        self.undelivered: list[dict[str, Any]] = []
        """What somebody wrote while the bot did not answer, in its order."""
        self.bot_url = bot_url

    async def say(self, key: str, text: str) -> int:
        """Write into one's own chat with the bot; returns the bot's HTTP status."""
        message = self._chats.post(PEOPLE[key].chat_id, key, text)
        return await self.deliver(self.activity(key, type="message", id=message.id, **in_chat(text)))

    async def drop(self, key: str, name: str, content: bytes, text: str = "") -> int:
        """Drop a file into one's own chat with the bot; returns the bot's HTTP status."""
        message = self._chats.post(PEOPLE[key].chat_id, key, text or f"📎 {name}")
        dropped = in_chat(text)
        dropped["attachments"] = [self._files.attachment(key, name, content), *dropped["attachments"]]
        return await self.deliver(self.activity(key, type="message", id=message.id, **dropped))

    async def paste_picture(self, key: str, text: str = "") -> int:
        """Paste a screenshot into one's own chat with the bot; returns the bot's HTTP status."""
        message = self._chats.post(PEOPLE[key].chat_id, key, text or "🖼 (a screenshot)")
        where = f"{self._connector.base_url}/v3/attachments/{uuid4()}/views/original"
        dropped = in_chat(text)
        dropped["attachments"] = [{"contentType": "image/*", "contentUrl": where}, *dropped["attachments"]]
        return await self.deliver(self.activity(key, type="message", id=message.id, **dropped))

    async def say_in_channel(self, key: str, text: str) -> int:
        """Write into the channel, mentioning the bot."""
        message = self._chats.begin_thread(key, f"@{BOT_NAME} {text}")
        mention = f"<at>{BOT_NAME}</at>"
        activity = self.activity(
            key,
            channel=message.conversation,
            type="message",
            id=message.id,
            text=f"{mention} {text}",
            textFormat="plain",
        )
        activity["entities"].append({"type": "mention", "text": mention, "mentioned": self.bot})
        return await self.deliver(activity)

    async def press(
        self, key: str, message: Message, which: str, inputs: Mapping[str, str] | None = None, *, index: int = 0
    ) -> Answer:
        """Press the button of that title or verb on what this viewer sees, with a form's inputs.

        Raises:
            LookupError: the viewer sees no such button.
            ValueError: a required input is empty, or one is given that the form has not.
        """
        found = self._buttons(key, message, which)
        if len(found) <= index:
            titles = [hit.action.get("title") for hit in executes(self.view(key, message) or {})]
            raise LookupError(f"no button {which!r}; there are {titles}")
        data = collected(found[index], inputs or {})
        return await self.click(key, message, str(found[index].action.get("verb")), data)

    def has_button(self, key: str, message: Message, which: str) -> bool:
        """Whether this viewer sees a button of that title or verb."""
        return bool(self._buttons(key, message, which))

    def _buttons(self, key: str, message: Message, which: str) -> list[Execute]:
        card = self.view(key, message) or {}
        return [hit for hit in executes(card) if which in (hit.action.get("title"), hit.action.get("verb"))]

    async def click(self, key: str, message: Message, verb: str, data: Any) -> Answer:
        """Send an invoke as a client would, whatever it carries; a card answer is what this viewer sees from now."""
        channel = None if message.conversation == PEOPLE[key].chat_id else message.conversation
        activity = self.activity(
            key,
            channel=channel,
            type="invoke",
            name="adaptiveCard/action",
            id=f"f:{uuid4()}",
            replyToId=message.id,
            value={"action": {"type": "Action.Execute", "verb": verb, "data": data}, "trigger": "manual"},
        )
        status, body = await self._post(activity, self.mint())
        answer = _answer(status, body)
        if answer.card is not None:
            message.private[key] = answer.card
            self.pressed.append((now(), key, verb))
        if answer.text is not None:
            message.notices[key] = answer.text
        self.changed()
        return answer

    @property
    def bot(self) -> dict[str, str]:
        """Its account in Teams."""
        return {"id": f"28:{self._tenant.bot}", "name": BOT_NAME}

    async def install(self, key: str) -> int:
        self._tenant.accounts[key].installed = True
        # Announced twice, as Teams does.
        members = [{"id": PEOPLE[key].teams_id, "aadObjectId": PEOPLE[key].id}, {"id": self.bot["id"]}]
        await self.deliver(self.activity(key, type="conversationUpdate", membersAdded=members))
        return await self.deliver(self.activity(key, type="installationUpdate", action="add"))

    async def uninstall(self, key: str) -> int:
        self._tenant.accounts[key].installed = False
        return await self.deliver(self.activity(key, type="installationUpdate", action="remove"))

    async def resend_last(self) -> int:
        """Teams sends again what it thinks was not answered."""
        if self._last is None:
            raise LookupError("nothing was sent yet")
        status, _ = await self._post(self._last, self.mint())
        return status

    def chat(self, key: str) -> list[Message]:
        return self._chats.of_chat(key)

    def channel(self) -> list[Message]:
        return self._chats.of_channel()

    def view(self, key: str, message: Message) -> Card | None:
        """What this viewer sees in the message's place."""
        return message.private.get(key, message.card)

    def from_bot(self, messages: list[Message]) -> list[Message]:
        return [message for message in messages if message.author == BOT]

    def changed(self) -> None:
        """Somebody may be waiting for what just changed."""
        self._changes.set()

    async def until(self, predicate: Callable[[], object], seconds: float = 20.0) -> None:
        """Wait until the predicate holds; tells what everybody sees where it does not in time."""
        try:
            async with asyncio.timeout(seconds):
                while not predicate():
                    self._changes.clear()
                    try:
                        # A lagging list changes by the mere passing of time: look now and then.
                        async with asyncio.timeout(0.2):
                            await self._changes.wait()
                    except TimeoutError:
                        continue
        except TimeoutError:
            raise AssertionError(f"it did not come true in {seconds} s\n{self.dump()}") from None

    def dump(self) -> str:
        """Everything anybody sees, for a failing test."""
        lines = [f"{m.conversation} {m.author}: {m.text or ''} {texts(m.card)}" for m in self._chats.messages]
        return "\n".join([*lines, *(f"{at:%H:%M:%S} {text}" for at, text in self._tenant.log)])

    def activity(self, key: str, *, channel: str | None = None, **fields: Any) -> dict[str, Any]:
        """An activity of this persona, in their chat or in a thread of the channel."""
        persona = PEOPLE[key]
        conversation: dict[str, Any] = {"tenantId": TENANT, "id": channel or persona.chat_id}
        data: dict[str, Any] = {"tenant": {"id": TENANT}}
        if channel:
            conversation |= {"conversationType": "channel", "isGroup": True}
            data |= {"team": {"id": TEAM_ID}, "channel": {"id": CHANNEL_ID}}
        else:
            conversation["conversationType"] = "personal"
        at = now().isoformat(timespec="milliseconds")
        return {
            "id": str(next(self._numbers)),
            "timestamp": at,
            "localTimestamp": at,
            "serviceUrl": self._connector.service_url,
            "channelId": "msteams",
            "from": {"id": persona.teams_id, "name": persona.name, "aadObjectId": persona.id},
            "conversation": conversation,
            "recipient": self.bot,
            "channelData": data,
            "locale": "en-GB",
            "entities": [{"type": "clientInfo", "locale": "en-GB", "country": "ES", "timezone": "Europe/Madrid"}],
            **fields,
        }

    def mint(self, **overrides: Any) -> str:
        """A token as the Bot Connector signs it; an override of `None` leaves a claim out."""
        begun = int(time.time())
        claims = {
            "iss": self._connector.issuer,
            "aud": self._tenant.bot,
            "serviceurl": self._connector.service_url,
            "nbf": begun - 5,
            "exp": begun + 3_600,
            **overrides,
        }
        return self._connector.signer.sign({name: value for name, value in claims.items() if value is not None})

    async def post_activity(self, activity: Any, token: str | None = None) -> tuple[int, bytes]:
        """Send anything at all, bytes as they are; without a token it goes out unsigned."""
        return await self._post(activity, token)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def deliver(self, activity: dict[str, Any]) -> int:
        """Send a signed activity; returns the bot's HTTP status."""
        self._last = activity
        try:
            status, _ = await self._post(activity, self.mint())
        except ConnectionError:
            self.undelivered.append(activity)
            raise
        return status

    async def deliver_again(self) -> None:
        """What waits for the bot goes to it; what meets a bot that is away again waits on."""
        waiting, self.undelivered = self.undelivered, []
        while waiting:
            try:
                await self._post(waiting[0], self.mint())
            except ConnectionError:
                break
            waiting.pop(0)
        self.undelivered = [*waiting, *self.undelivered]
        self.changed()

    def waits(self, message: Message) -> bool:
        """Whether the bot has yet to get this message."""
        return any(activity.get("id") == message.id for activity in self.undelivered)

    def begin_anew(self) -> None:
        """Nothing was pressed, and nothing waits."""
        self.pressed.clear()
        self.undelivered.clear()

    async def _post(self, activity: Any, token: str | None) -> tuple[int, bytes]:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=_TIMEOUT)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers["Content-Type"] = "application/json"
        body = activity if isinstance(activity, bytes) else json.dumps(activity).encode()
        url = f"{self.bot_url}/api/messages"
        try:
            async with self._session.post(url, data=body, headers=headers) as response:
                return response.status, await response.read()
        except aiohttp.ClientError as gone:
            raise ConnectionError(f"the bot does not answer at {self.bot_url}") from gone


_IN_BRACKETS = re.compile(r"<[^<>]*>")


def in_chat(text: str) -> dict[str, Any]:
    """What somebody wrote in a 1:1 chat, as Teams hands it on: as text without anything in angle brackets, and with it
    as HTML."""
    lines = "".join(f"<p>{html.escape(line).replace('  ', '&nbsp; ') or '&nbsp;'}</p>\r\n" for line in text.split("\n"))
    content = {"contentType": "text/html", "content": lines}
    return {"text": _IN_BRACKETS.sub("", text), "textFormat": "plain", "attachments": [content]}


def _answer(status: int, body: bytes) -> Answer:
    if len(body) > MESSAGE_AT_MOST:
        return Answer(status=status, kind="too large")
    try:
        parsed = json.loads(body) if body else {}
    except ValueError:
        return Answer(status=status, kind="not JSON")
    kind, value = str(parsed.get("type", "")), parsed.get("value")
    if kind == _CARD_ANSWER and isinstance(value, dict):
        return Answer(status=status, kind=kind, card=value)
    return Answer(status=status, kind=kind, text=value if isinstance(value, str) else None)


def texts(card: Any) -> str:
    """The words on a card."""
    if isinstance(card, dict):
        own = [str(card[name]) for name in ("text", "title") if isinstance(card.get(name), str)]
        return " | ".join([*own, *(text for value in card.values() if (text := texts(value)))])
    if isinstance(card, list):
        return " | ".join(text for item in card if (text := texts(item)))
    return ""
