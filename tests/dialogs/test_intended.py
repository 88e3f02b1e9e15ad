"""An approval whose facts need longer than its click: kept as intended, decided once, or dropped with the reason."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from dialogs.conversations.inbound import ConversationKind
from services.domain.case.case import Case
from services.domain.case.commands.intention import ApprovalIntended
from services.domain.case.status import Status
from services.domain.case.transition import TaskKind
from services.domain.evidence.report import Forwarding, SentHour, SentMail
from services.domain.people import AuthenticationMethod, MethodKind, Standing
from services.domain.proofs.securing import ApprovalCondition
from services.domain.restriction import Cause
from services.domain.unknown import UnknownReason
from tests.cases import ANA, BO, HOUR, LIMIT_REASON, MINUTE, SINCE, SPAM_REASON, report
from tests.databases import Databases
from tests.dialogs.fake_mail import REFUSED
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CLEO, LONG_DAYS, World, small_world

CALLED = "called her: it was her newsletter"
SECOND = timedelta(seconds=1)
CLEAN = report(sent=SentMail(hours=(SentHour(start=SINCE - HOUR, recipients=100, messages=9),), subjects=1))
OUTSIDE = Forwarding(to="x@mail.example", keeps_copy=True, external=True)


@pytest_asyncio.fixture
async def hurried(databases: Databases) -> AsyncIterator[World]:
    """A world in which a click waits for no source that does not answer at once."""
    async with small_world(databases.fresh(), replace(LONG_DAYS, click_within=timedelta(milliseconds=50))) as world:
        yield world


async def clicks(w: World, **inputs: str) -> Case:
    """Bo approves, and no task has run yet."""
    await w.only_presses(BO, "approve", 1, ConversationKind.CHANNEL, inputs)
    return await w.case()


async def never() -> None:
    """A source that hangs."""
    await asyncio.Event().wait()


async def test_a_list_that_is_slow_does_not_cost_the_click(hurried: World) -> None:
    """The list needs longer than a click may wait, and answers soon after: one click is enough."""
    w = hurried
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.when_read = never
    case = await clicks(w)
    assert (case.status, case.decision, case.intended and case.intended.by) == (Status.WAITING, None, BO.id)
    w.mail.when_read = None
    await w.passes()
    case = await w.case()
    assert (case.decision and case.decision.by, case.intended) == (BO.id, None)
    assert len(w.mail.removals) == 1


async def test_what_is_being_checked_stands_on_the_card_for_everybody(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.trouble = UnknownReason.THROTTLED
    assert "Checking since 14:00 UTC" in await w.presses(BO, "approve")
    assert "Bo Larsen approved. Checking since 14:00 UTC" in w.approvers_see()
    assert "Checking" not in w.ana_sees()


async def test_a_list_that_stays_unreadable_ends_in_a_reason_and_not_in_a_release(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.trouble = UnknownReason.THROTTLED
    await w.presses(BO, "approve")
    await w.passes(w.timing.decide_within - 2 * SECOND)
    assert (await w.case()).intended is not None
    await w.passes(MINUTE)
    case = await w.case()
    assert (case.status, case.intended, case.decision) == (Status.WAITING, None, None)
    assert "did not go through" in w.approvers_see()
    assert any("the restricted list could not be read" in line for line in w.lines())
    # Later nothing is decided on that click.
    w.mail.trouble = None
    await w.passes(5 * MINUTE)
    assert w.mail.removals == []


async def test_it_is_decided_on_the_facts_that_its_click_named(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.trouble = UnknownReason.THROTTLED
    await w.presses(BO, "approve")
    w.mail.trouble = None
    w.mail.restrict(ANAS_ADDRESS, SPAM_REASON, since=w.mail.entries[ANAS_ADDRESS].since)
    await w.passes(MINUTE)
    case = await w.case()
    assert (case.status, case.decision, w.mail.removals) == (Status.WAITING, None, [])
    assert case.restriction is not None
    assert case.restriction.cause is Cause.SPAM
    assert any("did not go through" in line and "is now more serious" in line for line in w.lines())


async def test_a_proof_that_comes_late_needs_no_second_click(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.directory.troubles = {"methods": UnknownReason.TIMED_OUT}
    assert (await clicks(w)).intended is not None
    w.directory.troubles = {}
    await w.passes()
    assert (await w.case()).decision is not None


async def test_a_method_that_was_added_while_it_was_checked_is_found(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.trouble = UnknownReason.TIMED_OUT
    await clicks(w)
    w.mail.trouble = None
    w.directory.methods_of[ANA] = (
        AuthenticationMethod(id="m1", kind=MethodKind.AUTHENTICATOR),
        AuthenticationMethod(id="thief", kind=MethodKind.PHONE),
    )
    await w.passes(MINUTE)
    case = await w.case()
    assert (case.decision, w.mail.removals) == (None, [])
    assert ApprovalCondition.MFA_NEW in case.conditions


async def test_who_left_the_group_meanwhile_decided_nothing(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.trouble = UnknownReason.TIMED_OUT
    await clicks(w)
    w.mail.trouble = None
    w.approvers.standings[BO.id] = Standing.NOT_APPROVER
    await w.passes(MINUTE)
    assert ((await w.case()).decision, w.mail.removals) == (None, [])
    assert any("did not go through" in line for line in w.lines())


async def test_a_second_approver_reads_that_one_is_being_checked(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.trouble = UnknownReason.TIMED_OUT
    await clicks(w)
    w.mail.trouble = None
    await w.only_presses(CLEO, "approve", 1, ConversationKind.CHANNEL, {})
    case = await w.case()
    assert (case.decision, case.intended and case.intended.by) == (None, BO.id)
    w.mail.trouble = UnknownReason.TIMED_OUT
    assert "has been under way since 14:00 UTC" in await w.presses(CLEO, "approve")


@pytest.mark.parametrize("who", [BO, CLEO], ids=lambda who: who.name)
async def test_it_is_taken_back_by_one_click(w: World, who: object) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.trouble = UnknownReason.TIMED_OUT
    await w.presses(BO, "approve")
    await w.presses(who, "take_back")  # type: ignore[arg-type]  # one of the approvers
    w.mail.trouble = None
    await w.passes(5 * MINUTE)
    assert (await w.status(), w.mail.removals) == (Status.WAITING, [])
    assert "Checking" not in w.approvers_see()


@pytest.mark.parametrize(
    ("who", "verb", "inputs", "then"),
    [
        (CLEO, "deny", {"reason": "come by"}, Status.DENIED),
        (CLEO, "stop", {"stop_reason": "it was the thief"}, Status.DENIED),
        (CLEO, "ask", {"words": "which tool?"}, Status.NEEDS_INFO),
        (ANA_CLICKS, "withdraw", {}, Status.WITHDRAWN),
    ],
    ids=["deny", "stop", "ask", "withdraw"],
)
async def test_what_protects_takes_effect_at_once_and_ends_it(
    w: World, who: object, verb: str, inputs: dict[str, str], then: Status
) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.trouble = UnknownReason.TIMED_OUT
    await w.presses(BO, "approve")
    await w.presses(who, verb, **inputs)  # type: ignore[arg-type]  # one of the people
    assert await w.status() is then
    w.mail.trouble = None
    await w.passes(5 * MINUTE)
    assert (await w.status(), w.mail.removals) == (then, [])


async def test_containing_is_not_held_up_by_it(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.trouble = UnknownReason.TIMED_OUT
    await w.presses(BO, "approve")
    await w.presses(CLEO, "contain", sessions="true")
    await w.presses(CLEO, "contain_confirm")
    assert w.containing.done


async def test_trying_again_is_kept_as_well(w: World) -> None:
    w.mail.outcomes = [REFUSED]
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "approve")
    assert await w.status() is Status.FAILED
    w.mail.trouble = UnknownReason.TIMED_OUT
    await w.only_presses(CLEO, "retry", 1, ConversationKind.CHANNEL, {})
    assert await w.status() is Status.FAILED
    w.mail.trouble = None
    await w.passes(MINUTE)
    assert (await w.case()).decision is not None
    assert len(w.mail.removals) == 2


async def test_the_first_of_two_may_be_one_that_had_to_be_checked(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    await w.ana_has_sent(LIMIT_REASON)
    for who in (BO, CLEO):
        w.mail.trouble = UnknownReason.TIMED_OUT
        await w.presses(who, "approve", by_another_route="true", ground=CALLED)
        w.mail.trouble = None
        await w.passes(5 * SECOND)
    case = await w.case()
    assert case.first_approval is not None
    assert (case.first_approval.by, case.decision and case.decision.by) == (BO.id, CLEO.id)


async def test_one_that_the_process_slept_through_is_not_carried_out(w: World) -> None:
    """The bot was away for ten minutes: who clicked then may have thought of something else by now."""
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.trouble = UnknownReason.TIMED_OUT
    await clicks(w)
    w.mail.trouble = None
    w.clock.time += 10 * MINUTE
    await w.passes()
    assert ((await w.case()).decision, w.mail.removals) == (None, [])
    assert "could not be checked in time" in w.approvers_see()


# Evidence.


async def test_an_approval_waits_for_evidence_that_is_on_its_way_and_needs_no_second_click(w: World) -> None:
    w.traces.report = CLEAN
    await w.ana_asks(LIMIT_REASON)
    await w.ana_secures()
    await w.only_presses(ANA_CLICKS, "send", 1, ConversationKind.PERSONAL, {"note": ""})
    case = await clicks(w, facts="1")
    assert (case.decision, case.conditions) == (None, (ApprovalCondition.EVIDENCE_PENDING,))
    await w.passes()
    assert (await w.case()).decision is not None


async def test_what_stands_only_until_the_evidence_is_there_has_not_to_be_answered_for(w: World) -> None:
    """Her method has no date, and what would show who else got in could not be read at the first look."""
    w.traces.troubles = {"changes": UnknownReason.TIMED_OUT}
    await w.ana_asks(LIMIT_REASON)
    await w.ana_secures()
    w.traces.troubles = {}
    await w.only_presses(ANA_CLICKS, "send", 1, ConversationKind.PERSONAL, {"note": ""})
    case = await clicks(w, facts="1")
    assert case.conditions == (ApprovalCondition.MFA_UNDATED, ApprovalCondition.EVIDENCE_PENDING)
    assert (case.needs_word, case.intended is not None) == ((), True)
    await w.passes()
    case = await w.case()
    assert case.decision is not None
    assert (case.conditions, case.decision.by_another_route) == ((), False)


async def test_an_approval_while_evidence_is_on_its_way_is_not_a_way_around_two_approvers(w: World) -> None:
    await w.ana_asks(LIMIT_REASON)
    await w.ana_secures()
    w.traces.report = report(forwarding=OUTSIDE)
    await w.only_presses(ANA_CLICKS, "send", 1, ConversationKind.PERSONAL, {"note": ""})
    await clicks(w, facts="1", by_another_route="true", ground=CALLED)
    await w.passes(5 * MINUTE)
    assert ((await w.case()).decision, w.mail.removals) == (None, [])
    assert any("The evidence shows something new" in line for line in w.lines())


async def test_evidence_that_is_asked_for_again_while_the_list_is_read_is_waited_for(w: World) -> None:
    """Cleo gathers again in the very seconds of Bo's click: what he clicked on is not known to hold any more."""
    await w.ana_has_sent(LIMIT_REASON)
    await w.passes(MINUTE)

    async def cleo_gathers() -> None:
        w.mail.when_read = None
        await w.only_presses(CLEO, "gather", 1, ConversationKind.CHANNEL, {})

    w.mail.when_read = cleo_gathers
    w.traces.report = report(forwarding=OUTSIDE)
    case = await clicks(w)
    assert (case.decision, case.intended is not None) == (None, True)
    await w.passes(5 * MINUTE)
    assert ((await w.case()).decision, w.mail.removals) == (None, [])


