"""The clock is put forward by a day or back by an hour: nothing is lost, done twice or stuck."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from dialogs.conversations.inbound import ConversationKind
from dialogs.conversations.rate_limit import RateLimiter
from services.domain.case.status import Status
from services.domain.case.transition import MESSAGES, TaskKind
from tests.cases import ANA, BO, HOUR, MINUTE, TIMING
from tests.databases import Databases
from tests.dialogs.fake_clock import FakeClock
from tests.dialogs.fake_mail import UNCLEAR
from tests.dialogs.rounds import run_due
from tests.dialogs.world import ANA_CLICKS, LONG_DAYS, World
from tests.no_driver import opened
from tests.reliability.endings import tasks, untrue_cards

DAY = 24 * HOUR
CALLED = {"by_another_route": "true", "ground": "called her: it was her newsletter"}
# As long as the defaults: a day more does not expire a request, nor end the watch.
LONG = replace(LONG_DAYS, expire_after=3 * DAY, watch_for=2 * DAY)
JUMPS = pytest.mark.parametrize("jump", [DAY, -HOUR], ids=["a day on", "an hour back"])


@pytest_asyncio.fixture
async def w(calm_databases: Databases) -> AsyncIterator[World]:
    async with opened(calm_databases.fresh()) as database:
        yield World(database, LONG)


STEPS = ("asks", "secures", "sends", "approves", "off list", "works")


async def takes(w: World, step: str) -> None:
    if step == "asks":
        await w.ana_asks()
    elif step == "secures":
        await w.ana_secures()
    elif step == "sends":
        await w.presses(ANA_CLICKS, "send", note="")
    elif step == "approves":
        await w.bo_approves()
    elif step == "off list":
        await w.passes(2 * HOUR)
    else:
        await w.presses(ANA_CLICKS, "works")


@JUMPS
@pytest.mark.parametrize("before", STEPS)
async def test_the_story_goes_on_whenever_the_clock_jumps(w: World, jump: timedelta, before: str) -> None:
    for step in STEPS:
        if step == before:
            w.clock.time += jump
        await takes(w, step)
    assert await w.status() is Status.WORKS
    assert len(w.mail.removals) == 1
    await w.passes(2 * HOUR)
    assert await untrue_cards(w, await w.case()) == []
    # A delivered message is looked for as long as the watch lasts, which a jump may have ended.
    assert set(await tasks(w)) - {"1: prove"} == {"1: check", "1: forget"}


@JUMPS
async def test_tasks_that_were_due_when_the_clock_jumped_are_run(w: World, jump: timedelta) -> None:
    await w.ana_has_sent()
    await w.only_says(BO, "approve 1 called: her newsletter", ConversationKind.CHANNEL)
    w.clock.time += jump
    await w.passes(2 * HOUR)
    # What was approved a day ago is not carried out any more.
    lapsed = jump > w.timing.approval_lasts
    assert await w.status() is (Status.WAITING if lapsed else Status.OFF_LIST)
    assert len(w.mail.removals) == (0 if lapsed else 1)
    assert await untrue_cards(w, await w.case()) == []


async def test_after_a_jump_back_what_is_new_is_shown_at_once(w: World) -> None:
    await w.ana_has_sent()
    w.clock.time -= HOUR
    await w.presses(BO, "looking")
    assert "has been looking into it" in w.approvers_see()


async def test_what_a_process_held_that_died_with_its_clock_ahead_is_done_at_once(w: World) -> None:
    await w.ana_has_sent()
    await w.only_presses(BO, "approve", 1, ConversationKind.CHANNEL, CALLED)
    w.clock.time += HOUR
    assert await w.outbox.claim(w.clock.now(), w.timing.lease, 99, MESSAGES | {TaskKind.UNBLOCK})
    w.clock.time -= HOUR
    for loop in w.workers:
        await run_due(loop)
    assert len(w.mail.removals) == 1
    await w.passes(5 * MINUTE)
    assert await w.status() is Status.OFF_LIST
    assert await untrue_cards(w, await w.case()) == []


async def test_a_jump_back_does_not_shorten_the_grace(w: World) -> None:
    w.mail.outcomes = [UNCLEAR]
    await w.ana_has_sent()
    await w.bo_approves()
    w.clock.time -= HOUR
    await w.passes(HOUR + LONG.unblock_grace - MINUTE)
    assert len(w.mail.removals) == 1
    await w.passes(HOUR)
    assert len(w.mail.removals) == 2
    assert await w.status() is Status.OFF_LIST


async def test_a_jump_on_ends_the_silence_of_a_request_and_it_can_be_asked_again(w: World) -> None:
    await w.ana_has_sent()
    w.clock.time += 4 * DAY
    await w.passes()
    assert await w.status() is Status.EXPIRED
    assert w.mail.removals == []
    await w.presses(ANA_CLICKS, "again")
    assert await w.status(2) is Status.SECURING


async def test_after_a_jump_back_nobody_is_too_fast_for_an_hour() -> None:
    clock = FakeClock()
    limiter = RateLimiter(TIMING.messages_a_minute, clock)
    for _ in range(TIMING.messages_a_minute):
        assert limiter.over(ANA) == 0
    clock.time -= HOUR
    assert limiter.over(ANA) == 0
