"""What must not get a mailbox back into a thief's hands: signs that go away, old words for new facts, endless calls."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from dialogs.casework.click_reads import read_at_click
from dialogs.casework.lookups import Lookups
from dialogs.conversations.inbound import ConversationKind
from services.domain.case.rechecked import Rechecked
from services.domain.case.status import Status
from services.domain.evidence.report import Forwarding, InboxRule, RuleDeed, SentHour, SentMail
from services.domain.people import AuthenticationMethod, MethodKind, PersonId, Registration, Standing
from services.domain.proofs.securing import ApprovalCondition
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.ports.microsoft365 import RemovalNotBegun
from tests.cases import ANA, BO, HOUR, LIMIT_REASON, MINUTE, SINCE, SPAM_REASON, person, report
from tests.dialogs.fake_mail import UNCLEAR
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CLEO, World

CALLED = "called her: it was her newsletter"
OUTSIDE = Forwarding(to="x@mail.example", keeps_copy=True, external=True)


async def shown(w: World) -> str:
    """The number of the facts that the present card shows."""
    return str((await w.case()).facts[-1].number)


async def becomes_spam(w: World) -> None:
    """The same entry, with a worse reason."""
    since = w.mail.entries[ANAS_ADDRESS].since
    w.mail.restrict(ANAS_ADDRESS, SPAM_REASON, since=since)


async def test_an_alarm_does_not_go_away_because_its_source_fails_next_time(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    await w.ana_has_sent(LIMIT_REASON)
    await w.passes(MINUTE)
    assert (await w.case()).needs_two
    w.traces.troubles = {"forwarding": UnknownReason.TIMED_OUT}
    await w.passes(MINUTE)
    await w.presses(BO, "gather")
    await w.passes(MINUTE)
    await w.presses(BO, "approve", facts=await shown(w))
    assert w.mail.removals == []


async def test_an_alarm_does_not_go_away_because_the_thief_tidies_up(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    await w.ana_has_sent(LIMIT_REASON)
    await w.passes(MINUTE)
    w.traces.report = report()
    await w.presses(BO, "gather")
    await w.passes(MINUTE)
    await w.presses(BO, "approve", facts=await shown(w))
    assert w.mail.removals == []


async def test_an_entry_changed_after_the_password_proof_is_not_approved_on_that_proof(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    number = await shown(w)
    await w.passes(5 * MINUTE)
    w.mail.entries[ANAS_ADDRESS] = replace(w.mail.entries[ANAS_ADDRESS], changed=w.clock.now() - timedelta(seconds=1))
    await w.presses(BO, "approve", facts=number)
    assert (await w.status(), w.mail.removals) == (Status.WAITING, [])


async def test_the_first_of_two_approvals_does_not_count_for_worse_facts(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    await w.ana_has_sent(LIMIT_REASON)
    await w.passes(MINUTE)
    await w.presses(BO, "approve", facts=await shown(w), by_another_route="true", ground=CALLED)
    assert (await w.case()).first_approval is not None
    await becomes_spam(w)
    await w.passes(2 * w.timing.check_every)
    await w.presses(CLEO, "approve", facts=await shown(w), by_another_route="true", ground=CALLED)
    assert w.mail.removals == []


async def test_the_first_of_two_must_still_be_an_approver(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    await w.ana_has_sent(LIMIT_REASON)
    await w.passes(MINUTE)
    await w.presses(BO, "approve", facts=await shown(w), by_another_route="true", ground=CALLED)
    w.approvers.standings[BO.id] = Standing.NOT_APPROVER
    await w.presses(CLEO, "approve", facts=await shown(w), by_another_route="true", ground=CALLED)
    assert w.mail.removals == []


async def test_typed_approval_is_not_compared_with_facts_that_came_while_it_was_judged(w: World) -> None:
    """A rule that hides mail is found in the very seconds in which the list is read."""
    few = SentMail(hours=(SentHour(start=SINCE - HOUR, recipients=100, messages=9),), subjects=1)
    w.traces.report = report(sent=few)
    await w.ana_has_sent(LIMIT_REASON)
    await w.passes(MINUTE)

    async def a_rule_is_found() -> None:
        w.mail.when_read = None
        rule = InboxRule(id="1", name=".", enabled=True, hidden=True, deeds=(RuleDeed.DELETES,), external=False)
        w.traces.report = report(rules=(rule,), sent=few)
        await w.only_presses(CLEO, "gather", 1, ConversationKind.CHANNEL, {})
        await w.passes()
        assert (await w.case()).facts[-1].alarms

    w.mail.when_read = a_rule_is_found
    told = await w.commands(BO, "approve 1")
    assert w.mail.removals == [], (told, (await w.case()).status)


async def test_a_lapsed_approval_leaves_time_for_a_new_one(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await w.passes(w.timing.expire_after - HOUR)
    assert await w.status() is Status.WAITING
    await w.presses(BO, "gather")
    await w.only_presses(BO, "approve", 1, ConversationKind.CHANNEL, {"facts": await shown(w)})
    w.mail.trouble = UnknownReason.UNREACHABLE
    await w.passes(w.timing.approval_lasts + MINUTE)
    assert await w.status() is Status.WAITING


async def test_an_approval_lapses_in_time_though_exchange_asks_for_a_long_pause(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await w.only_presses(BO, "approve", 1, ConversationKind.CHANNEL, {"facts": await shown(w)})

    async def throttled() -> None:
        raise Unavailable(UnknownReason.THROTTLED, retry_after=timedelta(seconds=86_400))

    w.mail.when_read = throttled
    await w.passes(w.timing.approval_lasts + HOUR)
    assert await w.status() is Status.WAITING


async def test_calls_that_exchange_puts_off_are_few(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.outcomes = [RemovalNotBegun(error="HTTP 429") for _ in range(500)]
    await w.presses(BO, "approve", facts=await shown(w))
    await w.passes(w.timing.approval_lasts + HOUR)
    assert len(w.mail.removals) <= 10, len(w.mail.removals)


async def test_an_undated_answer_of_a_lagging_list_is_no_relapse(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await w.only_presses(BO, "approve", 1, ConversationKind.CHANNEL, {"facts": await shown(w)})
    w.mail.keeps_listing = True
    await w.passes()
    assert await w.status() is Status.UNBLOCKED
    w.mail.entries[ANAS_ADDRESS] = replace(w.mail.entries[ANAS_ADDRESS], since=None)
    await w.passes(w.timing.check_after[0])
    assert await w.status() is Status.UNBLOCKED


async def test_the_worst_of_two_entries_judges(w: World) -> None:
    alias = next(a for a in person().addresses if a != ANAS_ADDRESS)
    w.mail.restrict(alias, SPAM_REASON, since=w.clock.now() - 2 * MINUTE)
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "approve", facts=await shown(w))
    assert w.mail.removals == []


async def test_old_click_after_a_lapse_on_better_facts_is_a_decision_of_its_own(w: World) -> None:
    """Lapse for worse facts, then the old card."""
    await w.ana_has_sent(LIMIT_REASON)
    old = await shown(w)
    w.mail.outcomes = [UNCLEAR]
    await w.presses(BO, "approve", facts=old)
    w.mail.restrict(ANAS_ADDRESS, SPAM_REASON, since=w.clock.now())
    await w.passes(HOUR)
    assert await w.status() is Status.WAITING
    await w.presses(BO, "approve", facts=old, by_another_route="true", ground=CALLED)
    assert (await w.status(), len(w.mail.removals)) == (Status.WAITING, 1)


async def test_a_new_method_does_not_become_an_old_one_because_the_methods_cannot_be_read(w: World) -> None:
    """The report says only that there is some method: the thief's own is one."""
    await w.ana_asks(LIMIT_REASON)
    w.directory.methods_of[ANA] = (AuthenticationMethod(id="thief", kind=MethodKind.PHONE),)
    await w.ana_secures()
    await w.presses(ANA_CLICKS, "send", note="")
    assert ApprovalCondition.MFA_NEW in (await w.case()).conditions
    w.directory.troubles = {"methods": UnknownReason.THROTTLED}

    async def report_says_registered(person: PersonId) -> Registration:
        del person
        return Registration(mfa_registered=True, self_service_reset=True)

    w.directory.registration = report_says_registered  # type: ignore[method-assign]
    await w.presses(BO, "approve", facts=await shown(w))
    assert w.mail.removals == []


async def test_a_source_that_hangs_at_the_click_costs_its_own_proof_and_not_the_decision(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)

    async def hangs(person: PersonId) -> tuple[AuthenticationMethod, ...]:
        del person
        await asyncio.Event().wait()
        raise AssertionError("nobody wakes it")

    w.directory.methods = hangs  # type: ignore[method-assign]
    lookups = Lookups(microsoft365=w.ports().microsoft365, clock=w.clock, timing=w.timing)
    reads = await read_at_click(lookups, await w.case(), BO.id, timedelta(milliseconds=600))
    assert isinstance(reads.fresh, Rechecked)
    assert reads.fresh.mfa.not_checked is UnknownReason.TIMED_OUT
    assert reads.involved is None
