"""Certificates of an app, with their RSA keys. Each is made once: keys take long to make."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import trustme


@dataclass(frozen=True, slots=True, kw_only=True)
class AppCertificate:
    """`key` and `certificate` as PEM."""

    key: bytes
    certificate: bytes

    @property
    def pem(self) -> bytes:
        """The file that the bot's setting names."""
        return self.key + self.certificate


def app_certificate(name: str, *, ended: bool = False) -> AppCertificate:
    """The certificate of that name, the same one every time; it may have ended yesterday."""
    return _made(name, ended)


@cache
def _made(name: str, ended: bool) -> AppCertificate:
    today = datetime.now(UTC)
    issued = _authority().issue_cert(
        f"{name}.example",
        key_type=trustme.KeyType.RSA,
        not_before=today - timedelta(days=30),
        not_after=today + timedelta(days=-1 if ended else 30),
    )
    return AppCertificate(key=issued.private_key_pem.bytes(), certificate=issued.cert_chain_pems[0].bytes())


@cache
def _authority() -> trustme.CA:
    return trustme.CA()
