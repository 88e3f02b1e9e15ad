"""What time does to a case: reminders, expiry, checks, the lag window, the watch."""

from dataclasses import replace
from datetime import timedelta

from services.domain.case.status import Status
from services.domain.case.workflow import Verb
from services.domain.restriction import Cause
from services.domain.unknown import UnknownReason
from tests.cases import ANA, BO, HOUR, MINUTE, SPAM_REASON
from tests.databases import Databases
from tests.dialogs.fake_mail import REFUSED, UNCLEAR
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, LONG_DAYS, World, small_world


async def test_the_good_day(w: World) -> None:
    await w.ana_has_sent()
    assert "Approved by Bo Larsen" in await w.bo_approves()
    await w.passes(5 * MINUTE)
    assert await w.status() is Status.OFF_LIST
    assert "Sending works" in await w.presses(ANA_CLICKS, "works")
    assert len(w.mail.removals) == 1
    assert len(w.posts()) == 1
    assert "Works again" in w.approvers_see()


async def test_securing_in_silence_expires_and_the_approvers_never_hear_of_it(w: World) -> None:
    await w.ana_asks()
    await w.passes(LONG_DAYS.expire_after - MINUTE)
    assert await w.status() is Status.SECURING
    await w.passes(MINUTE)
    assert await w.status() is Status.EXPIRED
    assert "was never sent to the admins" in w.ana_sees()
    assert w.sheets() == []


async def test_each_word_of_the_person_restarts_the_expiry(w: World) -> None:
    await w.ana_asks()
    await w.passes(LONG_DAYS.expire_after - HOUR)
    await w.presses(ANA_CLICKS, "password_cannot")
    await w.passes(2 * HOUR)
    assert await w.status() is Status.SECURING


async def test_a_waiting_request_is_called_to_mind_ever_more_rarely_and_expires(w: World) -> None:
    await w.ana_has_sent()
    reminders = []
    for _ in range(8):
        await w.passes(HOUR / 2)
        reminders.append(sum("waiting for a decision" in line for line in w.lines()))
    assert reminders == [1, 2, 2, 3, 3, 3, 3, 4]
    await w.passes(LONG_DAYS.expire_after)
    assert await w.status() is Status.EXPIRED
    assert "so nothing was unblocked" in w.approvers_see()
    assert "Expired" in w.ana_sees()
    assert w.mail.removals == []


async def test_an_expired_request_can_be_asked_again(w: World) -> None:
    await w.ana_has_sent()
    await w.passes(LONG_DAYS.expire_after)
    await w.presses(ANA_CLICKS, "again")
    assert await w.status(2) is Status.SECURING
    assert "Step 1 of 3" in w.ana_sees()
    await w.presses(ANA_CLICKS, "tell", 2)
    assert "asked 2 times" not in w.approvers_see(), "it is one restriction"
    assert ((await w.case()).past.times_asked, (await w.case(2)).past.times_asked) == (1, 2)


async def test_after_a_denial_asking_again_has_to_wait(w: World) -> None:
    await w.ana_has_sent()
    await w.presses(BO, "deny", reason="Come to the help desk", internal="looks odd")
    assert "too soon" in await w.presses(ANA_CLICKS, "again")
    assert "too soon" in await w.says(ANA_CLICKS, "my mail bounces")
    await w.passes(LONG_DAYS.ask_again_after)
    await w.presses(ANA_CLICKS, "again")
    assert await w.status(2) is Status.SECURING


async def test_an_undecided_case_lifted_elsewhere_ends_after_two_reads(w: World) -> None:
    await w.ana_has_sent()
    await w.passes(HOUR)
    w.mail.entries.clear()
    await w.passes(LONG_DAYS.check_every)
    assert await w.status() is Status.WAITING
    await w.passes(LONG_DAYS.reads_apart)
    assert await w.status() is Status.ALREADY_LIFTED
    assert "Not restricted any more" in w.ana_sees()
    assert "though I did not unblock it" in w.approvers_see()


