"""Several people ask about one mailbox: each takes back their own asking alone, and reads what they may see."""

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.domain.case.parts import CaseNumber
from services.domain.case.status import Status
from services.domain.people import TeamsUser
from services.domain.unknown import UnknownReason
from tests.cards.sample_evidence import STOLEN
from tests.cases import ANA, BO, HOUR, MINUTE, person
from tests.dialogs.test_mailbox_identity import ALIAS, ANAS, OFFERS, SALES, SHARED, ana_has_sent_for_sales
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CLEO, DAN, World

QUESTION = "which tool sends your newsletter?"
IN_CHAT = ConversationKind.PERSONAL


@pytest.fixture
def w(w: World) -> World:
    w.mailboxes.known = {SALES: SHARED, OFFERS: SHARED, ANAS_ADDRESS: ANAS, ALIAS: ANAS}
    w.directory.people[DAN.id] = person(id=DAN.id, name="Dan Reyes", addresses=("dan@contoso.example",))
    return w


def sees(w: World, who: TeamsUser) -> str:
    return w.text_of(w.sheets(who)[-1])


async def both_ask(w: World) -> None:
    """Ana asked first, and has sent; Dan asked too."""
    await ana_has_sent_for_sales(w)
    await w.says(DAN, f"mailbox {SALES}")


# Who asked first takes it back.


@pytest.mark.parametrize("how", ["click", "words"])
async def test_who_asked_first_takes_back_their_own_asking_alone(w: World, how: str) -> None:
    await both_ask(w)
    said = await (w.presses(ANA_CLICKS, "withdraw") if how == "click" else w.says(ANA_CLICKS, "withdraw"))
    assert "Case 1 continues for the others" in said
    assert await w.status() is Status.WAITING
    assert "Ana Soto withdrew their own request" in w.approvers_see()
    assert any("Ana Soto withdrew their own request" in line for line in w.lines())
    assert "The case continues for you" in sees(w, DAN)


@pytest.mark.parametrize("how", ["click", "words"])
async def test_who_is_left_says_whether_it_works_and_nobody_else(w: World, how: str) -> None:
    await both_ask(w)
    await w.presses(ANA_CLICKS, "withdraw")
    await w.bo_approves()
    await w.passes(HOUR)
    assert await w.status() is Status.OFF_LIST
    await (w.presses(ANA_CLICKS, "works") if how == "click" else w.says(ANA_CLICKS, "it works"))
    assert await w.status() is Status.OFF_LIST
    assert "It works" in sees(w, DAN)
    await (w.presses(DAN, "works", 1, IN_CHAT) if how == "click" else w.says(DAN, "it works"))
    assert await w.status() is Status.WORKS
    said = (await w.cases.history(CaseNumber(1)))[-1]
    assert (said.who, said.name) == (DAN.id, DAN.name)


async def test_who_joined_does_not_close_what_another_asked_for(w: World) -> None:
    await both_ask(w)
    await w.bo_approves()
    await w.passes(HOUR)
    await w.presses(DAN, "works", 1, IN_CHAT)
    await w.says(DAN, "it works")
    assert await w.status() is Status.OFF_LIST


async def test_who_took_it_back_gets_no_more_messages_and_reads_no_more(w: World) -> None:
    await both_ask(w)
    await w.presses(ANA_CLICKS, "withdraw")
    before = [w.text_of(sheet) for sheet in w.sheets(ANA_CLICKS)]
    assert "continues below" not in before[-1]
    await w.presses(CLEO, "ask", words=QUESTION)
    await w.bo_approves()
    await w.passes(HOUR)
    assert [w.text_of(sheet) for sheet in w.sheets(ANA_CLICKS)] == before
    for told in (await w.says(ANA_CLICKS, "status"), await w.presses(ANA_CLICKS, "works")):
        assert "you get no more messages" in told
        assert "Off the list" not in told
    assert "Unblocked: please test" in sees(w, DAN)


