"""One address for several replicas: what a proxy or load balancer is in a real tenant."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import cycle

_HOST = "127.0.0.1"


@asynccontextmanager
async def front(port: int, replicas: Sequence[int]) -> AsyncIterator[None]:
    """Listens at `port` while inside, and hands each connection to the next replica that accepts one: what a replica
    took is never sent to another. Raises `OSError`."""
    turn = cycle(replicas)

    async def hand_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in replicas:
            with suppress(OSError):
                theirs, ours = await asyncio.open_connection(_HOST, next(turn))
                await asyncio.gather(_pass(reader, ours), _pass(theirs, writer))
                return
        writer.close()

    server = await asyncio.start_server(hand_on, _HOST, port)
    try:
        yield
    finally:
        server.close()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Everything that comes, until the end."""
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()
