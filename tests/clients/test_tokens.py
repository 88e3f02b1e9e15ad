"""Tokens from a login service over HTTPS: secret, certificate, refusals, and no token requested twice."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import jwt
import pytest
import pytest_asyncio
import trustme
from aiohttp import web
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509 import load_pem_x509_certificate

from services.clients.http import ApiClient, trust
from services.clients.tokens import MsalTokens
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.settings import FaultySettingsError, Settings, read_settings
from tests.service import Service, hangs, resets, says_raw

TENANT = "5a4d8f2e-0000-4000-8000-00000000c0de"
APP = "5a4d8f2e-0000-4000-8000-0000000000b0"
SCOPE = "https://graph.example/.default"


class Login:
    """Metadata and tokens; `answer` is the token endpoint's response."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.answer: tuple[int, dict[str, Any]] = (200, {})
        self.given = 0
        service.answers(self._serve)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if request.path.endswith("openid-configuration"):
            authority = f"{self.service.url}/{TENANT}"
            return web.json_response(
                {
                    "issuer": f"{authority}/v2.0",
                    "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize",
                    "token_endpoint": f"{authority}/oauth2/v2.0/token",
                }
            )
        self.given += 1
        status, body = self.answer
        good = {"token_type": "Bearer", "expires_in": 3599, "access_token": f"t{self.given}"}
        return web.json_response(body or good, status=status)

    def form(self) -> dict[str, str]:
        """The last token request."""
        return {name: values[0] for name, values in parse_qs(self.service.asked[-1].body.decode()).items()}


@pytest_asyncio.fixture
async def login(tmp_path: Path) -> AsyncIterator[Login]:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    async with Service(tls=context) as service:
        yield Login(service)


def settings(login: Login, **more: str) -> Settings:
    return read_settings(
        {
            "MicrosoftAppId": APP,
            "MicrosoftAppTenantId": TENANT,
            "MicrosoftAppPassword": "s3cr3t",
            "SENDWELL_APPROVERS_GROUP_ID": TENANT,
            "SENDWELL_LOGIN_URL": login.service.url,
            **more,
        }
    )


Make = Callable[..., MsalTokens]


@pytest.fixture
def make(login: Login, tmp_path: Path) -> Iterator[Make]:
    """A token client that trusts the login, closed at the end."""
    with ExitStack() as stack:

        def made(trusted: str | None = "ca.pem", **more: Any) -> MsalTokens:
            clock, timeout = more.pop("monotonic", time.monotonic), more.pop("timeout", (5.0, 10.0))
            context = trust([tmp_path / trusted] if trusted else [])
            tokens = MsalTokens(settings(login, **more).bot, context, clock, timeout)
            stack.callback(tokens.close)
            return tokens

        yield made


@pytest.fixture
def tokens(make: Make) -> MsalTokens:
    return make()


async def test_a_token_is_asked_for_once_and_kept(login: Login, tokens: MsalTokens) -> None:
    assert await asyncio.gather(*(tokens.token(SCOPE) for _ in range(20))) == ["t1"] * 20
    form = login.form()
    assert (form["client_id"], form["client_secret"], form["grant_type"]) == (APP, "s3cr3t", "client_credentials")
    assert form["scope"] == SCOPE
    assert await tokens.token("https://outlook.example/.default") == "t2"


async def test_a_refused_token_is_not_handed_out_again(tokens: MsalTokens) -> None:
    assert await tokens.token(SCOPE) == "t1"
    await tokens.renew(SCOPE, "t1")
    assert await tokens.token(SCOPE) == "t2"


class Keeper:
    """A service that stops accepting the first token while many requests carry it. It refuses them one by one, each
    after the previous one was sent again with a good token."""

    def __init__(self, requests: int) -> None:
        self._on_their_way = requests
        self._refused = asyncio.Semaphore(0)
        self.served: list[str] = []

    async def serve(self, request: web.Request) -> web.StreamResponse:
        bearer = request.headers["Authorization"].removeprefix("Bearer ")
        if bearer == "t1":
            self._on_their_way -= 1
            if self._on_their_way == 0:
                self._refused.release()
            await self._refused.acquire()
            return web.json_response({}, status=401)
        self.served.append(bearer)
        self._refused.release()
        return web.json_response({})


