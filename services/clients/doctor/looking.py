"""Implements the port `Doctor`: everything asked together, and one source that fails hides no other."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote

import aiohttp

from services.clients.doctor.of_app import AppAccess, AppLook
from services.clients.doctor.of_auditing import is_auditing
from services.clients.doctor.of_channel import ChannelLook
from services.clients.doctor.of_endpoint import endpoint_at
from services.clients.doctor.of_group import GroupLook
from services.clients.doctor.of_rules import RulesLook
from services.clients.doctor.within import Limited
from services.clients.graph.directory import GraphDirectory
from services.clients.graph.group_members import may_decide
from services.clients.http import ApiClient, Tokens, proxy_for
from services.clients.store.announcements import SqlAnnouncementStore
from services.clients.store.as_it_is import database_as_it_is
from services.clients.store.conversations import SqlConversationStore
from services.clouds import Feature
from services.domain.doctor.examine import examine
from services.domain.doctor.facts import AppFacts, ChannelFacts, DatabaseState, EndpointState, Facts
from services.domain.doctor.findings import Finding
from services.domain.exchange_roles import BOT, RESPONDER
from services.domain.unknown import NOT_ASKED, Unknown, UnknownReason
from services.ports.clock import Clock
from services.ports.errors import Unavailable
from services.ports.storage import ChannelLoss
from services.ports.teams import ConversationRef
from services.settings import Applicant, Settings

_WITHIN = timedelta(seconds=12)
_NEEDS = {
    Feature.MESSAGE_TRACE: ("traces",),
    Feature.AUDIT_SEARCH: ("audit",),
    Feature.IDENTITY_RISK: ("risk", "risk_events"),
    Feature.APP_INSTALLATION: ("installing",),
}
"""Keys of needs that a cloud may not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the database says: how it fits, and the channel that requests are posted to."""

    state: DatabaseState
    channel: ConversationRef | None
    loss: ChannelLoss | None
    untold_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAt:
    """What is said beside the settings. `channel`: the one of the settings, which counts where nobody named another in
    Teams; `endpoint`: the address that the Azure Bot sends messages to, where somebody said it."""

    channel: ConversationRef | None
    endpoint: str = ""
    limited: Limited = field(default_factory=Limited)


class Looking:
    """Looks, with the tokens of both apps (`responder` is the bot's where there is no second). Each check has a time
    limit, so that all end within a minute."""

    def __init__(
        self,
        settings: Settings,
        session: aiohttp.ClientSession,
        clock: Clock,
        *,
        bot: Tokens,
        responder: Tokens,
        at: LookAt,
    ) -> None:
        self._settings, self._session, self._clock, self._configured = settings, session, clock, at.channel
        self._endpoint, self._limited = at.endpoint, at.limited
        self._graph = GraphDirectory(self._api(settings.graph_url, bot))
        apps = [(BOT, settings.bot, bot)]
        if settings.responders_group:
            apps.append((RESPONDER, settings.responder, responder))
        self._apps = [self._look_at(*one) for one in apps]
        self._groups = GroupLook(self._graph, clock, at.limited)
        self._rules = RulesLook(self._graph, settings.timing.rules, clock, at.limited)
        self._channel = ChannelLook(session, bot, settings.cloud.connector_scope, settings.service_hosts, at.limited)

    async def look(self) -> Sequence[Finding]:
        return examine(await self.facts())

    async def quick(self) -> Sequence[Finding]:
        """Clock, login and token of the bot's own app: what costs no call of Graph or Exchange."""
        now = self._clock.now()
        skew, app = await asyncio.gather(self._limited(self._skew()), self._apps[0].look(now, quick=True))
        return examine(self._started(now, skew, [app]))

    def _started(self, now: datetime, skew: timedelta | Unknown, apps: Sequence[AppFacts]) -> Facts:
        settings = self._settings
        return Facts(
            now=now,
            skew=skew,
            skew_allowed=settings.clocks_differ_by,
            apps=tuple(apps),
            not_offered=frozenset(key for one in settings.cloud.lacks for key in _NEEDS.get(one, ())),
        )

    async def facts(self) -> Facts:
        """Everything, asked together."""
        settings, now = self._settings, self._clock.now()
        async with asyncio.TaskGroup() as together:
            skew = together.create_task(self._limited(self._skew()))
            keys = together.create_task(self._limited(self._keys()))
            kept = together.create_task(self._kept())
            auditing = together.create_task(self._limited(self._auditing()))
            endpoint = together.create_task(self._of_endpoint())
            apps = [together.create_task(app.look(now, quick=False)) for app in self._apps]
            groups = [together.create_task(self._groups.look(*one)) for one in self._named_groups()]
            installed = together.create_task(self._limited(self._installed()))
            rules = together.create_task(self._rules.look(now))
        database, channel, untold_since = kept.result()
        return replace(
            self._started(now, skew.result(), [app.result() for app in apps]),
            database=database,
            groups=tuple(group.result() for group in groups),
            channel=channel,
            keys=keys.result(),
            teams_app=settings.teams_app is not None,
            installed=installed.result(),
            mentions=bool(settings.mention),
            untold_since=untold_since,
            rules=rules.result(),
            auditing=auditing.result(),
            endpoint=endpoint.result(),
            is_whole=True,
        )

    def _named_groups(self) -> list[tuple[str, str, int]]:
        """Two approvers, since some decisions take two; a responder is enough."""
        settings = self._settings
        found = [("SENDWELL_APPROVERS_GROUP_ID", settings.approvers_group, 2)]
        if settings.responders_group:
            found.append(("SENDWELL_RESPONDERS_GROUP_ID", settings.responders_group, 1))
        return found

    async def _kept(self) -> tuple[DatabaseState, ChannelFacts, datetime | Unknown | None]:
        """How the database is, the channel that it names, and since when a webhook waits to be told."""
        found = await self._limited(self._stored())
        if isinstance(found, Unknown):
            return DatabaseState.UNUSABLE, await self._channel.look(self._configured, None), NOT_ASKED
        untold_since = NOT_ASKED if self._settings.webhook is None else found.untold_since
        return found.state, await self._channel.look(found.channel, found.loss), untold_since

    async def _auditing(self) -> bool:
        return await is_auditing(self._apps[0].cmdlets)

    async def _of_endpoint(self) -> EndpointState | None:
        if not self._endpoint:
            return None
        found = await self._limited(endpoint_at(self._endpoint, self._session))
        return EndpointState.AWAY if isinstance(found, Unknown) else found

    async def _stored(self) -> Stored:
        async with database_as_it_is(self._settings.database_url) as (state, database):
            if database is None:
                return Stored(state=state, channel=self._configured, loss=None)
            conversations = SqlConversationStore(database, self._configured)
            return Stored(
                state=state,
                channel=await conversations.channel(),
                loss=await conversations.loss(),
                untold_since=await SqlAnnouncementStore(database).untold_since(self._clock.now()),
            )

    async def _skew(self) -> timedelta:
        """By the Date of an answer, which a service gives in whole seconds."""
        url = f"{self._settings.login_url}/{self._settings.tenant}/v2.0/.well-known/openid-configuration"
        async with self._fetched(url) as response:
            if "Date" not in response.headers:
                raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "an answer without a date")
            try:
                return parsedate_to_datetime(response.headers["Date"]) - self._clock.now()
            except ValueError as strange:
                raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "an answer with a strange date") from strange

    async def _keys(self) -> bool:
        async with self._fetched(self._settings.openid_metadata_url) as response:
            if response.status != 200:
                raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"HTTP {response.status}")
        return True

    @asynccontextmanager
    async def _fetched(self, url: str) -> AsyncIterator[aiohttp.ClientResponse]:
        try:
            async with self._session.get(url, proxy=proxy_for(url), allow_redirects=False) as response:
                yield response
        except aiohttp.ClientError as broken:
            raise Unavailable(UnknownReason.UNREACHABLE, type(broken).__name__) from broken

    async def _installed(self) -> bool:
        """Whether an approver has the app of that id: then the id is right. Not, proves nothing."""
        app = self._settings.teams_app
        if app is None:
            return False
        members = await self._graph.get(
            f"/v1.0/groups/{self._settings.approvers_group}/transitiveMembers/microsoft.graph.user"
            "?$select=id,accountEnabled,userType"
        )
        mine = quote(f"teamsApp/id eq '{app}'")
        rows = [row for row in members.get("value", []) if isinstance(row, dict) and may_decide(row)]
        for row in rows[:3]:
            path = f"/v1.0/users/{quote(str(row.get('id')), safe='')}/teamwork/installedApps"
            if (await self._graph.get(f"{path}?$expand=teamsApp&$filter={mine}")).get("value"):
                return True
        return False

    def _look_at(self, app: str, applicant: Applicant, tokens: Tokens) -> AppLook:
        graph, exchange = (self._api(url, tokens) for url in (self._settings.graph_url, self._settings.exchange_url))
        access = AppAccess(app=app, applicant=applicant, tokens=tokens, graph=graph, exchange=exchange)
        return AppLook(access, self._settings, self._limited)

    def _api(self, url: str, tokens: Tokens) -> ApiClient:
        return ApiClient(session=self._session, base_url=url, tokens=tokens, timeout=_WITHIN)