async def test_one_missing_read_is_not_off_the_list(w: World) -> None:
    await w.ana_has_sent()
    entries = dict(w.mail.entries)
    w.mail.entries.clear()
    await w.passes(LONG_DAYS.check_every)
    w.mail.entries.update(entries)
    await w.passes(LONG_DAYS.reads_apart)
    assert (await w.case()).list_reads.absent_at is None
    await w.passes(HOUR)
    assert await w.status() is Status.WAITING


async def test_an_incomplete_read_says_nothing(w: World) -> None:
    await w.ana_has_sent()
    w.mail.trouble = UnknownReason.UNREACHABLE
    await w.passes(HOUR)
    assert await w.status() is Status.WAITING
    w.mail.trouble, w.mail.truncated = None, True
    await w.passes(HOUR)
    assert await w.status() is Status.WAITING


async def test_still_listed_after_an_hour_needs_a_ticket_with_a_support_pack(w: World) -> None:
    w.mail.keeps_listing = True
    await w.ana_has_sent()
    await w.bo_approves()
    await w.passes(10 * MINUTE)
    # At one and three minutes; the ten minutes count from the unblock.
    assert (await w.case()).list_reads.checks == 3
    assert "3 checks so far" not in w.approvers_see(), "a read that only counts draws no card anew"
    await w.passes(HOUR)
    assert await w.status() is Status.NEEDS_TICKET
    assert "Support pack" in w.approvers_see()
    assert any("Open a Microsoft support ticket" in line for line in w.lines())
    assert "With Microsoft support" in await w.presses(BO, "ticket", reference="2611250001")
    assert "2611250001" in w.ana_sees()
    w.mail.entries.clear()
    await w.passes(13 * LONG_DAYS.check_every)
    assert await w.status() is Status.OFF_LIST
    assert "please test" in w.ana_sees()
    assert len(w.mail.removals) == 1


async def test_a_case_with_microsoft_can_be_closed(w: World) -> None:
    w.mail.keeps_listing = True
    await w.ana_has_sent()
    await w.bo_approves()
    await w.passes(2 * HOUR)
    await w.presses(BO, "ticket", reference="1")
    assert "Closed by an admin" in await w.presses(BO, "close", close_reason="new mailbox")
    assert "new mailbox" in w.approvers_see()
    assert "new mailbox" not in w.ana_sees()
    reads = w.mail.reads
    await w.passes(8 * HOUR)
    assert w.mail.reads <= reads + 2  # the look that was due, then seldom: only the end is still to be seen


async def test_still_bouncing_inside_the_lag_window_is_asked_again_when_it_ends(w: World) -> None:
    await w.is_off_list()
    assert "Please wait until" in await w.presses(ANA_CLICKS, "bouncing")
    assert await w.status() is Status.OFF_LIST
    told = len(w.sheets(ANA_CLICKS))
    await w.passes(LONG_DAYS.lag_window)
    assert len(w.sheets(ANA_CLICKS)) == told + 1
    assert "send another test message" in w.ana_sees()
    assert "looking into it" in await w.presses(ANA_CLICKS, "bouncing")
    assert await w.status() is Status.NEEDS_TICKET
    assert "Bounces reported" in w.approvers_see()


async def test_who_bounces_after_the_lag_window_stays_with_the_approvers(w: World) -> None:
    await w.is_off_list()
    await w.passes(LONG_DAYS.lag_window)
    await w.presses(ANA_CLICKS, "bouncing")
    await w.passes(4 * HOUR)
    assert await w.status() is Status.NEEDS_TICKET


async def test_without_a_word_the_watch_ends_unconfirmed(w: World) -> None:
    await w.is_off_list()
    await w.passes(LONG_DAYS.watch_for)
    assert await w.status() is Status.CLOSED_UNCONFIRMED
    assert "no word from Ana Soto" in w.approvers_see()
    assert "Ask again" in w.ana_sees()


