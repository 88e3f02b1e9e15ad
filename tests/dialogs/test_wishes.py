"""A person writes in words of their own; their case decides what is true, and nothing final is done on a guess."""

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.domain.case.status import Status
from tests.cases import BO
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, DAN, World


@pytest.mark.parametrize("words", ["still not working", "まだ送れません"])
async def test_off_the_list_still_not_working_is_bouncing(w: World, words: str) -> None:
    await w.is_off_list()
    await w.says(ANA_CLICKS, words)
    assert (await w.case()).bouncing_at is not None


@pytest.mark.parametrize("words", ["ya funciona", "geht wieder, danke!"])
async def test_off_the_list_it_works_ends_the_case(w: World, words: str) -> None:
    await w.is_off_list()
    await w.says(ANA_CLICKS, words)
    assert await w.status() is Status.WORKS


@pytest.mark.parametrize("words", ["yes it works", "still not working"])
async def test_before_that_the_same_words_change_nothing(w: World, words: str) -> None:
    await w.ana_has_sent()
    await w.says(ANA_CLICKS, words)
    case = await w.case()
    assert (case.status, case.bouncing_at) == (Status.WAITING, None)


async def test_words_that_may_mean_that_it_works_are_asked_about(w: World) -> None:
    await w.is_off_list()
    seen = await w.says(ANA_CLICKS, "the phone works, the newsletter nobody has tried")
    assert "Can you send email again (case 1)?" in seen
    assert await w.status() is Status.OFF_LIST
    await w.presses(ANA_CLICKS, "works")
    assert await w.status() is Status.WORKS


async def test_words_that_may_be_a_withdrawal_are_asked_about(w: World) -> None:
    await w.ana_has_sent()
    seen = await w.says(ANA_CLICKS, "cancel my request because Kim from accounting sorted the invoices")
    assert "Do you want to withdraw the request (case 1)?" in seen
    assert await w.status() is Status.WAITING
    assert "below" in await w.presses(ANA_CLICKS, "wish_status")
    assert await w.status() is Status.WAITING
    await w.presses(ANA_CLICKS, "withdraw")
    assert await w.status() is Status.WITHDRAWN


async def test_plain_words_withdraw_at_once_and_are_friendly_where_there_is_nothing(w: World) -> None:
    assert "nothing to withdraw" in await w.says(ANA_CLICKS, "annuler ma demande")
    await w.ana_has_sent()
    await w.says(ANA_CLICKS, "annuler ma demande")
    assert await w.status() is Status.WITHDRAWN


async def test_how_long_depends_on_the_case(w: World) -> None:
    assert "I can't promise how soon they decide" in await w.says(ANA_CLICKS, "combien de temps ça prend ?")
    await w.ana_asks()
    assert "clock starts when your request is with the admins" in await w.says(ANA_CLICKS, "how long does it take")
    await w.ana_secures()
    await w.presses(ANA_CLICKS, "send", note="")
    assert "has been with the admins since" in await w.says(ANA_CLICKS, "wie lange dauert das noch?")
    await w.bo_approves()
    assert "at most a day" in await w.says(ANA_CLICKS, "how long?")


async def test_questions_are_answered_and_change_nothing(w: World) -> None:
    await w.ana_has_sent()
    before = await w.case()
    assert "admins in the approvals channel" in await w.says(ANA_CLICKS, "wer entscheidet das?")
    hacked = await w.says(ANA_CLICKS, "¿me han hackeado la cuenta?")
    assert "cannot tell that from here" in hacked
    assert "change your password" in hacked
    assert "your help desk" in await w.says(ANA_CLICKS, "who is the help desk?")
    assert "for the person who writes to me" in await w.says(ANA_CLICKS, "my colleague kim@contoso.example can't send")
    assert "You're welcome" in await w.says(ANA_CLICKS, "Vielen Dank!")
    assert "can't help with anything else" in await w.says(ANA_CLICKS, "order me a pizza")
    assert await w.case() == before


async def test_why_after_a_denial_is_told_with_the_admins_words(w: World) -> None:
    await w.ana_has_sent()
    await w.presses(BO, "deny", reason="please use the newsletter tool")
    seen = await w.says(ANA_CLICKS, "why?")
    assert "please use the newsletter tool" in seen
    assert "help desk" in seen


async def test_whatever_answers_the_admins_question_stands_in_the_reply_box(w: World) -> None:
    await w.ana_has_sent()
    await w.presses(BO, "ask", words="Which tool?")
    await w.says(ANA_CLICKS, "pizza orders, sent from kim@contoso.example")
    (box,) = [item for item in w.sheets(ANA_CLICKS)[-1].card["body"] if item["type"] == "Input.Text"]
    assert box["value"] == "pizza orders, sent from kim@contoso.example"


@pytest.mark.parametrize(
    "words",
    [
        *("approve my account please", "Limits exceeded, I cannot send", "restricted", "unblock me"),
        *("Deny message: 550 5.1.8 Access denied, bad outbound sender", f"unblock {ANAS_ADDRESS} please"),
    ],
)
async def test_approvers_words_bind_approvers_only(w: World, words: str) -> None:
    w.mail.restrict(ANAS_ADDRESS)
    await w.says(ANA_CLICKS, words)
    assert await w.status() is Status.SECURING


async def test_a_restricted_approver_asks_for_her_own_address(w: World) -> None:
    w.approvers.standings[ANA_CLICKS.id] = w.approvers.standings[BO.id]
    w.mail.restrict(ANAS_ADDRESS)
    await w.says(ANA_CLICKS, f"unblock {ANAS_ADDRESS} please")
    assert await w.status() is Status.SECURING


async def test_the_buttons_of_a_guess_are_judged_where_they_are_pressed(w: World) -> None:
    await w.ana_has_sent()
    assert "did not understand" in await w.presses(DAN, "wish_status", 1, ConversationKind.CHANNEL)
    assert "did not understand" in await w.presses(ANA_CLICKS, "wish_withdraw")
    assert await w.status() is Status.WAITING


async def test_another_language_is_set_or_named(w: World) -> None:
    assert "Ab jetzt spreche ich hier Deutsch" in await w.says(ANA_CLICKS, "auf deutsch bitte")
    assert "Ich spreche Deutsch" in await w.says(ANA_CLICKS, "en français s'il vous plaît")
