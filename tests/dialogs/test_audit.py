"""Earlier restrictions are searched for over minutes, with a search that is begun once and always deleted."""

from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest

from dialogs.build import Ports
from services.clients.store.database import Database
from services.domain.case.status import Status
from services.domain.case.transition import TaskKind
from services.domain.evidence.report import Listing
from services.domain.unknown import Unknown, UnknownReason
from tests.cases import BO, HOUR, MINUTE, NOW
from tests.databases import Files
from tests.dialogs.outside import Outside
from tests.dialogs.world import ANA_CLICKS, CLEO, LONG_DAYS, World, everything_well
from tests.no_driver import opened
from tests.on_loop import ON_LOOP
from tests.reliability.mortal import Crash, Life, MortalWorld

SEARCHING = "The audit log is being checked"
TWICE = tuple(Listing(at=NOW - days * 24 * HOUR, listed=True) for days in (1, 20))


async def listings(w: World) -> tuple[Listing, ...] | Unknown:
    evidence = (await w.case()).evidence
    assert evidence is not None
    return evidence.listings


async def test_the_card_does_not_wait_for_the_search(w: World) -> None:
    w.audit_log.takes, w.audit_log.found = 10 * MINUTE, TWICE
    await w.ana_has_sent()
    assert "First ask what was sent." in w.approvers_see()
    assert SEARCHING in w.approvers_see()
    await w.passes(9 * MINUTE)
    assert SEARCHING in w.approvers_see()
    await w.passes(10 * MINUTE)
    assert SEARCHING not in w.approvers_see()
    assert "Restricted 2 times in 90 days" in w.approvers_see()
    assert [(look - NOW) / MINUTE for look in w.audit_log.looks] == [1, 3, 8, 18]
    assert (w.audit_log.made, w.audit_log.searches) == (1, {})
    assert SEARCHING not in w.ana_sees()


async def test_a_search_that_never_ends_is_given_up_and_deleted(w: World) -> None:
    w.audit_log.takes = 24 * HOUR
    await w.ana_has_sent()
    await w.passes(37 * MINUTE)
    assert SEARCHING in w.approvers_see()
    await w.passes(2 * MINUTE)
    assert "not checked for earlier restrictions: Microsoft 365 did not answer in time" in w.approvers_see()
    assert await listings(w) == Unknown(reason=UnknownReason.TIMED_OUT)
    assert w.audit_log.searches == {}


@pytest.mark.parametrize("step", ["begin", "listings"])
async def test_a_search_that_may_not_be_made_or_read_is_named_at_once(w: World, step: str) -> None:
    w.audit_log.troubles = {step: UnknownReason.NO_PERMISSION}
    await w.ana_has_sent()
    await w.passes(MINUTE)
    assert "not checked for earlier restrictions: the permission is missing" in w.approvers_see()
    assert w.audit_log.searches == {}
    assert await w.outbox.next_due(frozenset({TaskKind.AUDIT})) is None


async def test_who_finds_no_place_waits_for_one(w: World) -> None:
    w.audit_log.places, w.audit_log.found = 0, TWICE
    await w.ana_has_sent()
    await w.passes(HOUR)
    assert (SEARCHING in w.approvers_see(), w.audit_log.made) == (True, 0)
    w.audit_log.places = 1
    await w.passes(HOUR)
    assert (await listings(w), w.audit_log.made) == (TWICE, 1)


async def test_who_finds_no_place_for_hours_is_told_so(w: World) -> None:
    w.audit_log.places = 0
    await w.ana_has_sent()
    await w.passes(5 * HOUR)
    assert await listings(w) == Unknown(reason=UnknownReason.THROTTLED)
    assert await w.outbox.next_due(frozenset({TaskKind.AUDIT})) is None


async def test_a_source_that_is_away_for_a_while_loses_no_search(w: World) -> None:
    w.audit_log.found = TWICE
    w.audit_log.troubles = dict.fromkeys(("begin", "listings", "end"), UnknownReason.UNREACHABLE)
    await w.ana_has_sent()
    for step in ("begin", "listings", "end"):
        await w.passes(3 * MINUTE)
        del w.audit_log.troubles[step]
    await w.passes(20 * MINUTE)
    assert (await listings(w), w.audit_log.made, w.audit_log.searches) == (TWICE, 1, {})


