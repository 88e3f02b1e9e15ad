"""Who may read /metrics: nobody, until a setting says who."""

import aiohttp
import pytest
from aiohttp import web

from bot.listener import listening
from bot.metrics_page import MetricsPage, counting_responses

TOKEN = "a token for Prometheus"


async def text() -> bytes:
    return b"sendwell_info 1\n"


async def asked(application: web.Application, authorization: str | None = None) -> tuple[int, str]:
    headers = {"Authorization": authorization} if authorization else {}
    async with (
        listening(application, "127.0.0.1", 0) as port,
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/metrics", headers=headers) as response,
    ):
        return response.status, await response.text()


async def test_beside_the_messages_there_is_nothing_without_a_token() -> None:
    application = web.Application()
    MetricsPage(text, None).add_to(application)
    assert await asked(application) == (404, "404: Not Found")


@pytest.mark.parametrize("brought", [None, "Bearer", "Bearer a token", f"Basic {TOKEN}", TOKEN, "Bearer \udce9x"])
async def test_with_a_token_nobody_else_reads(brought: str | None) -> None:
    application = web.Application()
    MetricsPage(text, TOKEN).add_to(application)
    assert await asked(application, brought and brought.replace("\udce9", "é")) == (401, "")


async def test_whoever_brings_the_token_reads() -> None:
    application = web.Application()
    MetricsPage(text, TOKEN).add_to(application)
    assert await asked(application, f"Bearer {TOKEN}") == (200, "sendwell_info 1\n")


async def test_an_address_of_its_own_asks_for_a_token_only_if_there_is_one() -> None:
    assert (await asked(MetricsPage(text, None).alone()))[0] == 200
    assert (await asked(MetricsPage(text, TOKEN).alone()))[0] == 401


async def test_what_the_endpoint_answers_is_counted_by_status_and_nothing_else_is() -> None:
    counted = list[int]()

    async def teapot(_: web.Request) -> web.Response:
        return web.Response(status=418)

    application = web.Application(middlewares=[counting_responses(counted.append)])
    application.router.add_post("/api/messages", teapot)
    application.router.add_get("/healthz", teapot)
    async with listening(application, "127.0.0.1", 0) as port, aiohttp.ClientSession() as session:
        async with session.post(f"http://127.0.0.1:{port}/api/messages"):
            pass
        async with session.get(f"http://127.0.0.1:{port}/healthz"):
            pass
        async with session.get(f"http://127.0.0.1:{port}/api/messages"):  # not a path of this method
            pass
    assert counted == [418]
