"""The running product shows what dashboard and alerts ask for, and only to whoever may read it."""

import gzip
import re
from collections.abc import AsyncIterator

import aiohttp
import pytest_asyncio
from yarl import URL

from sandbox.box import free_port
from tests.deploy.test_monitoring import queries
from tests.service import Asked, Service, says_raw
from tests.stories.world import World

TOKEN = "a-token-for-prometheus"


@pytest_asyncio.fixture
async def collector() -> AsyncIterator[Service]:
    """What takes traces."""
    async with Service() as service:
        yield service


def body_of(asked: Asked) -> bytes:
    return gzip.decompress(asked.body) if asked.headers.get("Content-Encoding") == "gzip" else asked.body


async def read(world: World, token: str | None = None, port: int | None = None) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = URL(world.teams.bot_url).with_port(port or URL(world.teams.bot_url).port).with_path("/metrics")
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        return response.status, await response.text()


async def test_the_running_product_exports_what_dashboard_and_alerts_ask_for(
    unstarted: World, collector: Service
) -> None:
    world, own = unstarted, free_port()
    collector.answers(says_raw(b"", kind="application/x-protobuf"))
    await world.start(
        SENDWELL_TRACES_URL=f"{collector.url}/v1/traces",
        SENDWELL_METRICS_TOKEN=TOKEN,
        SENDWELL_METRICS_LISTEN=f"127.0.0.1:{own}",
        SENDWELL_WATCH_EVERY="200ms",
    )
    await world.ana_has_sent()
    await world.decides("bo", "deny", reason="come by")
    assert (await read(world))[0] == 401
    assert (await read(world, "another-token-of-16"))[0] == 401
    assert (await read(world, port=own))[0] == 401
    status, text = await read(world, TOKEN, own)
    assert status == (await read(world, TOKEN))[0] == 200
    kinds = dict(re.findall(r"^# TYPE (\w+) (\w+)$", text, re.MULTILINE))
    suffixes = {"histogram": ("_bucket", "_count", "_sum")}
    names = {name + suffix for name, kind in kinds.items() for suffix in suffixes.get(kind, ("",))}
    assert {name for query in queries() for name in re.findall(r"sendwell_\w+", query)} <= names
    assert 'sendwell_requests_total{outcome="denied"} 1.0' in text
    assert re.search(r'sendwell_source_seconds_count\{action="restricted",outcome="ok",source="senders"\} [1-9]', text)
    assert re.search(r'sendwell_token_remaining_seconds\{app="bot",service="[^"]+"\} [1-9]', text)
    await world.stop()  # the last spans are sent at the end
    spans = b"".join(map(body_of, collector.asked))
    assert {asked.path for asked in collector.asked} == {"/v1/traces"}
    for name in (b"turn said", b"turn clicked", b"task update_approvers_card", b"senders restricted", b"teams post"):
        assert name in spans
    private = ("Ana", "Soto", "contoso", "bo.larsen", "come by")
    assert [word for word in private if word in text or word.encode() in spans] == []
