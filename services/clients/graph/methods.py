"""Registered sign-in methods, as Graph describes them."""

import hmac
from collections.abc import Mapping
from typing import Any

from services.clients.wire_values import read_moment, text_of
from services.domain.people import AuthenticationMethod, MethodKind, PersonId

# https://learn.microsoft.com/graph/api/resources/authenticationmethods-overview
_KINDS = {
    "microsoftAuthenticatorAuthenticationMethod": MethodKind.AUTHENTICATOR,
    "passwordlessMicrosoftAuthenticatorAuthenticationMethod": MethodKind.AUTHENTICATOR,
    "fido2AuthenticationMethod": MethodKind.PASSKEY,
    "phoneAuthenticationMethod": MethodKind.PHONE,
    "softwareOathAuthenticationMethod": MethodKind.ONE_TIME_CODE,
    "hardwareOathAuthenticationMethod": MethodKind.ONE_TIME_CODE,
    "windowsHelloForBusinessAuthenticationMethod": MethodKind.WINDOWS_HELLO,
    "platformCredentialAuthenticationMethod": MethodKind.PLATFORM,
    # https://learn.microsoft.com/graph/api/resources/externalauthenticationmethod: Duo, Okta and others
    "externalAuthenticationMethod": MethodKind.EXTERNAL,
    # https://learn.microsoft.com/graph/api/resources/qrcodepinauthenticationmethod: a single factor
    "qrCodePinAuthenticationMethod": MethodKind.QR_CODE,
    "temporaryAccessPassAuthenticationMethod": MethodKind.TEMPORARY_PASS,
    "passwordAuthenticationMethod": MethodKind.PASSWORD,
    "emailAuthenticationMethod": MethodKind.EMAIL,
}


def read_method(row: Mapping[str, Any], person: PersonId) -> AuthenticationMethod:
    """A method of this person. A kind that is not known is `OTHER`."""
    kind = str(row.get("@odata.type", "")).removeprefix("#microsoft.graph.")
    number = text_of(row.get("phoneNumber"))
    return AuthenticationMethod(
        id=str(row.get("id", "")),
        kind=_KINDS.get(kind, MethodKind.OTHER),
        added_at=read_moment(row.get("createdDateTime")),
        number_hash=_hash(number, person) if number else None,
    )


def _hash(number: str, person: PersonId) -> str:
    """A hash of a telephone number, which is all that is stored of it.

    With the person's id as its key the same number has another hash for each person, so that no ready-made table finds
    it, and nobody sees who shares a number. Whoever has the database and tries all numbers of a country finds it
    all the same, in minutes: there are too few numbers for any hash to hide one. So it is a personal value like the
    others, neither logged nor kept longer than they are."""
    digits = "".join(char for char in number if char.isalnum())
    return hmac.new(person.casefold().encode(), digits.casefold().encode(), "sha256").hexdigest()[:16]
