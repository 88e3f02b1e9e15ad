"""SIGTERM: running tasks are finished within a time limit, the others stay in the outbox for the next start."""

import asyncio
import re
import signal

from tests.stories.world import World


async def terminated(world: World) -> int:
    """Sends SIGTERM; returns the exit code, and fails where the bot does not end in time."""
    assert world.bot is not None
    world.bot.send_signal(signal.SIGTERM)
    return await asyncio.wait_for(world.bot.wait(), 30)


def handed_back(world: World) -> int:
    """How many tasks the last line of an end speaks of; there is one of its begin before it."""
    begin, end = re.findall(r"INFO sendwell (stopping: .+|stopped, tasks handed back: \d+)$", world.log(), re.MULTILINE)
    assert begin.startswith("stopping")
    return int(end.rpartition(" ")[2])


def begun(world: World, service: str) -> bool:
    """Whether the bot waits for the slow response: the fault was used."""
    return service not in world.tenant.faults.active


async def test_a_removal_in_hand_is_finished_before_the_end(world: World) -> None:
    await world.ana_has_sent()
    world.tenant.faults.fail("exchange.remove", "slow", times=1, seconds=1.5)
    await world.bo_approves()
    await world.until(lambda: begun(world, "exchange.remove"))
    assert await terminated(world) == 0
    assert world.removals() == ["done"]
    assert handed_back(world) >= 0  # what gathers evidence may be in hand
    assert "Traceback" not in world.log()
    await world.start()
    await world.until_off_list()
    assert world.removals() == ["done"]
    assert len(world.posts()) == 1


async def test_a_click_in_hand_is_answered_before_the_end(world: World) -> None:
    card = await world.ana_has_sent()
    await world.evidence_is_there()
    world.tenant.faults.fail("graph", "slow", times=1, seconds=1.5)
    click = asyncio.create_task(world.teams.click("bo", card, "approve", world.approval()))
    await world.until(lambda: begun(world, "graph"))
    assert await terminated(world) == 0
    assert (await click).status == 200
    assert "Traceback" not in world.log()
    await world.start()
    await world.until_off_list()
    assert world.removals() == ["done"]


async def test_what_does_not_end_is_left_to_the_next_start(world: World) -> None:
    world.tenant.faults.fail("exchange.list", "timeout")
    world.tenant.restrict("ana", "limit")
    await world.ana_asks()
    assert await terminated(world) == 0
    assert handed_back(world) >= 1
    assert "Traceback" not in world.log()
    world.tenant.faults.heal()
    await world.start()
    await world.until(lambda: world.person_sees("Step 1 of 3"), 40)  # without waiting for a lease of a minute to end
    assert len(world.told("ana")) <= 2
