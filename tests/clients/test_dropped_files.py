"""Fetching dropped files: from known hosts only, without a token, within a size and a time."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
import pytest_asyncio
import trustme
from aiohttp import web

from services.clients.dropped_files import SharePointFiles
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable, Unreachable
from tests.service import Script, Service

AUTHORITY = trustme.CA()


def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    AUTHORITY.issue_cert("localhost").configure_cert(context)
    return context


@pytest_asyncio.fixture
async def service() -> AsyncIterator[Service]:
    async with Service(tls=_tls()) as service:
        yield service


@pytest_asyncio.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    trust = ssl.create_default_context()
    AUTHORITY.configure_trust(trust)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust)) as session:
        yield session


def files(session: aiohttp.ClientSession, *hosts: str, within: float = 30) -> SharePointFiles:
    return SharePointFiles(
        session, hosts=frozenset(hosts), within=timedelta(seconds=within), proxy_for=lambda _url: None
    )


def here(service: Service) -> str:
    return service.url.removeprefix("https://")


def sends(body: bytes, status: int = 200, **headers: str) -> Script:
    async def script(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, body=body, headers=headers)

    return script


async def test_a_file_is_fetched_by_its_address_alone(service: Service, session: aiohttp.ClientSession) -> None:
    service.answers(sends(b"550 5.1.8"))
    assert await files(session, here(service)).content(f"{service.url}/a?tempauth=1") == b"550 5.1.8"
    assert service.asked[0].query == {"tempauth": "1"}
    assert "Authorization" not in service.asked[0].headers


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/a",
        "https://sharepoint.com.evil.example/a",
        "https://notsharepoint.com/a",
        "http://contoso-my.sharepoint.com/a",
        "https://kim@contoso-my.sharepoint.com/a",
        "https://contoso-my.sharepoint.com:8443/a",
        "https://169.254.169.254/metadata",
        "file:///etc/passwd",
        "",
    ],
)
async def test_no_other_host_is_asked(session: aiohttp.ClientSession, url: str) -> None:
    with pytest.raises(Unreachable, match="SENDWELL_FILE_HOSTS"):
        await files(session, ".sharepoint.com").content(url)


async def test_a_redirect_leads_to_no_other_host(service: Service, session: aiohttp.ClientSession) -> None:
    service.answers(sends(b"", 302, Location="https://evil.example/a"))
    with pytest.raises(Unreachable, match="SENDWELL_FILE_HOSTS"):
        await files(session, here(service)).content(f"{service.url}/a")


async def test_a_redirect_within_is_followed_but_not_for_ever(service: Service, session: aiohttp.ClientSession) -> None:
    service.answers(sends(b"", 302, Location="/b"), sends(b"there"))
    assert await files(session, here(service)).content(f"{service.url}/a") == b"there"
    service.answers(sends(b"", 302, Location="/b"))
    with pytest.raises(Unreachable, match="again and again"):
        await files(session, here(service)).content(f"{service.url}/a")


@pytest.mark.parametrize("status", [401, 403, 404, 410, 500])
async def test_a_file_that_is_refused_is_out_of_reach(
    service: Service, session: aiohttp.ClientSession, status: int
) -> None:
    service.answers(sends(b"", status))
    with pytest.raises(Unreachable, match=str(status)):
        await files(session, here(service)).content(f"{service.url}/a?tempauth=secret")


async def test_what_is_too_large_is_not_read_to_its_end(service: Service, session: aiohttp.ClientSession) -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while sent < 64_000_000:
            await response.write(b"x" * 1_000_000)
            sent += 1_000_000
        return response

    service.answers(endless)
    with pytest.raises(Unreachable, match="too large"):
        await files(session, here(service)).content(f"{service.url}/a")
    assert sent < 64_000_000


async def test_what_does_not_come_in_time_is_given_up_and_tells_no_address(
    service: Service, session: aiohttp.ClientSession
) -> None:
    async def never(_request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    service.answers(never)
    with pytest.raises(Unavailable) as late:
        await files(session, here(service), within=0.1).content(f"{service.url}/a?tempauth=secret")
    assert late.value.reason is UnknownReason.TIMED_OUT
    with pytest.raises(Unavailable) as gone:
        await files(session, "localhost:1").content("https://localhost:1/a?tempauth=secret")
    assert "secret" not in str(gone.value)
