"""The API client: each vendor error is mapped once, tries are few, and no token is requested without need."""

import ssl
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
import trustme

from services.clients.http import ApiClient, proxy_for, trust
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from tests.clients.conftest import Pauses
from tests.service import FixedTokens, Script, Service, breaks_off, hangs, resets, says, says_raw

LICENCE = {"error": {"code": "Authentication_RequestFromNonPremiumTenantOrB2CTenant", "message": "…"}}
NOT_SET_UP = {"error": {"code": "Unauthorized", "message": "Service principal-less authentication failed: The …"}}
DENIED = {"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges"}}


@pytest.mark.parametrize(
    ("script", "reason", "tries"),
    [
        (resets, UnknownReason.UNREACHABLE, 3),
        (breaks_off, UnknownReason.UNREACHABLE, 3),
        (hangs, UnknownReason.TIMED_OUT, 1),
        (says({}, 401), UnknownReason.NO_PERMISSION, 2),
        (says(DENIED, 403), UnknownReason.NO_PERMISSION, 1),
        (says(LICENCE, 403), UnknownReason.NO_LICENCE, 1),
        (says(NOT_SET_UP, 401), UnknownReason.NOT_SET_UP, 1),
        (says(NOT_SET_UP, 403), UnknownReason.NOT_SET_UP, 1),
        (says_raw(b"\0" * 4096, 403, headers={"Content-Encoding": "gzip"}), UnknownReason.NO_PERMISSION, 1),
        (says_raw(b"slow down", 429), UnknownReason.THROTTLED, 3),
        (says({}, 429, {"Retry-After": "1"}), UnknownReason.THROTTLED, 3),
        (says({}, 429, {"Retry-After": "300"}), UnknownReason.THROTTLED, 1),
        (says({}, 500), UnknownReason.UNREACHABLE, 3),
        (says_raw(b"<html>", 502, "text/html"), UnknownReason.UNREACHABLE, 3),
        (says({}, 503, {"Retry-After": "60"}), UnknownReason.UNREACHABLE, 1),
    ],
)
async def test_each_vendor_error_is_one_of_ours(
    api: ApiClient, service: Service, script: Script, reason: UnknownReason, tries: int
) -> None:
    service.answers(script)
    with pytest.raises(Unavailable) as trouble:
        await api.read("POST", "/x")  # aiohttp itself repeats a GET once more
    assert trouble.value.reason is reason
    assert len(service.asked) == tries


@pytest.mark.parametrize("status", [400, 403])
@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("Forbidden", "Your tenant is not licensed for this feature."),
        ("Forbidden", "YOUR TENANT IS NOT LICENSED FOR THIS FEATURE."),
        ("Authorization", "Neither tenant is B2C or tenant doesn't have premium license"),
        ("authentication_requestfromnonpremiumtenantorb2ctenant", "…"),
        ("AadPremiumLicenseRequired", "The tenant needs Entra ID P2."),
        ("UnknownError", '{"errorCode":"AadPremiumLicenseRequired"}'),
    ],
)
async def test_a_missing_licence_is_known_however_it_is_said(
    api: ApiClient, service: Service, status: int, code: str, message: str
) -> None:
    service.answers(says({"error": {"code": code, "message": message}}, status))
    with pytest.raises(Unavailable) as trouble:
        await api.read("GET", "/x")
    assert trouble.value.reason is UnknownReason.NO_LICENCE


@pytest.mark.parametrize("status", [200, 404])
async def test_words_about_a_licence_in_another_answer_are_no_missing_one(
    api: ApiClient, service: Service, status: int
) -> None:
    service.answers(says({"subject": "A premium license for you"}, status))
    assert (await api.read("GET", "/x")).status == status


