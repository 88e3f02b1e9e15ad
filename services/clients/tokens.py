"""Access tokens through msal. It runs in a thread, since its calls would block the event loop."""

import asyncio
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

import msal
import requests
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509 import load_pem_x509_certificate
from msal.exceptions import MsalServiceError
from requests.adapters import HTTPAdapter

from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.settings import Applicant, AppType, Credential, FaultySettingsError

_FRESH_FOR_AT_LEAST = timedelta(minutes=5)
_TIMEOUT = (5.0, 10.0)
"""Seconds to connect, and to wait for a response."""
_MICROSOFT_LOGINS = (
    "login.microsoftonline.com",
    "login.microsoftonline.us",
    "login.partner.microsoftonline.cn",
    "login.chinacloudapi.cn",
)


class _Application(Protocol):
    """What we use of msal."""

    def acquire(self, scope: str) -> dict[str, Any]: ...


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
        """`timeout`: seconds to connect and to wait. Raises `FaultySettingsError` if the certificate cannot be used."""
        self._applicant = applicant
        self._credential = _credential(applicant.credential)
        self._session = _session(context, timeout)
        self._monotonic = monotonic
        self._application: _Application | None = None
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
        self._application = None

    def close(self) -> None:
        """Close the connections; no token can be requested after this."""
        self._session.close()

    def _acquire(self, scope: str) -> _Cached:
        try:
            application = self._application  # read once: a renewal may drop it while this thread is running
            if application is None:
                application = _application(self._applicant, self._credential, self._session)
                self._application = application
            response = application.acquire(scope)
        except requests.Timeout as late:
            raise Unavailable(UnknownReason.TIMED_OUT, "login") from late
        except (requests.RequestException, MsalServiceError) as broken:
            raise Unavailable(UnknownReason.UNREACHABLE, f"login: {type(broken).__name__}") from broken
        except ValueError as unexpected:
            # msal raises it if an authority's response is not its metadata.
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "login") from unexpected
        return self._cached(response)

    def _cached(self, response: dict[str, Any]) -> _Cached:
        token, lifetime = response.get("access_token"), response.get("expires_in")
        if isinstance(token, str) and isinstance(lifetime, int):
            margin = min(_FRESH_FOR_AT_LEAST.total_seconds(), lifetime / 2)
            return _Cached(token=token, until=self._monotonic() + lifetime - margin)
        error = str(response.get("error", "no token"))[:60]
        codes = response.get("error_codes") or ""
        reason = (
            UnknownReason.NO_PERMISSION
            if error.startswith(("invalid", "unauthorized", "access_denied"))
            else UnknownReason.UNREACHABLE
        )
        raise Unavailable(reason, f"login: {error} {codes}".strip())


class _Confidential:
    """An app with a secret or a certificate."""

    def __init__(self, application: Any) -> None:
        self._application = application

    def acquire(self, scope: str) -> dict[str, Any]:
        response: dict[str, Any] = self._application.acquire_token_for_client(scopes=[scope])
        return response


class _Managed:
    """An app with a managed identity: the Azure platform it runs on gives it tokens."""

    def __init__(self, application: Any) -> None:
        self._application = application

    def acquire(self, scope: str) -> dict[str, Any]:
        response: dict[str, Any] = self._application.acquire_token_for_client(resource=scope.removesuffix("/.default"))
        return response


def _application(applicant: Applicant, credential: Any, session: requests.Session) -> _Application:
    if applicant.app_type is AppType.MANAGED_IDENTITY:
        identity = msal.UserAssignedManagedIdentity(client_id=applicant.app_id)
        return _Managed(msal.ManagedIdentityClient(identity, http_client=session))
    host = urlsplit(applicant.login_url).hostname
    return _Confidential(
        msal.ConfidentialClientApplication(
            applicant.app_id,
            authority=f"{applicant.login_url}/{applicant.tenant}",
            client_credential=credential,
            # Instance discovery asks Microsoft's list of login hosts, which knows no others.
            instance_discovery=host in _MICROSOFT_LOGINS,
            http_client=session,
        )
    )


def _credential(credential: Credential) -> Any:
    """The secret, or a certificate in the form that msal takes: key and SHA-256 thumbprint."""
    if credential.certificate_file is None:
        return credential.secret
    password = credential.certificate_password.encode() if credential.certificate_password else None
    try:
        return _certificate(credential.certificate_file.read_bytes(), password)
    except (ValueError, TypeError, OSError) as unusable:
        fault = (
            f"{credential.named}_FILE is not usable: it must hold a certificate and its RSA key as PEM, "
            f"readable with {credential.named}_PASSWORD if locked ({type(unusable).__name__})."
        )
        raise FaultySettingsError([fault]) from None


def _certificate(pem: bytes, password: bytes | None) -> dict[str, str]:
    key = load_pem_private_key(pem, password)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("Entra takes RSA keys")
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    certificate = load_pem_x509_certificate(pem)
    return {
        "private_key": plain.decode(),
        "thumbprint": certificate.fingerprint(SHA256()).hex(),
        "public_certificate": certificate.public_bytes(Encoding.PEM).decode(),
    }


class _Trusting(HTTPAdapter):
    """An adapter with its own trust roots: `REQUESTS_CA_BUNDLE` would override a session's `verify`."""

    def __init__(self, context: ssl.SSLContext, timeout: tuple[float, float]) -> None:
        self._context = context
        self._timeout = timeout
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        return super().proxy_manager_for(*args, ssl_context=self._context, **kwargs)

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Does nothing: the TLS context verifies, and `requests` must not add its own bundle."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs["timeout"] = kwargs.get("timeout") or self._timeout
        return super().send(request, *args, **kwargs)


def _session(context: ssl.SSLContext, timeout: tuple[float, float]) -> requests.Session:
    session = requests.Session()
    session.mount("https://", _Trusting(context, timeout))
    return session
