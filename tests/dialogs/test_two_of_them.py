"""Who made way for a release is not the only one who lets it go, however the making way is told apart."""

from dataclasses import replace

import pytest

from services.domain.case.status import Status
from services.domain.containment.containment import ContainmentStep
from services.domain.evidence.report import AccountChange, Change, Forwarding, InboxRule, RuleDeed, SignIn
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox
from tests.cases import ANA, BO, HOUR, LIMIT_REASON, MINUTE, SINCE, report
from tests.dialogs.fake_mail import REFUSED
from tests.dialogs.test_limits import OWN, asks_honestly
from tests.dialogs.test_worsening import button
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CLEO, World

WORD = {"by_another_route": "true", "ground": "called her: it was her newsletter"}
OUTSIDE = Forwarding(to="collector@mail.example", keeps_copy=True, external=True)
HIDES = InboxRule(id="1", name="tidy", enabled=True, hidden=False, deeds=(RuleDeed.HIDES,), external=False)
OUT = {"sessions": "true", "password": "true", "forwarding": "true"}


@pytest.fixture
def w(w: World) -> World:
    owner = Holder(person=ANA, name="Ana Soto", upn=ANAS_ADDRESS, right=SendRight.OWNER)
    w.mailboxes.known[ANAS_ADDRESS] = SharedMailbox(
        address=ANAS_ADDRESS, name="Ana Soto", addresses=(ANAS_ADDRESS,), holders=(owner,)
    )
    return w


async def is_contained_by_cleo(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    await w.ana_has_sent(LIMIT_REASON)
    w.traces.report = report()
    await w.presses(CLEO, "contain", 1, None, **OUT)
    await w.presses_shown(CLEO, "contain_confirm")
    await w.passes(MINUTE)
    assert (await w.case()).is_contained


async def test_a_plan_that_somebody_lists_later_hides_nobody_who_contained(w: World) -> None:
    await is_contained_by_cleo(w)
    await w.presses(BO, "contain", sessions="true")
    await w.presses(CLEO, "approve", 1, None, **WORD)
    await w.passes(MINUTE)
    assert (await w.case()).decision is None


async def test_who_answered_for_what_came_in_later_does_not_let_go_alone(w: World) -> None:
    await is_contained_by_cleo(w)
    await w.passes(HOUR)
    came_back = SignIn(at=w.clock.now() - MINUTE, succeeded=True, place="RU", address="192.0.2.66")
    w.traces.report = report(gathered_at=w.clock.now(), begun_at=w.clock.now(), sign_ins=(came_back,))
    await w.presses(BO, "gather")
    items = {f"open:{item.id}": "true" for item in (await w.case()).still_open}
    assert items
    await w.presses(BO, "contain_sign", 1, None, **items, sign_reason="it was her, on a journey")
    await w.presses(BO, "approve", 1, None, **WORD)
    await w.passes(MINUTE)
    assert (await w.case()).decision is None


async def test_a_password_changed_after_the_account_was_read_is_looked_at_before_one_approves(w: World) -> None:
    await is_contained_by_cleo(w)
    await w.passes(10 * MINUTE)
    w.directory.people[ANA] = replace(w.directory.people[ANA], password_changed_at=w.clock.now())
    await w.passes(MINUTE)
    await w.presses(BO, "approve", 1, None, **WORD)
    await w.passes(MINUTE)
    assert w.mail.removals == []


async def test_ones_own_denial_does_not_cancel_anothers(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(CLEO, "deny", reason="I know nothing of a mailing")
    for number, denies in ((2, True), (3, False)):
        await w.passes(w.timing.ask_again_after + MINUTE)
        await w.says(ANA_CLICKS, "why can't I send email? 550 5.1.8 Access denied, bad outbound sender")
        for verb in ("password_done", "mfa_done", "mailing_unsure", "send"):
            await w.presses(ANA_CLICKS, verb, number)
        await w.presses(BO, "deny" if denies else "approve", number, None, reason="not yet", **WORD)
    await w.passes(MINUTE)
    assert (await w.case(3)).decision is None


async def test_a_sign_that_was_answered_for_is_a_sign_beside_the_next(w: World) -> None:
    w.traces.report = report(rules=(HIDES,))
    w.mail.outcomes = [REFUSED]
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "approve", 1, None, **WORD)
    assert await w.status() is Status.FAILED
    w.traces.report = report(changes=(AccountChange(at=SINCE - HOUR, what=Change.PASSWORD_CHANGED),))
    await w.passes(MINUTE)
    await w.presses(BO, "gather")
    assert (await w.case()).needs_two


async def test_the_first_of_two_who_may_send_from_the_mailbox_by_now_counts_no_more(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "approve", 1, None, **WORD)
    assert (await w.case()).first_approval is not None
    known = w.mailboxes.known[ANAS_ADDRESS]
    bo = Holder(person=BO.id, name=BO.name, upn="bo@contoso.example", right=SendRight.ON_BEHALF)
    w.mailboxes.known[ANAS_ADDRESS] = replace(known, holders=(*known.holders, bo))
    await w.passes(MINUTE)
    await w.presses(CLEO, "gather")
    await w.presses(CLEO, "approve", 1, None, **WORD)
    assert (await w.case()).decision is None


async def test_who_was_made_a_delegate_may_still_protect(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    known = w.mailboxes.known[ANAS_ADDRESS]
    made = tuple(Holder(person=one.id, name=one.name, upn="", right=SendRight.ON_BEHALF) for one in (BO, CLEO))
    w.mailboxes.known[ANAS_ADDRESS] = replace(known, holders=(*known.holders, *made))
    await w.passes(MINUTE)
    await w.presses(CLEO, "gather")
    await w.presses(BO, "deny", reason="come by")
    assert await w.status() is Status.DENIED


async def asks_again_and_looks_stolen(w: World) -> None:
    """She withdraws, and asks in a case of its own; by then her mail is forwarded to a stranger."""
    await w.presses(ANA_CLICKS, "withdraw")
    w.traces.report = report(forwarding=OUTSIDE)
    await w.says(ANA_CLICKS, "why can't I send email? 550 5.1.8 Access denied, bad outbound sender")
    for verb in ("password_done", "mfa_done", "mailing_unsure", "send"):
        await w.presses(ANA_CLICKS, verb, 2)
    await w.passes(MINUTE)
    assert (await w.case(2)).looks_stolen


async def test_limits_are_not_raised_on_the_card_of_an_older_case(w: World) -> None:
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    shown = button(w, "limits_apply")
    await asks_again_and_looks_stolen(w)
    await w.presses(CLEO, "limits_apply", 1, None, **shown)
    await w.passes(MINUTE)
    assert w.policies.notes == []


async def test_nothing_is_put_back_on_the_card_of_an_older_case(w: World) -> None:
    w.containing.was = {ContainmentStep.DISABLE: ("enabled",)}
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "contain", disable="true")
    await w.presses_shown(BO, "contain_confirm")
    shown = button(w, "put_back_disable")
    await asks_again_and_looks_stolen(w)
    assert "later case" in await w.presses(CLEO, "put_back_disable", 1, None, **shown)
    await w.passes(MINUTE)
    assert w.containing.backs == []