async def test_in_the_background_a_slow_read_is_asked_once_more_and_a_write_is_not(
    service: Service, session: aiohttp.ClientSession, tokens: FixedTokens, pauses: Pauses
) -> None:
    limit = timedelta(milliseconds=100)
    api = ApiClient(session=session, base_url=service.url, tokens=tokens, timeout=limit, background=True, pause=pauses)
    service.answers(hangs)
    for send, again in ((api.read, 1), (api.once, 0)):
        pauses.seconds.clear()
        with pytest.raises(Unavailable) as trouble:
            await send("POST", "/x")
        assert trouble.value.reason is UnknownReason.TIMED_OUT
        assert len(pauses.seconds) == again


async def test_a_wait_that_was_asked_for_is_kept_or_handed_on(api: ApiClient, service: Service, pauses: Pauses) -> None:
    service.answers(says({}, 429, {"Retry-After": "2"}), says({}, 500), says({"ok": 1}))
    assert (await api.read("GET", "/x")).json == {"ok": 1}
    assert pauses.seconds == [2.0, 0.4]
    service.answers(says({}, 429, {"Retry-After": "300"}))
    with pytest.raises(Unavailable) as trouble:
        await api.read("GET", "/x")
    assert trouble.value.retry_after == timedelta(minutes=5)


@pytest.mark.parametrize("value", ["", "soon", "-1", "1e9", "99999999", "٣"])
async def test_an_unreadable_retry_after_is_no_wait(api: ApiClient, service: Service, value: str) -> None:
    service.answers(says({}, 429, {"Retry-After": value}))
    with pytest.raises(Unavailable) as trouble:
        await api.once("GET", "/x")
    assert trouble.value.retry_after is None


async def test_a_refused_token_is_renewed_once(api: ApiClient, service: Service) -> None:
    service.answers(says({}, 401), says({"ok": 1}))
    assert (await api.once("POST", "/x", {"a": 1})).is_success
    assert [asked.headers["Authorization"] for asked in service.asked] == ["Bearer token-1", "Bearer token-2"]


async def test_a_request_sent_once_is_sent_once(api: ApiClient, service: Service) -> None:
    service.answers(says({}, 503))
    with pytest.raises(Unavailable):
        await api.once("POST", "/x")
    assert len(service.asked) == 1


async def test_other_answers_are_the_callers(api: ApiClient, service: Service) -> None:
    service.answers(says_raw(b"not json", 404))
    answer = await api.read("GET", "/x")
    assert (answer.status, answer.json, answer.text, answer.is_success) == (404, None, "not json", False)


async def test_a_long_answer_is_read_to_its_end_and_an_endless_one_is_not(api: ApiClient, service: Service) -> None:
    long = {"value": ["x" * 1000] * 3000}
    service.answers(says(long))
    assert (await api.read("GET", "/x")).json == long
    service.answers(says_raw(b" " * 17_000_000))
    with pytest.raises(Unavailable) as trouble:
        await api.read("GET", "/x")
    assert trouble.value.reason is UnknownReason.UNEXPECTED_RESPONSE


async def test_a_redirect_is_not_followed_with_our_token(api: ApiClient, service: Service) -> None:
    service.answers(says({}, 302, {"Location": f"{service.url}/elsewhere"}))
    assert (await api.read("GET", "/x")).status == 302
    assert len(service.asked) == 1


async def test_the_scope_is_the_services_own(api: ApiClient, service: Service, tokens: FixedTokens) -> None:
    service.answers(says({}))
    await api.read("GET", "/x")
    assert tokens.scopes == [f"{service.url}/.default"]


def test_proxies_come_from_the_environment_and_trust_is_added_to_the_systems(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "graph.example")
    assert proxy_for("https://graph.example/v1.0") is None
    assert proxy_for("https://outlook.example") == "http://proxy.example:3128"
    first, second = trustme.CA(), trustme.CA()
    first.cert_pem.write_to_path(str(tmp_path / "first.pem"))
    second.cert_pem.write_to_path(str(tmp_path / "second.pem"))
    context = trust([tmp_path / "first.pem", tmp_path / "second.pem"])
    assert context.verify_mode is ssl.CERT_REQUIRED
    known = context.get_ca_certs(binary_form=True)
    for authority in (first, second):
        assert ssl.PEM_cert_to_DER_cert(authority.cert_pem.bytes().decode()) in known
