"""A decision holds for the facts it was made on: they are read at the click, and again before the removal."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.domain.case.status import Status
from services.domain.evidence.report import Forwarding
from services.domain.people import AuthenticationMethod, MethodKind
from services.domain.restriction import Cause
from services.domain.unknown import UnknownReason
from tests.cases import ANA, BO, HOUR, LIMIT_REASON, MINUTE, RATE_REASON, SPAM_REASON, report
from tests.dialogs.fake_mail import REFUSED, UNCLEAR
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CLEO, World

NOTHING_DECIDED = "Nothing was decided"
CALLED = "called her: it was her newsletter"


async def ana_is_restricted_for(w: World, reason: str, **changes: object) -> None:
    """The entry is another one by now, and nobody has looked yet."""
    entry = w.mail.entries[ANAS_ADDRESS]
    w.mail.restrict(ANAS_ADDRESS, reason, since=entry.since)
    w.mail.entries[ANAS_ADDRESS] = replace(w.mail.entries[ANAS_ADDRESS], **changes)  # type: ignore[arg-type]  # real fields


async def test_a_limit_that_became_a_spam_verdict_is_not_approved_by_a_click_on_the_limit(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await ana_is_restricted_for(w, SPAM_REASON)
    seen = await w.presses(BO, "approve")
    assert NOTHING_DECIDED in seen
    assert "is now more serious" in seen
    # The posted card is drawn anew at once: a line below it says why, for everybody.
    assert any("nothing was decided" in line and "is now more serious" in line for line in w.lines())
    assert (await w.status(), w.mail.removals) == (Status.WAITING, [])
    case = await w.case()
    assert case.restriction is not None
    assert case.restriction.cause is Cause.SPAM


async def test_an_entry_that_began_later_is_not_approved_by_a_click_on_the_earlier_one(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await ana_is_restricted_for(w, LIMIT_REASON, since=w.clock.now() - timedelta(seconds=1))
    seen = await w.presses(BO, "approve")
    assert "restricted again since" in seen
    assert (await w.status(), w.mail.removals) == (Status.WAITING, [])


async def test_a_start_that_nobody_knows_any_more_may_be_a_later_one(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await ana_is_restricted_for(w, LIMIT_REASON, since=None)
    assert NOTHING_DECIDED in await w.presses(BO, "approve")
    assert (await w.status(), w.mail.removals) == (Status.WAITING, [])


async def test_better_news_and_other_counts_are_no_reason_to_ask_again(w: World) -> None:
    await w.ana_has_sent(SPAM_REASON)
    await ana_is_restricted_for(w, RATE_REASON)
    await w.presses(BO, "approve", by_another_route="true", ground=CALLED)
    assert (await w.case()).decision is not None


async def test_a_list_that_cannot_be_read_decides_nothing(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.trouble = UnknownReason.NO_PERMISSION
    assert "could not be read just now" in await w.presses(BO, "approve")
    assert await w.status() is Status.WAITING
    w.mail.trouble = None
    await w.presses(BO, "approve")
    assert (await w.case()).decision is not None


async def test_an_old_card_is_compared_with_what_it_showed(w: World) -> None:
    """The case learnt of the worse cause by itself; somebody's card still shows the old one."""
    await w.ana_has_sent(LIMIT_REASON)
    shown = (await w.case()).facts[-1].number
    await ana_is_restricted_for(w, SPAM_REASON)
    await w.passes(2 * w.timing.check_every)
    assert (await w.case()).facts[-1].number > shown
    assert NOTHING_DECIDED in await w.presses(BO, "approve", facts=str(shown), by_another_route="true", ground=CALLED)
    assert await w.status() is Status.WAITING
    await w.presses(BO, "approve", facts=str((await w.case()).facts[-1].number), by_another_route="true", ground=CALLED)
    assert (await w.case()).decision is not None


@pytest.mark.parametrize("number", ["0", "99", "-1", "1e3", "x" * 40])
async def test_a_number_of_facts_that_no_card_had_decides_nothing(w: World, number: str) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    assert NOTHING_DECIDED in await w.presses(BO, "approve", facts=number)
    assert await w.status() is Status.WAITING


async def test_what_is_found_at_the_click_stays_found_though_the_person_taps_a_button_in_that_moment(
    w: World,
) -> None:
    """A new sign-in method must not get lost because somebody else saves the case within those seconds."""
    await w.ana_has_sent(LIMIT_REASON)
    w.directory.methods_of[ANA] = (
        *w.directory.methods_of.get(ANA, ()),
        AuthenticationMethod(id="thief", kind=MethodKind.PHONE),
    )

    async def taps() -> None:
        w.mail.when_read = None
        await w.only_presses(ANA_CLICKS, "mailing_no", 1, ConversationKind.PERSONAL, {})

    w.mail.when_read = taps
    assert NOTHING_DECIDED in await w.presses(BO, "approve")
    assert await w.status() is Status.WAITING


async def test_trying_again_is_an_approval_with_its_conditions(w: World) -> None:
    w.mail.outcomes = [REFUSED]
    await w.ana_has_sent(SPAM_REASON)
    await w.presses(BO, "approve", by_another_route="true", ground=CALLED)
    assert await w.status() is Status.FAILED
    assert "called or met" in await w.presses(CLEO, "retry")
    assert await w.status() is Status.FAILED
    await w.presses(CLEO, "retry", by_another_route="true", ground=CALLED)
    await w.passes(HOUR)
    case = await w.case()
    assert (case.status, case.decision and case.decision.by) == (Status.OFF_LIST, CLEO.id)