async def test_forty_requests_refused_one_after_the_other_for_one_old_token_ask_for_one_new_token(
    login: Login, tokens: MsalTokens
) -> None:
    keeper = Keeper(40)
    async with Service() as service, aiohttp.ClientSession() as session:
        service.answers(keeper.serve)
        api = ApiClient(session=session, base_url=service.url, tokens=tokens, timeout=timedelta(seconds=30))
        answers = await asyncio.gather(*(api.once("POST", "/x") for _ in range(40)))
    assert all(answer.is_success for answer in answers)
    assert keeper.served == ["t2"] * 40
    assert login.given == 2


async def test_a_token_is_renewed_before_it_ends(make: Make) -> None:
    now = [0.0]
    tokens = make(monotonic=lambda: now[0])
    assert await tokens.token(SCOPE) == "t1"
    now[0] = 3_290
    assert await tokens.token(SCOPE) == "t1"
    now[0] = 3_310
    await tokens.renew(SCOPE, "t1")  # by msal's own clock the token is still valid, so its cache is cleared as well
    assert await tokens.token(SCOPE) == "t2"


async def test_the_loop_goes_on_while_the_login_is_slow(login: Login, tokens: MsalTokens) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.01)

    serve = login._serve

    async def slow(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.5)
        return await serve(request)

    login.service.answers(slow)
    ticking = asyncio.create_task(tick())
    await tokens.token(SCOPE)
    ticking.cancel()
    assert ticks > 20


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((401, {"error": "invalid_client", "error_codes": [7000215]}), UnknownReason.NO_PERMISSION),
        ((400, {"error": "unauthorized_client"}), UnknownReason.NO_PERMISSION),
        ((400, {"error": "temporarily_unavailable"}), UnknownReason.UNREACHABLE),
        ((200, {"access_token": 7, "expires_in": 10}), UnknownReason.UNREACHABLE),
    ],
)
async def test_a_refusal_is_told_without_the_secret(
    login: Login, tokens: MsalTokens, answer: tuple[int, dict[str, Any]], reason: UnknownReason
) -> None:
    login.answer = answer
    with pytest.raises(Unavailable) as trouble:
        await tokens.token(SCOPE)
    assert trouble.value.reason is reason
    assert "s3cr3t" not in str(trouble.value)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (resets, UnknownReason.UNREACHABLE),
        (says_raw(b"<html>", 502), UnknownReason.UNEXPECTED_RESPONSE),
        (says_raw(b"{", 200), UnknownReason.UNEXPECTED_RESPONSE),
        (says_raw(b"{}", 200), UnknownReason.UNEXPECTED_RESPONSE),
        (says_raw(b"[]", 200), UnknownReason.UNEXPECTED_RESPONSE),
    ],
)
async def test_a_login_that_is_away(login: Login, tokens: MsalTokens, script: Any, reason: UnknownReason) -> None:
    login.service.answers(script)
    with pytest.raises(Unavailable) as trouble:
        await tokens.token(SCOPE)
    assert trouble.value.reason in {reason, UnknownReason.UNREACHABLE}


async def test_a_login_that_hangs_is_given_up(login: Login, make: Make) -> None:
    login.service.answers(hangs)
    with pytest.raises(Unavailable) as trouble:
        await make(timeout=(0.3, 0.3)).token(SCOPE)
    assert trouble.value.reason is UnknownReason.TIMED_OUT


async def test_a_login_we_do_not_trust_is_not_given_the_secret(login: Login, make: Make) -> None:
    with pytest.raises(Unavailable) as trouble:
        await make(trusted=None).token(SCOPE)
    assert trouble.value.reason is UnknownReason.UNREACHABLE
    assert login.service.asked == []


