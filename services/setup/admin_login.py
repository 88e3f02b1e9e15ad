"""Tokens of the admin who runs the set-up: signed in with a code in a browser, once a service, and kept in memory."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msal
import requests

from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicClient:
    """One of Microsoft's own programs, which every tenant knows, and what it asks for. `meant`: for what, as whom."""

    app: str
    meant: str
    scopes: tuple[str, ...]


GRAPH_TOOLS = PublicClient(
    app="14d82eec-204b-4c2f-b7e8-296a70dab67e",  # Microsoft Graph Command Line Tools
    meant="Microsoft Graph, as Application Administrator and Groups Administrator",
    scopes=("Application.ReadWrite.All", "Group.ReadWrite.All", "User.Read.All", "AppCatalog.ReadWrite.All"),
)
_MARGIN = 300
"""Seconds before its end from which a token is not used."""
AZURE_CLI = PublicClient(
    app="04b07795-8ddb-461a-bbee-02f9e1bf7b46",
    meant="Azure, as Contributor of the subscription (another account will do)",
    scopes=("user_impersonation",),
)


class AdminTokens:
    """Implements `http.Tokens` for a human: `clients` says by which program each service (its address) is asked."""

    def __init__(
        self,
        clients: Mapping[str, PublicClient],
        *,
        authority: str,
        session: requests.Session,
        say: Callable[[str], None],
        known_authority: bool,
    ) -> None:
        self._clients = clients
        self._authority, self._session, self._known = authority, session, known_authority
        self._say = say
        self._held: dict[str, tuple[str, float]] = {}
        """By service: the token, and until when it serves (monotonic clock, in seconds)."""
        self._one_at_a_time = asyncio.Lock()

    async def token(self, scope: str) -> str:
        async with self._one_at_a_time:
            service = scope.removesuffix("/.default")
            token, until = self._held.get(service, ("", 0.0))
            if asyncio.get_running_loop().time() < until:
                return token
            answer = await asyncio.to_thread(self._signed_in, service)
            if "access_token" not in answer:
                said = str(answer.get("error_description") or answer.get("error")).partition("\r\n")[0]
                raise Unavailable(UnknownReason.NO_PERMISSION, f"login: {said}", may_have_arrived=False)
            serves = float(answer.get("expires_in", 0)) - _MARGIN
            self._held[service] = (str(answer["access_token"]), asyncio.get_running_loop().time() + serves)
            return self._held[service][0]

    async def renew(self, scope: str, refused: str) -> None:
        self._held.pop(scope.removesuffix("/.default"), None)

    def _signed_in(self, service: str) -> dict[str, Any]:
        """The login's answer, after the human went to the page and typed the code there."""
        client = self._clients[service]
        try:
            application = msal.PublicClientApplication(
                client.app, authority=self._authority, instance_discovery=self._known, http_client=self._session
            )
            flow: dict[str, Any] = application.initiate_device_flow(
                scopes=[f"{service}/{scope}" for scope in client.scopes]
            )
            if "message" not in flow:
                return flow
            self._say(f"For {client.meant}: {flow['message']}")
            answer: dict[str, Any] = application.acquire_token_by_device_flow(flow)
        except (requests.RequestException, ValueError) as broken:
            raise Unavailable(UnknownReason.UNREACHABLE, f"login: {type(broken).__name__}") from broken
        return answer