async def test_who_is_left_is_asked_and_answers(w: World) -> None:
    await both_ask(w)
    await w.presses(ANA_CLICKS, "withdraw")
    await w.presses(BO, "ask", words=QUESTION)
    assert QUESTION in sees(w, DAN)
    await w.presses(ANA_CLICKS, "reply", words="the thief's answer")
    assert await w.status() is Status.NEEDS_INFO
    await w.presses(DAN, "reply", 1, IN_CHAT, words="Mailchimp")
    assert await w.status() is Status.WAITING
    assert "Mailchimp" in w.approvers_see()
    assert ("reply", DAN.name) in [(event.verb, event.name) for event in await w.cases.history((await w.case()).number)]


async def test_a_question_that_was_open_goes_to_who_is_left(w: World) -> None:
    await both_ask(w)
    await w.presses(BO, "ask", words=QUESTION)
    await w.presses(ANA_CLICKS, "withdraw")
    assert await w.status() is Status.NEEDS_INFO
    assert QUESTION in sees(w, DAN)


@pytest.mark.parametrize("how", ["click", "words"])
async def test_the_last_one_ends_the_case(w: World, how: str) -> None:
    await both_ask(w)
    await w.presses(ANA_CLICKS, "withdraw")
    await (w.presses(DAN, "withdraw", 1, IN_CHAT) if how == "click" else w.says(DAN, "withdraw"))
    assert await w.status() is Status.WITHDRAWN


async def test_who_took_it_back_may_ask_again(w: World) -> None:
    await both_ask(w)
    await w.presses(ANA_CLICKS, "withdraw")
    assert "I have noted that you are asking too" in await w.says(ANA_CLICKS, f"mailbox {SALES}")
    assert "withdrew their own request" not in w.approvers_see()
    await w.presses(ANA_CLICKS, "withdraw")
    assert await w.status() is Status.WAITING


async def test_the_messages_stay_with_who_was_left_when_the_other_asks_again(w: World) -> None:
    await both_ask(w)
    await w.presses(ANA_CLICKS, "withdraw")
    await w.says(ANA_CLICKS, f"mailbox {SALES}")
    await w.presses(BO, "ask", words=QUESTION)
    assert QUESTION in sees(w, DAN)
    assert QUESTION not in sees(w, ANA_CLICKS)


async def test_asking_and_withdrawing_over_and_over_is_no_noise_in_the_channel(w: World) -> None:
    await both_ask(w)
    for _ in range(5):
        await w.says(DAN, "withdraw")
        await w.says(DAN, f"mailbox {SALES}")
    assert sum("withdrew their own request" in line for line in w.lines()) == 3
    assert len((await w.case()).request.also_asked) == 1


async def test_who_took_it_back_still_does_not_decide(w: World) -> None:
    """Nor does taking it back make anybody a stranger to the case."""
    await both_ask(w)
    await w.presses(ANA_CLICKS, "withdraw")
    w.approvers.standings[ANA] = w.approvers.standings[BO.id]
    await w.presses(ANA_CLICKS, "approve", 1, ConversationKind.CHANNEL, by_another_route="true", ground="it is fine")
    assert (await w.case()).decision is None


# Who asked later.


async def test_who_joined_takes_back_their_own_asking_alone(w: World) -> None:
    await both_ask(w)
    assert "Case 1 continues for the others" in await w.says(DAN, "withdraw")
    assert await w.status() is Status.WAITING
    assert "Dan Reyes withdrew their own request" in w.approvers_see()
    assert "Dan Reyes" not in w.ana_sees()


async def test_who_joined_reads_how_it_stands_and_no_more(w: World) -> None:
    await both_ask(w)
    told = await w.says(DAN, "status")
    assert "With the admins | Case 1" in told
    assert "I have reset it" not in told
    await w.presses(BO, "ask", words=QUESTION)
    assert QUESTION not in await w.says(DAN, "status"), "Ana was asked"
    await w.presses(DAN, "reply", 1, IN_CHAT, words="Mailchimp")
    assert await w.status() is Status.NEEDS_INFO
    await w.presses(BO, "deny", reason="your newsletter needs a consent")
    assert "newsletter" not in await w.says(DAN, "status")


