"""An approver stops what was approved or released: it protects, so it takes effect at once, whatever happened."""

from dataclasses import replace

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.domain.case.status import Status
from services.domain.case.workflow import Verb
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.ports.microsoft365 import RemovalDone, RemovalRefused
from tests.cases import ANA, BO, HOUR, LIMIT_REASON, MINUTE, SPAM_REASON, person
from tests.dialogs.fake_mail import REFUSED, UNCLEAR
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CLEO, World

ALIAS = "a.soto@contoso.example"
THIEF = "it was the thief on the phone"
CALLED = "called her: it was her newsletter"


async def approved(w: World) -> None:
    """Approved; nothing was carried out yet."""
    await w.ana_has_sent(LIMIT_REASON)
    await w.only_presses(BO, "approve", 1, ConversationKind.CHANNEL, {})
    assert await w.status() is Status.APPROVED


async def test_what_was_approved_is_stopped_before_the_removal(w: World) -> None:
    await approved(w)
    await w.presses(CLEO, "stop", stop_reason=THIEF)
    await w.passes(20 * MINUTE)
    assert (await w.status(), w.mail.removals) == (Status.DENIED, [])
    seen = w.approvers_see()
    assert "Stopped by Cleo Marsh" in seen
    assert THIEF in seen
    assert "Bo Larsen had approved the unblock" in seen
    # A thief may be reading the person's chat.
    assert THIEF not in w.ana_sees()
    assert "speak to your help desk in person" in w.ana_sees()


async def test_stopping_needs_a_reason(w: World) -> None:
    await approved(w)
    assert "A reason is needed" in await w.presses(CLEO, "stop", stop_reason="  ")
    await w.commands(CLEO, "stop 1")
    assert (await w.case()).stopped is None


async def test_it_can_be_typed(w: World) -> None:
    await approved(w)
    await w.commands(CLEO, f"Stop 1 {THIEF}")
    assert await w.status() is Status.DENIED
    assert "Stopped by Cleo Marsh" in w.approvers_see()


async def test_a_removal_that_was_under_way_is_recorded_and_the_account_is_to_be_contained(w: World) -> None:
    """Cleo stops while Exchange is working on it."""
    await approved(w)
    unblock = w.mail.unblock

    async def meanwhile(address: str, note: str) -> RemovalDone:
        await w.only_presses(CLEO, "stop", 1, ConversationKind.CHANNEL, {"stop_reason": THIEF})
        await unblock(address, note)
        return RemovalDone()

    w.mail.unblock = meanwhile  # type: ignore[method-assign]
    await w.passes()
    case = await w.case()
    assert (case.status, case.unblock.done_at) == (Status.DENIED, w.clock.now())
    assert any("stopped too late" in line for line in w.lines())
    assert "contain the account" in w.approvers_see()