async def test_a_search_whose_answer_was_lost_is_found_again(w: World) -> None:
    w.audit_log.found, w.audit_log.loses_an_answer = TWICE, True
    await w.ana_has_sent()
    await w.passes(10 * MINUTE)
    assert (await listings(w), w.audit_log.made, w.audit_log.searches) == (TWICE, 1, {})


async def test_a_search_that_can_never_be_deleted_does_not_go_on_for_ever(w: World) -> None:
    w.audit_log.troubles = {"end": UnknownReason.NO_PERMISSION}
    await w.ana_has_sent()
    await w.passes(2 * MINUTE)
    assert await w.outbox.next_due(frozenset({TaskKind.AUDIT})) is None
    w.audit_log.troubles = {"end": UnknownReason.UNREACHABLE}
    await w.presses(CLEO, "gather")
    await w.passes(5 * HOUR)
    assert await w.outbox.next_due(frozenset({TaskKind.AUDIT})) is None
    assert len(w.audit_log.searches) == 2


async def test_a_search_is_deleted_though_its_case_has_ended(w: World) -> None:
    w.audit_log.takes = 10 * MINUTE
    await w.ana_has_sent()
    await w.presses(ANA_CLICKS, "withdraw")
    assert await w.status() is Status.WITHDRAWN
    await w.passes(HOUR)
    assert (w.audit_log.made, w.audit_log.searches) == (1, {})


async def test_gathering_again_searches_again_and_keeps_what_is_known(w: World) -> None:
    w.audit_log.found = TWICE
    await w.ana_has_sent()
    await w.passes(2 * MINUTE)
    w.audit_log.takes = 24 * HOUR
    await w.presses(BO, "gather")
    await w.presses(CLEO, "gather")
    assert (w.audit_log.made, await listings(w)) == (2, TWICE)
    await w.passes(HOUR)
    assert (await listings(w), w.audit_log.searches) == (TWICE, {})


class AuditedWorld(MortalWorld):
    """Its process can die before and after each commit, and each call of the audit log."""

    def ports(self) -> Ports:
        given = World.ports(self)
        watched = self._watched(given.microsoft365.audit_log, "audit log")
        return replace(given, microsoft365=replace(given.microsoft365, audit_log=watched))


async def wants_a_search(url: str) -> Outside:
    """A case in that database whose search is to begin within two minutes; returns the world around it."""
    outside = everything_well()
    outside.audit_log.troubles = {"begin": UnknownReason.UNREACHABLE}
    async with opened(url) as database:
        await World(database, LONG_DAYS, outside).ana_has_sent()
    outside.audit_log.troubles, outside.audit_log.found = {}, TWICE
    return outside


async def dies(database: Database, outside: Outside, at: int) -> bool:
    """Lets a process work for some minutes; returns whether it came to that boundary and died there."""
    mortal = AuditedWorld(database, Life(dies_at=at), LONG_DAYS, outside)
    try:
        await mortal.passes(3 * MINUTE)
    except (Crash, BaseExceptionGroup):
        assert mortal.life.dead
    return mortal.life.dead


async def test_a_process_that_dies_at_any_moment_leaves_no_second_search(tmp_path: Path) -> None:
    files, boundary, died = Files(tmp_path, ON_LOOP), 0, True
    before = await wants_a_search(wanted := files.fresh())
    while died:
        boundary += 1
        outside = deepcopy(before)
        async with opened(files.copy_of(wanted)) as database:
            died = await dies(database, outside, boundary)
            outside.clock.time += 2 * LONG_DAYS.lease  # what it had in hand is nobody's now
            w = World(database, LONG_DAYS, outside)
            await w.passes(2 * MINUTE)
            assert (await listings(w), w.audit_log.made) == (TWICE, 1), boundary
            assert w.audit_log.searches == {}, boundary
    assert boundary > 10
