"""What keeps the bot from its work: asked of the database, the login, the stores, and now and then of the directory."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from services.clients.said_once import SaidOnce
from services.domain.exchange_roles import role_with
from services.domain.people import PersonId
from services.domain.unknown import UnknownReason
from services.ports.errors import NotFound, Unavailable
from services.ports.microsoft365 import Approvers
from services.ports.readiness import Complaint, Trouble
from services.ports.storage import ChannelLoss, Storage

log = logging.getLogger("sendwell.ready")

_ASK_AGAIN_AFTER = timedelta(minutes=5)
_ANSWER_WITHIN = timedelta(seconds=3)
_NOBODY = PersonId("")


class Pinged(Protocol):
    """Something that can be asked whether it works."""

    async def ping(self) -> None:
        """Raises `Unavailable` where it does not."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Askers:
    """What is asked, each for its sentences: now and then whether a group is open to anybody, and the doctor's quick
    part; what a newer program stored, as far as it was met."""

    groups: Callable[[], Awaitable[Sequence[str]]]
    doctor: Callable[[], Awaitable[Sequence[str]]] | None = None
    untold_since: Callable[[], Awaitable[datetime | None]] | None = None
    """When the oldest milestone happened that the webhook should have been told; asked for if there is a webhook."""
    newer: Callable[[], Sequence[str]] = tuple


class Readiness:
    """Asked by whoever watches the process, strangers among them: what it costs elsewhere is asked rarely, and what a
    driver says stays in the log."""

    def __init__(
        self,
        *,
        database: Pinged,
        storage: Storage,
        login: Pinged,
        approvers: Approvers,
        asked: Askers,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database, self._login, self._approvers = database, login, approvers
        self._groups, self._doctor, self._newer = asked.groups, asked.doctor, asked.newer
        self._untold_since = asked.untold_since
        self._lacking: list[Complaint] = []
        self._conversations, self._health = storage.conversations, storage.channel_health
        self._monitor = storage.monitor
        self._monotonic = monotonic
        self._said = SaidOnce()
        self._one_at_a_time = asyncio.Lock()
        self._group: Complaint | None = None
        self._ask_group_at = monotonic()

    async def complaints(self) -> list[Complaint]:
        """Everything that is known to be wrong; empty if nothing is."""
        try:
            await self._database.ping()
            stored = [*await self._of_channel(), *await self._of_list(), *await self._of_webhook()]
        except Unavailable as trouble:
            self._said.missing("database", str(trouble), f"The database cannot be used: {trouble.detail}")
            text = "The database cannot be used; the log says why."
            return [Complaint(about=Trouble.DATABASE, text=text, blocks=True)]
        self._said.there("database")
        group = await self._of_group()
        opened = [Complaint(about=Trouble.APPROVERS_GROUP, text=text, blocks=True) for text in await self._groups()]
        newer = [Complaint(about=Trouble.NEWER, text=text) for text in self._newer()]
        return [*await self._of_login(), *opened, *stored, *newer, *([group] if group else []), *self._lacking]

    async def _of_login(self) -> list[Complaint]:
        try:
            await self._login.ping()
        except Unavailable as trouble:
            text = f"The login gives no tokens: {trouble.detail}"
            return [Complaint(about=Trouble.LOGIN, text=text, blocks=True)]
        return []

    async def _of_channel(self) -> list[Complaint]:
        if await self._conversations.channel() is None:
            text = "No approvals channel: set SENDWELL_APPROVALS_CHANNEL, or write “use this channel” in Teams."
            return [Complaint(about=Trouble.CHANNEL_MISSING, text=text)]
        loss = await self._health.loss()
        return [] if loss is None else [Complaint(about=Trouble.CHANNEL_LOST, text=_lost(loss))]

    async def _of_list(self) -> list[Complaint]:
        state = await self._monitor.state()
        if state is None:
            return []
        found = []
        if state.why in (UnknownReason.NO_PERMISSION, UnknownReason.NO_LICENCE):
            found.append(_lacks(Trouble.LIST, "The restricted list", "Get-BlockedSenderAddress"))
        elif state.told:
            text = "The restricted list could not be read several times in a row."
            found.append(Complaint(about=Trouble.LIST, text=text))
        if state.whose_unread:
            found.append(_lacks(Trouble.MAILBOXES, "Whose a restricted address is", "Get-Mailbox"))
        return found

    async def _of_webhook(self) -> list[Complaint]:
        since = await self._untold_since() if self._untold_since else None
        if since is None:
            return []
        text = f"SENDWELL_WEBHOOK_URL was not told what happened since {since:%Y-%m-%d %H:%M} UTC; the log says why."
        return [Complaint(about=Trouble.WEBHOOK, text=text)]

    async def _of_group(self) -> Complaint | None:
        """What the directory said of the approvers' group some minutes ago at most."""
        async with self._one_at_a_time:
            if self._monotonic() >= self._ask_group_at:
                self._ask_group_at = self._monotonic() + _ASK_AGAIN_AFTER.total_seconds()
                self._group = await self._asked_of_group()
                self._lacking = await self._asked_of_doctor()
        return self._group

    async def _asked_of_doctor(self) -> list[Complaint]:
        """What the quick part of the doctor misses, of what the main job takes."""
        if self._doctor is None:
            return []
        try:
            async with asyncio.timeout(_ANSWER_WITHIN.total_seconds()):
                return [Complaint(about=Trouble.DOCTOR, text=text) for text in await self._doctor()]
        except TimeoutError:
            return []

    async def _asked_of_group(self) -> Complaint | None:
        text = ""
        try:
            async with asyncio.timeout(_ANSWER_WITHIN.total_seconds()):
                if not await self._approvers.anybody_but(_NOBODY):
                    text = "The approvers' group (SENDWELL_APPROVERS_GROUP_ID) has no member who may decide."
        except NotFound:
            text = "There is no group with the id in SENDWELL_APPROVERS_GROUP_ID: nobody can decide."
        except TimeoutError:
            return None
        except Unavailable as trouble:
            if trouble.reason is UnknownReason.NO_PERMISSION and not trouble.detail.startswith("login"):
                text = "The approvers' group may not be read: Graph's GroupMember.Read.All is missing."
        return Complaint(about=Trouble.APPROVERS_GROUP, text=text) if text else None


def _lacks(about: Trouble, what: str, cmdlet: str) -> Complaint:
    role = role_with(cmdlet)
    named = f" (the Exchange role “{role.name}”)" if role else ""
    return Complaint(about=about, text=f"{what} may not be read: {cmdlet}{named} is missing.")


def _lost(loss: ChannelLoss) -> str:
    since = f"{loss.since:%Y-%m-%d %H:%M} UTC"
    # Teams gives one error for a bot that is not in the team and for a private channel.
    private = " It must be a standard channel: bots cannot post in private ones." if "403" in loss.reason else ""
    return (
        f"The approvals channel cannot be posted to since {since} ({loss.reason}). Requests are kept and posted when "
        f"it is back: add Sendwell to its team again, or write “use this channel” in another one.{private}"
    )