async def test_trying_again_does_not_let_go_what_was_restricted_anew(w: World) -> None:
    w.mail.outcomes = [REFUSED]
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "approve")
    assert await w.status() is Status.FAILED
    w.mail.restrict(ANAS_ADDRESS, SPAM_REASON, since=w.clock.now())
    seen = await w.presses(BO, "retry")
    assert NOTHING_DECIDED in seen
    assert (await w.status(), len(w.mail.removals)) == (Status.FAILED, 1)


async def test_trying_again_takes_two_where_the_account_looks_stolen_by_now(w: World) -> None:
    w.mail.outcomes = [REFUSED]
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "approve")
    w.traces.report = report(forwarding=Forwarding(to="x@mail.example", keeps_copy=True, external=True))
    await w.passes(MINUTE)
    await w.presses(BO, "gather")
    assert "two approvers" in w.approvers_see()
    await w.presses(BO, "retry", by_another_route="true", ground=CALLED)
    assert await w.status() is Status.FAILED
    await w.presses(CLEO, "retry", by_another_route="true", ground=CALLED)
    await w.passes(MINUTE)
    assert await w.status() is not Status.FAILED


async def test_what_got_worse_after_the_decision_is_not_removed_and_the_channel_reads_why(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.outcomes = [UNCLEAR]
    await w.presses(BO, "approve")
    await ana_is_restricted_for(w, SPAM_REASON)  # the same start, another reason
    await w.passes(HOUR)
    assert (await w.status(), len(w.mail.removals)) == (Status.WAITING, 1)
    assert "Bo Larsen approved this (" in w.approvers_see()
    assert "The reason for the restriction is now more serious" in w.approvers_see()
    assert any("is waiting for a new decision" in line for line in w.lines())
    # The new decision speaks of what is listed now.
    await w.presses(CLEO, "approve", by_another_route="true", ground=CALLED)
    await w.passes(HOUR)
    assert (await w.status(), len(w.mail.removals)) == (Status.OFF_LIST, 2)


async def test_an_alarm_that_came_after_the_decision_holds_the_removal(w: World) -> None:
    """Evidence that was still being gathered at the click."""
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.outcomes = [UNCLEAR]
    await w.presses(BO, "approve")
    w.traces.report = report(forwarding=Forwarding(to="x@mail.example", keeps_copy=True, external=True))
    await w.passes(MINUTE)
    await w.presses(BO, "gather")
    await w.passes(HOUR)
    assert (await w.status(), len(w.mail.removals)) == (Status.WAITING, 1)


async def test_an_approval_that_cannot_be_carried_out_in_time_lapses(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await w.only_presses(BO, "approve", 1, ConversationKind.CHANNEL, {})
    w.mail.trouble = UnknownReason.UNREACHABLE
    await w.passes(w.timing.approval_lasts + HOUR)
    assert await w.status() is Status.WAITING
    assert "It could not be done in time" in w.text_of(w.posts()[0])
    w.mail.trouble = None
    await w.passes(HOUR)
    assert w.mail.removals == []


async def test_a_yes_to_one_list_of_steps_does_not_run_another(w: World) -> None:
    """Bo reads "sign out"; meanwhile Cleo chose "disable"."""
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "contain", sessions="true")
    shown = (await w.case()).containment
    assert shown is not None
    await w.presses(CLEO, "contain", disable="true")
    assert "the plan on this card has changed" in await w.presses(BO, "contain_confirm", plan=str(shown.number))
    case = await w.case()
    assert case.containment is not None
    assert (case.containment.confirmed, case.containment.results) == (None, ())
    await w.presses(BO, "contain_confirm", plan=str(case.containment.number))
    assert (await w.case()).containment != case.containment


async def test_nobody_lets_go_their_own_mailbox_that_somebody_else_asked_for(w: World) -> None:
    """Ana asks for an address that Bo has as well; Bo approves."""
    await w.ana_has_sent(LIMIT_REASON)
    w.directory.people[BO.id] = replace(w.directory.people[BO.id], addresses=("bo@contoso.example", ANAS_ADDRESS))
    assert "You can't decide your own case" in await w.presses(BO, "approve")
    assert await w.status() is Status.WAITING
    await w.presses(CLEO, "approve")
    assert (await w.case()).decision is not None


async def test_nobody_who_is_restricted_decides_for_others(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.restrict("bo@contoso.example")
    assert "You yourself are restricted from sending" in await w.presses(BO, "approve")
    assert await w.status() is Status.WAITING
    w.directory.troubles = {"person": UnknownReason.NO_PERMISSION}
    assert "could not be checked" in await w.presses(CLEO, "approve")
    assert await w.status() is Status.WAITING


@pytest.mark.parametrize("reason", [LIMIT_REASON, SPAM_REASON])
async def test_who_is_restricted_anew_right_after_the_release_relapses_and_microsoft_is_not_blamed(
    w: World, reason: str
) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await w.only_presses(BO, "approve", 1, ConversationKind.CHANNEL, {})
    w.mail.keeps_listing = True  # the list lags
    await w.passes()
    assert await w.status() is Status.UNBLOCKED
    w.mail.restrict(ANAS_ADDRESS, reason, since=w.clock.now() + MINUTE)
    await w.passes(5 * MINUTE)
    assert await w.status() is Status.RELAPSED
    second = await w.case(2)
    assert second.restriction == w.mail.entries[ANAS_ADDRESS]