async def test_listed_again_while_testing_relapses_into_a_linked_case(w: World) -> None:
    await w.is_off_list()
    await w.passes(HOUR)
    w.mail.restrict(ANAS_ADDRESS, SPAM_REASON)
    await w.passes(LONG_DAYS.check_every)
    first, second = await w.case(), await w.case(2)
    assert (first.status, first.past.followed_by) == (Status.RELAPSED, 2)
    assert (second.status, second.past.previous) == (Status.SECURING, 1)
    assert second.restriction is not None
    assert second.restriction.cause is Cause.SPAM
    assert "This follows case 1" in w.ana_sees()
    assert "Case 2 continues" in w.text_of(w.posts()[0])
    assert "Case 2" in w.approvers_see()  # it reaches them by itself
    assert any("Case 2 continues" in line for line in w.lines())


async def test_listed_again_after_it_worked_relapses_until_the_watch_is_over(w: World) -> None:
    await w.is_off_list()
    await w.presses(ANA_CLICKS, "works")
    await w.passes(HOUR)
    w.mail.restrict(ANAS_ADDRESS)
    await w.passes(LONG_DAYS.check_every)
    assert await w.status() is Status.RELAPSED
    assert await w.status(2) is Status.SECURING


async def test_after_the_watch_a_new_restriction_is_a_new_story(w: World) -> None:
    await w.is_off_list()
    await w.presses(ANA_CLICKS, "works")
    await w.passes(LONG_DAYS.watch_for + HOUR)
    reads = w.mail.reads
    w.mail.restrict(ANAS_ADDRESS)
    await w.passes(8 * HOUR)
    assert (await w.status(), w.mail.reads) == (Status.WORKS, reads)


async def test_a_refused_unblock_waits_for_an_approver(w: World) -> None:
    w.mail.outcomes = [REFUSED]
    await w.ana_has_sent()
    await w.bo_approves()
    assert await w.status() is Status.FAILED
    assert "unblocked too often" in w.approvers_see()
    assert any("the unblock failed" in line for line in w.lines())
    assert "The unblock is delayed" in w.ana_sees()
    await w.passes(8 * HOUR)
    assert len(w.mail.removals) == 1
    await w.presses(BO, "retry")
    await w.passes(5 * MINUTE)
    assert await w.status() is Status.OFF_LIST
    assert len(w.mail.removals) == 2


async def test_a_failed_unblock_can_go_to_microsoft_be_closed_or_lift_by_itself(w: World) -> None:
    w.mail.outcomes = [REFUSED]
    await w.ana_has_sent()
    await w.bo_approves()
    w.mail.entries.clear()
    await w.passes(2 * LONG_DAYS.check_every)
    assert await w.status() is Status.OFF_LIST


async def test_an_unknown_outcome_is_repeated_after_the_grace_three_times_at_most(w: World) -> None:
    w.mail.outcomes = [UNCLEAR] * 9
    await w.ana_has_sent()
    await w.bo_approves()
    assert "not known whether" in w.approvers_see()
    await w.passes(LONG_DAYS.unblock_grace - MINUTE)
    assert len(w.mail.removals) == 1
    await w.passes(8 * HOUR)
    assert await w.status() is Status.FAILED
    first, second, third = w.mail.removals
    assert second - first >= LONG_DAYS.unblock_grace
    assert third - second >= LONG_DAYS.unblock_grace
    assert any("Case 1" in w.text_of(post) for post in w.posts())
    assert any("Unblock attempt 3 of 3" in w.text_of(post) for post in w.posts())


async def test_an_unknown_outcome_that_took_effect_is_not_repeated(w: World) -> None:
    w.mail.outcomes = [UNCLEAR]
    await w.ana_has_sent()
    await w.bo_approves()
    w.mail.entries.clear()
    await w.passes(HOUR)
    assert await w.status() is Status.OFF_LIST
    assert len(w.mail.removals) == 1


