"""The running product shows what dashboard and alerts ask for, and only to whoever may read it."""

import re

import aiohttp
from yarl import URL

from sandbox.box import free_port
from tests.deploy.test_monitoring import queries
from tests.stories.world import World

TOKEN = "a-token-for-prometheus"


async def read(world: World, token: str | None = None, port: int | None = None) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = URL(world.teams.bot_url).with_port(port or URL(world.teams.bot_url).port).with_path("/metrics")
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        return response.status, await response.text()


async def test_the_running_product_exports_what_dashboard_and_alerts_ask_for(unstarted: World) -> None:
    world, own = unstarted, free_port()
    await world.start(
        SENDWELL_METRICS_TOKEN=TOKEN, SENDWELL_METRICS_LISTEN=f"127.0.0.1:{own}", SENDWELL_WATCH_EVERY="200ms"
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
    assert [private for private in ("ana", "Ana", "contoso", "bo.larsen") if private in text] == []
