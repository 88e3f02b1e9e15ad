"""An app registration as Entra keeps it: its permissions, and the credentials that it may prove itself with."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from cryptography.x509 import Certificate, load_pem_x509_certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A client secret, and when it ends (seconds since 1970)."""

    text: str = field(repr=False)
    ends: float = math.inf


@dataclass(slots=True, kw_only=True)
class Registration:
    """One app. `connector`: it is a bot's, so it may ask for a token to the Bot Connector."""

    id: str
    roles: frozenset[str]
    connector: bool
    secrets: list[Secret] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)

    def add_secret(self, text: str, ends: float = math.inf) -> None:
        self.secrets.append(Secret(text=text, ends=ends))

    def add_certificate(self, pem: bytes) -> None:
        """Upload a certificate. Entra takes one that has ended, too, and refuses what it signs."""
        self.certificates.append(load_pem_x509_certificate(pem))

    def take_credentials_away(self) -> None:
        self.secrets.clear()
        self.certificates.clear()

    def secrets_like(self, text: str) -> Iterator[Secret]:
        return (secret for secret in self.secrets if secret.text == text)
