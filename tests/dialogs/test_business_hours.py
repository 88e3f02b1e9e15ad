"""Business hours: reminders and mentions wait for them, and nothing that protects, or ends by itself, does."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from services.domain.case.case import Status
from services.domain.mention import Mention
from services.domain.people import PersonId, TeamsUser
from services.domain.unknown import UnknownReason
from tests.cases import BO, HOUR, LIMIT_REASON, MINUTE, report
from tests.databases import Databases
from tests.dialogs.fakes import REFUSED
from tests.dialogs.test_digest import OVER, sends
from tests.dialogs.test_evidence import OUTSIDE
from tests.dialogs.test_stalls import is_approved_and_the_list_is_away, told
from tests.dialogs.world import ANA_CLICKS, CLEO, LONG_DAYS, World, small_world
from tests.rules.examples import ESCALATION, OFFICE, rules

# In Vienna it is an hour later.
TUESDAY_AFTERNOON = datetime(2026, 11, 24, 14, tzinfo=UTC)
TUESDAY_EVENING = datetime(2026, 11, 24, 19, tzinfo=UTC)
WEDNESDAY_AT_EIGHT = datetime(2026, 11, 25, 7, tzinfo=UTC)
DAN = Mention(id=PersonId("00000000-0000-4000-8000-000000000004"), name="Dan Reyes")
TIMING = replace(LONG_DAYS, check_every=12 * HOUR, expire_after=48 * HOUR, rules=rules(OFFICE, ESCALATION))
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
    await until(w, TUESDAY_EVENING)
    assert said(w, WAITS) == 3  # after half an hour, one, and two
    await until(w, WEDNESDAY_AT_EIGHT + 2 * HOUR - MINUTE)
    assert said(w, WAITS) == 3
    await w.passes(2 * MINUTE)
    assert said(w, WAITS) == 4  # four hours of business


async def test_what_looks_stolen_is_called_to_mind_and_others_are_mentioned_by_night(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    await ana_sends_at(w, TUESDAY_EVENING)
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


async def test_a_request_of_the_evening_waits_for_the_morning_and_says_so(w: World) -> None:
    await ana_sends_at(w, TUESDAY_EVENING)
    assert (
        "Sent outside business hours: reminders begin after {{DATE(2026-11-25T07:00:00Z,SHORT)}}" in w.approvers_see()
    )
    await until(w, WEDNESDAY_AT_EIGHT + 29 * MINUTE)
    assert said(w, WAITS) == 0
    await w.passes(2 * MINUTE)
    assert said(w, WAITS) == 1


async def test_the_person_hears_when_the_admins_are_back(w: World) -> None:
    await ana_sends_at(w, TUESDAY_EVENING)
    assert "The admins are back on {{DATE(2026-11-25T07:00:00Z,SHORT)}} {{TIME(2026-11-25T07:00:00Z)}}" in w.ana_sees()
    await until(w, WEDNESDAY_AT_EIGHT)
    assert "The admins are back" not in await w.says(ANA_CLICKS, "status")


async def test_the_person_reads_the_same_whether_or_not_the_account_looks_stolen(w: World) -> None:
    """What the evidence looks like is nobody's to read from their own card."""
    w.traces.report = report(forwarding=OUTSIDE)
    await ana_sends_at(w, TUESDAY_EVENING)
    assert "The admins are back on {{DATE(2026-11-25T07:00:00Z,SHORT)}}" in w.ana_sees()


async def test_within_the_hours_nothing_is_said_of_them(w: World) -> None:
    await ana_sends_at(w, TUESDAY_AFTERNOON)
    assert "business hours" not in w.ana_sees() + w.approvers_see()


async def test_a_decision_and_a_removal_wait_for_no_hours(w: World) -> None:
    await ana_sends_at(w, TUESDAY_EVENING)
    await w.bo_approves()
    await w.passes(5 * LONG_DAYS.reads_apart)
    assert await w.status() is Status.OFF_LIST


async def test_silence_ends_a_request_as_before(w: World) -> None:
    await ana_sends_at(w, TUESDAY_EVENING)
    await w.passes(48 * HOUR + MINUTE)
    assert await w.status() is Status.EXPIRED


async def test_a_release_that_failed_in_the_evening_is_called_to_mind_in_the_morning(w: World) -> None:
    await ana_sends_at(w, TUESDAY_EVENING)
    w.mail.outcomes = [REFUSED]
    await w.bo_approves()
    await until(w, WEDNESDAY_AT_EIGHT + 29 * MINUTE)
    assert not any("failed and waits" in w.text_of(post) for post in w.posts())
    await w.passes(2 * MINUTE)
    assert sum("failed and waits" in w.text_of(sheet) for sheet in w.sheets()) == 1


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


@pytest.mark.parametrize("verb", ["looking", "ask", "deny"])
async def test_where_somebody_has_looked_nobody_else_is_mentioned(w: World, verb: str) -> None:
    await ana_sends_at(w, TUESDAY_AFTERNOON)
    await w.presses(BO, verb, words="which list was it?", reason="come by")
    await w.passes(20 * HOUR)
    assert mentioned(w) == []


async def test_after_a_reply_it_is_the_approvers_turn_again(w: World) -> None:
    await ana_sends_at(w, TUESDAY_AFTERNOON)
    await w.presses(BO, "ask", words="which list was it?")
    await w.passes(HOUR / 2)
    await w.presses(ANA_CLICKS, "reply", words="the newsletter")
    replied = w.clock.time
    await until(w, replied + 1.4 * HOUR)  # half an hour of the two is over in the morning
    assert mentioned(w) == []
    await until(w, WEDNESDAY_AT_EIGHT + HOUR / 2 + MINUTE)
    assert mentioned(w) == ["Dan Reyes"]


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


async def test_without_hours_every_hour_counts(databases: Databases) -> None:
    async with small_world(databases.fresh(), replace(TIMING, rules=rules(ESCALATION))) as w:
        w.others.known = (DAN,)
        await ana_sends_at(w, TUESDAY_EVENING)
        await w.passes(2 * HOUR + MINUTE)
        assert mentioned(w) == ["Dan Reyes"]
        assert "business hours" not in w.ana_sees()


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


async def test_of_many_on_one_card_one_line_mentions_others(w: World) -> None:
    w.clock.time = TUESDAY_AFTERNOON
    for number in range(1, OVER + 3):
        await sends(w, number)
    await w.passes(2 * HOUR + MINUTE)
    lines = [w.text_of(sheet) for sheet in w.sheets() if sheet.notified]
    assert len(lines) == OVER + 1
    assert sum("Cases on this card are waiting" in line for line in lines) == 1


async def test_who_is_named_may_still_not_decide(w: World) -> None:
    await ana_sends_at(w, TUESDAY_EVENING)
    await w.presses(CLEO, "looking")
    assert "Only approvers" in await w.presses(TeamsUser(id=PersonId(DAN.id), name=DAN.name), "deny", reason="no")
