"""A restricted connector: listed, asked for, approved by another route, unblocked, watched."""

from datetime import timedelta

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.domain.case.status import Status
from services.domain.unknown import UnknownReason
from tests.cases import BO, MINUTE
from tests.dialogs.fake_mail import REFUSED, UNCLEAR
from tests.dialogs.world import ANA_CLICKS, CLEO, DAN, LONG_DAYS, World

RELAY = "5e0c0000-0000-4000-8000-00000000c0de"
ASKED = f"unblock connector {RELAY} the scanner is clean again"
DAYS = timedelta(days=2)


@pytest.fixture
def w(w: World) -> World:
    w.connectors.restrict(RELAY, "OutboundSpamLast24Hours=212;AS(2204)")
    return w


async def approves(w: World, number: int = 1) -> str:
    return await w.presses(CLEO, "approve", number, by_another_route="true", ground="scanner reinstalled")


async def test_both_lists_are_shown_and_one_that_cannot_be_read_costs_a_line(w: World) -> None:
    w.mail.restrict("ana@contoso.example")
    await w.commands(BO, "restricted")
    assert "1 restricted sender" in w.approvers_see()
    assert "1 restricted connector" in w.approvers_see()
    assert RELAY in w.approvers_see()
    w.connectors.trouble = UnknownReason.NO_PERMISSION
    await w.commands(BO, "restricted")
    assert "ana@contoso.example" in w.approvers_see()
    assert "Restricted connectors could not be read" in w.approvers_see()
    assert "Needs Get-BlockedConnector: the Exchange role “Sendwell Lists”" in w.approvers_see()
    assert RELAY not in w.approvers_see()
    w.connectors.trouble = UnknownReason.TIMED_OUT
    await w.commands(BO, "restricted")
    assert "Needs" not in w.approvers_see()


async def test_from_the_question_to_the_end_of_the_watch(w: World) -> None:
    await w.commands(BO, ASKED.upper().replace("UNBLOCK CONNECTOR", "Unblock Connector"))
    assert await w.status() is Status.WAITING
    assert "Inbound connector" in w.approvers_see()
    assert "Bo Larsen asked to unblock this connector" in w.approvers_see()
    assert "Ask" not in w.approvers_see()
    assert "called or met" in await w.presses(CLEO, "approve")
    assert await w.status() is Status.WAITING
    await approves(w)
    assert w.connectors.notes == ["Sendwell case 1"]
    assert w.mail.removals == []
    await w.passes(5 * LONG_DAYS.reads_apart)
    assert await w.status() is Status.OFF_LIST
    assert "Send a message through the connector" in w.approvers_see()
    await w.passes(DAYS)
    assert await w.status() is Status.CLOSED_UNCONFIRMED
    assert [sheet.posted.conversation.id for sheet in w.messenger.sheets if sheet not in w.sheets()] == []


async def test_one_open_case_a_connector(w: World) -> None:
    await w.commands(BO, ASKED)
    await w.commands(CLEO, ASKED)
    assert [case.number for case in await w.cases.open_cases()] == [1]
    assert len(w.posts()) == 2  # the second time its card is reposted and the first one is collapsed


async def test_in_a_chat_of_their_own_the_answer_is_a_picture(w: World) -> None:
    await w.says(BO, ASKED)
    assert "Inbound connector" in w.text_of(w.sheets(BO)[-1])
    assert "Inbound connector" in w.approvers_see()


@pytest.mark.parametrize("words", ["unblock connector", f"unblock connector {RELAY}", "unblock connector relay clean"])
async def test_what_names_no_connector_or_no_reason_opens_nothing(w: World, words: str) -> None:
    await w.says(BO, words)
    assert await w.cases.open_cases() == []


async def test_who_may_not_decide_may_not_ask(w: World) -> None:
    await w.says(DAN, ASKED)
    await w.says(ANA_CLICKS, ASKED)
    assert await w.cases.open_cases() == []


async def test_one_that_is_not_listed_or_cannot_be_looked_up_opens_nothing(w: World) -> None:
    w.connectors.entries.clear()
    assert "is not on the restricted list" in await w.says(BO, ASKED)
    w.connectors.trouble = UnknownReason.TIMED_OUT
    assert "I could not check" in await w.says(BO, ASKED)
    w.connectors.trouble, w.connectors.truncated = None, True
    assert "I could not check" in await w.says(BO, ASKED)
    assert await w.cases.open_cases() == []


async def test_nobody_is_asked_or_looked_into(w: World) -> None:
    await w.commands(BO, ASKED)
    before = await w.case()
    await w.presses(CLEO, "ask", words="what?")
    await w.presses(CLEO, "gather")
    assert await w.case() == before
    assert w.traces.asked == 0


async def test_a_refusal_and_an_unknown_outcome_are_treated_as_a_senders(w: World) -> None:
    w.connectors.outcomes = [REFUSED]
    await w.commands(BO, ASKED)
    await approves(w)
    assert await w.status() is Status.FAILED
    assert REFUSED.error in w.approvers_see()
    w.connectors.outcomes = [UNCLEAR]
    await w.presses(CLEO, "retry", by_another_route="true", ground="saw it again")
    assert len(w.connectors.removals) == 2
    await w.passes(5 * MINUTE)  # the grace is not over: Remove is not called
    assert len(w.connectors.removals) == 2
    await w.passes(LONG_DAYS.unblock_grace)
    assert len(w.connectors.removals) == 3
    await w.passes(5 * LONG_DAYS.reads_apart)
    assert await w.status() is Status.OFF_LIST


async def test_a_cut_list_never_reads_as_off_the_list(w: World) -> None:
    await w.commands(BO, ASKED)
    w.connectors.keeps_listing = True
    await approves(w)
    w.connectors.truncated = True
    w.connectors.cut_everywhere = True
    await w.passes(10 * LONG_DAYS.reads_apart)
    assert await w.status() is Status.UNBLOCKED


async def test_listed_again_it_waits_for_the_approvers_at_once(w: World) -> None:
    await w.commands(BO, ASKED)
    await approves(w)
    await w.passes(5 * LONG_DAYS.reads_apart)
    w.connectors.restrict(RELAY, since=w.clock.now())
    await w.passes(2 * LONG_DAYS.check_every)
    assert [await w.status(1), await w.status(2)] == [Status.RELAPSED, Status.WAITING]
    assert "Follows case 1" in w.approvers_see()
    await approves(w, 2)
    assert w.connectors.notes[-1] == "Sendwell case 2"


async def test_denied_it_stays_and_nobody_is_told_in_a_chat(w: World) -> None:
    await w.commands(BO, ASKED)
    await w.presses(CLEO, "deny", reason="not yet")
    assert await w.status() is Status.DENIED
    assert w.connectors.removals == []
    assert all(
        sheet.posted.conversation == w.conversation(BO, ConversationKind.CHANNEL) for sheet in w.messenger.sheets
    )
