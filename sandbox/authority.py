"""A throw-away certificate authority, and keys that sign tokens.

A process makes each once, however many sandboxes it opens: they are slow to make, and nobody else trusts them."""

import base64
import ssl
from functools import cache
from pathlib import Path
from typing import Any

import jwt
import trustme
from cryptography.hazmat.primitives.asymmetric import rsa


class Certificates:
    """TLS for `localhost`, trusted by whoever trusts the file."""

    def __init__(self, folder: Path) -> None:
        self.ca_file = folder / "ca.pem"
        _authority().cert_pem.write_to_path(str(self.ca_file))
        self.context = _context()


class Signer:
    """One RSA key and the tokens it signs."""

    def __init__(self, kid: str, endorsements: tuple[str, ...] = ()) -> None:
        self.kid = kid
        self.private = _key(kid)
        self._endorsements = endorsements

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.private, algorithm="RS256", headers={"kid": self.kid})

    def jwk(self) -> dict[str, Any]:
        """The public half, as a key document lists it."""
        numbers = self.private.public_key().public_numbers()
        row: dict[str, Any] = {
            "kty": "RSA",
            "use": "sig",
            "kid": self.kid,
            "n": _base64(numbers.n),
            "e": _base64(numbers.e),
        }
        if self._endorsements:
            row["endorsements"] = list(self._endorsements)
        return row


@cache
def _authority() -> trustme.CA:
    return trustme.CA()


@cache
def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _authority().issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context


@cache
def _key(_kid: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def _base64(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