@pytest.mark.parametrize("password", [None, "pass"])
async def test_a_certificate_signs_an_assertion(login: Login, make: Make, tmp_path: Path, password: str | None) -> None:
    issued = trustme.CA().issue_cert("app.example", key_type=trustme.KeyType.RSA)
    raw, certificate = issued.private_key_pem.bytes(), issued.cert_chain_pems[0].bytes()
    key = load_pem_private_key(raw, None)
    if password:
        locked = BestAvailableEncryption(password.encode())
        raw = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked)
    (tmp_path / "app.pem").write_bytes(raw + certificate)
    more = {"MicrosoftAppPassword": "", "SENDWELL_CERTIFICATE_FILE": str(tmp_path / "app.pem")}
    if password:
        more["SENDWELL_CERTIFICATE_PASSWORD"] = password
    assert await make(**more).token(SCOPE) == "t1"
    assertion = login.form()["client_assertion"]
    public: Any = load_pem_x509_certificate(certificate).public_key()
    algorithm = jwt.get_unverified_header(assertion)["alg"]
    claims = jwt.decode(assertion, public, algorithms=[algorithm], options={"verify_aud": False})
    assert (claims["iss"], claims["sub"]) == (APP, APP)
    assert "client_secret" not in login.form()


async def test_a_managed_identity_asks_the_platform(
    make: Make, monkeypatch: pytest.MonkeyPatch, service: Service
) -> None:
    async def platform(request: web.Request) -> web.StreamResponse:
        assert request.headers["X-IDENTITY-HEADER"] == "h"
        resource = request.query["resource"]
        return web.json_response({"access_token": f"for {resource}", "expires_on": "4102444800", "resource": resource})

    service.answers(platform)
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{service.url}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "h")
    managed = make(MicrosoftAppType="UserAssignedMSI", MicrosoftAppPassword="")
    assert await managed.token(SCOPE) == "for https://graph.example"


@pytest.mark.parametrize("kind", ["junk", "elliptic", "locked"])
def test_a_certificate_that_cannot_be_used_is_a_fault_of_the_settings(make: Make, tmp_path: Path, kind: str) -> None:
    key_type = trustme.KeyType.ECDSA if kind == "elliptic" else trustme.KeyType.RSA
    raw = trustme.CA().issue_cert("app.example", key_type=key_type).private_key_and_cert_chain_pem.bytes()
    (tmp_path / "app.pem").write_bytes(b"junk" if kind == "junk" else raw)
    more = {"SENDWELL_CERTIFICATE_PASSWORD": "x"} if kind == "locked" else {}
    with pytest.raises(FaultySettingsError, match="SENDWELL_CERTIFICATE_FILE"):
        make(MicrosoftAppPassword="", SENDWELL_CERTIFICATE_FILE=str(tmp_path / "app.pem"), **more)


RESPONDER = {"SENDWELL_RESPONDERS_GROUP_ID": TENANT, "SENDWELL_RESPONDER_APP_ID": TENANT}


async def test_a_second_app_asks_for_tokens_of_its_own(login: Login, tmp_path: Path) -> None:
    read = settings(login, **RESPONDER, SENDWELL_RESPONDER_APP_PASSWORD="0th3r")
    context = trust([tmp_path / "ca.pem"])
    with closing(MsalTokens(read.bot, context)) as bots, closing(MsalTokens(read.responder, context)) as responders:
        assert (await bots.token(SCOPE), await responders.token(SCOPE)) == ("t1", "t2")
    assert (login.form()["client_id"], login.form()["client_secret"]) == (TENANT, "0th3r")


def test_a_second_apps_certificate_is_named_where_it_cannot_be_used(login: Login, tmp_path: Path) -> None:
    (tmp_path / "app.pem").write_bytes(b"junk")
    read = settings(login, **RESPONDER, SENDWELL_RESPONDER_CERTIFICATE_FILE=str(tmp_path / "app.pem"))
    with pytest.raises(FaultySettingsError, match="SENDWELL_RESPONDER_CERTIFICATE_FILE") as faulty:
        MsalTokens(read.responder, trust([]))
    assert "SENDWELL_RESPONDER_CERTIFICATE_PASSWORD" in str(faulty.value)
