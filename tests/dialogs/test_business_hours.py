"""Business hours: reminders and mentions wait for them, and nothing that protects, or ends by itself, does."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from services.domain.mention import Mention
from services.domain.people import PersonId
from services.domain.unknown import UnknownReason
from tests.cases import BO, HOUR, LIMIT_REASON, MINUTE, report
from tests.databases import Databases
from tests.dialogs.test_digest import sends
from tests.dialogs.test_evidence import OUTSIDE
from tests.dialogs.test_stalls import is_approved_and_the_list_is_away, told
from tests.dialogs.world import ANA_CLICKS, LONG_DAYS, World, small_world
from tests.rules.examples import ESCALATION, OFFICE, rules

# In Vienna it is an hour later.
TUESDAY_AFTERNOON = datetime(2026, 11, 24, 14, tzinfo=UTC)
TUESDAY_EVENING = datetime(2026, 11, 24, 19, tzinfo=UTC)
WEDNESDAY_AT_EIGHT = datetime(2026, 11, 25, 7, tzinfo=UTC)
DAN = Mention(id=PersonId("00000000-0000-4000-8000-000000000004"), name="Dan Reyes")
TIMING = replace(LONG_DAYS, check_every=12 * HOUR, expire_after=48 * HOUR, rules=rules(OFFICE, ESCALATION))
ADMINS_BACK = "The admins are back on {{DATE(2026-11-25T07:00:00Z,SHORT)}} {{TIME(2026-11-25T07:00:00Z)}}"
WAITS, NOBODY = "still waiting for a decision", "no one is looking into it"


@pytest_asyncio.fixture
async def w(databases: Databases) -> AsyncIterator[World]:
    """A world with business hours, in which Dan is mentioned after two of them."""
    async with small_world(databases.fresh(), TIMING) as world:
        world.others.known = (DAN,)
        yield world


def said(w: World, what: str) -> int:
    return sum(what in text for text in w.lines())


def mentioned(w: World) -> list[str]:
    """Everybody whom a message in the channel mentions."""
    return [name for sheet in w.sheets() for name in sheet.notified]


async def until(w: World, moment: datetime) -> None:
    await w.passes(moment - w.clock.time)


async def ana_sends_at(w: World, moment: datetime) -> None:
    w.clock.time = moment
    await w.ana_has_sent(LIMIT_REASON)


async def test_nobody_is_reminded_by_night_and_the_count_goes_on_in_the_morning(w: World) -> None:
    await ana_sends_at(w, TUESDAY_AFTERNOON)
    assert "business hours" not in w.ana_sees() + w.approvers_see()
    await until(w, TUESDAY_EVENING)
    assert said(w, WAITS) == 3  # after half an hour, one, and two
    await until(w, WEDNESDAY_AT_EIGHT + 2 * HOUR - MINUTE)
    assert said(w, WAITS) == 3
    await w.passes(2 * MINUTE)
    assert said(w, WAITS) == 4  # four hours of business


async def test_what_looks_stolen_is_called_to_mind_and_others_are_mentioned_by_night(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    await ana_sends_at(w, TUESDAY_EVENING)
    assert ADMINS_BACK in w.ana_sees()  # what the evidence looks like is nobody's to read from their own card
    await w.passes(2 * HOUR + MINUTE)
    assert said(w, WAITS) == 3
    assert said(w, NOBODY) == 1
    assert mentioned(w) == ["Dan Reyes"]
    assert "outside business hours" not in w.approvers_see()


async def test_a_sign_that_is_found_by_night_stops_the_waiting_for_the_morning(w: World) -> None:
    await ana_sends_at(w, TUESDAY_EVENING)
    await w.passes(3 * HOUR)
    assert (said(w, WAITS), mentioned(w)) == (0, [])
    w.traces.report = report(forwarding=OUTSIDE, gathered_at=w.clock.time)
    await w.presses(BO, "gather")
    await w.passes(MINUTE)
    assert (said(w, WAITS), mentioned(w)) == (1, ["Dan Reyes"])


async def test_a_request_of_the_evening_waits_for_the_morning_and_both_sides_read_so(w: World) -> None:
    await ana_sends_at(w, TUESDAY_EVENING)
    assert ADMINS_BACK in w.ana_sees()
    assert "Sent outside business hours: reminders begin after 25 Nov 2026, 07:00 UTC" in w.approvers_see()
    await until(w, WEDNESDAY_AT_EIGHT + 29 * MINUTE)
    assert said(w, WAITS) == 0
    assert "The admins are back" not in await w.says(ANA_CLICKS, "status")
    await w.passes(2 * MINUTE)
    assert said(w, WAITS) == 1


async def test_what_cannot_go_on_is_told_in_the_morning(w: World) -> None:
    w.clock.time = TUESDAY_EVENING
    await is_approved_and_the_list_is_away(w)
    await w.passes(HOUR)
    assert told(w, "Approved, but not unblocked") == []


async def test_others_are_mentioned_once_after_business_time_without_anybody_looking(w: World) -> None:
    await ana_sends_at(w, TUESDAY_AFTERNOON + HOUR)
    await until(w, WEDNESDAY_AT_EIGHT + 59 * MINUTE)
    assert mentioned(w) == []
    await w.passes(2 * MINUTE)
    assert (said(w, NOBODY), mentioned(w)) == (1, ["Dan Reyes"])
    (line,) = [sheet for sheet in w.sheets() if sheet.notified]
    assert line.thread == w.posts()[0].posted.activity
    await w.passes(24 * HOUR)
    assert mentioned(w) == ["Dan Reyes"]
    await w.presses(BO, "deny", reason="come by")
    assert said(w, NOBODY) == 0  # the line says that it waits no more


@pytest.mark.parametrize(
    ("why", "names"), [(UnknownReason.TIMED_OUT, ["Dan Reyes"]), (UnknownReason.NO_PERMISSION, [])]
)
async def test_they_are_named_once_so_what_passes_is_waited_for(w: World, why: UnknownReason, names: list[str]) -> None:
    """What does not pass by itself holds nothing up: the line is posted without them."""
    await ana_sends_at(w, TUESDAY_AFTERNOON)
    w.others.trouble = why
    await w.passes(2 * HOUR + MINUTE)
    assert said(w, NOBODY) == (0 if names else 1)
    w.others.trouble = None
    await w.passes(5 * MINUTE)
    assert (said(w, NOBODY), mentioned(w)) == (1, names)


async def test_a_mention_that_could_not_be_posted_is_owed_still_and_posted_once(w: World) -> None:
    await ana_sends_at(w, TUESDAY_AFTERNOON)
    await w.passes(2 * HOUR - MINUTE)
    w.messenger.down = True
    await w.passes(5 * MINUTE)
    assert mentioned(w) == []
    w.messenger.down = False
    await w.passes(5 * MINUTE)
    assert mentioned(w) == ["Dan Reyes"]


async def test_a_mention_that_comes_late_is_not_posted_once_somebody_looks(w: World) -> None:
    await ana_sends_at(w, TUESDAY_AFTERNOON)
    await w.passes(2 * HOUR - MINUTE)
    w.messenger.down = True
    await w.passes(2 * MINUTE)
    await w.presses(BO, "looking")
    w.messenger.down = False
    await w.passes(5 * MINUTE)
    assert (mentioned(w), said(w, NOBODY)) == ([], 0)


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
async def test_a_clock_that_jumps_mentions_nobody_twice(w: World, jump: timedelta) -> None:
    await ana_sends_at(w, TUESDAY_AFTERNOON)
    w.clock.time += jump
    await w.passes(MINUTE)
    w.clock.time -= jump
    await w.passes(2 * HOUR + MINUTE)
    assert mentioned(w) == ["Dan Reyes"]
    reminders = said(w, WAITS)
    await w.passes()
    assert said(w, WAITS) == reminders <= 4


async def test_of_many_on_one_card_one_line_mentions_others(databases: Databases) -> None:
    async with small_world(databases.fresh(), replace(TIMING, digest_over=1)) as w:
        w.others.known = (DAN,)
        w.clock.time = TUESDAY_AFTERNOON
        for number in (1, 2, 3):
            await sends(w, number)
        await w.passes(2 * HOUR + MINUTE)
        lines = [w.text_of(sheet) for sheet in w.sheets() if sheet.notified]
        assert len(lines) == 2
        assert sum("Cases on this card are waiting" in line for line in lines) == 1
