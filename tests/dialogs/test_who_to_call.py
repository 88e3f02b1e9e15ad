"""Whom an approver calls: the most trustworthy first, and what speaks against each number."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.domain.evidence.report import AccountChange, Change
from tests.cases import ANA, HOUR, SPAM_REASON, person
from tests.dialogs.world import ANA_CLICKS, World

MANAGER, BUSINESS, MOBILE = "Manager: Dan Reyes", "business number +34 910 000 001", "mobile +34 600 000 001"
CHANGED = "A number was changed around the restriction"


async def test_the_manager_comes_first_and_the_number_that_its_holder_can_change_last(w: World) -> None:
    await w.ana_has_sent(SPAM_REASON)
    seen = w.approvers_see()
    assert seen.index(MANAGER) < seen.index(BUSINESS) < seen.index(MOBILE)
    assert "it may ring in Teams, which is the same account" in seen
    assert "the sender can change it" in seen
    assert CHANGED not in seen


async def test_the_form_that_asks_for_a_call_says_whom_to_call_and_what_a_call_is(w: World) -> None:
    await w.ana_has_sent(SPAM_REASON)
    form = w.approvers_see().partition("Before you do")[2]
    assert form.index(MANAGER) < form.index(BUSINESS) < form.index(MOBILE) < form.index("I called Ana Soto")
    assert "on a number not tied to this account, or met them in person" in form
    assert "it may ring in Teams, which is the same account" in form


async def test_where_the_directory_knows_no_number_the_card_says_so(w: World) -> None:
    w.directory.people[ANA] = person(phone=None, business_phone=None)
    await w.ana_asks(SPAM_REASON)
    await w.presses_in_chat(ANA_CLICKS, "tell", 1)
    seen = w.approvers_see()
    assert MANAGER in seen
    assert "no phone number listed" in seen


@pytest.mark.parametrize("at", [-HOUR, HOUR], ids=["before", "after"])
async def test_a_number_that_was_changed_around_the_restriction_is_an_alarm(w: World, at: timedelta) -> None:
    await w.ana_asks()
    since = (await w.case()).since
    assert since is not None
    change = AccountChange(at=since + at, what=Change.NUMBER_CHANGED, by="ana@contoso.example", detail="mobile")
    w.traces.report = replace(w.traces.report, changes=(change,))
    await w.ana_secures()
    await w.presses_in_chat(ANA_CLICKS, "send", 1)
    seen = w.approvers_see()
    assert CHANGED in seen
    assert "a phone number in the directory was changed" in seen
