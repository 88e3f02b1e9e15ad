"""A case ends, and what was known of it does not: who stops its release, contains the account or answers for a sign is
known to the next case of the mailbox, whoever opens that one."""

import pytest

from services.domain.case.status import Status
from services.domain.evidence.report import Forwarding
from services.domain.people import AuthenticationMethod, MethodKind
from services.domain.proofs.securing import ApprovalCondition
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox
from tests.cases import ANA, BO, HOUR, LIMIT_REASON, MINUTE, SPAM_REASON, person, report
from tests.dialogs.fake_mail import UNCLEAR
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CLEO, World

THIEF = "that was the thief on the phone"
WORD = {"by_another_route": "true", "ground": "called her: it was her newsletter"}
OUTSIDE = Forwarding(to="collector@mail.example", keeps_copy=True, external=True)
HERS = AuthenticationMethod(id="m1", kind=MethodKind.AUTHENTICATOR)
THIEFS = AuthenticationMethod(id="thief", kind=MethodKind.PASSKEY)


async def is_restricted_again(w: World, reason: str = LIMIT_REASON) -> None:
    await w.passes(10 * MINUTE)
    w.mail.restrict(ANAS_ADDRESS, reason, since=w.clock.now())
    await w.passes(HOUR)


async def has_relapsed(w: World) -> None:
    await w.is_off_list()
    await is_restricted_again(w)
    assert (await w.status(), await w.status(2)) == (Status.RELAPSED, Status.SECURING)


async def sends(w: World, number: int) -> None:
    """All securing steps and the request."""
    w.directory.people[ANA] = person(password_changed_at=w.clock.now())
    for verb in ("password_done", "mfa_done", "mailing_unsure", "send"):
        await w.presses(ANA_CLICKS, verb, number)
    assert await w.status(number) is Status.WAITING


async def needs_two(w: World, number: int) -> None:
    """The first approver's yes is the first of two."""
    await w.presses(BO, "approve", number, None, **WORD)
    await w.passes(MINUTE)
    case = await w.case(number)
    assert (case.status, case.first_approval is not None) == (Status.WAITING, True)
    await w.presses(CLEO, "approve", number, None, **WORD)
    await w.passes(MINUTE)
    assert (await w.case(number)).decision is not None


# Stopping what has ended.


async def test_a_release_is_stopped_after_the_sender_was_restricted_again(w: World) -> None:
    await has_relapsed(w)
    await w.presses(CLEO, "stop", stop_reason=THIEF)
    assert await w.status() is Status.RELAPSED
    assert any("Cleo Marsh stopped the unblock in the previous case" in line for line in w.lines())
    await sends(w, 2)
    assert ApprovalCondition.DENIED_EARLIER in (await w.case(2)).conditions
    await needs_two(w, 2)


async def test_a_release_is_stopped_on_the_card_of_the_case_that_follows(w: World) -> None:
    await has_relapsed(w)
    await w.presses_shown(CLEO, "stop", 2, stop_reason=THIEF)
    assert await w.status(2) is Status.SECURING
    assert any("Cleo Marsh stopped the unblock in the previous case" in line for line in w.lines())
    await sends(w, 2)
    await needs_two(w, 2)
    # What two let go of then can be stopped once more, and is closed by Ana's word if nobody does.
    assert "Record that it was wrong" in w.approvers_see()
    await w.passes(HOUR)
    await w.presses(ANA_CLICKS, "works", 2)
    assert await w.status(2) is Status.WORKS


async def test_an_approval_of_the_case_that_follows_falls_with_it(w: World) -> None:
    """Bo approved what Cleo, a moment later, knows better."""
    await has_relapsed(w)
    await sends(w, 2)
    w.mail.outcomes = [UNCLEAR]
    removals = len(w.mail.removals)
    await w.presses(BO, "approve", 2, None, **WORD)
    await w.presses(CLEO, "stop", 1, None, stop_reason=THIEF)
    await w.passes(HOUR)
    assert (await w.status(2), len(w.mail.removals)) == (Status.WAITING, removals + 1)


async def closed(w: World) -> None:
    """The watch ends without a word from Ana."""
    await w.is_off_list()
    await w.passes(w.timing.watch_for + HOUR)
    assert await w.status() is Status.CLOSED_UNCONFIRMED


async def works(w: World) -> None:
    await w.is_off_list()
    await w.presses(ANA_CLICKS, "works")


@pytest.mark.parametrize("ends", [closed, works])
async def test_the_next_restriction_after_a_stopped_release_needs_two_approvers(w: World, ends: object) -> None:
    await ends(w)  # type: ignore[operator]  # one of the two
    await w.presses(CLEO, "stop", stop_reason=THIEF)
    await w.passes(w.timing.watch_for + HOUR)
    await w.ana_asks(LIMIT_REASON)
    await sends(w, 2)
    await needs_two(w, 2)


