"""What an app proves itself with, judged as Entra judges it.

https://learn.microsoft.com/entra/identity-platform/certificate-credentials has the form of an assertion,
https://learn.microsoft.com/azure/developer/java/sdk/troubleshooting-authentication-service-principal the codes. Where
Entra is lenient today (it bounds no assertion's life) clients are held to the guide."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.x509 import Certificate

from sandbox.registrations import Registration

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_SKEW = 300
_LONGEST_LIFE = 600
"""Seconds: how far clocks may differ, and how long an assertion may live."""
_KEY_NAMES: Mapping[str, tuple[str, HashAlgorithm]] = {
    "PS256": ("x5t#S256", SHA256()),
    "RS256": ("x5t", SHA1()),  # noqa: S303 - a name of the certificate, which the older form of an assertion gives
}
"""By the algorithm of an assertion: which header names its certificate, and by which digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An answer of the login: the OAuth error, the AADSTS code, what it says, and the HTTP status."""

    code: int
    text: str
    error: str = "invalid_client"
    status: int = 401


def credential_refused(
    form: Mapping[str, Any], app: Registration, audiences: Collection[str], now: float
) -> Refused | None:
    """Why the credential of a token request does not prove that it is the app's; `None` if it does."""
    assertion, secret = form.get("client_assertion"), form.get("client_secret")
    if assertion:
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            return Refused(code=50027, text="JWT token is invalid or malformed: the client_assertion_type is unknown.")
        return _assertion_refused(str(assertion), app, audiences, now)
    if not secret:
        text = "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type."
        return Refused(code=7000216, text=text)
    return _secret_refused(str(secret), app, now)


def _secret_refused(text: str, app: Registration, now: float) -> Refused | None:
    found = list(app.secrets_like(text))
    if any(secret.ends > now for secret in found):
        return None
    if found:
        return Refused(code=7000222, text=f"The provided client secret keys for app '{app.id}' are expired.")
    said = f"Invalid client secret provided. Send the secret's value, not its ID, for a secret of app '{app.id}'."
    return Refused(code=7000215, text=said)


def _assertion_refused(assertion: str, app: Registration, audiences: Collection[str], now: float) -> Refused | None:
    try:
        header = jwt.get_unverified_header(assertion)
        claims: dict[str, Any] = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.PyJWTError:
        return Refused(code=50027, text="JWT token is invalid or malformed.")
    if not claims.get("iss") == claims.get("sub") == app.id:
        return Refused(code=700021, text="Client assertion application identifier doesn't match 'client_id' parameter.")
    if claims.get("aud") not in audiences:
        return Refused(code=700023, text="Client assertion audience claim does not match Realm issuer.")
    if not isinstance(claims.get("jti"), str) or not claims["jti"]:
        return Refused(code=50027, text="JWT token is invalid or malformed: it has no jti.")
    return _signature_refused(assertion, header, app, now) or _times_refused(claims, now)


def _signature_refused(assertion: str, header: Mapping[str, Any], app: Registration, now: float) -> Refused | None:
    algorithm = str(header.get("alg"))
    if algorithm not in _KEY_NAMES:
        return Refused(code=5002738, text=f"Invalid JWT token. '{algorithm}' is not a supported signature algorithm.")
    name, digest = _KEY_NAMES[algorithm]
    named = str(header.get(name, "")).rstrip("=")
    certificate = next((one for one in app.certificates if _named(one, digest) == named), None)
    if certificate is None:
        return Refused(
            code=700027,
            text="The certificate with identifier used to sign the client assertion is not registered on application. "
            f"[Reason - The key was not found., Thumbprint of key used by client: '{named}'.]",
        )
    if not certificate.not_valid_before_utc.timestamp() <= now < certificate.not_valid_after_utc.timestamp():
        text = f"Client assertion contains an invalid signature. [Reason - The key used is expired. '{named}'.]"
        return Refused(code=700027, text=text)
    key: Any = certificate.public_key()
    try:
        jwt.PyJWS().decode(assertion, key, algorithms=[algorithm])
    except jwt.PyJWTError:
        return Refused(code=700027, text="Client assertion failed signature validation.")
    return None


def _named(certificate: Certificate, digest: HashAlgorithm) -> str:
    return jwt.utils.base64url_encode(certificate.fingerprint(digest)).decode()


def _times_refused(claims: Mapping[str, Any], now: float) -> Refused | None:
    """`nbf` may be missing: Microsoft's own libraries leave it out."""
    times = [claims.get("iat"), claims.get("exp"), claims.get("nbf", 0)]
    if not all(isinstance(time, int | float) and not isinstance(time, bool) for time in times):
        return Refused(code=50027, text="JWT token is invalid or malformed: a time is missing.")
    issued, ends, begins = times
    begun = max(issued, begins)
    if begun > now + _SKEW or ends <= now - _SKEW or ends - begun > _LONGEST_LIFE:
        return Refused(
            code=700024,
            text=f"Client assertion is not within its valid time range. Current time: {now}, "
            f"assertion valid from {begun}, expiry time of assertion {ends}.",
        )
    return None
