"""kill -9 at each status: after a new start the story goes on, and nobody is unblocked twice."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from sandbox import texts
from tests.databases import ON_BOTH
from tests.stories.world import SHORT_LEASE, World


@pytest.fixture
def unstarted(unstarted: World) -> World:
    """A short lease, so that a task that was running at the kill is claimed again soon."""
    unstarted.timing |= SHORT_LEASE
    return unstarted


async def looking(world: World) -> None:
    world.tenant.faults.fail("exchange.list", "503")
    world.tenant.restrict("ana", "limit")
    await world.ana_asks()
    await world.restart_after_kill()
    world.tenant.faults.heal()
    await world.until(lambda: world.person_sees("Step 1 of 3"), 40)


async def securing(world: World) -> None:
    world.tenant.restrict("ana", "limit")
    await world.ana_asks()
    await world.restart_after_kill()


async def waiting(world: World) -> None:
    await securing(world)
    await world.ana_secures()
    await world.ana_sends()
    await world.restart_after_kill()


async def needs_info(world: World) -> None:
    await world.ana_has_sent()
    await world.decides("bo", "ask", words="which tool?")
    await world.until(lambda: world.person_sees("which tool?"))
    await world.restart_after_kill()
    await world.ana_presses("reply", words="our own")
    await world.until(lambda: world.approvers_see("our own"))


async def test_a_message_that_was_not_processed_is_not_acknowledged(world: World) -> None:
    """Teams sends an unacknowledged message again, so it is acknowledged only after it was saved."""
    world.tenant.restrict("ana", "limit")
    world.tenant.faults.fail("exchange.list", "slow", times=1, seconds=1.5)
    said = asyncio.create_task(world.teams.say("ana", "why can't I send email?"))
    await world.until(lambda: "exchange.list" not in world.tenant.faults.active)
    await world.kill()
    with pytest.raises(ConnectionError):
        await said
    await world.start()
    assert await world.teams.resend_last() == 200
    await world.until(lambda: world.told("ana") and world.person_sees("Step 1 of 3"))
    assert len(world.told("ana")) == 1


SENT: dict[str, Callable[[World], Awaitable[None]]] = {"waiting": waiting, "needs info": needs_info}


@pytest.mark.parametrize("status", SENT)
async def test_killed_before_the_decision(world: World, status: str) -> None:
    await SENT[status](world)
    await world.bo_approves()
    await world.until_off_list()
    assert world.removals() == ["done"]
    # Killed between Teams' response and its record, the card is posted once more, so that none is ever lost.
    assert len(world.posts()) <= 2


async def test_killed_before_the_request(world: World) -> None:
    await looking(world)
    await world.ana_secures()
    await world.ana_sends()
    await world.bo_approves()
    await world.until_off_list()
    assert world.removals() == ["done"]


async def test_killed_right_after_the_approval(world: World) -> None:
    await world.ana_has_sent()
    await world.bo_approves()
    await world.restart_after_kill()
    await world.until(lambda: world.person_sees("Unblocked: please test"), 90)
    assert world.removals() == ["done"]


@ON_BOTH
async def test_killed_while_the_call_is_under_way(world: World) -> None:
    """The call takes effect, its response is lost with the process: the list shows it, and Remove is not repeated."""
    await world.ana_has_sent()
    world.tenant.faults.fail("exchange.remove", "done-then-timeout", times=1)
    await world.bo_approves()
    await world.until(lambda: world.removals() == ["done"])
    await world.restart_after_kill()
    await world.until(lambda: world.person_sees("Unblocked: please test"), 40)
    assert world.removals() == ["done"]


async def test_killed_while_the_list_is_watched_and_while_the_person_tests(world: World) -> None:
    world.tenant.list_lag = 0.9
    await world.ana_has_sent()
    await world.bo_approves()
    await world.until(lambda: world.removals() == ["done"])
    await world.until(lambda: world.approvers_see("checking the list"))
    await world.restart_after_kill()
    await world.until(lambda: world.person_sees("Unblocked: please test"), 90)
    assert world.removals() == ["done"]
    await world.restart_after_kill()
    await world.ana_presses("works")
    await world.until(lambda: world.approvers_see("Works again"))
    assert world.removals() == ["done"]


async def test_killed_between_an_answer_and_its_cards(world: World) -> None:
    """Tasks are in the database, so a card that could not be posted is posted after the next start."""
    world.tenant.restrict("ana", "limit")
    await world.ana_asks()
    await world.ana_secures()
    world.tenant.faults.fail("teams", "503")
    await world.ana_presses("send", note="")
    await world.kill()
    world.tenant.faults.heal()
    await world.start()
    await world.until(world.posts, 90)
    assert len(world.posts()) == 1  # nothing was posted before the kill, so nothing is posted twice


async def test_killed_when_the_unblock_had_failed(world: World) -> None:
    await world.fails()
    await world.restart_after_kill()
    world.tenant.accounts["ana"].unblocks_spent = False
    await world.decides("bo", "retry")
    await world.restart_after_kill()
    await world.until(lambda: world.person_sees("Unblocked: please test"), 90)
    assert world.removals() == ["refused", "done"]


async def test_killed_when_a_ticket_is_needed_and_when_microsoft_has_it(world: World) -> None:
    await world.needs_ticket()
    await world.restart_after_kill()
    await world.decides("bo", "ticket", reference="2611250001")
    await world.restart_after_kill()
    await world.until(lambda: world.person_sees("2611250001"), 70)
    world.tenant.list_lag = 0
    await world.until(lambda: world.person_sees("Unblocked: please test"), 90)
    assert world.removals() == ["done"]


async def test_killed_while_lag_is_waited_for_and_while_the_watch_goes_on(unstarted: World) -> None:
    world = unstarted
    world.timing["SENDWELL_LAG_WINDOW"] = "4s"
    await world.start()
    await world.is_off_list()
    await world.ana_presses("bouncing")
    await world.restart_after_kill()
    await world.until(lambda: world.person_sees("send another test message"), 70)
    await world.ana_presses("works")
    await world.restart_after_kill()
    world.tenant.restrict("ana", "limit")
    await world.until(lambda: world.person_sees("This follows case 1"), 70)
    await world.until(lambda: world.channel_reads("Restricted again"), 70)


async def test_killed_before_it_expires_and_before_the_pause_is_over(unstarted: World) -> None:
    world = unstarted
    world.timing |= {"SENDWELL_EXPIRE_AFTER": "4s", "SENDWELL_ASK_AGAIN_AFTER": "600s"}
    await world.start()
    await world.ana_has_sent()
    await world.restart_after_kill()
    await world.until(lambda: world.person_sees("Expired"), 70)
    await world.ana_presses("again")
    await world.ana_presses("tell")
    await world.until(lambda: len(world.posts()) >= 2)
    await world.decides("bo", "deny", reason="come by")
    await world.restart_after_kill()
    await world.until(lambda: world.person_sees("come by"), 70)
    assert "too soon" in texts((await world.ana_presses("again")).card)
