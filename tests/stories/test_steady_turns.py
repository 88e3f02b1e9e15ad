"""A steady turn opens no connection, asks for no token, loads no trust roots, and waits for nothing on the loop."""

import asyncio
import json
from pathlib import Path
from typing import Any

from tests.stories.loop_watch import BEGIN, END
from tests.stories.world import World


async def until_there(file: Path) -> None:
    async with asyncio.timeout(20):
        while not file.exists():  # noqa: ASYNC110 - another process makes it
            await asyncio.sleep(0.01)


async def watched_from_now(world: World) -> None:
    assert world.bot is not None
    world.bot.send_signal(BEGIN)
    assert world.watched is not None
    await until_there(world.watched.with_suffix(".begun"))


async def what_was_seen(world: World) -> Any:
    assert world.bot is not None
    assert world.watched is not None
    world.bot.send_signal(END)
    await until_there(world.watched)
    return json.loads(world.watched.read_text(encoding="utf-8"))


async def everybody_says(world: World, words: str) -> None:
    """All at once, so that there are more connections than one turn needs."""
    people = ("ana", "bo", "cleo", "dan", "kim")
    assert set(await asyncio.gather(*(world.teams.say(key, words) for key in people))) == {200}


async def test_a_steady_turn_waits_for_nothing_on_the_loop_and_opens_nothing(unstarted: World) -> None:
    world = unstarted
    world.watched = world.folder / "watched.json"
    await world.start(SENDWELL_CLOCK_FILE="", SENDWELL_CHECK_EVERY="1h")
    await world.ana_has_sent()
    await world.evidence_is_there()
    for words in ("help", "my mail bounces", "help"):
        await everybody_says(world, words)
    tokens, told = world.tokens_asked(), len(world.told("dan"))
    world.tenant.restrict("dan", "limit")

    await watched_from_now(world)
    assert await world.teams.say("kim", "help") == 200
    assert await world.teams.say("dan", "my mail bounces") == 200
    await world.until(lambda: len(world.told("dan")) > told)
    assert (await world.decides("bo", "deny", reason="Please come to the help desk")).status == 200
    assert await what_was_seen(world) == []
    assert world.tokens_asked() == tokens
