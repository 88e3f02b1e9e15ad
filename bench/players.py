"""Many people who follow their cases to the end, and the approvers who decide them, whatever happens to the bot."""

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sandbox import Message, Sandbox, texts
from sandbox.actions import executes
from sandbox.chats import Card
from sandbox.methods import method

_IN_ORDER = ("password_done", "mfa_done", "mailing_yes", "send", "works")
"""The order in which a person presses buttons if a card has several."""
_NAMED = re.compile(r"(Sample Person\d+) \|")
_FIELDS = {"mailing_yes": {"recipients": "2000"}}
_APPROVALS: tuple[dict[str, str], ...] = ({}, {"by_another_route": "true", "ground": "called, the mailing was theirs"})
"""What an approver fills in: nothing, or, where the form asks for it, word by another route."""


class Players:
    """Honest people with a mailing, and two approvers who press at the same time."""

    def __init__(self, box: Sandbox) -> None:
        self.box = box
        self.teams = box.teams
        self._verbs: dict[str, tuple[Card, frozenset[str]]] = {}
        self._words: dict[str, tuple[Card, str]] = {}
        """What was read of the card that somebody saw last: a card is never changed, another one takes its place."""
        self._posts: defaultdict[str, list[Message]] = defaultdict(list)
        self._posts_read = 0

    async def plays(self, key: str) -> None:
        """Play one person from the question to "it works": press what the newest card asks for, as often as it asks."""
        registered = method("microsoftAuthenticator", f"method-{key}", datetime.now(UTC) - timedelta(days=90))
        self.box.tenant.accounts[key].methods.append(registered)
        self.box.tenant.restrict(key, "limit")
        await self._until_card(key, "password_done", lambda: self.teams.say(key, "my mail bounces"))
        self.box.tenant.reset_password(key)
        while not self.is_over(key):
            shown = self.verbs(key)
            verb = next((verb for verb in _IN_ORDER if verb in shown), None)
            await (self._presses(key, verb) if verb else self._is_decided(key))

    def is_over(self, key: str) -> bool:
        message = self.newest(key)
        if message is None or message.card is None:
            return False
        known = self._words.get(key)
        if known is None or known[0] is not message.card:
            known = self._words[key] = message.card, texts(message.card)
        return "Sending works" in known[1]

    def newest(self, key: str) -> Message | None:
        return next(iter(reversed(self.teams.from_bot(self.teams.chat(key)))), None)

    def has(self, key: str, verb: str) -> bool:
        return verb in self.verbs(key)

    def verbs(self, key: str) -> frozenset[str]:
        """The buttons on the newest card of somebody's chat."""
        message = self.newest(key)
        card = self.teams.view(key, message) if message else None
        if card is None:
            return frozenset()
        known = self._verbs.get(key)
        if known is None or known[0] is not card:
            known = self._verbs[key] = card, frozenset(str(hit.action.get("verb")) for hit in executes(card))
        return known[1]

    async def _until_card(self, key: str, verb: str, ask: Callable[[], object]) -> None:
        while not self.has(key, verb):
            with suppress(ConnectionError, TimeoutError):
                await ask()  # type: ignore[misc]  # what Teams' client returns can be awaited
            await _wait(lambda: self.has(key, verb), 8.0)

    async def _presses(self, key: str, verb: str) -> None:
        """Press a button and wait until it is gone. If the replica was killed or the card was older than the case, the
        caller presses again."""
        message = self.newest(key)
        with suppress(ConnectionError, LookupError, TimeoutError):
            await self.teams.press(key, message, verb, _FIELDS.get(verb, {}))  # type: ignore[arg-type]  # it has one
        await _wait(lambda: not self.has(key, verb), 8.0)

    async def _is_decided(self, key: str) -> None:
        """Let two approvers press Approve at the same time, once the request can be decided, and wait for what comes of
        it: that something is asked of the person, or that the request's card changed."""
        name = f"Sample Person{key.removeprefix('person')}"
        post = self._request_of(name)
        if post is None:
            await _wait(lambda: self._is_asked(key) or self._request_of(name) is not None, 8.0)
            return
        seen = post.updates
        await asyncio.gather(*(self._approves(who, post) for who in ("bo", "cleo")), return_exceptions=True)
        await _wait(lambda: self._is_asked(key) or post.updates > seen, 8.0)

    def _is_asked(self, key: str) -> bool:
        return not self.verbs(key).isdisjoint(_IN_ORDER)

    async def _approves(self, who: str, post: Message) -> None:
        for filled in _APPROVALS:
            with suppress(ValueError):  # the form asks for more, or for less
                await self.teams.press(who, post, "approve", filled)
                return

    def _request_of(self, name: str) -> Message | None:
        """The person's newest card in the channel that can be approved; `None` if there is none, or if an approval is
        being checked already."""
        channel = self.teams.channel()
        for message in channel[self._posts_read :]:
            for whose in _NAMED.findall(texts(message.card)):
                self._posts[whose].append(message)
        self._posts_read = len(channel)
        return next((m for m in reversed(self._posts[name]) if self._is_to_be_decided(m)), None)

    def _is_to_be_decided(self, post: Message) -> bool:
        verbs = {str(hit.action.get("verb")) for hit in executes(self.teams.view("bo", post) or {})}
        return "approve" in verbs and "take_back" not in verbs


async def _wait(predicate: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not predicate() and time.monotonic() < end:  # noqa: ASYNC110 - the sandbox has no event to wait for
        await asyncio.sleep(0.1)
