"""Giving an account back rests on evidence of now, and gives way to whoever shuts it out again."""

from dialogs.conversations.inbound import ConversationKind
from services.domain.case.transition import TaskKind
from services.domain.containment.containment import ContainmentStep
from services.domain.evidence.report import Forwarding
from services.domain.people import Standing
from services.domain.unknown import UnknownReason
from tests.cases import BO, HOUR, LIMIT_REASON, MINUTE, report
from tests.dialogs.rounds import run_due
from tests.dialogs.test_worsening import button
from tests.dialogs.world import CLEO, World

CHANNEL = ConversationKind.CHANNEL
OUTSIDE = Forwarding(to="collector@mail.example", keeps_copy=True, external=True)


async def ana_is_disabled(w: World) -> None:
    """By Bo and Cleo, since she holds an admin role; an hour ago."""
    w.containing.was = {ContainmentStep.DISABLE: ("enabled",)}
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "contain", disable="true")
    await w.presses(BO, "contain_confirm", 1, None, **button(w, "contain_confirm"))
    assert w.containing.done == [ContainmentStep.DISABLE]
    await w.passes(HOUR)


async def test_what_only_new_evidence_shows_holds_it_back(w: World) -> None:
    await ana_is_disabled(w)
    w.traces.report = report(forwarding=OUTSIDE)
    await w.presses_shown(BO, "put_back_disable")
    await w.passes(5 * MINUTE)
    assert w.containing.backs == []
    assert "Nothing was undone" in w.approvers_see()
    assert any("nothing was undone" in said for said in w.lines())


async def test_with_nothing_new_it_takes_one_click(w: World) -> None:
    await ana_is_disabled(w)
    asked = w.traces.asked
    await w.presses_shown(BO, "put_back_disable")
    assert len(w.containing.backs) == 1
    assert w.traces.asked > asked


async def test_evidence_that_is_still_coming_is_waited_for_and_the_card_says_so(w: World) -> None:
    await ana_is_disabled(w)
    await w.only_presses(BO, "put_back_disable", 1, CHANNEL, button(w, "put_back_disable"))
    await run_due(next(loop for loop in w.workers if TaskKind.UPDATE_APPROVERS_CARD in loop.kinds))
    assert "Re-enable the account: waiting for new evidence" in w.approvers_see()


async def test_what_does_not_come_in_time_was_not_checked_and_one_more_click_does_without_it(w: World) -> None:
    await ana_is_disabled(w)
    w.traces.troubles = {"sign_ins": UnknownReason.UNREACHABLE}
    await w.presses_shown(BO, "put_back_disable")
    assert w.containing.backs == []
    await w.passes(5 * MINUTE)
    assert w.containing.backs == []
    await w.presses_shown(BO, "put_back_disable")
    await w.passes(5 * MINUTE)
    assert len(w.containing.backs) == 1


async def test_after_the_end_of_a_case_the_evidence_is_gathered_too(w: World) -> None:
    await ana_is_disabled(w)
    await w.presses(CLEO, "deny", reason="a mailing list belongs elsewhere")
    await w.passes(HOUR)
    w.traces.report = report(forwarding=OUTSIDE)
    await w.presses_shown(BO, "put_back_disable")
    await w.passes(5 * MINUTE)
    assert w.containing.backs == []


async def test_who_shuts_it_out_again_need_not_wait(w: World) -> None:
    await ana_is_disabled(w)
    await w.only_presses(BO, "put_back_disable", 1, CHANNEL, button(w, "put_back_disable"))
    assert (await w.case()).containment is not None
    await w.only_presses(CLEO, "contain", 1, CHANNEL, {"sessions": "true", "disable": "true"})
    await w.only_presses(CLEO, "contain_confirm", 1, CHANNEL, {"plan": "2"})
    await w.passes(5 * MINUTE)
    assert w.containing.backs == []
    assert ContainmentStep.REVOKE_SESSIONS in w.containing.done


async def test_a_list_that_only_waits_for_its_yes_stops_it_as_well(w: World) -> None:
    await ana_is_disabled(w)
    await w.only_presses(BO, "put_back_disable", 1, CHANNEL, button(w, "put_back_disable"))
    await w.presses(CLEO, "contain", 1, None, sessions="true")
    await w.passes(5 * MINUTE)
    assert w.containing.backs == []


async def test_who_wanted_it_and_has_left_by_the_time_it_is_done_gets_nothing_back(w: World) -> None:
    await ana_is_disabled(w)
    await w.only_presses(BO, "put_back_disable", 1, CHANNEL, button(w, "put_back_disable"))
    assert w.responders
    w.responders.standings[BO.id] = Standing.NOT_APPROVER
    await w.passes(5 * MINUTE)
    assert w.containing.backs == []
    assert "no longer allowed to decide" in w.approvers_see()
