"""A code for the telephone: the tick alone is not enough where the operator wants one."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from dialogs.conversations.inbound import ConversationKind
from services.clients.store.database import Database
from services.domain.case.status import Status
from services.domain.evidence.report import Forwarding, InboxRule, RuleDeed
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox
from tests.cases import ANA, BO, LIMIT_REASON, MINUTE, SPAM_REASON, person, report
from tests.dialogs.fake_mail import REFUSED
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CLEO, DAN, LONG_DAYS, World

SALES = "sales@contoso.example"
CALLED = {"by_another_route": "true", "ground": "called her: it was her newsletter"}
HIDES = InboxRule(id="1", name="tidy", enabled=True, hidden=False, deeds=(RuleDeed.HIDES,), external=False)
RIGHT, WRONG = "that code is right", "That is not the code"


class WithCodes(World):
    """A world in which codes are asked for."""

    async def bo_gets_a_code(self, number: int = 1) -> str:
        return await self.presses(BO, "call_code", number)

    async def approves(self) -> str:
        return await self.presses(BO, "approve", 1, None, **CALLED)


@pytest_asyncio.fixture
async def w(database: Database) -> AsyncIterator[WithCodes]:
    yield WithCodes(database, replace(LONG_DAYS, call_code=True))


async def test_the_tick_alone_is_not_enough(w: WithCodes) -> None:
    await w.ana_has_sent(SPAM_REASON)
    assert "Confirming by phone needs a code" in await w.approves()
    assert await w.status() is Status.WAITING
    assert "Get a code for the call" in await w.says(BO, "approve 1 called: it was her newsletter")
    assert await w.status() is Status.WAITING


async def test_with_the_code_that_she_wrote_the_approval_holds(w: WithCodes) -> None:
    await w.ana_has_sent(SPAM_REASON)
    seen = await w.bo_gets_a_code()
    assert "100 001" in seen
    assert RIGHT in await w.says(ANA_CLICKS, "100 001")
    assert "Ana Soto typed the code from Bo Larsen" in w.approvers_see()
    await w.approves()
    decision = (await w.case()).decision
    assert decision is not None
    assert decision.by_another_route


async def test_the_code_stands_nowhere_but_on_the_answer_to_its_own_approver(w: WithCodes) -> None:
    await w.ana_has_sent(SPAM_REASON)
    await w.bo_gets_a_code()
    for sheet in w.messenger.sheets:
        assert "100 001" not in w.text_of(sheet)
        assert "100001" not in w.text_of(sheet)
    assert "Bo Larsen has a call code" in w.approvers_see()
    assert "code" not in w.ana_sees()
    history = await w.cases.history((await w.case()).number)
    assert not any("100001" in str(event) for event in history)
    assert "100001" not in str(await w.case())
    assert "100001" not in repr((await w.case()).call_codes)


async def test_another_approver_needs_a_code_of_their_own(w: WithCodes) -> None:
    await w.ana_has_sent(SPAM_REASON)
    await w.bo_gets_a_code()
    await w.says(ANA_CLICKS, "100001")
    assert "Confirming by phone needs a code" in await w.presses(CLEO, "approve", 1, None, **CALLED)
    assert await w.status() is Status.WAITING


async def she_writes_his_code(w: WithCodes, code: str) -> None:
    await w.bo_gets_a_code()
    assert RIGHT in await w.says(ANA_CLICKS, code)


async def test_a_code_serves_one_decision_and_not_the_next(w: WithCodes) -> None:
    w.mail.outcomes = [REFUSED]
    await w.ana_has_sent(SPAM_REASON)
    await she_writes_his_code(w, "100001")
    await w.approves()
    assert await w.status() is Status.FAILED
    assert "Confirming by phone needs a code" in await w.presses(BO, "retry", 1, None, **CALLED)
    assert await w.status() is Status.FAILED
    await she_writes_his_code(w, "100002")
    await w.presses(BO, "retry", 1, None, **CALLED)
    assert len(w.mail.removals) == 2


async def evidence_is_gathered_again(w: WithCodes, **shows: object) -> None:
    await w.passes(MINUTE)
    w.traces.report = replace(report(), gathered_at=w.clock.now(), begun_at=w.clock.now(), **shows)  # type: ignore[arg-type]  # named by the tests
    await w.presses(BO, "gather")


async def test_a_call_was_about_what_was_known_then(w: WithCodes) -> None:
    await w.ana_has_sent(SPAM_REASON)
    await she_writes_his_code(w, "100001")
    await evidence_is_gathered_again(w, rules=(HIDES,))
    assert "Confirming by phone needs a code" in await w.approves()
    assert (await w.case()).decision is None
    await she_writes_his_code(w, "100002")
    await w.approves()
    assert (await w.case()).decision is not None


async def test_a_call_outlasts_news_that_is_not_worse(w: WithCodes) -> None:
    await w.ana_has_sent(SPAM_REASON)
    await she_writes_his_code(w, "100001")
    await evidence_is_gathered_again(w)
    await w.approves()
    assert (await w.case()).decision is not None


async def test_the_code_of_somebody_who_did_not_decide_serves_no_later_decision(w: WithCodes) -> None:
    w.mail.outcomes = [REFUSED]
    await w.ana_has_sent(SPAM_REASON)
    await w.presses(CLEO, "call_code")
    assert RIGHT in await w.says(ANA_CLICKS, "100001")
    await she_writes_his_code(w, "100002")
    await w.approves()
    assert await w.status() is Status.FAILED
    assert "Confirming by phone needs a code" in await w.presses(CLEO, "retry", 1, None, **CALLED)
    assert await w.status() is Status.FAILED


async def test_the_first_of_two_approvals_uses_its_code_up_and_leaves_the_others(w: WithCodes) -> None:
    w.traces.report = report(forwarding=Forwarding(to="x@mail.example", keeps_copy=True, external=True))
    await w.ana_has_sent(SPAM_REASON)
    await w.presses(CLEO, "call_code")
    assert RIGHT in await w.says(ANA_CLICKS, "100001")
    await she_writes_his_code(w, "100002")
    await w.approves()
    case = await w.case()
    assert case.first_approval is not None
    assert [one.by for one in case.call_codes] == [CLEO.id]
    await w.presses(CLEO, "approve", 1, None, **CALLED)
    case = await w.case()
    assert case.decision is not None
    assert case.call_codes == ()


async def dan_has_sent_for_anas_mailbox(w: WithCodes) -> None:
    owner = Holder(person=ANA, name="Ana Soto", upn=ANAS_ADDRESS, right=SendRight.OWNER)
    dan = Holder(person=DAN.id, name=DAN.name, upn="dan@contoso.example", right=SendRight.SEND_AS)
    w.mailboxes.known[ANAS_ADDRESS] = SharedMailbox(
        address=ANAS_ADDRESS, name="Ana Soto", addresses=(ANAS_ADDRESS,), holders=(owner, dan)
    )
    w.directory.people[DAN.id] = person(id=DAN.id, name=DAN.name, upn=dan.upn, addresses=(dan.upn,))
    w.mail.restrict(ANAS_ADDRESS, SPAM_REASON)
    await w.says(DAN, f"mailbox {ANAS_ADDRESS}")
    await w.presses(DAN, "tell", 1)


async def test_of_a_mailbox_that_somebody_else_asked_for_the_owner_is_called_and_writes_the_code(w: WithCodes) -> None:
    await dan_has_sent_for_anas_mailbox(w)
    seen = await w.bo_gets_a_code()
    assert "Ana Soto" in seen.split("100 001")[0]
    assert RIGHT not in await w.says(DAN, "100001")
    assert WRONG not in await w.says(DAN, "123456"), "nor does who asks use up the owner's tries"
    assert "Confirming by phone needs a code" in await w.approves()
    assert RIGHT in await w.says(ANA_CLICKS, "100001")
    await w.approves()
    assert (await w.case()).decision is not None


async def test_the_tick_and_the_reason_are_needed_as_ever(w: WithCodes) -> None:
    await w.ana_has_sent(SPAM_REASON)
    await w.bo_gets_a_code()
    await w.says(ANA_CLICKS, "100001")
    assert "called or met" in await w.presses(BO, "approve", 1, None, ground="she wrote it")
    assert await w.status() is Status.WAITING


async def test_five_wrong_codes_end_it(w: WithCodes) -> None:
    await w.ana_has_sent(SPAM_REASON)
    await w.bo_gets_a_code()
    for _ in range(5):
        assert WRONG in await w.says(ANA_CLICKS, "123456")
    assert RIGHT not in await w.says(ANA_CLICKS, "100001")
    assert "Confirming by phone needs a code" in await w.approves()
    await w.bo_gets_a_code()
    assert RIGHT in await w.says(ANA_CLICKS, "100002")


async def test_a_code_is_over_after_a_quarter_of_an_hour_and_its_word_after_an_hour(w: WithCodes) -> None:
    await w.ana_has_sent(SPAM_REASON)
    await w.bo_gets_a_code()
    await w.passes(15 * MINUTE)
    assert RIGHT not in await w.says(ANA_CLICKS, "100001")
    await w.bo_gets_a_code()
    await w.passes(14 * MINUTE)
    assert RIGHT in await w.says(ANA_CLICKS, "100002")
    await w.passes(timedelta(hours=1))
    await w.approves()  # the evidence is gathered again first: it is too old by now
    assert "Confirming by phone needs a code" in w.approvers_see()


async def test_a_new_code_takes_the_place_of_the_last(w: WithCodes) -> None:
    await w.ana_has_sent(SPAM_REASON)
    await w.bo_gets_a_code()
    await w.bo_gets_a_code()
    assert WRONG in await w.says(ANA_CLICKS, "100001")
    assert RIGHT in await w.says(ANA_CLICKS, "100-002")


async def test_a_code_counts_only_from_the_persons_own_chat(w: WithCodes) -> None:
    await w.ana_has_sent(SPAM_REASON)
    await w.bo_gets_a_code()
    assert RIGHT not in await w.says(DAN, "100001")
    assert RIGHT not in await w.says(BO, "100001")
    await w.says(ANA_CLICKS, "100001", ConversationKind.CHANNEL)
    await w.says(ANA_CLICKS, "the code is 100001")
    assert "Confirming by phone needs a code" in await w.approves()


async def test_she_is_told_how_only_when_she_asks(w: WithCodes) -> None:
    await w.ana_has_sent(SPAM_REASON)
    await w.bo_gets_a_code()
    assert "six digits" not in w.ana_sees()
    told = await w.says(ANA_CLICKS, "code")
    assert "six digits" in told
    assert "100" not in told


async def test_nobody_gets_a_code_who_may_not_decide(w: WithCodes) -> None:
    await w.ana_has_sent(SPAM_REASON)
    for who in (DAN, ANA_CLICKS):
        assert "100 001" not in await w.presses(who, "call_code", 1, ConversationKind.CHANNEL)
    assert (await w.case()).call_codes == ()


async def test_an_honest_limit_needs_no_code_and_no_click_more(w: WithCodes) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "approve")
    assert (await w.case()).decision is not None


async def test_protecting_needs_no_code(w: WithCodes) -> None:
    await w.ana_has_sent(SPAM_REASON)
    await w.presses(BO, "deny", 1, None, reason="come to the help desk")
    assert await w.status() is Status.DENIED


@pytest.mark.parametrize("words", ["100001", "code"])
async def test_where_no_code_is_asked_for_six_digits_are_words_like_any_other(database: Database, words: str) -> None:
    w = World(database)
    await w.ana_has_sent(SPAM_REASON)
    assert "Get a code" not in w.approvers_see()
    assert "100 001" not in await w.presses(BO, "call_code")
    assert await w.says(ANA_CLICKS, words) == ""
    await w.bo_approves()
    assert (await w.case()).decision is not None


async def test_a_code_that_somebody_writes_who_only_joined_is_nobodys_word(w: WithCodes) -> None:
    holders = tuple(
        Holder(person=one.id, name=one.name, upn=f"{one.id}@contoso.example", right=SendRight.SEND_AS)
        for one in (ANA_CLICKS, DAN)
    )
    w.mailboxes.known[SALES] = SharedMailbox(address=SALES, name="Sales", addresses=(SALES,), holders=holders)
    w.directory.people[DAN.id] = person(id=DAN.id, name="Dan Reyes", addresses=("dan@contoso.example",))
    w.mail.restrict(SALES)
    await w.says(ANA_CLICKS, f"mailbox {SALES}")
    await w.ana_secures()
    await w.presses(ANA_CLICKS, "send", note="")
    await w.says(DAN, f"mailbox {SALES}")
    await w.bo_gets_a_code()
    assert RIGHT not in await w.says(DAN, "100 001")
    assert all(code.told_at is None for code in (await w.case()).call_codes)
