"""The doctor whom somebody asks: each look gets new tokens, since what another cached may be older than the fault."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from services.clients.clock import SystemClock
from services.clients.doctor.looking import LookAt, Looking
from services.clients.http import trust
from services.clients.tokens import MsalTokens
from services.domain.doctor.findings import Finding
from services.ports.teams import ConversationRef
from services.settings import Settings


@asynccontextmanager
async def _looking(settings: Settings, session: aiohttp.ClientSession, endpoint: str = "") -> AsyncIterator[Looking]:
    context = trust(settings.ca_files)
    bot, responder = MsalTokens(settings.bot, context), MsalTokens(settings.responder, context)
    try:
        yield Looking(
            settings,
            session,
            SystemClock(),
            bot=bot,
            responder=responder,
            at=LookAt(channel=channel_of(settings), endpoint=endpoint),
        )
    finally:
        bot.close()
        responder.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksAnew:
    """Implements the port `Doctor`: each look gets new tokens."""

    settings: Settings
    session: aiohttp.ClientSession
    endpoint: str = ""

    async def look(self) -> Sequence[Finding]:
        async with _looking(self.settings, self.session, self.endpoint) as looking:
            return await looking.look()


def channel_of(settings: Settings) -> ConversationRef | None:
    """The approvals channel that the settings give, if they do."""
    channel = settings.approvals_channel
    if channel is None:
        return None
    return ConversationRef(id=channel.channel, service_url=channel.service_url, team=channel.team)
