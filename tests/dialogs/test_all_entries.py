"""Several addresses of one mailbox are listed at the same time: each is shown, unblocked once, and followed."""

from dataclasses import replace
from datetime import timedelta

from services.domain.case.parts import CaseNumber
from services.domain.case.status import Status
from services.domain.people import TeamsUser
from services.domain.proofs.securing import ApprovalCondition
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox
from services.domain.restriction import Cause
from services.domain.unknown import UnknownReason
from tests.cases import ADDRESSES, ANA, BO, HOUR, LIMIT_REASON, MINUTE, SPAM_REASON, person
from tests.dialogs.fake_mail import REFUSED, UNCLEAR
from tests.dialogs.world import ANAS_ADDRESS, CLEO, World

ALIAS = "a.soto@contoso.example"


async def ana_has_sent_with_both(w: World) -> None:
    """Her primary address is listed for a limit, her alias for spam."""
    w.mail.restrict(ALIAS, SPAM_REASON)
    await w.ana_has_sent(LIMIT_REASON)


async def approves_by_another_route(w: World, who: TeamsUser, verb: str = "approve") -> str:
    return await w.presses(who, verb, by_another_route="true", ground="called her: it was her newsletter")


async def causes(w: World, number: int = 1) -> dict[str, Cause]:
    return {entry.address: entry.cause for entry in (await w.case(number)).entries}


async def test_the_worst_entry_judges_and_each_one_is_shown(w: World) -> None:
    await ana_has_sent_with_both(w)
    assert await causes(w) == {ALIAS: Cause.SPAM, ANAS_ADDRESS: Cause.POLICY_LIMIT}
    seen = w.approvers_see()
    assert "12 of" in seen  # the spam verdict, with its counts
    assert f"{ANAS_ADDRESS} is listed too" in seen
    assert "2,001" in seen
    assert "called or met" in await w.presses(BO, "approve")
    assert w.mail.removals == []


async def test_each_entry_is_removed_once_and_the_case_is_off_the_list_when_none_is_listed(w: World) -> None:
    await ana_has_sent_with_both(w)
    await approves_by_another_route(w, BO)
    await w.passes(HOUR)
    assert w.mail.unblocked == [ALIAS, ANAS_ADDRESS]
    assert await w.status() is Status.OFF_LIST
    assert await causes(w) == {ALIAS: Cause.SPAM, ANAS_ADDRESS: Cause.POLICY_LIMIT}, "what it was about stays"


async def test_a_refusal_of_one_entry_does_not_lose_the_other(w: World) -> None:
    await ana_has_sent_with_both(w)
    w.mail.outcomes = [REFUSED]
    await approves_by_another_route(w, BO)
    await w.passes(MINUTE)
    assert (await w.status(), w.mail.unblocked) == (Status.FAILED, [ALIAS, ANAS_ADDRESS])
    assert list(w.mail.entries) == [ALIAS]
    seen = w.approvers_see()
    assert f"{ALIAS}: This sender was unblocked too often." in seen
    assert f"Exchange took {ANAS_ADDRESS} off the list" in seen
    # Trying again is about the entry that is left, and spends nothing on the other, though the list may lag.
    w.mail.restrict(ANAS_ADDRESS, LIMIT_REASON, since=w.clock.now() - 2 * HOUR)
    await approves_by_another_route(w, CLEO, "retry")
    await w.passes(MINUTE)
    assert w.mail.unblocked == [ALIAS, ANAS_ADDRESS, ALIAS]


async def test_an_unclear_outcome_of_one_entry_does_not_hold_up_the_other_and_is_tried_again_alone(w: World) -> None:
    await ana_has_sent_with_both(w)
    w.mail.outcomes = [UNCLEAR]
    await approves_by_another_route(w, BO)
    await w.passes(MINUTE)
    assert (await w.status(), w.mail.unblocked) == (Status.APPROVED, [ALIAS, ANAS_ADDRESS])
    await w.passes(w.timing.unblock_grace)
    assert w.mail.unblocked == [ALIAS, ANAS_ADDRESS, ALIAS]
    await w.passes(HOUR)
    assert (await w.status(), len(w.mail.unblocked)) == (Status.OFF_LIST, 3)


