"""Many people who follow their cases to the end, and the approvers who decide them, whatever happens to the bot."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sandbox import Message, Sandbox, texts
from sandbox.methods import method

_IN_ORDER = ("password_done", "mfa_done", "mailing_yes", "send", "works")
"""The order in which a person presses buttons if a card has several."""
_FIELDS = {"mailing_yes": {"recipients": "2000"}}
_APPROVALS: tuple[dict[str, str], ...] = ({}, {"by_another_route": "true", "ground": "called, the mailing was theirs"})
"""What an approver fills in: nothing, or, where the form asks for it, word by another route."""


class Players:
    """Honest people with a mailing, and two approvers who press at the same time."""

    def __init__(self, box: Sandbox) -> None:
        self.box = box
        self.teams = box.teams
        self._whose: dict[str, str] = {}

    async def plays(self, key: str) -> None:
        """Play one person from the question to "it works": press what the newest card asks for, as often as it asks."""
        registered = method("microsoftAuthenticator", f"method-{key}", datetime.now(UTC) - timedelta(days=90))
        self.box.tenant.accounts[key].methods.append(registered)
        self.box.tenant.restrict(key, "limit")
        await self._until_card(key, "password_done", lambda: self.teams.say(key, "my mail bounces"))
        self.box.tenant.reset_password(key)
        while not self.is_over(key):
            verb = next((verb for verb in _IN_ORDER if self.has(key, verb)), None)
            await (self._presses(key, verb) if verb else self._is_decided(key))

    def is_over(self, key: str) -> bool:
        message = self.newest(key)
        return message is not None and "Sending works" in texts(message.card)

    def newest(self, key: str) -> Message | None:
        return next(iter(reversed(self.teams.from_bot(self.teams.chat(key)))), None)

    def has(self, key: str, verb: str) -> bool:
        message = self.newest(key)
        return message is not None and self.teams.has_button(key, message, verb)

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
        """Let two approvers press Approve at the same time, if the request can be decided."""
        if (post := self._request_of(f"Sample Person{key.removeprefix('person')}")) is not None:
            await asyncio.gather(*(self._approves(who, post) for who in ("bo", "cleo")), return_exceptions=True)
        await _wait(lambda: any(self.has(key, verb) for verb in _IN_ORDER), 8.0)

    async def _approves(self, who: str, post: Message) -> None:
        for filled in _APPROVALS:
            with suppress(ValueError):  # the form asks for more, or for less
                await self.teams.press(who, post, "approve", filled)
                return

    def _request_of(self, name: str) -> Message | None:
        """The person's newest card in the channel that has an Approve button; `None` if there is none."""
        for message in self.teams.channel():
            if message.id not in self._whose:
                self._whose[message.id] = texts(message.card)
        mine = [m for m in self.teams.channel() if f"{name} |" in self._whose[m.id]]
        return next((m for m in reversed(mine) if "Approve" in texts(m.card)), None)


async def _wait(predicate: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not predicate() and time.monotonic() < end:  # noqa: ASYNC110 - the sandbox has no event to wait for
        await asyncio.sleep(0.1)
