"""`python -m bench.compare.cloud JOB`: the cheap cloud, a process of its own.

A Bot Connector that takes every message, counts it and tells the load generator of it; and sources that ask the sandbox
once for each question and answer from memory ever after, so that what is measured is the bot. Login and keys are the
sandbox's own."""

import asyncio
import hashlib
import itertools
import json
import re
import socket
import ssl
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import aiohttp

from bench.compare.wire import Request, Served, response
from sandbox import PEOPLE, Sandbox
from sandbox.authority import Certificates
from sandbox.crowd import crowd
from sandbox.people import APP_ID, CHANNEL_ID

_CONVERSATIONS = "/teams/v3/conversations"
_TIMES = re.compile(rb"\d{4}-\d\d-\d\d(?:T|%20| )\d\d(?::|%3A)\d\d(?::|%3A)\d\d[\d.]{0,8}(?:Z|%2B00%3A00|\+00:00)?")
_LISTED = 900


class CheapConnector:
    """Takes messages from who has a token, and says so to the generator: the conversation's id, in a datagram."""

    def __init__(self, generator: int, delay: float) -> None:
        self.taken = 0
        self._delay = delay
        self._numbers = itertools.count(1)
        self._to = ("127.0.0.1", generator)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def answer(self, request: Request) -> Any:
        if not request.authorization.startswith("Bearer ey"):
            return response(b'{"error":{"code":"Unauthorized"}}', 401)
        said = self._said(request)
        return self._late(said) if self._delay else said

    async def _late(self, said: bytes) -> bytes:
        await asyncio.sleep(self._delay)
        return said

    def _said(self, request: Request) -> bytes:
        number = next(self._numbers)
        parts = request.target.split("?")[0].split("/")
        if len(parts) < 5:  # a new thread
            return response(json.dumps({"id": f"19:thread{number}", "activityId": str(number)}).encode(), 201)
        if b'"typing"' not in request.body[:2_000]:
            self.taken += 1
            self._socket.sendto(unquote(parts[4]).encode(), self._to)
        return response(b'{"id":"%d"}' % number, 201 if request.method == "POST" else 200)


class Remembered:
    """A source that knows an answer once it was given; `missed` counts what had to be asked."""

    def __init__(self, box: Sandbox, real: str, session: aiohttp.ClientSession, delay: float) -> None:
        self._box = box
        self._real = real
        self._session = session
        self.delay = delay
        self._known: dict[bytes, bytes] = {}
        self.base_url = ""
        self.missed: list[str] = []

    def answer(self, request: Request) -> Any:
        key = _key(request)
        known = self._known.get(key)
        if known is None:
            return self._ask(key, request)
        return self._late(known) if self.delay else known

    async def _late(self, said: bytes) -> bytes:
        await asyncio.sleep(self.delay)
        return said

    async def _ask(self, key: bytes, request: Request) -> bytes:
        self.missed.append(f"{request.method} {request.target[:120]} {request.body[:200]!r}")
        token = self._box.login.token_for(self._box.tenant.apps[APP_ID], self._real)
        headers = {**_headers(request), "Authorization": f"Bearer {token}"}
        url = self._real + request.target
        async with self._session.request(request.method, url, data=request.body or None, headers=headers) as real:
            body = (await real.read()).replace(self._real.encode(), self.base_url.encode())
            said = response(body, real.status, real.headers.get("Content-Type", "application/json"))
        if real.status < 300 or real.status == 404:
            self._known[key] = said
        return said


def _key(request: Request) -> bytes:
    """Questions that differ in times alone, or in the number of a call, are one."""
    asked = b"%b %b\n%b" % (request.method.encode(), request.target.encode(), request.body)
    return hashlib.blake2b(_TIMES.sub(b"T", asked), digest_size=16).digest()


def _headers(request: Request) -> dict[str, str]:
    lines = (line.partition(":") for line in request.head.decode("latin-1").split("\r\n")[1:])
    dropped = {"host", "authorization", "content-length", "connection", "accept-encoding"}
    return {name: value.strip() for name, _, value in lines if name.lower() not in dropped}