async def test_a_look_that_cannot_finish_goes_on_until_it_can(w: World) -> None:
    w.mail.restrict(ANAS_ADDRESS)
    w.mail.trouble = UnknownReason.UNREACHABLE
    await w.says(ANA_CLICKS, "my mail bounces")
    assert "don't read this as an all-clear" in w.ana_sees()
    await w.presses(ANA_CLICKS, "send")
    assert "Ana Soto cannot send email" in w.approvers_see()
    await w.passes(HOUR / 4)
    history = await w.cases.history((await w.case()).number)
    assert sum(event.verb is Verb.LOOK for event in history) <= 1  # an unchanged result is not recorded again
    w.mail.trouble = None
    await w.passes(6 * MINUTE)
    assert await w.status() is Status.SECURING
    assert "Step 1 of 3" in w.ana_sees()


async def test_a_look_that_never_finishes_is_tried_ever_more_rarely_and_ends(w: World) -> None:
    w.mail.trouble = UnknownReason.UNREACHABLE
    await w.says(ANA_CLICKS, "my mail bounces")
    await w.passes(HOUR)
    before = w.mail.reads
    await w.passes(HOUR)
    assert w.mail.reads - before <= 12
    await w.passes(LONG_DAYS.expire_after)
    assert await w.status() is Status.EXPIRED


async def test_a_look_that_takes_long_can_be_withdrawn(w: World) -> None:
    w.mail.trouble = UnknownReason.UNREACHABLE
    await w.says(ANA_CLICKS, "my mail bounces")
    assert "Withdraw" in w.ana_sees()
    await w.presses(ANA_CLICKS, "withdraw")
    assert await w.status() is Status.WITHDRAWN


async def test_a_guest_whom_a_slow_look_finds_gets_no_case_to_secure(w: World) -> None:
    w.directory.people[ANA] = replace(w.directory.people[ANA], guest=True)
    w.mail.restrict(ANAS_ADDRESS)
    w.mail.trouble = UnknownReason.UNREACHABLE
    w.directory.troubles["person"] = UnknownReason.UNREACHABLE
    await w.says(ANA_CLICKS, "my mail bounces")
    w.mail.trouble = None
    w.directory.troubles.clear()
    await w.passes(6 * MINUTE)
    assert (await w.case()).status is Status.NOT_RESTRICTED
    assert "members of this organisation only" in w.ana_sees()


async def test_a_look_that_finds_nothing_in_the_end_says_so(w: World) -> None:
    w.mail.trouble = UnknownReason.UNREACHABLE
    await w.says(ANA_CLICKS, "my mail bounces")
    w.mail.trouble = None
    await w.passes(2 * MINUTE)
    assert await w.status() is Status.NOT_RESTRICTED
    assert "not on Microsoft 365's restricted list" in w.ana_sees()


async def test_every_change_is_in_the_history(w: World) -> None:
    await w.is_off_list()
    await w.presses(ANA_CLICKS, "works")
    verbs = [event.verb for event in await w.cases.history((await w.case()).number)]
    told = [verb for verb in verbs if verb not in (Verb.READ, Verb.UNBLOCK, Verb.AUDIT)]
    secured = [Verb.SECURE] * 3
    assert told == [Verb.OPEN, Verb.GATHER, *secured, Verb.SEND, Verb.GATHER, Verb.APPROVE, Verb.WORKS]
    assert Verb.UNBLOCK in verbs
    assert Verb.READ in verbs


async def test_two_reads_are_two_as_soon_as_the_setting_says(databases: Databases) -> None:
    """A read is shared for two seconds, but never for longer than that."""
    apart = timedelta(milliseconds=200)
    async with small_world(databases.fresh(), replace(LONG_DAYS, check_after=(apart, 2 * apart, 3 * apart))) as w:
        await w.ana_has_sent()
        await w.bo_approves()
        await w.passes(apart)
        assert (await w.status(), (await w.case()).list_reads.absent_at) == (Status.UNBLOCKED, w.clock.now())
        await w.passes(apart)
        assert await w.status() is Status.OFF_LIST