async def test_evidence_that_does_not_come_in_two_minutes_is_not_checked(w: World) -> None:
    await w.ana_asks(LIMIT_REASON)
    await w.ana_secures()
    await w.only_presses(ANA_CLICKS, "send", 1, ConversationKind.PERSONAL, {"note": ""})
    gathering = frozenset({TaskKind.GATHER})
    await w.outbox.claim(w.clock.now(), HOUR, 9, gathering)  # by a process that then stands still
    await w.passes(w.timing.evidence_within - SECOND)
    assert (await w.case()).conditions == (ApprovalCondition.EVIDENCE_PENDING,)
    await w.passes(SECOND)
    assert (await w.case()).conditions == (ApprovalCondition.EVIDENCE_NOT_CHECKED,)
    # It takes word by another route now, and nobody waits any more.
    assert "called or met" in await w.presses(BO, "approve")
    await w.presses(BO, "approve", by_another_route="true", ground=CALLED)
    assert (await w.case()).decision is not None


async def test_an_approval_of_an_old_request_gathers_the_evidence_again_and_needs_one_click(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    asked = w.traces.asked
    await w.passes(w.timing.evidence_lasts + MINUTE)
    case = await clicks(w)
    assert (case.decision, case.intended is not None) == (None, True)
    await w.passes()
    assert (await w.case()).decision is not None
    assert w.traces.asked > asked


async def test_what_turned_up_since_the_old_evidence_is_found_before_anything_is_released(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await w.passes(w.timing.evidence_lasts + MINUTE)
    w.traces.report = report(forwarding=OUTSIDE)
    await w.presses(BO, "approve")
    await w.passes(5 * MINUTE)
    assert ((await w.case()).decision, w.mail.removals) == (None, [])
    assert (await w.case()).needs_two


async def test_a_source_that_should_answer_and_does_not_is_a_condition_and_is_asked_again(w: World) -> None:
    w.traces.troubles = {"sign_ins": UnknownReason.TIMED_OUT}
    await w.ana_has_sent(LIMIT_REASON)
    assert ApprovalCondition.EVIDENCE_NOT_CHECKED in (await w.case()).conditions
    assert "called or met" in await w.presses(BO, "approve")
    w.traces.troubles = {}
    await w.passes(w.timing.evidence_within + SECOND)
    await w.presses(BO, "approve")
    assert (await w.case()).decision is not None


@pytest.mark.parametrize(
    "reason", [UnknownReason.NO_LICENCE, UnknownReason.NO_PERMISSION, UnknownReason.NOT_SET_UP], ids=str
)
async def test_what_the_organisation_has_no_licence_for_costs_no_click(w: World, reason: UnknownReason) -> None:
    """A tenant without a premium licence: one click, as everywhere. What is not allowed, though it could be, leaves a
    method without a date undated, and that is a condition of its own."""
    w.directory.methods_of[ANA] = (AuthenticationMethod(id="m1", kind=MethodKind.PASSKEY, added_at=SINCE - 9 * HOUR),)
    w.traces.troubles = dict.fromkeys(("sign_ins", "risk", "changes", "sent"), reason)
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "approve")
    assert (await w.case()).decision is not None


async def test_the_number_of_facts_is_judged_when_it_is_intended(w: World) -> None:
    """A card that is worse than what is known already is refused at once, and nobody waits for nothing."""
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.restrict(ANAS_ADDRESS, SPAM_REASON, since=w.mail.entries[ANAS_ADDRESS].since)
    await w.passes(w.timing.evidence_lasts + HOUR)
    assert "is now more serious" in await w.presses(BO, "approve", facts="1", by_another_route="true", ground=CALLED)
    assert (await w.case()).intended is None
    assert ApprovalIntended.verb not in [event.verb for event in await w.cases.history((await w.case()).number)]
