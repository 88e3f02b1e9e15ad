"""Evidence is gathered when the request is sent and when an approver asks; no other step waits for it."""

import asyncio
import json
from dataclasses import replace

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.domain.case.case import Status
from services.domain.evidence.report import Forwarding
from services.domain.evidence.verdict import Verdict
from services.domain.unknown import Unknown, UnknownReason
from tests.cases import ANA, BO, MINUTE, report
from tests.dialogs.world import ANA_CLICKS, CLEO, DAN, World

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


async def test_an_approver_has_it_gathered_again_and_not_by_tapping(w: World) -> None:
    await w.ana_has_sent()
    await w.passes(MINUTE)
    w.traces.report = report(forwarding=OUTSIDE, gathered_at=w.clock.now())
    await w.presses(CLEO, "gather")
    assert "Looks like a stolen account." in w.approvers_see()
    asked = w.traces.asked
    assert "gathered a moment ago" in await w.presses(BO, "gather")
    assert w.traces.asked == asked


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
    assert "Do not release it yet" in w.approvers_see()
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