async def test_an_unclear_outcome_that_worked_after_all_is_not_tried_again(w: World) -> None:
    await ana_has_sent_with_both(w)
    w.mail.outcomes = [UNCLEAR]
    await approves_by_another_route(w, BO)
    del w.mail.entries[ALIAS]
    await w.passes(HOUR)
    assert (await w.status(), w.mail.unblocked) == (Status.OFF_LIST, [ALIAS, ANAS_ADDRESS])


async def test_what_is_given_up_after_three_unclear_calls_is_the_one_entry(w: World) -> None:
    await ana_has_sent_with_both(w)
    w.mail.outcomes = [UNCLEAR, *[]]
    await approves_by_another_route(w, BO)
    w.mail.outcomes = [UNCLEAR, UNCLEAR]
    await w.passes(HOUR)
    assert (await w.status(), w.mail.unblocked) == (Status.FAILED, [ALIAS, ANAS_ADDRESS, ALIAS, ALIAS])


async def test_one_entry_that_stays_is_still_listed_and_the_case_needs_a_ticket_for_it(w: World) -> None:
    await ana_has_sent_with_both(w)
    alias = w.mail.entries[ALIAS]
    await approves_by_another_route(w, BO)
    w.mail.entries[ALIAS] = alias
    await w.passes(w.timing.support_after + HOUR)
    assert await w.status() is Status.NEEDS_TICKET
    assert w.mail.unblocked == [ALIAS, ANAS_ADDRESS]
    assert ALIAS in w.approvers_see()


async def test_an_entry_that_the_decision_did_not_speak_of_is_not_removed(w: World) -> None:
    """It appears between the two removals."""
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.outcomes = [UNCLEAR]
    await w.presses(BO, "approve")
    w.mail.restrict(ALIAS, LIMIT_REASON)
    await w.passes(HOUR)
    assert (await w.status(), w.mail.unblocked) == (Status.WAITING, [ANAS_ADDRESS])
    assert "Another address of this mailbox is restricted now" in w.approvers_see()
    assert f"{ALIAS} is listed too" in w.approvers_see()
    await w.presses(BO, "approve")
    await w.passes(HOUR)
    assert (await w.status(), set(w.mail.unblocked)) == (Status.OFF_LIST, {ANAS_ADDRESS, ALIAS})