async def test_a_removal_whose_answer_was_lost_is_looked_for_on_the_list(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.outcomes = [UNCLEAR]
    await w.presses(BO, "approve")
    w.mail.entries.clear()  # it took effect
    await w.presses(CLEO, "stop", stop_reason=THIEF)
    assert "The list will say whether it took effect" in w.approvers_see()
    await w.passes(20 * MINUTE)
    case = await w.case()
    assert (case.status, case.unblock.done_at is not None, len(w.mail.removals)) == (Status.DENIED, True, 1)
    assert any("stopped too late" in line for line in w.lines())


async def test_a_removal_whose_answer_was_lost_and_that_did_nothing_is_nothing(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.outcomes = [UNCLEAR]
    await w.presses(BO, "approve")
    await w.presses(CLEO, "stop", stop_reason=THIEF)
    await w.passes(20 * MINUTE)
    case = await w.case()
    assert (case.status, case.unblock.done_at, len(w.mail.removals)) == (Status.DENIED, None, 1)
    assert not any("stopped too late" in line for line in w.lines())


async def test_a_removal_that_was_refused_while_it_was_stopped_leaves_nothing_to_look_for(w: World) -> None:
    await approved(w)

    async def refuses(address: str, note: str) -> RemovalRefused:
        del address, note
        await w.only_presses(CLEO, "stop", 1, ConversationKind.CHANNEL, {"stop_reason": THIEF})
        return REFUSED

    w.mail.unblock = refuses  # type: ignore[method-assign]
    await w.passes(20 * MINUTE)
    case = await w.case()
    assert (case.status, case.unblock.error, case.unblock.done_at) == (Status.DENIED, REFUSED.error, None)
    assert "An unblock had already begun" not in w.approvers_see()


async def test_what_failed_is_stopped_and_cannot_be_tried_again(w: World) -> None:
    w.mail.outcomes = [REFUSED]
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "approve")
    await w.presses(CLEO, "stop", stop_reason=THIEF)
    assert "An unblock had already begun" not in w.approvers_see()  # Exchange refused it
    await w.presses(BO, "retry", facts="1", by_another_route="true", ground=CALLED)
    assert (await w.status(), len(w.mail.removals)) == (Status.DENIED, 1)


async def test_what_was_released_is_marked_and_its_persons_word_closes_it_no_more(w: World) -> None:
    await w.is_off_list()
    await w.presses(CLEO, "stop", stop_reason=THIEF)
    case = await w.case()
    assert (case.status, case.episode.looked_stolen, case.needs_two) == (Status.OFF_LIST, True, True)
    assert "contain the account" in w.approvers_see()
    await w.presses(ANA_CLICKS, "works")
    await w.presses(ANA_CLICKS, "works")
    assert await w.status() is Status.OFF_LIST
    assert sum("says that mail works again" in line for line in w.lines()) == 1
    # Responders may act on it.
    await w.presses(BO, "contain", sessions="true", password="true")
    await w.presses(BO, "contain_confirm")
    assert w.containing.done


async def test_the_person_learns_nothing_of_it(w: World) -> None:
    await w.is_off_list()
    before = w.ana_sees()
    await w.presses(CLEO, "stop", stop_reason=THIEF)
    assert w.ana_sees() == before


async def test_stopping_does_not_fail_because_the_case_moved_on(w: World) -> None:
    """Cleo reads "approved"; meanwhile the approval lapsed, because the facts got worse."""
    await approved(w)
    w.mail.restrict(ANAS_ADDRESS, SPAM_REASON, since=w.clock.now())
    await w.passes(MINUTE)
    assert await w.status() is Status.WAITING
    await w.presses(CLEO, "stop", stop_reason=THIEF)
    assert await w.status() is Status.DENIED


@pytest.mark.parametrize("trouble", [UnknownReason.TIMED_OUT, UnknownReason.UNREACHABLE], ids=str)
async def test_stopping_waits_for_no_source(w: World, trouble: UnknownReason) -> None:
    await approved(w)
    w.mail.trouble = trouble
    w.directory.troubles = dict.fromkeys(("person", "methods", "audit"), trouble)
    await w.presses(CLEO, "stop", stop_reason=THIEF)
    assert await w.status() is Status.DENIED
    assert Verb.STOP in [event.verb for event in await w.cases.history((await w.case()).number)]


async def test_a_denied_case_whose_look_back_fails_is_looked_at_again(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.outcomes = [UNCLEAR]
    await w.presses(BO, "approve")
    await w.presses(CLEO, "stop", stop_reason=THIEF)
    w.mail.entries.clear()

    async def away() -> None:
        w.mail.when_read = None
        raise Unavailable(UnknownReason.UNREACHABLE)

    w.mail.when_read = away
    await w.passes(20 * MINUTE)
    assert (await w.case()).unblock.done_at is not None


# A removal of unknown outcome.


async def test_an_unclear_removal_that_worked_counts_as_a_release(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.outcomes = [UNCLEAR]
    await w.presses(BO, "approve")
    called = w.clock.now()
    w.mail.entries.clear()
    await w.passes(20 * MINUTE)
    case = await w.case()
    assert (case.status, case.unblock.done_at) == (Status.OFF_LIST, called)
    assert "got no answer, but the list shows that it took effect" in w.approvers_see()
    history = await w.cases.history_of(case.sender.person, case.opened_at - HOUR)
    assert history.unblocks == 1


@pytest.mark.parametrize("reason", [LIMIT_REASON, SPAM_REASON], ids=["limit", "spam"])
async def test_who_is_restricted_anew_after_an_unclear_removal_has_relapsed(w: World, reason: str) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.outcomes = [UNCLEAR]
    await w.presses(BO, "approve")
    w.mail.restrict(ANAS_ADDRESS, reason, since=w.clock.now() + MINUTE)
    await w.passes(20 * MINUTE)
    first, second = await w.case(), await w.case(2)
    assert (first.status, len(w.mail.removals)) == (Status.RELAPSED, 1)
    assert (second.restriction, second.past.unblocks) == (w.mail.entries[ANAS_ADDRESS], 1)
    assert not any("support ticket" in line for line in w.lines())


async def test_who_is_restricted_anew_after_unclear_removals_failed_has_relapsed(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.outcomes = [UNCLEAR, UNCLEAR, UNCLEAR]
    await w.presses(BO, "approve")
    await w.passes(HOUR)
    assert await w.status() is Status.FAILED
    w.mail.restrict(ANAS_ADDRESS, SPAM_REASON, since=w.clock.now())
    await w.passes(20 * MINUTE)
    assert await w.status() is Status.RELAPSED


async def test_another_address_that_is_listed_later_inherits_no_removal(w: World) -> None:
    """What is known of the removal is known of the address that it was called for."""
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.outcomes = [UNCLEAR]
    await w.presses(BO, "approve")
    w.mail.entries.clear()
    w.mail.restrict(ALIAS, SPAM_REASON, since=w.clock.now() + MINUTE)
    await w.passes(HOUR)
    assert (await w.status(), len(w.mail.removals)) == (Status.WAITING, 1)
    assert any("Another address of this mailbox" in line for line in w.lines())
    w.directory.people[ANA] = person(password_changed_at=w.clock.now())
    await w.presses(BO, "approve", 1, None, by_another_route="true", ground=CALLED)
    await w.passes(MINUTE)
    assert w.mail.unblocked == [ANAS_ADDRESS, ALIAS]
    assert Status.RELAPSED not in {await w.status(), *[one.status for one in await w.cases.open_cases()]}


async def test_who_is_taken_off_by_an_admin_after_a_refusal_was_not_released_by_us(w: World) -> None:
    w.mail.outcomes = [REFUSED]
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "approve")
    w.mail.entries.clear()
    await w.passes(2 * HOUR)
    case = await w.case()
    assert (case.status, case.unblock.done_at) == (Status.OFF_LIST, None)


async def test_a_change_date_that_moves_past_the_new_password_after_the_decision_holds_the_removal(w: World) -> None:
    """The entry may have begun anew by then, and the password been changed before."""
    await w.ana_has_sent(LIMIT_REASON)
    await w.passes(MINUTE)
    await w.only_presses(BO, "approve", 1, ConversationKind.CHANNEL, {})
    assert await w.status() is Status.APPROVED
    w.mail.entries[ANAS_ADDRESS] = replace(w.mail.entries[ANAS_ADDRESS], changed=w.clock.now())
    await w.passes(20 * MINUTE)
    assert (await w.status(), w.mail.removals) == (Status.WAITING, [])


async def test_a_change_date_before_the_new_password_holds_nothing(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await w.passes(MINUTE)
    await w.only_presses(BO, "approve", 1, ConversationKind.CHANNEL, {})
    entry = w.mail.entries[ANAS_ADDRESS]
    assert entry.since is not None
    w.mail.entries[ANAS_ADDRESS] = replace(entry, changed=entry.since)
    await w.passes(20 * MINUTE)
    assert len(w.mail.removals) == 1
