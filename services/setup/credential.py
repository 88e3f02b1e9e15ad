"""What an app proves itself with: a certificate that is made here, or a client secret."""

import base64
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from services.setup.directory import Directory
from services.setup.env_file import EnvFile, write_private
from services.setup.names import SETTINGS_OF
from services.setup.registration import WantedApp
from services.setup.step import Look, Made, MadeApp, StepFailed, later, there, to_do

_NO_ID = re.compile(r"[^0-9a-f-]")
_LIVES = timedelta(days=365)
Login = Callable[[str], Awaitable[str | None]]
"""Whether the app of a role gets a token with what the `.env` says: `None`, or why not."""


class Credential:
    """`certificate`: made on this machine, and only its public half leaves it."""

    def __init__(
        self,
        graph: Directory,
        env: EnvFile,
        login: Login,
        app: WantedApp,
        *,
        certificate: bool,
        now: Callable[[], datetime],
    ) -> None:
        self.title = f"{'Certificate' if certificate else 'Client secret'} of “{app.name}”"
        self._graph, self._env, self._login = graph, env, login
        self._role, self._certificate, self._now = app.role, certificate, now
        self._names = SETTINGS_OF[app.role]

    async def look(self, made: Made) -> Look:
        app = made.app(self._role)
        if not app.principal:
            return later("make one", "the enterprise application")
        if copy := self._copy_of_anothers(app.id):
            return to_do(f"{self._env.path} holds another app's: keep it as {copy}, and make one in its place")
        if not self._has_one() or self._env.value(self._names.id) != app.id:
            return to_do(f"make one that ends in {_LIVES.days} days, and write it into {self._env.path}")
        refused = await self._login(self._role)
        if refused:
            return to_do(f"the one in {self._env.path} is refused ({refused}): make another")
        app.logs_in = True
        return there(f"the login takes the one in {self._env.path}{await self._besides(app.object)}")

    async def do(self, made: Made) -> None:
        app = made.app(self._role)
        if copy := self._copy_of_anothers(app.id):
            write_private(copy, self._env.path.read_bytes())  # a secret is told once, and never again
        if self._certificate:
            await self._with_certificate(app)
        else:
            await self._with_secret(app)

    def instructions(self, made: Made) -> Sequence[str]:
        return ()

    async def take_back(self, made: Made) -> str:
        return f"goes with the app registration; delete its file, and its lines in {self._env.path}"

    async def _besides(self, app: str) -> str:
        """Whoever holds another credential of the app can do whatever the app may. Kept from a run that died half-way,
        or somebody's."""
        held = await self._graph.found(f"/v1.0/applications/{app}?$select=keyCredentials,passwordCredentials") or {}
        more = sum(len(held.get(name) or ()) for name in ("keyCredentials", "passwordCredentials")) - 1
        where = "Entra, App registrations, Certificates & secrets"
        return f"; the app has {more} more: delete what nobody of you uses ({where})" if more > 0 else ""

    def _has_one(self) -> bool:
        return any(self._env.value(name) for name in (self._names.secret, self._names.certificate))

    def _copy_of_anothers(self, app: str) -> Path | None:
        """Where the settings go that hold the credential of another app, such as another tenant's, or nobody knows of
        which; `None` if they hold none."""
        other = self._env.value(self._names.id).casefold()
        if not self._has_one() or other == app.casefold():
            return None
        return self._env.path.with_name(f"{self._env.path.name}.{_NO_ID.sub('', other)[:36] or 'before'}")

    async def _with_certificate(self, made: MadeApp) -> None:
        """The file is there before Entra knows the certificate: what is lost in between is made anew."""
        app = made.object
        file = self._env.path.parent / f"sendwell-{self._role}-{made.id[:8]}.pem"
        key, certificate = _made(f"Sendwell {self._role}", self._now())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_private(file, pem + certificate.public_bytes(Encoding.PEM))
        self._env.write({self._names.id: made.id, self._names.certificate: str(file), self._names.secret: ""})
        held = await self._graph.found(f"/v1.0/applications/{app}?$select=keyCredentials")
        kept: list[dict[str, Any]] = [] if held is None else list(held.get("keyCredentials") or [])
        await self._graph.change(f"/v1.0/applications/{app}", {"keyCredentials": [*kept, _uploaded(certificate)]})

    async def _with_secret(self, app: MadeApp) -> None:
        ends = (self._now() + _LIVES).strftime("%Y-%m-%dT%H:%M:%SZ")
        wish = {"passwordCredential": {"displayName": "Sendwell set-up", "endDateTime": ends}}
        made = await self._graph.post(f"/v1.0/applications/{app.object}/addPassword", wish)
        if not (secret := str(made.get("secretText") or "")):
            raise StepFailed("Entra made a secret and did not tell it: delete it in Entra, and run this again.")
        self._env.write({self._names.id: app.id, self._names.secret: secret, self._names.certificate: ""})


def _made(name: str, now: datetime) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + _LIVES)
        .sign(key, SHA256())
    )
    return key, certificate


def _uploaded(certificate: x509.Certificate) -> dict[str, Any]:
    """https://learn.microsoft.com/graph/api/resources/keycredential"""
    thumbprint = certificate.fingerprint(SHA1())  # noqa: S303 - Entra's name for a certificate
    return {
        "type": "AsymmetricX509Cert",
        "usage": "Verify",
        "displayName": "Sendwell set-up",
        "key": base64.b64encode(certificate.public_bytes(Encoding.DER)).decode(),
        "customKeyIdentifier": base64.b64encode(thumbprint).decode(),
    }
