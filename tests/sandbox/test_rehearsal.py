"""A set-up is rehearsed in a tenant that knows nothing of Sendwell, with the sandbox in each human's place."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
import pytest_asyncio

from sandbox import Sandbox, rehearsal
from sandbox.box import free_port
from sandbox.front import front
from sandbox.people import TENANT
from services.setup.run import DONE, LEFT
from tests.setup.office import Office


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with Sandbox(data=tmp_path / "box", bare=True) as box:
        yield Office(box=box, folder=tmp_path, tenant_is_bare=True)


async def opened(office: Office, address: str) -> int:
    """By an administrator's browser."""
    trusted = ssl.create_default_context(cafile=office.box.environment["SENDWELL_CA_FILE"])
    async with aiohttp.ClientSession() as session, session.get(address, ssl=trusted) as answer:
        return answer.status


async def test_what_setup_leaves_to_humans_can_be_done_in_the_sandbox(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await office.sets_up() == LEFT
    for address in re.findall(r"https://\S+/adminconsent\S+", office.text):
        assert await opened(office, address) == 200
    page = urlsplit(office.box.page_url).port or 0
    assert await asyncio.to_thread(rehearsal.run, office.folder / "sendwell-exchange.ps1", page) == 0
    assert "was run" in capsys.readouterr().out
    assert await office.sets_up() == DONE, office.text


async def test_consent_for_an_app_that_nobody_made_is_refused(office: Office) -> None:
    login = office.box.environment["SENDWELL_LOGIN_URL"]
    assert await opened(office, f"{login}/{TENANT}/adminconsent?client_id=nobody") == 400


async def test_a_command_that_the_sandbox_does_not_know_is_named(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    script = office.folder / "other.ps1"
    script.write_text("Remove-Mailbox ana\n", encoding="utf-8")
    page = urlsplit(office.box.page_url).port or 0
    assert await asyncio.to_thread(rehearsal.run, script, page) == 2
    assert "Remove-Mailbox ana" in capsys.readouterr().err


async def test_a_bare_tenant_lets_no_app_in_that_setup_did_not_make(office: Office) -> None:
    assert not office.box.tenant.apps
    said = rehearsal.settings(office.box)
    assert "SENDWELL_LOGIN_URL" in said
    assert not re.search("MicrosoftApp|GROUP|CHANNEL|DATABASE|RESPONDER|TEAMS_APP", said)


async def test_the_front_hands_on_to_each_in_turn_and_passes_over_who_is_away() -> None:
    async def answering(name: bytes) -> asyncio.Server:
        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(name)
            writer.close()

        return await asyncio.start_server(answer, "127.0.0.1", 0)

    async def asked(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        said = await reader.read()
        writer.close()
        return said

    port = free_port()
    async with await answering(b"one") as one, await answering(b"two") as two:
        ports = [server.sockets[0].getsockname()[1] for server in (one, two)]
        async with front(port, [*ports, free_port()]):
            assert [await asked(port) for _ in range(4)] == [b"one", b"two", b"one", b"two"]
