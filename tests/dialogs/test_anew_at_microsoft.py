"""Restricted anew after the release, while Microsoft's support is asked, or about to be: that is a case of its own."""

import pytest

from services.domain.case.status import Status
from tests.cases import BO, HOUR, LIMIT_REASON, MINUTE, SPAM_REASON
from tests.dialogs.fake_mail import UNCLEAR
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, World


async def is_listed_still(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.keeps_listing = True
    await w.bo_approves()
    await w.passes(w.timing.support_after + HOUR)


async def bounces_still(w: World) -> None:
    await w.is_off_list()
    await w.passes(w.timing.lag_window)
    await w.presses(ANA_CLICKS, "bouncing")


async def is_restricted_anew(w: World, reason: str) -> None:
    w.mail.restrict(ANAS_ADDRESS, reason, since=w.clock.now() - MINUTE)
    await w.passes(12 * w.timing.check_every)


@pytest.mark.parametrize("handed_over", [False, True])
@pytest.mark.parametrize("reason", [LIMIT_REASON, SPAM_REASON])
async def test_it_is_not_taken_for_the_old_entry(w: World, handed_over: bool, reason: str) -> None:
    await is_listed_still(w)
    assert await w.status() is Status.NEEDS_TICKET
    if handed_over:
        await w.presses(BO, "ticket", 1, None, reference="26112400")
    await is_restricted_anew(w, reason)
    assert await w.status() is Status.RELAPSED
    assert (await w.case(2)).restriction == w.mail.entries[ANAS_ADDRESS]


async def test_nor_for_mail_that_bounces_still(w: World) -> None:
    await bounces_still(w)
    assert await w.status() is Status.NEEDS_TICKET
    await is_restricted_anew(w, SPAM_REASON)
    assert await w.status() is Status.RELAPSED


async def test_the_old_entry_that_stays_is_for_microsoft(w: World) -> None:
    await is_listed_still(w)
    await w.passes(2 * HOUR)
    assert await w.status() is Status.NEEDS_TICKET


async def test_after_a_call_of_unknown_outcome_too(w: World) -> None:
    w.mail.outcomes = [UNCLEAR] * 3
    await w.ana_has_sent(LIMIT_REASON)
    await w.bo_approves()
    await w.passes(HOUR)
    assert await w.status() is Status.FAILED
    await w.presses(BO, "ticket", 1, None, reference="26112400")
    await is_restricted_anew(w, SPAM_REASON)
    assert await w.status() is Status.RELAPSED
