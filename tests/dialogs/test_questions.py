"""Asking the person, forms submitted twice, and forms of an older version."""

from services.domain.case.status import Status
from services.domain.case.workflow import Verb
from tests.cases import BO
from tests.dialogs.world import ANA_CLICKS, CLEO, World


async def test_a_question_is_asked_and_answered(w: World) -> None:
    await w.ana_has_sent()
    assert "field was empty" in await w.presses(BO, "ask", words="  ")
    assert "Waiting for Ana Soto's reply" in await w.presses(BO, "ask", words="Which tool?")
    assert "Bo Larsen would like to know" in w.ana_sees()
    assert "Which tool?" in w.ana_sees()
    assert "With the admins" in await w.presses(ANA_CLICKS, "reply", words="Our own.")
    assert await w.status() is Status.WAITING
    assert "Our own." in w.approvers_see()
    assert any("replied to your question" in line for line in w.lines())


async def test_a_reply_typed_into_the_chat_stands_in_the_reply_box(w: World) -> None:
    await w.ana_has_sent()
    await w.presses(BO, "ask", words="Which tool?")
    await w.says(ANA_CLICKS, "We use our own mailing tool")
    (box,) = [item for item in w.sheets(ANA_CLICKS)[-1].card["body"] if item["type"] == "Input.Text"]
    assert box["value"] == "We use our own mailing tool"
    assert await w.status() is Status.NEEDS_INFO
    await w.says(ANA_CLICKS, "x" * 2_000)
    (box,) = [item for item in w.sheets(ANA_CLICKS)[-1].card["body"] if item["type"] == "Input.Text"]
    assert "value" not in box


async def test_a_question_can_be_decided_or_withdrawn_without_an_answer(w: World) -> None:
    await w.ana_has_sent()
    await w.presses(BO, "ask", words="Which tool?")
    await w.presses(CLEO, "deny", reason="come by")
    assert await w.status() is Status.DENIED
    assert "ended" in await w.presses(ANA_CLICKS, "reply", words="late")


async def test_two_people_answering_one_form_are_answered_once(w: World) -> None:
    await w.ana_has_sent()
    await w.presses(BO, "ask", words="first question")
    assert "current state" in await w.presses(CLEO, "ask", words="second question")
    assert "first question" in w.ana_sees()
    await w.presses(ANA_CLICKS, "reply", words="one")
    assert "current state" in await w.presses(ANA_CLICKS, "reply", words="two")
    question = (await w.case()).request.question
    assert question is not None
    assert question.reply == "one"


async def test_looking_is_a_mark_and_no_lock(w: World) -> None:
    await w.ana_has_sent()
    assert "Bo Larsen has been looking into it since" in await w.presses(BO, "looking")
    assert "Approved by Cleo Marsh" in await w.presses(CLEO, "approve")


async def test_a_form_of_another_version_changes_nothing(w: World) -> None:
    await w.ana_has_sent()
    assert "A reason is needed" in await w.presses(BO, "deny", why_not="an older field")
    assert "did not understand that button" in await w.presses(ANA_CLICKS, "confirm_password")
    assert "form is incomplete" in await w.presses(ANA_CLICKS, "mailing_yes", count="1200")
    verbs = [event.verb for event in await w.cases.history((await w.case()).number)]
    assert verbs[-3:] == [Verb.SEND, Verb.GATHER, Verb.AUDIT]


async def test_securing_goes_on_while_the_request_waits(w: World) -> None:
    await w.ana_asks()
    await w.presses(ANA_CLICKS, "tell")
    assert "Still open:  | Password, Multifactor authentication (MFA), Mailing" in w.approvers_see()
    await w.presses(ANA_CLICKS, "password_cannot")
    await w.presses(ANA_CLICKS, "mfa_cannot")
    await w.presses(
        ANA_CLICKS, "mailing_yes", recipients="1,200", to_whom="customers", how_often="monthly", until="May"
    )
    assert "recipients: 1,200" in w.approvers_see()
    assert "Still open" not in w.approvers_see()
    assert await w.status() is Status.WAITING
    verbs = [event.verb for event in await w.cases.history((await w.case()).number)]
    assert verbs == [Verb.OPEN, Verb.GATHER, Verb.SEND, Verb.GATHER, Verb.AUDIT, Verb.SECURE, Verb.SECURE, Verb.SECURE]


async def test_withdrawing_ends_the_request_and_not_the_incident(w: World) -> None:
    await w.ana_has_sent()
    await w.presses(ANA_CLICKS, "withdraw")
    assert "still restricted" in w.approvers_see()
    assert "This case has ended" in await w.presses(BO, "approve")
    assert w.mail.removals == []
