"""Evidence is gathered when the request is sent and when an approver asks; no other step waits for it."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.clients.store.database import Database
from services.domain.case.status import Status
from services.domain.evidence.findings import EvidenceSource
from services.domain.evidence.report import Forwarding
from services.domain.evidence.verdict import Verdict
from services.domain.unknown import Unknown, UnknownReason
from tests.cases import ADDRESSES, ANA, BO, HOUR, MINUTE, person, report
from tests.databases import Databases
from tests.dialogs.world import ANA_CLICKS, CLEO, DAN, LONG_DAYS, World, small_world

OUTSIDE = Forwarding(to="collector@mail.example", keeps_copy=True, external=True)


def whole_card(w: World) -> str:
    """The texts of the approvers' card, also in parts that are not unfolded."""
    return json.dumps(w.posts()[-1].card, ensure_ascii=False)


async def test_a_request_that_is_sent_is_looked_into(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    await w.ana_has_sent()
    assert "Looks like a stolen account." in w.approvers_see()
    assert "all mail is forwarded to collector@mail.example" in whole_card(w)
    assert "forwarded" not in w.ana_sees()
    assert (await w.case()).judgement.verdict is Verdict.STOLEN


@pytest.mark.parametrize("question", ["forwarding", "rules", "sent", "sign_ins", "risk", "changes"])
async def test_a_source_that_fails_costs_one_line(w: World, question: str) -> None:
    w.traces.troubles = {question: UnknownReason.NO_LICENCE}
    await w.ana_has_sent()
    evidence = (await w.case()).evidence
    assert evidence is not None
    assert getattr(evidence, question) == Unknown(reason=UnknownReason.NO_LICENCE)
    assert "not checked" in whole_card(w)
    assert "Needs" in whole_card(w)


async def test_what_lacks_a_role_names_it_is_no_alarm_and_what_was_late_lacks_nothing(w: World) -> None:
    w.traces.troubles = {"forwarding": UnknownReason.NO_PERMISSION, "rules": UnknownReason.TIMED_OUT}
    await w.ana_has_sent()
    role = "the Exchange role “Sendwell Mailboxes”, a child of “Mail Recipients”"
    assert f"Needs Get-Mailbox: {role}" in whole_card(w)
    assert "Get-InboxRule" not in whole_card(w)
    alarms = {finding.source for finding in (await w.case()).judgement.findings if finding.found}
    assert not alarms & {EvidenceSource.FORWARDING, EvidenceSource.RULES}
    await w.passes(HOUR)
    assert not any("Mailboxes" in line for line in w.lines())


async def test_a_source_that_does_not_answer_in_time_is_not_checked_and_holds_up_no_other(
    database: Database,
) -> None:
    w = World(database, replace(LONG_DAYS, slow_read=timedelta(milliseconds=4)))
    w.traces.hanging = {"sign_ins"}
    await w.ana_has_sent()
    evidence = (await w.case()).evidence
    assert evidence is not None
    assert evidence.sign_ins == Unknown(reason=UnknownReason.TIMED_OUT)
    assert evidence.rules == ()


async def test_an_approver_has_it_gathered_again_and_not_by_tapping(w: World) -> None:
    await w.ana_has_sent()
    await w.passes(MINUTE)
    w.traces.report = report(forwarding=OUTSIDE, gathered_at=w.clock.now())
    await w.presses(CLEO, "gather")
    assert "Looks like a stolen account." in w.approvers_see()
    asked = w.traces.asked
    assert "gathered a moment ago" in await w.presses(BO, "gather")
    assert w.traces.asked == asked


async def test_sent_mail_is_looked_for_under_every_address_of_the_sender(w: World) -> None:
    """The list may name one that no mail carries."""
    w.mail.restrict("ana@other.example")
    w.directory.people[ANA] = person(addresses=(*ADDRESSES, "ana@other.example"))
    await w.ana_has_sent()
    ((addresses, _),) = w.traces.traced
    assert set(addresses) == {*ADDRESSES, "ana@other.example"}


async def test_a_trace_that_had_to_wait_is_read_by_itself_and_nothing_else_is_asked_again(w: World) -> None:
    w.traces.troubles = {"sent": UnknownReason.THROTTLED}
    await w.ana_has_sent()
    await w.presses(ANA_CLICKS, "mailing_no")
    assert "I will check again automatically." in whole_card(w)
    asked = w.traces.asked
    await w.passes(2 * MINUTE)  # the search of the audit log has ended
    version = (await w.case()).version
    await w.passes(3 * MINUTE)
    assert w.traces.asked == asked + 1
    assert (await w.case()).version == version  # what is still missing is not written down again and again
    w.traces.troubles = {}
    await w.passes(4 * MINUTE)
    assert w.traces.asked == asked + 1
    await w.passes(MINUTE)
    assert w.traces.asked == asked + 2
    assert "2,001 recipients within an hour" in whole_card(w)
    assert "I will check again" not in whole_card(w)
    await w.passes(HOUR)
    assert w.traces.asked == asked + 2


async def test_what_somebody_has_to_do_first_is_said_and_not_asked_again(w: World) -> None:
    w.traces.troubles = {"sent": UnknownReason.TIMED_OUT}
    await w.ana_has_sent()
    w.traces.troubles = {"sent": UnknownReason.NOT_SET_UP}
    await w.passes(5 * MINUTE)
    asked = w.traces.asked
    evidence = (await w.case()).evidence
    assert evidence is not None
    assert evidence.sent == Unknown(reason=UnknownReason.NOT_SET_UP)
    await w.passes(HOUR)
    assert w.traces.asked == asked


async def test_a_trace_that_never_comes_is_given_up_after_a_day(databases: Databases) -> None:
    timing = replace(LONG_DAYS, check_every=12 * HOUR, remind_after=48 * HOUR, expire_after=72 * HOUR)
    async with small_world(databases.fresh(), timing) as w:
        w.traces.troubles, w.traces.retry_after = {"sent": UnknownReason.THROTTLED}, 6 * HOUR
        await w.ana_has_sent()
        await w.passes(20 * HOUR)
        assert "I will check again" in whole_card(w)
        await w.passes(8 * HOUR)
        assert "I will check again" not in whole_card(w)
        asked = w.traces.asked
        await w.passes(12 * HOUR)
        assert w.traces.asked == asked


async def test_who_waits_for_it_comes_first_when_calls_are_few(w: World) -> None:
    w.traces.troubles = {"sent": UnknownReason.THROTTLED}
    await w.ana_has_sent()
    await w.passes(5 * MINUTE)
    assert {urgent for _, urgent in w.traces.traced} == {False}
    await w.presses(CLEO, "gather")
    assert w.traces.traced[-1][1]


async def test_whoever_may_not_decide_asks_nothing(w: World) -> None:
    await w.ana_has_sent()
    await w.passes(MINUTE)
    asked = w.traces.asked
    for who in (DAN, ANA_CLICKS):
        await w.presses(who, "gather")
    assert w.traces.asked == asked


async def test_evidence_that_comes_after_the_decision_stands_on_the_card_all_the_same(w: World) -> None:
    await w.ana_has_sent()
    await w.passes(MINUTE)
    await w.bo_approves()
    w.traces.report = report(forwarding=OUTSIDE)
    await w.presses(CLEO, "gather")
    await w.passes(5 * MINUTE)
    assert await w.status() is Status.OFF_LIST
    assert "collector@mail.example" in whole_card(w)


async def test_a_case_that_ended_meanwhile_is_asked_nothing_more(w: World) -> None:
    await w.ana_has_sent()
    await w.passes(MINUTE)
    await w.presses(ANA_CLICKS, "withdraw")
    asked = w.traces.asked
    assert "ended" in await w.presses(BO, "gather")
    assert w.traces.asked == asked


async def test_details_are_forgotten_with_the_case(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    await w.ana_has_sent()
    await w.presses(ANA_CLICKS, "withdraw")
    await w.passes(w.timing.keep_details_for + MINUTE)
    case = await w.case()
    assert (case.sender.person, case.evidence) == ("", None)
    assert case.sender.person != ANA


async def test_own_evidence_is_not_for_the_person_even_if_they_may_approve(w: World) -> None:
    w.approvers.standings[ANA] = w.approvers.standings[BO.id]
    await w.ana_has_sent()
    await w.passes(MINUTE)
    asked = w.traces.asked
    await w.presses(replace(ANA_CLICKS), "gather")
    assert w.traces.asked == asked


async def test_what_looks_stolen_is_unblocked_by_two_approvers_and_never_by_one(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    await w.ana_has_sent()
    assert "needs two approvers" in w.approvers_see()
    assert "Do not unblock yet" in w.approvers_see()
    await w.bo_approves()
    assert await w.status() is Status.WAITING
    assert "One of two approvals: Bo Larsen" in w.approvers_see()
    assert any("one of two approvals" in line for line in w.lines())
    assert "approved already" in await w.bo_approves()
    assert w.mail.removals == []
    await w.presses(CLEO, "approve", by_another_route="true", ground="called as well")
    await w.passes(5 * MINUTE)
    assert await w.status() is Status.OFF_LIST
    case = await w.case()
    assert case.first_approval is not None
    assert case.decision is not None
    assert (case.first_approval.name, case.decision.name) == ("Bo Larsen", "Cleo Marsh")


async def test_two_at_once_are_two_words_and_one_decision(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    await w.ana_has_sent()
    words = {"by_another_route": "true", "ground": "called"}
    await asyncio.gather(*(w.only_presses(who, "approve", 1, ConversationKind.CHANNEL, words) for who in (BO, CLEO)))
    await w.passes(5 * MINUTE)
    assert await w.status() is Status.OFF_LIST
    assert len(w.mail.removals) == 1


async def test_it_may_be_denied_by_one(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    await w.ana_has_sent()
    await w.bo_approves()
    await w.presses(CLEO, "deny", reason="come to the help desk")
    assert await w.status() is Status.DENIED


async def test_a_typed_approval_counts_as_one_of_two(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    await w.ana_has_sent()
    await w.commands(BO, "approve 1 called: it was her")
    assert await w.status() is Status.WAITING
    await w.commands(CLEO, "approve 1 called: it was her")
    await w.passes(MINUTE)
    assert w.mail.removals
