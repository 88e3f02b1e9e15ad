"""Words that newcomers stumbled over: one thing has one name, and nothing is said twice."""

from dataclasses import replace

import pytest

from cards.approver.approver_card import approver_card
from cards.approver.digest_card import digest_card
from cards.approver.history_card import history_card
from cards.approver.plan_lines import STEP_NAMES
from cards.person.person_card import person_card
from cards.words import languages, words_for
from sandbox.teams import texts
from services.domain.case.episode import AlarmSignOff, alarm_of
from services.domain.case.parts import CaseNumber
from services.domain.case.status import Status
from services.domain.containment.containment import ContainmentStep
from services.domain.people import SignOff
from services.domain.proofs.securing import PasswordFinding, PasswordProof, Says
from tests.cards.sample_evidence import STOLEN
from tests.cards.sample_view import VIEW
from tests.cards.test_languages import sentences
from tests.cases import CASES, NOW, SPAM_REASON, restriction

WAITING = CASES[Status.WAITING]


@pytest.mark.parametrize("language", languages())
def test_a_step_is_worded_alike_where_it_is_chosen_and_where_it_is_confirmed(language: str) -> None:
    words = words_for(language).knowing(person="Ana Soto")
    for step in (ContainmentStep.REVOKE_SESSIONS, ContainmentStep.NEW_PASSWORD, ContainmentStep.DISABLE):
        name = STEP_NAMES[step]
        assert words(f"contain.{name}").startswith(words(f"contain.brief.{name}"))


def test_nobody_is_called_no_one_and_no_card_is_another_than_this() -> None:
    strings = [one.string for one in sentences("en").values()]
    said = [text for one in strings for text in ([one] if isinstance(one, str) else one or ())]
    assert [one for one in said if "nobody" in one.casefold() or "next card" in one] == []


def test_the_reason_of_an_approval_that_signs_off_is_said_once() -> None:
    case = replace(CASES[Status.OFF_LIST], evidence=STOLEN)
    decision = case.decision
    assert decision is not None
    answered = SignOff(by=decision.by, name=decision.name, at=decision.at, text=decision.internal)
    signed = tuple(AlarmSignOff(alarm=alarm_of(one), signed=answered) for one in case.alarms)
    card = approver_card(replace(case, episode=replace(case.episode, alarms=case.alarms, signed_off=signed)), VIEW)
    assert texts(card).count(decision.internal) == 1
    assert "With the approval, Bo Larsen signed off what was found." in texts(card)


def test_what_was_signed_off_for_another_reason_keeps_it() -> None:
    case = replace(WAITING, evidence=STOLEN)
    other = SignOff(by=WAITING.sender.person, name="Cleo Marsh", at=VIEW.now, text="her own app")
    signed = (AlarmSignOff(alarm=alarm_of(case.alarms[0]), signed=other),)
    shown = texts(approver_card(replace(case, episode=replace(case.episode, signed_off=signed)), VIEW))
    assert "Cleo Marsh signed off what was found, 14:00 UTC: “her own app”" in shown


def test_a_call_with_a_code_goes_to_a_number_that_was_there_before() -> None:
    view = replace(VIEW, timing=replace(VIEW.timing, call_code=True))
    shown = texts(approver_card(replace(WAITING, restriction=restriction(SPAM_REASON)), view))
    assert "Only ring a number that your organisation already had before this began" in shown
    assert "Only ring a number" not in texts(
        approver_card(replace(WAITING, restriction=restriction(SPAM_REASON)), VIEW)
    )


def test_the_digest_names_a_case_to_begin_with() -> None:
    cases = [replace(WAITING, number=CaseNumber(number)) for number in (101, 102)]
    choice = digest_card(cases, VIEW)["actions"][0]["card"]["body"][0]
    assert (choice["value"], choice["choices"][0]["value"]) == ("101", "101")


def test_the_history_says_each_thing_once() -> None:
    shown = texts(history_card("ana@contoso.example", [CASES[Status.DENIED], replace(WAITING, restriction=None)], VIEW))
    assert "UTC · Sending limit reached · Denied by Bo Larsen, 24 Nov 2026, 13:30 UTC “looks odd”" in shown
    assert "UTC · No entry known · Waiting for a decision" in shown


def test_what_came_back_and_what_still_does_are_two_things() -> None:
    card = person_card(CASES[Status.OFF_LIST], VIEW)
    titles = [button["title"] for button in card["actions"]]
    assert titles == ["It works", "Mail still bounces", "List what to send again"]


def test_a_password_that_is_still_the_old_one_is_asked_for_with_its_reason() -> None:
    case = CASES[Status.SECURING]
    old = PasswordProof(says=Says.DONE, finding=PasswordFinding.CHANGED_BEFORE, changed_at=NOW)
    said = texts(person_card(replace(case, proofs=replace(case.proofs, password=old)), VIEW))
    assert "a password from before the restriction, which an intruder may know" in said
    assert "press “I have reset it” once more" in said
