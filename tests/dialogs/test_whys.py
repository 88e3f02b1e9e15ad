"""“Why?” is answered in every state: to the person with what their case waits for, to approvers with what blocks it."""

from dataclasses import replace

import pytest

from cards.approver.why_waiting import why_waiting_card
from cards.person.why import why
from cards.words import languages, words_for
from sandbox import texts
from services.domain.case.parts import Proofs
from services.domain.case.status import Status
from services.domain.intent import AboutCase, read_command
from services.domain.restriction import Cause
from services.domain.wishes.topic import Topic
from tests.cards.sample_view import VIEW
from tests.cases import BO, CASES, SPAM_REASON
from tests.dialogs.test_troubles import ELI, TENANT, _tells
from tests.dialogs.world import ANA_CLICKS, CLEO, World, button_data

_CHANNEL_CASE = AboutCase(verb="why", number=17, text="")
SAID = {
    Status.LOOKING: "I'll keep trying",
    Status.SECURING: "has not been sent",
    Status.WAITING: "No one has decided yet",
    Status.NEEDS_INFO: "waiting for your reply",
    Status.APPROVED: "Approved",
    Status.FAILED: "did not",
    Status.UNBLOCKED: "usually takes effect",
    Status.OFF_LIST: "may still bounce",
    Status.NEEDS_TICKET: "ask Microsoft",
    Status.WITH_MICROSOFT: "support ticket with Microsoft",
    Status.WORKS: "you can send again",
    Status.ALREADY_LIFTED: "off the restricted list",
    Status.CLOSED_UNCONFIRMED: "heard nothing more",
    Status.CLOSED: "An admin closed this case",
    Status.DENIED: "An admin denied the request",
    Status.WITHDRAWN: "withdrew the request",
    Status.EXPIRED: "expired",
    Status.RELAPSED: "again",
}


@pytest.mark.parametrize("status", SAID, ids=str)
def test_each_status_has_its_reason_for_the_person_and_a_way_on(status: Status) -> None:
    card = why(CASES[status], VIEW)
    assert card is not None
    assert SAID[status] in texts(card)
    assert "wish_" in str(card) or "help desk" in texts(card)


def test_what_ended_long_ago_and_what_never_began_is_for_a_look() -> None:
    assert why(None, VIEW) is None
    assert why(CASES[Status.NOT_RESTRICTED], VIEW) is None
    assert why(CASES[Status.REPORTED], VIEW) is None


@pytest.mark.parametrize(
    "words",
    [
        "why is case 17 waiting?",
        "Why 17",
        "why is #17 still open",
        "warum wartet Fall 17?",
        "why hasn't case 17 moved",
        "case 17 why",
        "case #17: why is it waiting?",
        "@Sendwell case 17 warum?",
    ],
)
def test_approvers_ask_why_of_a_case(words: str) -> None:
    assert read_command(words) == _CHANNEL_CASE


@pytest.mark.parametrize(
    "words", ["why 550 5.1.8", "why did I get 550", "why do 2000 messages bounce", "why 5.1.8", "why?"]
)
def test_why_of_a_bounce_is_no_question_about_a_case(words: str) -> None:
    assert read_command(words) is None


async def test_a_person_hears_what_stops_the_mail_and_what_it_waits_for(w: World) -> None:
    await w.ana_has_sent()
    before = await w.case()
    seen = await w.says(ANA_CLICKS, "why does it take so long?")
    assert "No one has decided yet" in seen
    assert "has been with the admins since" in seen
    assert "No one has decided yet" in await w.says(ANA_CLICKS, "warum dauert das so lange?")
    assert await w.case() == before


