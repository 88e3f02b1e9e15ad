"""What can be known of the approvals channel: whether its team has the bot and the channel, and of which kind it is."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote, urlsplit

import aiohttp

from services.clients.doctor.within import Limited
from services.clients.http import ApiClient, Tokens
from services.clients.wire_values import list_of
from services.domain.doctor.facts import ChannelFacts, ChannelKind
from services.domain.unknown import NOT_ASKED, Unknown, UnknownReason
from services.ports.errors import Unavailable
from services.ports.storage import ChannelLoss
from services.ports.teams import ConversationRef


@dataclass(frozen=True, slots=True, kw_only=True)
class _ForConnector:
    """Tokens for the Bot Connector, whose host is not what they are for."""

    tokens: Tokens
    scope: str

    async def token(self, scope: str) -> str:
        return await self.tokens.token(self.scope)

    async def renew(self, scope: str, refused: str) -> None:
        await self.tokens.renew(self.scope, refused)


class ChannelLook:
    """Looks at the channel. `scope`: what tokens for the Bot Connector are for; `hosts`: where they may be sent."""

    def __init__(
        self, session: aiohttp.ClientSession, tokens: Tokens, scope: str, hosts: frozenset[str], limited: Limited
    ) -> None:
        self._session, self._hosts, self._limited = session, hosts, limited
        self._tokens = _ForConnector(tokens=tokens, scope=scope)

    async def look(self, channel: ConversationRef | None, loss: ChannelLoss | None) -> ChannelFacts:
        if channel is None:
            return ChannelFacts(is_set=False)
        host = urlsplit(channel.service_url).netloc
        if self._hosts and not {host, host.partition(":")[0]} & self._hosts:
            return ChannelFacts(host=host)
        kind = await self._limited(self._kind(channel)) if channel.team else NOT_ASKED
        return ChannelFacts(kind=kind, lost=loss.reason if loss else "")

    async def _kind(self, channel: ConversationRef) -> ChannelKind:
        # https://learn.microsoft.com/microsoftteams/platform/bots/how-to/get-teams-context#get-the-list-of-channels
        api = ApiClient(
            session=self._session,
            base_url=channel.service_url.rstrip("/"),
            tokens=self._tokens,
            timeout=timedelta(seconds=12),
        )
        try:
            response = await api.read("GET", f"/v3/teams/{quote(channel.team, safe=':@.')}/conversations")
        except Unavailable as trouble:
            # The login, too, refuses the app: that says nothing of the team.
            if trouble.reason is UnknownReason.NO_PERMISSION and trouble.may_have_arrived:
                return ChannelKind.OUT
            raise
        if response.status == 404:
            return ChannelKind.OUT
        rows = response.json.get("conversations") if response.is_success and isinstance(response.json, dict) else None
        if not isinstance(rows, list):
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"channels of a team: HTTP {response.status}")
        mine = [row for row in list_of(rows) if isinstance(row, dict) and row.get("id") == channel.id]
        if not mine:
            return ChannelKind.GONE
        # Older answers have no type; then nothing says that it is not a standard channel.
        standard = str(mine[0].get("type") or "standard").casefold() == "standard"
        return ChannelKind.STANDARD if standard else ChannelKind.CLOSED


ChannelRead = ChannelFacts | Unknown
