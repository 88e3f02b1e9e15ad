"""The sandbox beside Microsoft's Agents Playground. The playground itself is never run here: its place is taken by
what it was seen to send, and by a service that answers as it was seen to answer."""

import asyncio
import json
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from sandbox.box import free_port
from sandbox.people import PEOPLE, TENANT
from sandbox.playground import Playground, configuration
from tests.sandbox.test_command import ended, free_block, run, until_printed
from tests.service import Script, Service, says

ANA = PEOPLE["ana"]


def message(service_url: str, text: str) -> dict[str, Any]:
    """The activity that a playground window sends when its person writes to the bot."""
    return {
        "type": "message",
        "text": text,
        "id": "1c6abd44-026d-401d-b108-006331b41448",
        "from": {"id": ANA.teams_id, "name": ANA.name, "aadObjectId": ANA.id},
        "serviceUrl": service_url,
        "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": ANA.chat_id},
        "recipient": {"id": configuration("ana")["bot"]["id"], "name": "Sendwell"},
        "textFormat": "plain",
        "locale": "en-US",
        "channelData": {"tenant": {"id": TENANT}},
        "channelId": "msteams",
    }


async def test_a_bot_without_an_app_id_asks_the_sources_and_answers_in_the_window(tmp_path: Path) -> None:
    bot = str(free_port())
    ports = ["--port", str(free_block()), "--bot-port", bot, "--playground"]
    async with Service() as window:
        arrived = asyncio.Event()
        window.answers(taking(arrived))
        process = await run(*ports, "--data", str(tmp_path), "--", sys.executable, "app.py")
        await until_printed(process, "Sendwell is ready")
        said = message(f"{window.url}/_connector", "why can't I send email?")
        async with aiohttp.ClientSession() as session:
            async with session.post(f"http://127.0.0.1:{bot}/api/messages", json=said) as response:
                assert response.status == 200
            await asyncio.wait_for(arrived.wait(), 20)
        process.send_signal(signal.SIGINT)
        assert (await ended(process))[0] == 0
    assert "Sending is restricted" in str(window.asked[0].json)
    assert "Authorization" not in window.asked[0].headers
    assert window.asked[0].path == "/_connector/v3/conversations/a%3Asandbox-chat-ana/activities"


def taking(arrived: asyncio.Event) -> Script:
    async def answer(request: web.Request) -> web.StreamResponse:
        arrived.set()
        return await says({"id": "1795578039313"}, 201)(request)

    return answer


async def test_it_says_how_to_open_the_windows_and_writes_what_they_read(tmp_path: Path) -> None:
    process = await run("--port", str(free_block()), "--data", str(tmp_path), "--playground", "47110")
    line = await until_printed(process, "--port 47111")
    assert "--disable-telemetry" in line
    assert f"cd '{tmp_path}/playground/bo'" in line
    await until_printed(process, "export MicrosoftAppId=''")
    channel = await until_printed(process, "export SENDWELL_APPROVALS_CHANNEL")
    assert "http://localhost:47111/_connector" in channel
    await until_printed(process, "export SENDWELL_ANONYMOUS='loopback'")
    process.terminate()
    await ended(process)
    read = json.loads((tmp_path / "playground" / "bo" / ".m365agentsplayground.yml").read_text(encoding="utf-8"))
    assert read == configuration("bo")


def test_a_window_knows_its_person_and_five_others() -> None:
    for key in ("ana", "bo"):
        window: Mapping[str, Any] = configuration(key)
        assert window["currentUser"]["aadObjectId"] == PEOPLE[key].id
        ids = {user["aadObjectId"] for user in window["users"]}
        assert len(ids) == 5
        assert PEOPLE[key].id not in ids
        assert window["personalChat"]["id"] == PEOPLE[key].chat_id
        assert window["team"]["channels"][0]["id"] in Playground().approvals_channel


async def test_a_wrong_port_is_explained() -> None:
    code, _, err = await ended(await run("--playground", "65535"))
    assert code == 2
    assert "65535" in err
