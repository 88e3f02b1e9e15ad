"""Every field of every activity replaced by every kind of JSON and its edge values: one defined response, no
traceback, and no change by people who have no rights.

`make soak` sends twenty thousand."""

import json
import logging
import os
import random
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.connector import PooledFactory
from bot.teams_bot import TeamsBot
from tests.bot.door import APP, TENANT, Doorway, activity, doorway, token
from tests.dialogs.world import DAN, LONG_DAYS, World, small_world

REQUESTS = 20_000 if os.environ.get("SENDWELL_SOAK") else 400
ALLOWED = {200, 400, 403, 413, 429}
GOOD = f"Bearer {token()}"
SENDER = {"id": "29:x", "name": "Dan Reyes", "aadObjectId": str(DAN.id)}
"""A colleague who may ask and may not decide."""

MESSAGE = activity(
    id="1",
    text="why can't I send email? 550 5.1.8",
    textFormat="plain",
    locale="en-GB",
    attachments=[{"contentType": "text/html", "content": "<p>x</p>"}],
    **{"from": SENDER},
    entities=[{"type": "mention", "text": "<at>Sendwell</at>", "mentioned": {"id": f"28:{APP}"}}],
)
ACTION = {"type": "Action.Execute", "verb": "approve", "data": {"case": 1, "ground": "x", "by_another_route": "true"}}
INVOKE = activity(
    id="2", type="invoke", name="adaptiveCard/action", value={"action": ACTION, "trigger": "manual"}, **{"from": SENDER}
)
SUBMIT = activity(id="3", value={"verb": "deny", "case": 1, "reason": "x"}, **{"from": SENDER})
CHANNEL = {
    "conversation": {"id": "19:approvals@thread.tacv2;messageid=1", "conversationType": "channel", "tenantId": TENANT},
    "channelData": {"team": {"id": "19:team@thread.tacv2"}, "tenant": MESSAGE["channelData"]["tenant"]},
}
COMMAND = activity(id="4", text="<at>Sendwell</at> approve 1 called: x", **{"from": SENDER}, **CHANNEL)
INSTALLED = activity(id="5", type="installationUpdate", action="add")
MEMBERS = activity(id="6", type="conversationUpdate", membersAdded=[{"id": f"28:{APP}"}], membersRemoved=[{"id": "x"}])
BASES = (MESSAGE, INVOKE, SUBMIT, COMMAND, INSTALLED, MEMBERS)

DEEP: Any = json.loads("[" * 60 + "]" * 60)
EDGES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 1.5, 1e308, 2**53, 2**63, -(2**63), 10**30),
    *("", " ", "x", "1", "0", "-1", "true", "null", "x" * 300, "x" * 70_000, "\0", "\u202e", "\u200b", "１", "é", "💥"),
    *("\ud800", "<at>", "{{DATE(x)}}", "'; DROP TABLE cases; --", "../../etc/passwd", "https://evil.example", "%00"),
    *([], [[]], [None], [1, "x", {}], DEEP, {}, {"id": None}, {"id": {}}, {"": ""}, {"case": [1]}, {"x" * 300: 1}),
)
ABSENT = object()


def _paths(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yields the path to every value inside."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield (*above, key)
        yield from _paths(part, (*above, key))


def _changed(base: Mapping[str, Any], changes: Mapping[tuple[Any, ...], Any]) -> dict[str, Any]:
    made: Any = deepcopy(dict(base))
    for path, value in changes.items():
        parent: Any = made
        try:
            for key in path[:-1]:
                parent = parent[key]
            if value is ABSENT:
                del parent[path[-1]]
            else:
                parent[path[-1]] = deepcopy(value)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change removed this path
    return dict(made)


def bodies() -> Iterator[dict[str, Any]]:
    """Each field with each edge value, in the same order in every run, then several fields at once."""
    chance = random.Random(20_261_125)
    single = [(base, {path: edge}) for base in BASES for path in _paths(base) for edge in (*EDGES, ABSENT)]
    chance.shuffle(single)
    for base, change in single:
        yield _changed(base, change)
    while True:
        base = chance.choice(BASES)
        paths = list(_paths(base))
        yield _changed(base, {chance.choice(paths): chance.choice((*EDGES, ABSENT)) for _ in range(4)})


class Sink:
    """Accepts everything the bot sends and keeps nothing."""

    async def call(self, method: str, service_url: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        del method, service_url, path
        json.dumps(body)
        return {"id": "1"}


@asynccontextmanager
async def whole_bot(url: str) -> AsyncIterator[tuple[Doorway, World]]:
    """The endpoint with the real conversations behind it, one waiting case and no rate limit."""
    async with small_world(url, replace(LONG_DAYS, messages_a_minute=10**9)) as world:
        await world.ana_asks()
        case = await world.case()
        sink: Any = Sink()
        async with doorway(bot=TeamsBot(world.router, PooledFactory(sink))) as door:
            yield door, world
        assert (await world.case()) == case


async def test_no_activity_breaks_the_bot_or_changes_a_case(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    async with whole_bot(f"sqlite+aiosqlite:///{tmp_path}/fuzz.db") as (door, world):
        for body, _ in zip(bodies(), range(REQUESTS), strict=False):
            raw = json.dumps(body).encode("utf-8", errors="surrogatepass")
            status, answer = await door.post(raw, GOOD)
            assert status in ALLOWED, (status, body)
            assert b"Traceback" not in answer
            assert not caplog.records, (caplog.text[-3_000:], body)
        assert [case.number for case in await world.cases.open_cases()] == [1]