async def main(job: dict[str, Any]) -> None:
    """Says in one line of JSON where it listens, and each time a line comes in how much it took and asked. A number in
    that line is how many milliseconds the sources are away from then on."""
    folder, loop = Path(job["folder"]), asyncio.get_running_loop()
    keys = crowd(job["people"])
    async with Sandbox(data=folder, second_app=False) as box:
        _restricts(box, keys, job.get("listed", _LISTED))
        trust = Certificates(folder).context
        async with aiohttp.ClientSession(connector=_trusting(box)) as session:
            connector = CheapConnector(job["generator"], job.get("connector_ms", 0) / 1_000)
            real = (box.environment["SENDWELL_GRAPH_URL"], box.environment["SENDWELL_EXCHANGE_URL"])
            sources = [Remembered(box, one, session, job.get("source_ms", 0) / 1_000) for one in real]
            ports = []
            answerers: tuple[CheapConnector | Remembered, ...] = (connector, *sources)
            for one in answerers:
                server = await loop.create_server(partial(Served, one.answer), "127.0.0.1", 0, ssl=trust)
                ports.append(server.sockets[0].getsockname()[1])
            plain = await loop.create_server(partial(Served, connector.answer), "127.0.0.1", 0)
            for source, port in zip(sources, ports[1:], strict=True):
                source.base_url = f"https://localhost:{port}"
                box.login.audiences.add(source.base_url)
            secure, bare = f"https://localhost:{ports[0]}", f"http://127.0.0.1:{plain.sockets[0].getsockname()[1]}"
            _says(
                {
                    "environment": _environment(box, secure, sources),
                    "https": _people(box, keys, f"{secure}/teams/"),
                    "http": _people(box, keys, f"{bare}/teams/"),
                }
            )
            while line := await loop.run_in_executor(None, sys.stdin.readline):
                if (away := json.loads(line)) is not None:
                    for one in sources:
                        one.delay = away / 1_000
                _says({"taken": connector.taken, "missed": [line for one in sources for line in one.missed]})
                for one in sources:
                    one.missed.clear()


def _restricts(box: Sandbox, keys: tuple[str, ...], listed: int) -> None:
    """Everybody, and so many more that the list has that many entries."""
    for key in keys:
        box.tenant.restrict(key)
    for number in range(max(0, listed - len(keys))):
        box.tenant.restrict(keys[0], address=f"somebody{number}@contoso.example", beside=True)


def _trusting(box: Sandbox) -> aiohttp.TCPConnector:
    return aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=box.environment["SENDWELL_CA_FILE"]))


def _environment(box: Sandbox, connector: str, sources: list[Remembered]) -> dict[str, str]:
    channel = box.environment["SENDWELL_APPROVALS_CHANNEL"].rsplit(";", 1)[0]
    return {
        **box.environment,
        "SENDWELL_GRAPH_URL": sources[0].base_url,
        "SENDWELL_EXCHANGE_URL": sources[1].base_url,
        "SENDWELL_SERVICE_HOSTS": connector.removeprefix("https://"),
        "SENDWELL_APPROVALS_CHANNEL": f"{channel};{connector}/teams/",
        "SENDWELL_MESSAGES_A_MINUTE": "9999",
    }


def _people(box: Sandbox, keys: tuple[str, ...], service_url: str) -> dict[str, Any]:
    """A token for a day, what each person and an approver writes, and how that one clicks: `@ID@`, `@TEXT@`, `@DATA@`
    are to be filled in."""
    said = []
    for key in (*keys, "bo"):
        activity = box.teams.activity(key, type="message", id="@ID@", text="@TEXT@", serviceUrl=service_url)
        said.append([PEOPLE[key].chat_id, json.dumps(activity)])
    click = box.teams.activity(
        "bo",
        channel=f"{CHANNEL_ID};messageid=1",
        type="invoke",
        name="adaptiveCard/action",
        id="@ID@",
        replyToId="1",
        serviceUrl=service_url,
        value={"action": {"type": "Action.Execute", "verb": "approve", "data": "@DATA@"}, "trigger": "manual"},
    )
    token = box.teams.mint(serviceurl=service_url, exp=int(time.time()) + 86_400)
    return {"token": token, "said": said[:-1], "approver": said[-1:], "click": json.dumps(click)}


def _says(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
