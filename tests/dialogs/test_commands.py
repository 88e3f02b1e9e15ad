"""Typed commands: in the channel and in one's own chat, with their refusals."""

import pytest

from cards.approver.asked_reason import reason_card
from cards.facts import facts_number
from dialogs.conversations.inbound import ConversationKind
from services.domain.case.status import Status
from services.domain.people import Standing
from services.domain.unknown import UnknownReason
from tests.cards.sample_view import VIEW
from tests.cases import ANA, BO, CASES, MINUTE, SPAM_REASON
from tests.dialogs.world import ANA_CLICKS, CLEO, DAN, World

KINDS = [ConversationKind.CHANNEL, ConversationKind.PERSONAL]


@pytest.mark.parametrize("kind", KINDS)
async def test_cases_lists_what_is_open(w: World, kind: ConversationKind) -> None:
    assert "0 open cases" in await w.says(BO, "cases", kind)
    await w.ana_has_sent()
    seen = await w.says(BO, "  CASES  ", kind)
    assert "1 open case" in seen
    assert "Ana Soto · Waiting for a decision" in seen


@pytest.mark.parametrize("kind", KINDS)
async def test_case_shows_one_with_its_buttons(w: World, kind: ConversationKind) -> None:
    await w.ana_has_sent()
    seen = await w.says(BO, "Case 1", kind)
    assert "Waiting for a decision" in (seen or w.approvers_see())
    if kind is ConversationKind.CHANNEL:
        assert len(w.posts()) == 2
        assert "continues below" in w.text_of(w.posts()[0])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("words", ["approve 1", "APPROVE  #1  she is on leave", "approve case 1"])
async def test_approve(w: World, kind: ConversationKind, words: str) -> None:
    await w.ana_has_sent()
    await w.says(BO, words, kind)
    assert (await w.case()).decision is not None
    assert len(w.mail.removals) == 1


async def test_approve_with_doubt_needs_word_by_another_route(w: World) -> None:
    await w.ana_has_sent(SPAM_REASON)
    assert "on a number not tied to this account" in await w.says(BO, "approve 1 newsletter")
    assert w.mail.removals == []
    await w.says(BO, "approve 1 called: it was her newsletter")
    decision = (await w.case()).decision
    assert decision is not None
    assert (decision.by_another_route, decision.internal) == (True, "it was her newsletter")


@pytest.mark.parametrize("kind", KINDS)
async def test_deny_needs_a_reason(w: World, kind: ConversationKind) -> None:
    await w.says(BO, "help")
    await w.ana_has_sent()
    assert "Deny case 1 (Ana Soto): why?" in await w.says(BO, "deny 1", kind)
    assert await w.status() is Status.WAITING
    await w.says(BO, "deny 1 please call the help desk", kind)
    assert await w.status() is Status.DENIED
    assert "please call the help desk" in w.ana_sees()


@pytest.mark.parametrize("kind", KINDS)
async def test_restricted_shows_the_list_or_says_why_not(w: World, kind: ConversationKind) -> None:
    w.mail.restrict("dan@contoso.example", SPAM_REASON)
    seen = await w.says(BO, "restricted", kind)
    assert "dan@contoso.example" in seen
    assert "Marked as spam" in seen
    w.mail.trouble = UnknownReason.NO_PERMISSION
    assert "could not be read: the permission is missing" in await w.says(BO, "restricted", kind)


async def test_what_is_no_command_is_said_so_above_the_commands(w: World) -> None:
    seen = await w.commands(BO, "frobnicate the **mail**")
    assert "I don't know the command “frobnicate the **mail**”. Nothing was changed." in seen
    assert "case 17 why" in seen
    assert "I don't know" not in await w.commands(BO, "help")
    assert "I don't know" not in await w.commands(BO, "")


async def test_use_this_channel_is_for_approvers_and_for_channels(w: World) -> None:
    assert "in the channel it is meant for" in await w.says(BO, "use this channel")
    await w.says(DAN, "help")
    before = await w.conversations.channel()
    await w.commands(DAN, "use this channel")
    assert "Only approvers" in w.text_of(w.sheets(DAN)[-1])
    assert await w.conversations.channel() == before
    await w.commands(BO, "Use This Channel.")
    assert "now come to this channel" in w.text_of(w.posts()[-1])


@pytest.mark.parametrize("command", ["cases", "case 1", "approve 1 x", "deny 1 x", "use this channel"])
async def test_nobody_else_may_command(w: World, command: str) -> None:
    await w.ana_has_sent()
    posts = len(w.sheets())
    assert "write to me in a 1:1 chat" in await w.commands(DAN, command)
    assert len(w.sheets()) == posts + 1
    heard = "I can't find your account" if command == "restricted" else "Only approvers"
    assert heard in await w.says(DAN, command)  # in one's own chat "restricted" is a complaint
    assert await w.commands(DAN, command) == ""
    assert "Only approvers" in w.text_of(w.sheets(DAN)[-1])
    assert await w.status() is Status.WAITING


async def test_refused_where_the_bot_cannot_write_to_the_person_a_neutral_line_stands(w: World) -> None:
    await w.says(DAN, "help")
    w.messenger.closed[w.conversation(DAN, ConversationKind.PERSONAL).id] = "403"
    assert "That was not done" in await w.commands(DAN, "cases")


