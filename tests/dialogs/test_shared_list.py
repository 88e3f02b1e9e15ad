"""Questions for the restricted list that come at once are one request to Exchange."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest

from dialogs.casework.shared_list import SharedList
from services.domain.restriction import RestrictedList
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from tests.dialogs.fake_clock import FakeClock
from tests.dialogs.fake_mail import FakeMail


class SlowMail(FakeMail):
    """A list whose reads end when the test says so."""

    async def restricted(self) -> RestrictedList:
        self.answers = asyncio.Event()
        self.reads += 1
        await self.answers.wait()
        if self.trouble:
            raise Unavailable(self.trouble)
        return RestrictedList(entries=(), complete=True, read_at=self.clock.now())


@pytest.fixture
def mail() -> SlowMail:
    return SlowMail(clock=FakeClock())


async def test_whoever_asks_meanwhile_joins_and_may_give_up(mail: SlowMail) -> None:
    shared = SharedList(mail, mail.clock)
    waiting = [asyncio.create_task(shared.restricted()) for _ in range(40)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.pop(0).cancel()
    mail.answers.set()
    assert len(set(map(id, await asyncio.gather(*waiting)))) == 1
    assert mail.reads == 1


async def test_a_check_shares_a_recent_read_and_a_person_gets_a_new_one(mail: SlowMail) -> None:
    shared = SharedList(mail, mail.clock)
    first = await _answered(mail, shared.recent())
    mail.clock.time += timedelta(seconds=1)
    assert await shared.recent() is first
    assert await _answered(mail, shared.restricted()) is not first
    mail.clock.time += timedelta(seconds=2)
    await _answered(mail, shared.recent())
    assert mail.reads == 3


async def test_where_two_reads_lie_closer_together_a_read_is_shared_for_less_long(mail: SlowMail) -> None:
    shared = SharedList(mail, mail.clock, timedelta(milliseconds=200))
    await _answered(mail, shared.recent())
    mail.clock.time += timedelta(milliseconds=200)
    await _answered(mail, shared.recent())
    assert mail.reads == 2


async def test_a_read_that_failed_is_not_kept(mail: SlowMail) -> None:
    shared = SharedList(mail, mail.clock)
    mail.trouble = UnknownReason.THROTTLED
    with pytest.raises(Unavailable):
        await _answered(mail, shared.recent())
    mail.trouble = None
    assert (await _answered(mail, shared.recent())).complete


async def _answered(mail: SlowMail, question: Coroutine[Any, Any, RestrictedList]) -> RestrictedList:
    asked = asyncio.create_task(question)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    mail.answers.set()
    return await asked


async def test_what_is_done_next_rests_on_a_read_that_begins_now(mail: SlowMail) -> None:
    """A read that is under way may have begun before the decision, so an unblock starts a read of its own."""
    shared = SharedList(mail, mail.clock)
    earlier = asyncio.create_task(shared.restricted())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    first = mail.answers
    fresh = await _answered(mail, shared.fresh())
    first.set()
    assert await earlier is not fresh
    assert mail.reads == 2