@pytest.mark.parametrize("verb", ["send", "works", "bouncing", "password_done", "mailing_no", "again"])
async def test_nothing_else_is_for_who_joined_to_do(w: World, verb: str) -> None:
    await both_ask(w)
    before = await w.case()
    assert "Someone else asked about this mailbox before you" in await w.presses(DAN, verb, 1, IN_CHAT)
    assert await w.case() == before


async def test_a_stranger_reads_nothing(w: World) -> None:
    await both_ask(w)
    assert "no open case" in await w.says(CLEO, "status")
    assert "no open case" in await w.says(CLEO, "withdraw")


async def test_who_joins_while_it_is_looked_up_is_heard_though_the_first_one_does_nothing(w: World) -> None:
    """Or takes it back, in that very time."""
    w.mail.restrict(ANAS_ADDRESS)
    w.mail.trouble = UnknownReason.TIMED_OUT
    await w.says(ANA_CLICKS, "I can't send mail")
    await w.says(DAN, f"mailbox {ALIAS}")
    await w.says(ANA_CLICKS, "withdraw")
    assert await w.status() is Status.LOOKING
    w.mail.trouble = None
    await w.passes(MINUTE)
    assert await w.status() is Status.WAITING


# How it ended.

ENDED = "this is how it ended"


def told(w: World, who: TeamsUser) -> list[str]:
    return [text for sheet in w.sheets(who) if ENDED in (text := w.text_of(sheet))]


async def test_who_asked_too_hears_how_it_ended_once_and_what_comes_after_in_the_same_place(w: World) -> None:
    await both_ask(w)
    await w.bo_approves()
    await w.passes(HOUR)
    assert told(w, DAN) == []
    await w.presses(ANA_CLICKS, "works")
    (said,) = told(w, DAN)
    assert "Works again" in said
    assert SALES in said
    assert "newsletter" not in said
    assert told(w, ANA_CLICKS) == [], "she has the case's own card"
    w.clock.time += MINUTE
    w.mail.restrict(SALES)
    await w.passes(HOUR)
    assert await w.status() is Status.RELAPSED
    (said,) = told(w, DAN)
    assert "Restricted again" in said


async def dan_has_sent_for_ana(w: World) -> None:
    w.mail.restrict(ANAS_ADDRESS)
    await w.installs(ANA_CLICKS)
    await w.says(DAN, f"mailbox {ANAS_ADDRESS}")
    await w.presses(DAN, "tell", 1, IN_CHAT)


async def test_the_owner_hears_how_it_ended_that_somebody_asked_for_their_mailbox(w: World) -> None:
    await dan_has_sent_for_ana(w)
    await w.presses(BO, "deny", reason="call me first", internal="odd")
    (said,) = told(w, ANA_CLICKS)
    assert "Denied" in said
    assert "Dan Reyes asked to unblock your mailbox" in said
    assert "To check that this message is real" in said
    assert "call me first" not in said
    assert told(w, DAN) == []


@pytest.mark.parametrize("why", ["stolen", "not decided"])
async def test_an_owner_whose_account_looks_stolen_reads_nothing_nor_one_about_whom_nothing_was_decided(
    w: World, why: str
) -> None:
    w.traces.report = STOLEN if why == "stolen" else w.traces.report
    await dan_has_sent_for_ana(w)
    if why == "stolen":
        await w.presses(BO, "deny", reason="call me first")
    else:
        await w.presses(DAN, "withdraw", 1, IN_CHAT)
    assert (await w.case()).status.is_ended
    assert told(w, ANA_CLICKS) == []


async def test_an_owner_whom_responders_act_against_is_not_told_how_it_ended(w: World) -> None:
    w.containing.admins.add(ANA)
    await dan_has_sent_for_ana(w)
    await w.presses(BO, "contain", account=ANA, disable="true")  # waits for a second responder
    await w.presses(BO, "deny", reason="no", internal="contain her first")
    assert await w.status() is Status.DENIED
    assert told(w, ANA_CLICKS) == []
