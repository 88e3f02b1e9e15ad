"""The credential of an app, in the form that msal takes.

What is in a file is read again for each request to the login (one an hour for each service), so that a new secret or
certificate is taken up without a restart. While the new one is unreadable, or not known to the login yet, the one
before stays in use."""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509 import load_pem_x509_certificate, load_pem_x509_certificates

from services.settings import Credential, FaultySettingsError

log = logging.getLogger("sendwell.login")

Proof = str | dict[str, str] | None
"""msal's `client_credential`: a secret, or a key with its certificate; `None` for a managed identity."""

_UNUSABLE = (ValueError, TypeError, UnsupportedAlgorithm)
"""What parsing a file's content may raise."""


class AppCredential:
    """The proofs to try at the login, the newest first. Not safe for several threads at once."""

    def __init__(self, credential: Credential) -> None:
        """Raises `FaultySettingsError` if its file cannot be used."""
        self._file, self._setting, self._parse = _source(credential)
        self._content: bytes | None = None
        self._newest: Proof = credential.secret
        self._accepted: Proof = None
        if self._file is not None:
            try:
                self._content = self._file.read_bytes()
                self._newest = self._parse(self._content)
            except (*_UNUSABLE, OSError) as unusable:
                raise FaultySettingsError([f"{self._setting} ({type(unusable).__name__})."]) from None

    def to_try(self) -> list[Proof]:
        """The newest proof, then the one that the login accepted last, if it is another."""
        if self._file is not None:
            self._read_again(self._file)
        older = [] if self._accepted in (None, self._newest) else [self._accepted]
        return [self._newest, *older]

    def accept(self, proof: Proof) -> None:
        """Remember that the login took this one."""
        self._accepted = proof

    def certificate_until(self) -> datetime | None:
        """The end of the newest certificate; `None` where there is none. The file is not read again for it."""
        if not isinstance(self._newest, dict):
            return None
        return load_pem_x509_certificate(self._newest["public_certificate"].encode()).not_valid_after_utc

    def _read_again(self, file: Path) -> None:
        """Take up what the file holds now. A content that cannot be used is told once, and changes nothing."""
        try:
            content = file.read_bytes()
        except OSError:
            content = None
        if content == self._content:
            return
        self._content = content
        try:
            proof = self._parse(content or b"")
        except _UNUSABLE as unusable:
            log.error(  # noqa: TRY400 - a traceback could quote the file
                "%s (%s). The one that was read before stays in use.", self._setting, type(unusable).__name__
            )
            return
        if proof != self._newest:
            self._newest = proof
            log.info("The credential's file has changed: the new one is used from now on.")


def _source(credential: Credential) -> tuple[Path | None, str, Callable[[bytes], Proof]]:
    """The credential's file, what to say if it is not usable, and what parses it (may raise `_UNUSABLE`)."""
    if credential.certificate_file is not None:
        password = credential.certificate_password.encode() if credential.certificate_password else None
        said = (
            f"{credential.named}_FILE is not usable: it must hold a certificate and its RSA key as PEM, "
            f"readable with {credential.named}_PASSWORD if locked"
        )
        return credential.certificate_file, said, lambda pem: _certificate(pem, password)
    said = f"{credential.secret_named}_FILE is not usable: it must hold the secret's value, on one line"
    return credential.secret_file, said, _secret


def _secret(content: bytes) -> str:
    lines = content.decode("utf-8-sig").split()
    if len(lines) != 1:
        raise ValueError("one word, without blanks")
    return lines[0]


def _certificate(pem: bytes, password: bytes | None) -> dict[str, str]:
    """Key and certificate, without a thumbprint: msal takes a given one for the old SHA-1 digest, and makes the one of
    today (SHA-256, PS256) itself. Of a chain it is the certificate whose key this is."""
    key = load_pem_private_key(pem, password)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("Entra takes RSA keys")
    public = key.public_key()
    own = [certificate for certificate in load_pem_x509_certificates(pem) if certificate.public_key() == public]
    if not own:
        raise ValueError("the key is another certificate's")
    return {
        "private_key": key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        "public_certificate": own[0].public_bytes(Encoding.PEM).decode(),
    }
