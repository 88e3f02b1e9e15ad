"""Codes for a telephone call."""

from dataclasses import replace

import pytest

from services.domain.case.apply import apply
from services.domain.case.call_codes import after_writing, read_code, with_code, word_on
from services.domain.case.case import Case
from services.domain.case.commands.approver import Approved, CallCodeMade
from services.domain.case.commands.command import Command
from services.domain.case.commands.person import CallCodeWritten
from services.domain.case.noted_facts import noted
from services.domain.case.status import Status
from services.domain.case.transition import Refusal, Refused
from services.domain.people import PersonId, TeamsUser
from tests.cards.sample_cases import CONNECTOR_CASE
from tests.cases import ANA_HERSELF, BO, CASES, MINUTE, NOW, SPAM_REASON, TIMING, restriction

WAITING = noted(replace(CASES[Status.WAITING], restriction=restriction(SPAM_REASON)), NOW)
CLEO = TeamsUser(id=PersonId("c"), name="Cleo Marsh")
CALLED = Approved(by=BO, by_another_route=True, reason="called her", needs_code=True)


def refusal_of(case: Case, command: Command) -> Refusal | None:
    try:
        apply(case, command, NOW, TIMING)
    except Refused as refused:
        return refused.refusal
    return None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("123456", "123456"),
        (" 123 456\n", "123456"),
        ("123-456", "123456"),
        ("000000", "000000"),
        ("12345", None),
        ("1234567", None),
        ("code 123456", None),
        ("123456.", None),
        ("١٢٣٤٥٦", None),
        ("", None),
    ],
)
def test_a_code_is_six_digits_and_nothing_else(text: str, code: str | None) -> None:
    assert read_code(text) == code


def test_the_code_of_one_approver_is_nobody_elses_word() -> None:
    codes = with_code(with_code((), BO, "111111", NOW), CLEO, "222222", NOW)
    after = after_writing(codes, "222222", NOW + MINUTE, 1)
    assert [word_on(after, who, NOW + MINUTE) for who in (BO.id, CLEO.id)] == [None, 1]
    assert [code.wrong for code in after] == [0, 0]


def test_what_is_stored_of_a_code_does_not_name_it_and_is_another_one_each_time() -> None:
    first, second = (with_code((), BO, "111111", at)[0].digest for at in (NOW, NOW + MINUTE))
    assert first != second
    assert "111111" not in first


def test_a_written_code_is_told_once_and_stays_told() -> None:
    codes = after_writing(with_code((), BO, "111111", NOW), "111111", NOW, 1)
    assert after_writing(codes, "999999", NOW + MINUTE, 1) == codes
    assert after_writing(codes, "111111", NOW + MINUTE, 1) == codes


def test_an_approval_needs_the_code_where_one_is_asked_for_and_word_is_needed() -> None:
    assert refusal_of(WAITING, CALLED) is Refusal.CALL_CODE_NEEDED
    assert refusal_of(WAITING, replace(CALLED, needs_code=False)) is None
    assert refusal_of(CASES[Status.WAITING], Approved(by=BO, needs_code=True)) is None
    made = apply(WAITING, CallCodeMade(by=BO, code="111111"), NOW, TIMING).case
    assert refusal_of(made, CALLED) is Refusal.CALL_CODE_NEEDED
    written = apply(made, CallCodeWritten(by=ANA_HERSELF, code="111111"), NOW, TIMING).case
    assert refusal_of(written, CALLED) is None
    assert refusal_of(written, replace(CALLED, by=CLEO)) is Refusal.CALL_CODE_NEEDED


def test_nobody_gets_a_code_for_their_own_case_or_for_a_connector() -> None:
    assert refusal_of(WAITING, CallCodeMade(by=ANA_HERSELF, code="111111")) is Refusal.OWN_CASE
    assert refusal_of(CONNECTOR_CASE, CallCodeMade(by=BO, code="111111")) is Refusal.NOT_NOW
    assert refusal_of(CONNECTOR_CASE, CALLED) is None
    assert refusal_of(CASES[Status.APPROVED], CallCodeMade(by=BO, code="111111")) is Refusal.NOT_NOW


def test_no_history_and_no_text_of_a_command_holds_a_code() -> None:
    for command in (CallCodeMade(by=BO, code="111111"), CallCodeWritten(by=ANA_HERSELF, code="111111")):
        transition = apply(WAITING, command, NOW, TIMING)
        assert "111111" not in f"{transition.event} {transition.case} {command}"
