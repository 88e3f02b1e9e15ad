"""Access tokens through msal. It runs in a thread, since its calls would block the event loop."""

import asyncio
import logging
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from msal.exceptions import MsalServiceError

from services.clients.app_credential import AppCredential, Proof
from services.clients.login_refusals import LoginRefusal, no_such_tenant, refusal
from services.clients.login_session import login_session
from services.clients.msal_application import Application, msal_application
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.settings import Applicant

log = logging.getLogger("sendwell.login")

_FRESH_FOR_AT_LEAST = timedelta(minutes=5)
_TIMEOUT = (5.0, 10.0)
"""Seconds to connect, and to wait for a response."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cached:
    """A token, and the time until which it is used (monotonic clock, in seconds)."""

    token: str
    until: float

    def __repr__(self) -> str:
        return "_Cached(…)"


class MsalTokens:
    """Implements `http.Tokens`: app-only tokens, cached until shortly before they expire, one request per scope at a
    time."""

    def __init__(
        self,
        applicant: Applicant,
        context: ssl.SSLContext,
        monotonic: Callable[[], float] = time.monotonic,
        timeout: tuple[float, float] = _TIMEOUT,
    ) -> None:
        """`timeout`: seconds to connect and to wait. Raises `FaultySettingsError` if the credential's file cannot be
        used."""
        self._applicant = applicant
        self._credential = AppCredential(applicant.credential)
        self._credential_lock = threading.Lock()
        self._session = login_session(context, timeout)
        self._monotonic = monotonic
        self._applications: list[tuple[Proof, Application]] = []
        self._refused: dict[str, str] = {}
        """What was told of a refusal, by scope."""
        self._cache: dict[str, _Cached] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def token(self, scope: str) -> str:
        """Raises `Unavailable`: `NO_PERMISSION` if the login refuses the app, else the reason of the failure."""
        async with self._locks.setdefault(scope, asyncio.Lock()):
            cached = self._cache.get(scope)
            if cached is None or self._monotonic() >= cached.until:
                cached = await asyncio.to_thread(self._acquire, scope)
                self._cache[scope] = cached
            return cached.token

    async def renew(self, scope: str, refused: str) -> None:
        """Never return the token `refused` again. When several requests with it are refused, the first drops it, and
        the others leave its successor in the cache."""
        cached = self._cache.get(scope)
        if cached is None or cached.token != refused:
            return
        del self._cache[scope]
        # msal has its own cache, from which one entry cannot be removed.
        self._applications = []

    async def ping(self) -> None:
        """Raises `Unavailable` while the login refuses the app. It is asked only if it refused the app before."""
        for scope in list(self._refused):
            await self.token(scope)

    def used_for(self) -> dict[str, float]:
        """How many seconds each token is used still before a new one is asked for, by the service it is for."""
        now = self._monotonic()
        return {urlsplit(scope).netloc or scope: held.until - now for scope, held in self._cache.items()}

    def certificate_until(self) -> datetime | None:
        """Until when the newest certificate is valid; `None` for a secret, whose end nobody tells an app."""
        with self._credential_lock:
            return self._credential.certificate_until()

    def close(self) -> None:
        """Close the connections; no token can be requested after this."""
        self._session.close()

    def _acquire(self, scope: str) -> _Cached:
        """Try the newest proof, and if the login refuses it, the one that it accepted before."""
        with self._credential_lock:
            proofs = self._credential.to_try()
        refusals: list[LoginRefusal] = []
        for proof in proofs:
            answer = self._ask(proof, scope)
            if isinstance(answer, _Cached):
                self._accept(proof, scope, refusals)
                return answer
            refusals.append(answer)
            if not answer.by_login:
                break
        self._tell(scope, refusals[0], "The login gives no token.")
        raise refusals[0].unavailable()

    def _ask(self, proof: Proof, scope: str) -> _Cached | LoginRefusal:
        try:
            response = self._application(proof).acquire(scope)
            return self._cached(response) or refusal(response, self._applicant)
        except requests.Timeout as late:
            raise Unavailable(UnknownReason.TIMED_OUT, "login") from late
        except (requests.RequestException, MsalServiceError) as broken:
            raise Unavailable(UnknownReason.UNREACHABLE, f"login: {type(broken).__name__}") from broken
        except (ValueError, KeyError, TypeError, AttributeError) as unexpected:
            # msal takes answers apart without looking; of a tenant that is not there it says that its metadata is not.
            refused = no_such_tenant(str(unexpected.__context__), self._applicant)
            if refused is None:
                raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "login") from unexpected
            return refused

    def _application(self, proof: Proof) -> Application:
        """msal's application for this proof. Two are kept: the newest proof's and the one's before."""
        held = next((application for other, application in self._applications if other == proof), None)
        if held is None:
            held = msal_application(self._applicant, proof, self._session)
            self._applications = [(proof, held), *self._applications][:2]
        return held

    def _cached(self, response: dict[str, Any]) -> _Cached | None:
        token, lifetime = response.get("access_token"), response.get("expires_in")
        if not isinstance(token, str) or not isinstance(lifetime, int):
            return None
        margin = min(_FRESH_FOR_AT_LEAST.total_seconds(), lifetime / 2)
        return _Cached(token=token, until=self._monotonic() + lifetime - margin)

    def _accept(self, proof: Proof, scope: str, refusals: list[LoginRefusal]) -> None:
        with self._credential_lock:
            self._credential.accept(proof)
        if refusals:
            self._tell(scope, refusals[0], "The login refuses the new credential; the one before is used meanwhile.")
        else:
            self._refused.pop(scope, None)

    def _tell(self, scope: str, refused: LoginRefusal, what: str) -> None:
        """Log a refusal; the same one of several services only once, until it is over for all of them."""
        if not refused.by_login:
            return
        said = f"{what} {refused.sentence}"
        if said not in self._refused.values():
            log.error("%s", said)
        self._refused[scope] = said