def test_approvers_read_each_blocking_condition_by_name() -> None:
    waiting = CASES[Status.WAITING]
    entry = waiting.restriction
    assert entry is not None
    blocked = replace(
        waiting,
        restriction=replace(entry, cause=Cause.SPAM, reason=SPAM_REASON),
        proofs=Proofs(),
        request=replace(waiting.request, sole_approver=True),
    )
    shown = texts(why_waiting_card(blocked, VIEW))
    grounds = [VIEW.words(f"ground.{one.name.lower()}") for one in blocked.conditions]
    assert len(grounds) > 2
    assert all(ground in shown for ground in grounds)
    assert "No one can decide this case" in shown
    assert "Nothing stands in the way" not in shown


@pytest.mark.parametrize("status", list(Status), ids=str)
def test_whatever_the_status_approvers_read_what_comes_next_in_every_language(status: Status) -> None:
    for language in languages():
        view = replace(VIEW, words=words_for(language))
        assert len(why_waiting_card(CASES[status], view)["body"]) > 1
        why(CASES[status], view)


async def test_approvers_ask_and_nothing_changes_and_its_own_person_reads_no_more_than_a_person(w: World) -> None:
    await w.ana_has_sent()
    before = await w.case()
    assert "Nothing stands in the way" in await w.commands(BO, "why is case 1 waiting?")
    assert "case 9" not in await w.commands(BO, "why is case 9 waiting?")
    w.approvers.standings[ANA_CLICKS.id] = w.approvers.standings[BO.id]
    for who in (ANA_CLICKS, ELI):
        assert "Nothing stands in the way" not in await w.says(who, "why is case 1 waiting?")
    assert await w.case() == before


async def test_case_17_why_is_for_approvers_alone(w: World) -> None:
    await w.ana_has_sent()
    before = await w.case()
    assert "Nothing stands in the way" in await w.commands(BO, "case 1 why")
    assert "Nothing stands in the way" not in await w.commands(ANA_CLICKS, "case 1 why")
    assert await w.case() == before


@pytest.mark.parametrize(
    "words", ["export", "export 17", "Export case 17.", "export #17", "export 2026-10", "@Sendwell export 17"]
)
def test_an_export_is_a_command(words: str) -> None:
    assert read_command(words) is Topic.EXPORT


@pytest.mark.parametrize("words", ["export our mail to pst", "exports", "the export of 2026 bounces"])
def test_other_exports_are_none(words: str) -> None:
    assert read_command(words) is None


async def test_approvers_hear_where_the_history_comes_as_a_file(w: World) -> None:
    await w.ana_has_sent()
    for words in ("export 1", "export 2026-10"):
        assert "python app.py export" in await w.commands(BO, words)
    assert "python app.py export" not in await w.says(ANA_CLICKS, "export 1")


async def test_a_denial_without_a_reason_is_asked_for_one_in_a_form(w: World) -> None:
    await w.ana_has_sent()
    asked = await w.commands(BO, "deny 1")
    assert "why?" in asked
    assert button_data(w.posts()[-1].card, "deny") is not None
    assert await w.status() is Status.WAITING
    await w.presses(CLEO, "deny", reason="Please use the newsletter tool")
    assert await w.status() is Status.DENIED
    assert "newsletter tool" in w.ana_sees()


async def test_a_stop_without_a_reason_is_asked_for_one_in_a_form(w: World) -> None:
    await w.ana_has_sent()
    await w.bo_approves()
    assert "why?" in await w.commands(BO, "stop 1")
    await w.presses(BO, "stop", stop_reason="it was the thief")
    assert (await w.case()).stopped is not None


async def test_no_form_for_what_is_not_possible_or_not_theirs(w: World) -> None:
    await w.ana_has_sent()
    await w.commands(ELI, "deny 1")
    await w.presses(BO, "deny", reason="no")
    await w.commands(BO, "deny 1")
    assert not any("why?" in texts(sheet.card) for sheet in w.messenger.sheets)


async def test_who_told_of_a_trouble_and_asks_why_sees_it(w: World) -> None:
    await _tells(w, ANA_CLICKS, TENANT)
    await w.says(ANA_CLICKS, "why?")
    assert "The admins have known about this" in texts(w.sheets(ANA_CLICKS)[-1].card)
