"""A restricted list of many thousand entries: how long it keeps the event loop to itself."""

import asyncio
import json
from collections.abc import Awaitable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.turns_of_loop import Pause, WatchedLoop
from dialogs.conversations.inbound import ConversationKind
from services.clients.exchange.cmdlets import Rows
from services.clients.exchange.restricted_senders import ExchangeOnline
from services.clients.store.database import open_database
from services.clients.wire_values import read_json
from tests.cases import BO, LIMIT_REASON
from tests.databases import sqlite_url
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, World


class Answers:
    """Exchange, which answers with these rows."""

    def __init__(self, text: bytes) -> None:
        self._text = text

    async def run(self, cmdlet: str, parameters: Mapping[str, object], *, repeat: bool) -> Rows:
        return Rows(rows=tuple(read_json(self._text)), complete=True)


async def long_list(entries: int, folder: Path) -> dict[str, Pause]:
    """The longest turn of each, by its name."""
    found = {}
    async with open_database(sqlite_url(folder)) as database:
        world = World(database)
        for number in range(entries):
            world.mail.restrict(f"somebody{number}@contoso.example", LIMIT_REASON)
        world.mail.restrict(ANAS_ADDRESS, LIMIT_REASON)
        exchange = ExchangeOnline(
            Answers(json.dumps([_row(number) for number in range(entries)]).encode()), world.clock
        )
        found["all rows read"] = await _longest(exchange.restricted())
        found["all: the watch's first read"] = await _longest(world.list_monitor.once())
        world.clock.time += timedelta(minutes=10)
        found["all: its next read"] = await _longest(world.list_monitor.once())
        found["all: a first look"] = await _longest(
            world.only_says(ANA_CLICKS, "my mail bounces", ConversationKind.PERSONAL)
        )
        found["all: what follows"] = await _longest(world.passes())
        found["all: “restricted”"] = await _longest(world.commands(BO, "restricted"))
    return found


async def _longest(work: Awaitable[object]) -> Pause:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, WatchedLoop)
    await asyncio.sleep(0)
    loop.longest()
    await work
    await asyncio.sleep(0)
    return loop.longest()


def _row(number: int) -> dict[str, Any]:
    return {
        "SenderAddress": f"somebody{number}@contoso.example",
        "Reason": LIMIT_REASON,
        "CreatedDatetime": "11/24/2026 11:00:00 AM",
        "ChangedDatetime": "11/24/2026 11:00:00 AM",
        "TemporaryBlock": "False",
        "Size@data.type": "System.Int32",
        "Size": number,
    }