@pytest.mark.parametrize("command", ["approve", "deny because", "approve １", "approve l", "deny 0 x", "case -1"])
async def test_a_command_without_a_case_number_asks_for_one(w: World, command: str) -> None:
    await w.ana_has_sent()
    assert "name a case by its number" in await w.says(BO, command)
    assert await w.status() is Status.WAITING


@pytest.mark.parametrize("command", ["case 2", "approve 99 x"])
async def test_an_unknown_case_is_not_known(w: World, command: str) -> None:
    await w.ana_has_sent()
    assert "no such case" in await w.says(BO, command)


async def test_a_case_that_was_not_sent_is_nobodys_business(w: World) -> None:
    await w.ana_asks()
    assert "no such case" in await w.says(BO, "case 1")
    assert "no such case" in await w.says(BO, "approve 1 called: x")


async def test_an_ended_case_is_refused_with_one_sentence(w: World) -> None:
    await w.ana_has_sent()
    await w.presses(BO, "deny", reason="no")
    assert "This case has ended" in await w.says(CLEO, "approve 1 called: x")


async def test_ten_kilobytes_of_reason_are_too_long_and_nothing_is_cut(w: World) -> None:
    await w.ana_has_sent()
    assert "too long" in await w.says(BO, "deny 1 " + "x" * 10_000)
    assert await w.status() is Status.WAITING


@pytest.mark.parametrize("words", ["\u202eapprove 1\u202c", "ap\u200bprove 1", "\u2066approve\u2069 1", "approve\xa01"])
async def test_what_nobody_can_see_does_not_change_a_command(w: World, words: str) -> None:
    await w.ana_has_sent()
    await w.says(BO, words)
    assert await w.status() is not Status.WAITING


async def test_help_fits_whoever_asks(w: World) -> None:
    assert "Commands for approvers" not in await w.says(ANA_CLICKS, "HELP")
    assert "Commands for approvers" in await w.says(BO, " help ")
    w.approvers.trouble = UnknownReason.UNREACHABLE
    assert "What I can do" in await w.says(BO, "help")
    w.approvers.trouble = None
    assert "Commands for approvers" in await w.commands(BO, "help")
    assert "Commands for approvers" in await w.commands(BO, "status")


async def test_language_says_what_there_is_and_sets_it(w: World) -> None:
    assert "English (en)" in await w.says(ANA_CLICKS, "Language")
    assert "English (en)" in await w.says(ANA_CLICKS, "language xx")
    assert "From now on" in await w.says(ANA_CLICKS, "language: en-GB")
    conversation = await w.conversations.person(ANA)
    assert conversation is not None
    assert conversation.locale == "en"


async def test_status_and_withdraw_by_words(w: World) -> None:
    assert "no open case" in await w.says(ANA_CLICKS, "status")
    assert "no open case" in await w.says(ANA_CLICKS, "withdraw")
    await w.ana_has_sent()
    before = len(w.sheets(ANA_CLICKS))
    await w.says(ANA_CLICKS, "Status?")
    assert len(w.sheets(ANA_CLICKS)) == before + 1
    assert "continues below" in w.text_of(w.sheets(ANA_CLICKS)[-2])
    await w.says(ANA_CLICKS, "withdraw")
    assert "Withdrawn" in w.ana_sees()
    assert "Withdrawn by Ana Soto" in w.approvers_see()


async def test_a_decided_request_cannot_be_withdrawn_by_words(w: World) -> None:
    await w.ana_has_sent()
    await w.bo_approves()
    assert "current state" in await w.says(ANA_CLICKS, "withdraw")
    await w.passes(MINUTE)
    assert len(w.mail.removals) == 1


async def test_rights_that_cannot_be_checked_command_nothing(w: World) -> None:
    await w.ana_has_sent()
    w.approvers.trouble = UnknownReason.TIMED_OUT
    assert "could not be checked" in await w.says(BO, "deny 1 x")
    w.approvers.trouble = None
    w.approvers.standings[BO.id] = Standing.DISABLED
    assert "disabled" in await w.says(BO, "deny 1 x")
    assert await w.status() is Status.WAITING


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("words", ["approve 1", "approve 1 called", "approve 1 called, no answer"])
async def test_what_an_approval_lacks_is_asked_for_in_its_form(w: World, kind: ConversationKind, words: str) -> None:
    await w.ana_has_sent(SPAM_REASON)
    assert "Approve case 1 (Ana Soto): this is missing" in await w.says(BO, words, kind)
    assert ((await w.case()).decision, w.mail.removals) == (None, [])


def test_the_form_of_a_typed_approval_speaks_of_what_the_channel_shows() -> None:
    case = CASES[Status.WAITING]
    drawn = str(reason_card(case, "approve", VIEW, facts=1))
    assert str(facts_number(case, 1))[1:-1] in drawn
    assert facts_number(case, 1) != facts_number(case, 2)


@pytest.mark.parametrize(
    "words", ["approve 1 please don't", "approve 1?", "deny 1 ?", "approve 1 not spam, her newsletter"]
)
async def test_who_asks_or_hesitates_is_told_that_nothing_was_decided_beside_the_card(w: World, words: str) -> None:
    await w.ana_has_sent(SPAM_REASON)
    before = len(w.messenger.sheets)
    assert "Nothing was decided" in await w.says(BO, words)
    assert len(w.messenger.sheets) > before, "the case's card is posted again"
    assert (await w.case()).decision is None


async def test_who_asks_for_a_case_is_told_nothing_of_a_decision(w: World) -> None:
    await w.ana_has_sent(SPAM_REASON)
    assert "Nothing was decided" not in await w.says(BO, "case 1")
