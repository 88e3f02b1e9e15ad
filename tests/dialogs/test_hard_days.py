"""Stories in which two things happen at once, or a source sends an unexpected response."""

from dataclasses import replace

import pytest

from services.domain.case.apply import apply
from services.domain.case.commands.clock import Reached
from services.domain.case.status import Status
from services.domain.case.timers import timers
from services.domain.proofs.securing import ApprovalCondition, MfaFinding
from services.ports.microsoft365 import Removal, RemovalDone
from tests.cases import BO, HOUR, SPAM_REASON
from tests.dialogs.fake_mail import REFUSED
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CHANNEL, DAN, LONG_DAYS, World


@pytest.mark.parametrize(("outcome", "status"), [(REFUSED, Status.FAILED), (RemovalDone(), Status.UNBLOCKED)])
async def test_the_outcome_of_a_call_is_kept_whatever_else_was_noted_meanwhile(
    w: World, outcome: Removal, status: Status
) -> None:
    unblock = w.mail.unblock

    async def slow_unblock(address: str, note: str) -> Removal:
        transition = apply(await w.case(), Reached(error="403"), w.clock.now(), LONG_DAYS)
        await w.cases.save(transition, timers(transition.case, w.clock.now(), LONG_DAYS))
        return await unblock(address, note)

    w.mail.unblock = slow_unblock  # type: ignore[method-assign]  # a call during which the case changes
    w.mail.outcomes = [outcome]
    await w.ana_has_sent()
    await w.bo_approves()
    assert await w.status() is status
    await w.passes(HOUR)
    assert len(w.mail.removals) == 1


async def test_a_relapse_goes_on_in_the_case_the_person_opened_themself(w: World) -> None:
    await w.is_off_list()
    await w.presses(ANA_CLICKS, "works")
    w.mail.restrict(ANAS_ADDRESS, SPAM_REASON)
    await w.says(ANA_CLICKS, "it bounces again")
    assert await w.status(2) is Status.SECURING
    await w.passes(LONG_DAYS.check_every)
    assert (await w.status(), (await w.case()).past.followed_by) == (Status.RELAPSED, 2)
    assert len(await w.cases.many([3])) == 0  # type: ignore[list-item]  # a plain number reads better in a story


async def test_a_directory_that_keeps_nothing_of_somebody_proves_nothing(w: World) -> None:
    w.directory.absent = {"methods", "registration"}
    await w.ana_asks()
    await w.presses(ANA_CLICKS, "mfa_done")
    assert (await w.case()).proofs.mfa.finding is MfaFinding.NOT_CHECKED


async def test_commands_stay_in_the_approvers_channel(w: World) -> None:
    await w.says(BO, "help")
    await w.ana_has_sent()
    elsewhere = replace(CHANNEL, id="19:lunch@thread.tacv2", team="19:others@thread.tacv2")
    for command in ("case 1", "cases", "restricted", "approve 1", "deny 1 no"):
        await w.says_at(BO, command, elsewhere)
        assert "approvals channel or in a 1:1 chat only" in w.text_of(w.sheets(BO)[-1])
    assert await w.status() is Status.WAITING


async def test_who_is_refused_sees_the_card_only_where_everybody_sees_it(w: World) -> None:
    await w.ana_asks()
    for verb in ("approve", "contain"):
        assert "Ana Soto" not in await w.presses(DAN, verb)  # not sent yet: approvers do not learn of it
    await w.ana_secures()
    await w.presses(ANA_CLICKS, "send", note="")
    for verb, refusal in (("approve", "Only approvers may do this"), ("contain", "may contain an account")):
        in_channel = await w.presses(DAN, verb)
        assert refusal in in_channel
        assert "Ana Soto" in in_channel
        in_chat = await w.presses_in_chat(DAN, verb, 1)
        assert refusal in in_chat
        assert "Ana Soto" not in in_chat


async def test_called_without_its_colon_is_no_word_by_another_route(w: World) -> None:
    await w.ana_has_sent(SPAM_REASON)
    assert "this is missing" in await w.says(BO, "approve 1 called twice, no answer, releasing anyway")
    assert w.mail.removals == []


async def test_requests_are_posted_in_the_channel_that_is_named(w: World) -> None:
    await w.ana_has_sent()
    w.messenger.closed[CHANNEL.id] = "403 BotNotInConversationRoster"
    other = replace(CHANNEL, id="19:other@thread.tacv2")
    await w.says_at(BO, "use this channel", other)
    there = [sheet for sheet in w.messenger.sheets if sheet.posted.conversation.id == other.id]
    assert any("Waiting for a decision" in w.text_of(sheet) for sheet in there)
    await w.says_at(BO, "approve 1", other)
    await w.passes(LONG_DAYS.reads_apart)
    assert await w.conversations.loss() is None


async def test_without_a_first_look_nobody_can_say_that_a_method_is_old(w: World) -> None:
    w.directory.absent = {"methods"}
    await w.ana_asks()
    w.directory.absent = set()
    await w.presses(ANA_CLICKS, "mfa_done")
    assert (await w.case()).proofs.mfa.finding is MfaFinding.NOT_CHECKED
    assert ApprovalCondition.MFA_NOT_PROVEN in (await w.case()).conditions


async def test_after_an_outage_of_teams_the_person_is_told_once_how_it_is(w: World) -> None:
    await w.ana_has_sent()
    w.messenger.down = True
    await w.bo_approves()
    await w.passes(5 * LONG_DAYS.reads_apart)
    assert await w.status() is Status.OFF_LIST  # approved, unblocked, off the list: three notifications
    w.messenger.down = False
    before = len(w.sheets(ANA_CLICKS))
    await w.passes(HOUR / 4)
    new = [w.text_of(sheet) for sheet in w.sheets(ANA_CLICKS)[before:]]
    assert len(new) == 1
    assert "Unblocked: please test" in new[0]
