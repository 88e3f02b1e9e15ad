"""`python -m bench.compare.load`: the load generator, a process of its own.

A job in JSON comes in on a line, its result goes out on one. So many connections at once; each writes as the next
person, waits for the bot's status and for the reply at the connector, and only then writes again."""

import asyncio
import contextlib
import itertools
import json
import resource
import sys
import time
from collections import defaultdict
from typing import Any

from bench.compare.wire import Caller

_PATIENCE = 30.0
"""Seconds after which a turn has failed."""


class Replies(asyncio.DatagramProtocol):
    """What the connector was given, by conversation: who waits for it is told when."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, list[asyncio.Future[float]]] = defaultdict(list)

    def datagram_received(self, data: bytes, _addr: object) -> None:
        for waits in self._waiting.pop(data.decode(), []):
            if not waits.done():
                waits.set_result(time.perf_counter())

    def expects(self, conversation: str) -> asyncio.Future[float]:
        waits: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting[conversation].append(waits)
        return waits


class Crowd:
    """One job's people, who write in turn, and how long each waited in seconds."""

    def __init__(self, job: dict[str, Any], replies: Replies) -> None:
        self._job = job
        self._replies = replies
        self._numbers = itertools.count(int(time.time() * 1_000))
        self._turns = iter(range(job["turns"]))
        self.waited: list[float] = []
        self.failed: list[str] = []

    async def writes(self) -> None:
        """One connection's share."""
        caller: Caller | None = None
        for turn in self._turns:
            if caller is None or caller.closed:
                _, caller = await asyncio.get_running_loop().create_connection(Caller, "127.0.0.1", self._job["port"])
            conversation, request = self._request(turn)
            replied = None if self._job.get("clicks") else self._replies.expects(conversation)
            begun = time.perf_counter()
            try:
                async with asyncio.timeout(_PATIENCE):
                    status = await caller.asks(request)
                    if status >= 300:
                        raise ConnectionError(f"status {status}")
                    self.waited.append((await replied if replied else time.perf_counter()) - begun)
            except (OSError, TimeoutError) as broken:
                self.failed.append(repr(broken))
                caller = None

    def _request(self, turn: int) -> tuple[str, bytes]:
        said = self._job["said"]
        conversation, template = said[(self._job.get("first", 0) + turn) % len(said)]
        body = template.replace("@ID@", str(next(self._numbers))).replace("@TEXT@", self._job["text"]).encode()
        head = (
            f"POST /api/messages HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self._job['token']}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return conversation, head.encode() + body


async def main() -> None:
    loop = asyncio.get_running_loop()
    transport, replies = await loop.create_datagram_endpoint(Replies, ("127.0.0.1", 0))
    print(json.dumps({"listens": transport.get_extra_info("sockname")[1]}), flush=True)
    with contextlib.closing(transport):
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            job = json.loads(line)
            crowd, spent, begun = Crowd(job, replies), _spent(), time.perf_counter()
            await asyncio.gather(*(crowd.writes() for _ in range(job["at_once"])))
            seconds = time.perf_counter() - begun
            result = {"seconds": seconds, "spent": _spent() - spent, "waited": crowd.waited, "failed": crowd.failed}
            print(json.dumps(result), flush=True)


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    asyncio.run(main())