async def test_a_stopped_case_that_is_over_can_be_contained(w: World) -> None:
    await closed(w)
    await w.presses(CLEO, "stop", stop_reason=THIEF)
    assert "contain the account" in w.approvers_see()
    await w.presses(BO, "contain", 1, None, sessions="true", password="true")
    await w.presses_shown(BO, "contain_confirm")
    assert w.containing.done


async def test_a_removal_of_unknown_outcome_is_stopped_after_the_request_was_withdrawn(w: World) -> None:
    """The approval lapsed with a call under way of which nobody knows, and then the thief withdraws."""
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.outcomes = [UNCLEAR]
    await w.presses(BO, "approve")
    w.mail.restrict(ANAS_ADDRESS, SPAM_REASON, since=w.clock.now() - HOUR)
    await w.passes(HOUR)
    assert await w.status() is Status.WAITING
    await w.presses(ANA_CLICKS, "withdraw")
    w.mail.entries.clear()
    await w.presses(CLEO, "stop", stop_reason=THIEF)
    await w.passes(HOUR)
    assert (await w.case()).unblock.done_at is not None
    assert any("stopped too late" in line for line in w.lines())


async def test_who_is_stopped_and_withdraws_asks_again_of_two(w: World) -> None:
    """The stop reaches the newest case, also where that has ended as well."""
    await has_relapsed(w)
    await w.presses(ANA_CLICKS, "withdraw", 2)
    await w.presses(CLEO, "stop", 1, None, stop_reason=THIEF)
    await w.passes(w.timing.ask_again_after + MINUTE)
    await w.presses(ANA_CLICKS, "again", 2)
    await sends(w, 3)
    await needs_two(w, 3)


# Who made way in an earlier case.


async def cleo_contained_in_the_first_case(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    await w.ana_has_sent(LIMIT_REASON)
    w.traces.report = report()
    await w.presses(CLEO, "contain", 1, None, sessions="true", password="true", forwarding="true")
    await w.presses_shown(CLEO, "contain_confirm")
    await w.presses(ANA_CLICKS, "withdraw")
    await w.presses(ANA_CLICKS, "again")
    await sends(w, 2)


async def test_who_contained_in_an_earlier_case_does_not_let_go_alone(w: World) -> None:
    """The account is contained in the new case by Bo, so that one approver would do: not Cleo, and not Bo."""
    owner = Holder(person=ANA, name="Ana Soto", upn=ANAS_ADDRESS, right=SendRight.OWNER)
    w.mailboxes.known[ANAS_ADDRESS] = SharedMailbox(
        address=ANAS_ADDRESS, name="Ana Soto", addresses=(ANAS_ADDRESS,), holders=(owner,)
    )
    await cleo_contained_in_the_first_case(w)
    await w.presses(BO, "contain", 2, None, sessions="true", password="true")
    await w.presses_shown(BO, "contain_confirm", 2)
    await w.passes(MINUTE)
    assert not (await w.case(2)).needs_two
    await w.presses(CLEO, "approve", 2, None, **WORD)
    await w.passes(MINUTE)
    assert (await w.case(2)).decision is None


async def test_who_contains_on_the_card_of_a_case_that_is_over_does_not_let_go_the_next_alone(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(ANA_CLICKS, "withdraw")
    await w.presses(ANA_CLICKS, "again")
    await w.presses(CLEO, "contain", 1, None, sessions="true", password="true")
    await w.presses_shown(CLEO, "contain_confirm")
    assert CLEO.id in (await w.case(2)).episode.made_way


# Whoever sees it first: the watch, the person, or the case that is still watched.


@pytest.mark.parametrize("seen_by", ["the watch", "Ana"])
async def test_a_relapse_keeps_what_was_known_whoever_sees_it_first(w: World, seen_by: str) -> None:
    """Said to work, and restricted again while it is still watched: the thief's method is no old one by then."""
    w.directory.methods_of[ANA] = (HERS,)
    await works(w)
    await w.list_monitor.once()
    owner = Holder(person=ANA, name="Ana Soto", upn=ANAS_ADDRESS, right=SendRight.OWNER)
    w.mailboxes.known[ANAS_ADDRESS] = SharedMailbox(
        address=ANAS_ADDRESS, name="Ana Soto", addresses=(ANAS_ADDRESS,), holders=(owner,)
    )
    await w.passes(w.timing.check_every + 10 * MINUTE)
    w.directory.methods_of[ANA] = (HERS, THIEFS)
    if seen_by == "Ana":
        await w.ana_asks(LIMIT_REASON)
    else:
        w.mail.restrict(ANAS_ADDRESS, LIMIT_REASON, since=w.clock.now())
        await w.list_monitor.once()
    case = await w.case(2)
    assert case.episode.baseline.methods is not None
    assert not any("thief" in one for one in case.episode.baseline.methods)


async def test_a_restriction_long_after_begins_anew(w: World) -> None:
    await works(w)
    await w.passes(w.timing.watch_for + HOUR)
    w.directory.methods_of[ANA] = (HERS, THIEFS)
    await w.ana_asks(LIMIT_REASON)
    case = await w.case(2)
    assert not case.episode.looked_stolen
    assert len(case.episode.baseline.methods or ()) == 2
