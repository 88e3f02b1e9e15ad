"""The sandbox's login refuses credentials as Entra does, and so do the endpoints that stand for Azure's platform."""

import base64
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from sandbox import Sandbox
from sandbox.credentials import ASSERTION_TYPE, credential_refused
from sandbox.people import APP_ID
from sandbox.registrations import Registration
from tests.certificates import AppCertificate, app_certificate

NOW = time.time()
TOKEN_ENDPOINT = "https://login.example/tenant/oauth2/v2.0/token"
ISSUER = "https://login.example/tenant/v2.0"
SHARED = "of-this-year-of-this-year-of-this-year"
CLAIMS: Mapping[str, Any] = {
    "iss": APP_ID,
    "sub": APP_ID,
    "aud": TOKEN_ENDPOINT,
    "jti": "9f1c",
    "iat": NOW,
    "nbf": NOW,
    "exp": NOW + 600,
}


def assertion(
    *,
    under: str = "x5t#S256",
    by: type[HashAlgorithm] = SHA256,
    algorithm: str = "PS256",
    names: str = "own",
    signer: str = "own",
    **change: Any,
) -> str:
    """An assertion whose header names a certificate `under` this field `by` this digest, signed with another's key if
    need be. A claim that is changed to `None` is left out."""
    claims = {name: value for name, value in {**CLAIMS, **change}.items() if value is not None}
    raw = load_pem_x509_certificate(certificate_of(names).certificate).fingerprint(by())
    headers = {under: base64.urlsafe_b64encode(raw).decode()}
    key: Any = load_pem_private_key(certificate_of(signer).key, None)
    return jwt.encode(claims, SHARED if algorithm == "HS256" else key, algorithm=algorithm, headers=headers)


def certificate_of(name: str) -> AppCertificate:
    return app_certificate(name, ended=name == "ended")


def code_of(**form: str) -> int | None:
    """The AADSTS code with which the login refuses the app; `None` if it takes the credential."""
    app = Registration(id=APP_ID, roles=frozenset(), connector=True)
    app.add_secret("of-this-year")
    app.add_secret("of-last-year", ends=NOW - 1)
    for name in ("own", "ended"):
        app.add_certificate(certificate_of(name).certificate)
    refused = credential_refused(form, app, {TOKEN_ENDPOINT, ISSUER}, NOW)
    return refused.code if refused else None


OLDER = {"under": "x5t", "by": SHA1, "algorithm": "RS256"}


@pytest.mark.parametrize(
    ("made", "code"),
    [
        ({}, None),
        (OLDER, None),
        ({"nbf": None, "aud": ISSUER}, None),
        ({"iat": NOW - 800, "nbf": None, "exp": NOW - 200}, None),  # clocks differ a little
        ({**OLDER, "by": SHA256}, 700027),
        ({"by": SHA1}, 700027),
        ({"algorithm": "RS256"}, 700027),
        ({"under": "kid"}, 700027),
        ({"names": "other", "signer": "other"}, 700027),
        ({"names": "ended", "signer": "ended"}, 700027),
        ({"signer": "other"}, 700027),
        ({"algorithm": "PS384"}, 5002738),
        ({"algorithm": "HS256"}, 5002738),
        ({"iss": "another"}, 700021),
        ({"sub": None}, 700021),
        ({"aud": "https://login.example/common/oauth2/v2.0/token"}, 700023),
        ({"aud": None}, 700023),
        ({"nbf": NOW + 900, "exp": NOW + 1_200}, 700024),
        ({"iat": NOW - 1_200, "nbf": NOW - 1_200, "exp": NOW - 600}, 700024),
        ({"exp": NOW + 86_400}, 700024),
        ({"jti": None}, 50027),
        ({"exp": None}, 50027),
        ({"iat": None}, 50027),
    ],
)
def test_an_assertion_is_judged(made: dict[str, Any], code: int | None) -> None:
    assert code_of(client_assertion=assertion(**made), client_assertion_type=ASSERTION_TYPE) == code


def test_an_assertion_says_of_which_type_it_is() -> None:
    assert code_of(client_assertion=assertion()) == 50027
    assert code_of(client_assertion=assertion(), client_assertion_type="urn:saml2-bearer") == 50027
    assert code_of(client_assertion="no.token.this", client_assertion_type=ASSERTION_TYPE) == 50027


@pytest.mark.parametrize(
    ("secret", "code"), [("of-this-year", None), ("of-last-year", 7000222), ("of-next-year", 7000215), ("", 7000216)]
)
def test_a_secret_is_judged(secret: str, code: int | None) -> None:
    assert code_of(client_secret=secret) == code


async def test_the_platforms_endpoints_refuse_what_azures_do(tmp_path: Path) -> None:
    async with Sandbox(data=tmp_path, managed_identity=True) as box, aiohttp.ClientSession() as session:
        identity = box.identity
        assert identity is not None
        graph = box.environment["SENDWELL_GRAPH_URL"]
        good = {"client_id": APP_ID, "resource": graph}
        service = {"X-IDENTITY-HEADER": identity.header}, {"api-version": "2019-08-01", **good}
        machine = {"Metadata": "true"}, {"api-version": "2018-02-01", **good}

        async def status(path: str, headers: Mapping[str, str], query: Mapping[str, str], **change: str) -> int:
            url, changed = f"{identity.base_url}{path}", {**query, **change}
            async with session.get(url, headers=dict(headers), params=changed) as response:
                assert ("access_token" in await response.json()) is (response.status == 200)
                return response.status

        for path, (headers, query) in {"/msi/token": service, "/metadata/identity/oauth2/token": machine}.items():
            assert await status(path, headers, query) == 200
            assert await status(path, {}, query) in (400, 401)
            assert await status(path, headers, query, **{"api-version": "2017-09-01"}) == 400
            assert await status(path, headers, query, client_id="") == 400
            assert await status(path, headers, query, resource=f"{graph}/.default") in (400, 500)
        assert await status("/msi/token", {"X-IDENTITY-HEADER": "guessed"}, service[1]) == 401
        proxied = {**machine[0], "X-Forwarded-For": "10.0.0.1"}
        assert await status("/metadata/identity/oauth2/token", proxied, machine[1]) == 400
