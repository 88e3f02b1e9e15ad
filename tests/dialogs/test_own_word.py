"""Nobody becomes honest by their own word: what they say, how often they ask, and what they say afterwards."""

import pytest

from services.domain.case.status import Status
from services.domain.evidence.verdict import Verdict
from tests.cases import BO, HOUR, LIMIT_REASON, NOW
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, World

FITS = {"recipients": "1,900", "to_whom": "customers"}


async def says_how_many(w: World, recipients: str) -> None:
    await w.presses(ANA_CLICKS, "mailing_yes", 1, None, **{**FITS, "recipients": recipients})


async def test_a_number_that_anything_would_fit_makes_nobody_honest(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await says_how_many(w, "99999999")
    assert (await w.case()).judgement.verdict is Verdict.NOT_ENOUGH
    assert "No sign of compromise found" not in w.approvers_see()


async def test_one_restriction_that_was_withdrawn_twice_is_one(w: World) -> None:
    w.mail.restrict(ANAS_ADDRESS, LIMIT_REASON, since=NOW - HOUR)
    for _ in range(3):
        await w.says(ANA_CLICKS, "why can't I send email?")
        await w.ana_secures()
        number = (await w.cases.latest_of(ANA_CLICKS.id)).number  # type: ignore[union-attr]  # she asked
        await w.presses(ANA_CLICKS, "mailing_yes", number, None, **FITS)
        await w.presses(ANA_CLICKS, "send", number, note="")
        if number < 3:
            await w.presses(ANA_CLICKS, "withdraw", number)
    case = await w.case(3)
    assert (case.status, case.past.restrictions, case.past.times_asked) == (Status.WAITING, 0, 3)
    assert case.judgement.verdict is Verdict.HONEST
    # Three restrictions would have other limits proposed.
    assert case.limit_change is None
    assert "First restriction" in w.approvers_see()


@pytest.mark.parametrize(("first", "then"), [("mailing_no", "mailing_yes"), ("mailing_yes", "mailing_no")])
async def test_an_answer_that_is_changed_while_approvers_decide_stands_beside_the_first(
    w: World, first: str, then: str
) -> None:
    await w.ana_asks(LIMIT_REASON)
    await w.ana_secures()
    await w.presses(ANA_CLICKS, first, 1, None, **FITS)
    await w.presses(ANA_CLICKS, "send", note="")
    assert "Answer changed" not in w.approvers_see()
    await w.presses(ANA_CLICKS, then, 1, None, **FITS)
    seen = w.approvers_see()
    assert "Answer changed" in seen
    assert "1,900" in seen
    assert "says there was no mailing" in seen
    # What the other answer would have shown is not gone, whichever came first.
    assert (await w.case()).judgement.verdict is not Verdict.HONEST


async def test_a_second_change_does_not_hide_the_first_answer(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await says_how_many(w, "1,900")
    await says_how_many(w, "2,000")
    first = (await w.case()).proofs.first_mailing
    assert first is not None
    assert first.sent == "unsure"
    assert "Answer changed" not in w.ana_sees()


async def test_what_she_corrects_before_she_asks_is_no_change(w: World) -> None:
    await w.ana_asks(LIMIT_REASON)
    await w.ana_secures()
    await says_how_many(w, "1,900")
    await w.presses(ANA_CLICKS, "send", note="")
    case = await w.case()
    assert case.proofs.first_mailing is None
    assert case.judgement.verdict is Verdict.HONEST
    await w.presses(BO, "approve")
    assert (await w.case()).decision is not None