async def test_a_second_entry_that_comes_before_the_click_is_not_approved_by_it(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.restrict(ALIAS, LIMIT_REASON)
    assert "Nothing was decided" in await w.presses(BO, "approve")
    assert (await w.status(), w.mail.unblocked) == (Status.WAITING, [])


async def test_an_entry_that_one_lagging_read_does_not_show_still_counts_at_the_click(w: World) -> None:
    await ana_has_sent_with_both(w)
    spam = w.mail.entries.pop(ALIAS)
    assert "called or met" in await w.presses(BO, "approve")
    w.mail.entries[ALIAS] = spam
    # The same card is good for the approval: nothing got worse.
    await approves_by_another_route(w, BO)
    assert (await w.case()).decision is not None


async def test_an_entry_is_gone_after_two_reads_and_then_the_other_judges(w: World) -> None:
    await ana_has_sent_with_both(w)
    del w.mail.entries[ALIAS]
    await w.passes(3 * w.timing.check_every)
    assert await causes(w) == {ANAS_ADDRESS: Cause.POLICY_LIMIT}
    await w.presses(BO, "approve")
    assert (await w.case()).decision is not None


async def test_a_second_entry_that_a_check_finds_is_told_to_the_approvers(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.restrict(ALIAS, SPAM_REASON)
    await w.passes(2 * w.timing.check_every)
    assert await causes(w) == {ALIAS: Cause.SPAM, ANAS_ADDRESS: Cause.POLICY_LIMIT}
    assert any("Another address of this mailbox is restricted now" in line for line in w.lines())


async def test_a_password_of_before_one_of_the_starts_proves_nothing(w: World) -> None:
    """The alias was restricted after the password had been changed."""
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.restrict(ALIAS, LIMIT_REASON, since=w.clock.now() + timedelta(seconds=1))
    await w.passes(2 * w.timing.check_every)
    await w.presses(BO, "approve")
    case = await w.case()
    assert ApprovalCondition.PASSWORD_NOT_PROVEN in case.conditions
    assert (case.status, case.intended, w.mail.unblocked) == (Status.WAITING, None, [])


ONLY_EXCHANGES = "press@contoso.example"
"""An alias that the directory does not show."""


def exchange_knows_more(w: World) -> None:
    owner = Holder(person=ANA, name="Ana Soto", upn=ANAS_ADDRESS, right=SendRight.OWNER)
    addresses = (ANAS_ADDRESS, ALIAS, ONLY_EXCHANGES)
    mailbox = SharedMailbox(address=ANAS_ADDRESS, name="Ana Soto", addresses=addresses, holders=(owner,))
    w.mailboxes.known = dict.fromkeys(addresses, mailbox)


async def test_what_the_list_monitor_finds_for_an_open_case_becomes_part_of_it_and_is_told(w: World) -> None:
    exchange_knows_more(w)
    await w.watches()
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.restrict(ONLY_EXCHANGES, SPAM_REASON)
    await w.watches(w.timing.watch_every or MINUTE)
    assert await causes(w) == {ONLY_EXCHANGES: Cause.SPAM, ANAS_ADDRESS: Cause.POLICY_LIMIT}
    assert any("Another address of this mailbox is restricted now" in line for line in w.lines())
    assert "called or met" in await w.presses(BO, "approve")
    await approves_by_another_route(w, BO)
    await w.passes(HOUR)
    assert (await w.status(), w.mail.unblocked) == (Status.OFF_LIST, [ONLY_EXCHANGES, ANAS_ADDRESS])
    assert await w.cases.many([CaseNumber(2)]) == []


async def test_an_approval_is_not_carried_out_on_what_the_list_monitor_finds_meanwhile(w: World) -> None:
    exchange_knows_more(w)
    await w.watches()
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.outcomes = [UNCLEAR]
    await w.presses(BO, "approve")
    w.mail.restrict(ONLY_EXCHANGES, LIMIT_REASON)
    await w.watches(w.timing.watch_every or MINUTE)
    await w.passes(HOUR)
    assert (await w.status(), w.mail.unblocked) == (Status.WAITING, [ANAS_ADDRESS])


async def test_before_a_case_is_off_the_list_its_addresses_are_read_again(w: World) -> None:
    """Renamed meanwhile: the list names the mailbox by an address that the case does not know."""
    await w.ana_has_sent(LIMIT_REASON)
    renamed = "ana.reyes@contoso.example"
    w.mail.entries = {renamed: replace(w.mail.entries[ANAS_ADDRESS], address=renamed)}
    w.directory.people[ANA] = person(upn=renamed, addresses=(renamed, *ADDRESSES))
    await w.passes(4 * w.timing.check_every)
    assert await w.status() is Status.WAITING
    assert renamed in w.approvers_see()
    assert renamed in {entry.address for entry in (await w.case()).entries}


async def test_an_absence_is_not_believed_while_the_directory_cannot_say_which_addresses_there_are(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.entries.clear()
    w.directory.troubles = {"person": UnknownReason.TIMED_OUT}
    await w.passes(4 * w.timing.check_every)
    assert await w.status() is Status.WAITING
    w.directory.troubles = {}
    await w.passes(w.timing.check_every)
    assert await w.status() is Status.ALREADY_LIFTED


async def test_an_app_that_may_not_ask_exchange_for_mailboxes_believes_the_directory(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mailboxes.trouble = UnknownReason.NO_PERMISSION
    await w.presses(BO, "approve")
    await w.passes(HOUR)
    assert await w.status() is Status.OFF_LIST
