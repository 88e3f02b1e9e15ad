"""What can be known of one app: its token, its credential, its cmdlets."""

import asyncio
import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from cryptography.x509 import load_pem_x509_certificates

from services.clients.doctor.harmless_calls import answer_to, calls_of, try_one
from services.clients.doctor.within import Limited
from services.clients.exchange.inventory import granted_cmdlets
from services.clients.exchange.invoke_command import InvokeCommand
from services.clients.http import ApiClient, Tokens
from services.clients.wire_values import list_of
from services.domain.doctor.facts import AppFacts
from services.domain.permissions import need, needs_of
from services.domain.unknown import NOT_ASKED, Unknown, UnknownReason
from services.ports.errors import Unavailable
from services.settings import Applicant, AppType, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class AppAccess:
    """One app: its role group, what it gets tokens with, and what it may call with them."""

    app: str
    applicant: Applicant
    tokens: Tokens
    graph: ApiClient
    exchange: ApiClient


class AppLook:
    """Looks at one app."""

    def __init__(self, access: AppAccess, settings: Settings, limited: Limited) -> None:
        self._limited = limited
        self._app, self._applicant, self._settings = access.app, access.applicant, settings
        self._tokens, self._graph, self._exchange = access.tokens, access.graph, access.exchange
        self.cmdlets = InvokeCommand(access.exchange, settings.tenant)

    async def look(self, now: datetime, *, quick: bool) -> AppFacts:
        """Quickly: the token alone, without a call of Graph or Exchange."""
        ends = await asyncio.to_thread(_ends, self._applicant)
        try:
            async with asyncio.timeout(self._limited.limit.total_seconds()):
                graph, exchange = await asyncio.gather(self._claims(self._settings.graph_url), self._exchange_claims())
        except TimeoutError:
            return AppFacts(app=self._app, roles=Unknown(reason=UnknownReason.TIMED_OUT), ends=ends)
        except Unavailable as trouble:
            if trouble.reason is UnknownReason.NO_PERMISSION:
                return AppFacts(app=self._app, refused=trouble.detail.removeprefix("login: "), ends=ends)
            return AppFacts(app=self._app, roles=Unknown(reason=trouble.reason), ends=ends)
        roles = frozenset(str(role) for one in (graph, exchange) for role in list_of(one.get("roles")))
        ours = str(graph.get("tid", self._settings.tenant)).casefold() == self._settings.tenant.casefold()
        if quick or not ours:
            return AppFacts(app=self._app, in_our_tenant=ours, ends=ends, roles=roles)
        cmdlets, calls = await asyncio.gather(self._granted(roles), self._calls(roles, now))
        return AppFacts(app=self._app, ends=ends, roles=roles, cmdlets=cmdlets, calls=calls)

    async def _calls(self, roles: frozenset[str], now: datetime) -> Mapping[str, Unknown | None]:
        """For what the token holds: the rest is missing, and need not be asked for."""
        paths = calls_of(self._settings.approvers_group, now)
        keys = [one.key for one in needs_of(self._app) if one.permission in roles and one.key in paths]
        asked = (answer_to(self._graph, paths[key], self._limited) for key in keys)
        return dict(zip(keys, await asyncio.gather(*asked), strict=True))

    async def _granted(self, roles: frozenset[str]) -> frozenset[str] | Unknown:
        """The cmdlets that it may run. Where the inventory does not say it, the first of them is tried: whoever is
        refused there, with the permission to call Exchange, was given no role in it."""
        found = await self._limited(granted_cmdlets(self._exchange, self._settings.tenant))
        if not isinstance(found, Unknown) or need("exchange").permission not in roles:
            return found
        tried = await self._limited(try_one(self._app, self.cmdlets))
        refused = isinstance(tried, Unknown) and tried.reason is UnknownReason.NO_PERMISSION
        return frozenset() if refused else found

    async def _exchange_claims(self) -> Mapping[str, Any]:
        return await self._claims(self._settings.exchange_url)

    async def _claims(self, url: str) -> Mapping[str, Any]:
        """What the token for that service says; it is ours, so nobody has to prove it. Raises `Unavailable`."""
        parts = urlsplit(url)
        token = await self._tokens.token(f"{parts.scheme}://{parts.netloc}/.default")
        payload = token.split(".")[1] if token.count(".") == 2 else ""
        try:
            claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        except (ValueError, binascii.Error):
            claims = None
        if not isinstance(claims, dict):
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "a token of no known shape")
        return claims


def _ends(applicant: Applicant) -> datetime | Unknown | None:
    """When a certificate ends; a secret does not say it of itself, and a managed identity has no end."""
    if applicant.app_type is AppType.MANAGED_IDENTITY:
        return None
    file = applicant.credential.certificate_file
    if file is None:
        return NOT_ASKED
    try:
        return min(one.not_valid_after_utc for one in load_pem_x509_certificates(file.read_bytes())).astimezone(UTC)
    except (OSError, ValueError):
        return Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE)
