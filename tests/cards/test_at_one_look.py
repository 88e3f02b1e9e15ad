"""What the approvers' card shows before anybody presses "More": whatever decides, and one thing to do next."""

from dataclasses import replace
from datetime import timedelta

import pytest
from adaptivecards.baseobject import BareObject

from cards.approver.approver_card import approver_card
from cards.approver.evidence import finding_sentence
from cards.approver.facts_line import facts_line
from cards.approver.suggestion import head_line
from cards.elements import to_json
from cards.words import words_for
from sandbox.teams import texts
from services.domain.case.case import Case
from services.domain.case.effects import effects_of
from services.domain.case.status import Status
from services.domain.case.transition import NO_MESSAGE
from services.domain.proofs.securing import ApprovalCondition as Ask
from tests.cards.approver_pictures import approver_cases
from tests.cards.sample_evidence import STOLEN
from tests.cards.sample_view import VIEW
from tests.cards.seen import at_one_look, behind_more, buttons_seen
from tests.cards.test_head import DECIDABLE, PICTURED, action, generated
from tests.cases import CASES, NOW

WAITING = CASES[Status.WAITING]
NAMED_BY = {
    Ask.SPAM_VERDICT: ("✖ Marked as spam",),
    Ask.REASON_UNKNOWN: ("? Reason unknown", "? No entry known"),
    Ask.PASSWORD_NOT_PROVEN: ("✖ Password", "? Password"),
    Ask.MFA_NOT_PROVEN: ("✖ No MFA", "? MFA not checked"),
    Ask.MFA_NEW: ("✖ MFA method is new",),
    Ask.MFA_UNDATED: ("? MFA, date unknown",),
    Ask.OTHERS_NOT_PROVEN: ("? Other senders",),
    Ask.RIGHT_NOT_CHECKED: ("? Right to send",),
    Ask.SENDERS_NOT_CHECKED: ("? Who else can send",),
    Ask.TOO_MANY_SENDERS: ("? Too many senders",),
    Ask.LOOKS_STOLEN: ("Looks like a stolen account.", "New signs of compromise keep coming"),
    Ask.ALARM: ("✖ Evidence: ",),
    Ask.EVIDENCE_PENDING: ("… Evidence on its way",),
    Ask.EVIDENCE_NOT_CHECKED: ("? Evidence: ", "? No evidence"),
    Ask.DENIED_EARLIER: ("Denied by",),
    Ask.CONNECTOR: ("First find the server or device",),
}
"""By which words each condition is seen."""


def said(*elements: BareObject) -> str:
    return texts([to_json(one) for one in elements]).replace("\N{NO-BREAK SPACE}", " ")


def seen(case: Case) -> str:
    return texts(at_one_look(approver_card(case, VIEW))).replace("\N{NO-BREAK SPACE}", " ")


def test_each_condition_of_an_approval_is_seen_without_more() -> None:
    met = set()
    for case in (*generated()[::7], *(one for one in PICTURED.values() if not one.episode.denials)):
        view = VIEW.about(case)
        shown = said(*head_line(case, view), *facts_line(case, view))
        for condition in case.conditions:
            assert any(words in shown for words in NAMED_BY[condition]), (condition, shown)
        met |= set(case.conditions)
    assert len(met) > 10


def test_a_card_as_it_is_drawn_shows_each_condition_at_one_look() -> None:
    for name, case in PICTURED.items():
        shown = seen(case)
        for condition in case.conditions:
            assert any(words in shown for words in NAMED_BY[condition]), (name, condition)


def test_nothing_reads_as_clean_or_confirmed_that_is_a_condition() -> None:
    for case in generated()[::5]:
        shown = said(*facts_line(case, VIEW))
        assert ("✔ Evidence clean" in shown) <= (not case.open_alarms and not case.unread_sources)
        assert ("✔ Password" in shown) <= (Ask.PASSWORD_NOT_PROVEN not in case.conditions)
        assert ("✔ MFA" in shown) <= (not {Ask.MFA_NEW, Ask.MFA_NOT_PROVEN, Ask.MFA_UNDATED} & set(case.conditions))


@pytest.mark.parametrize("name", ["stolen", "weak-signs", "contained", "contained-no-more", "one-sign"])
def test_three_signs_are_named_and_the_form_names_each_and_each_condition(name: str) -> None:
    case = PICTURED[name]
    view, card = VIEW.about(case), approver_card(case, VIEW)
    alarms = [finding_sentence(case, one, view).partition(": ")[2].rstrip(".") for one in case.open_alarms]
    assert sum(alarm in seen(case) for alarm in alarms) >= min(3, len(set(alarms)))
    form = texts(action(card, "Approve")["card"])
    assert all(alarm in form for alarm in alarms)
    for condition in case.needs_word:
        assert f"• {view.words(f'ground.{condition.name.lower()}')}" in form


@pytest.mark.parametrize("status", [status for status in Status if not status.is_ended and status in CASES])
def test_a_card_has_at_most_one_filled_button(status: Status) -> None:
    filled = [
        one["title"] for one in buttons_seen(approver_card(CASES[status], VIEW)) if one.get("style") == "positive"
    ]
    assert len(filled) <= 1
    if status is Status.FAILED:
        assert [one["title"] for one in buttons_seen(approver_card(CASES[status], VIEW))] == ["Try again", "More"]


def test_what_looks_stolen_is_to_be_contained_first_and_approving_is_not_filled() -> None:
    shown = buttons_seen(approver_card(approver_cases()["stolen"], VIEW))
    assert [one["title"] for one in shown] == ["Contain the account", "Approve", "Deny", "Ask", "More"]
    assert [one["title"] for one in shown if one.get("style") == "positive"] == ["Contain the account"]


def test_what_is_done_says_who_and_when_and_keeps_the_rest_behind_details() -> None:
    case = CASES[Status.WORKS]
    card = approver_card(case, VIEW)
    assert [one["title"] for one in buttons_seen(card)] == ["Details"]
    assert "Approved by Bo Larsen, 13:30" in seen(case)
    assert "ana@contoso.example" not in seen(case)
    assert "ana@contoso.example" in texts({"body": behind_more(card)})


@pytest.mark.parametrize("status", DECIDABLE)
def test_a_refusal_stands_right_above_the_buttons(status: Status) -> None:
    noticed = replace(VIEW, notice=VIEW.words("refusal.not_approver"))
    body = approver_card(CASES[status], noticed)["body"]
    told = next(place for place, one in enumerate(body) if "Only approvers" in texts(one))
    assert body[told + 1]["type"] == "ActionSet"


def test_a_time_of_today_has_no_date_and_any_other_has() -> None:
    decision = CASES[Status.WORKS].decision
    assert decision is not None
    assert "Approved by Bo Larsen, 13:30 UTC" in seen(CASES[Status.WORKS])
    earlier = replace(CASES[Status.WORKS], decision=replace(decision, at=NOW - timedelta(days=1)))
    assert "Approved by Bo Larsen, 23 Nov 2026, 14:00 UTC" in seen(earlier)


def test_a_read_of_the_list_that_only_counts_draws_no_card_anew() -> None:
    """Otherwise each read after an unblock closes the form that somebody is filling in."""
    before = CASES[Status.UNBLOCKED]
    counted = replace(before, list_reads=replace(before.list_reads, checks=9, checked_at=NOW))
    assert effects_of(before, counted, NO_MESSAGE) == NO_MESSAGE
    absent = replace(counted, list_reads=replace(counted.list_reads, absent_at=NOW))
    assert effects_of(before, absent, NO_MESSAGE) != NO_MESSAGE
    assert "9 checks so far" in texts(approver_card(counted, VIEW))


def test_no_name_is_read_as_markdown_and_no_fact_line_holds_anybodys_words() -> None:
    for language in ("en", "de"):
        view = replace(VIEW, words=words_for(language))
        for case in PICTURED.values():
            assert case.sender.name not in said(*facts_line(case, view.about(case)))


def test_the_persons_word_stands_beside_the_directorys_where_they_differ() -> None:
    agrees = texts(approver_card(WAITING, VIEW))
    assert "says:" not in agrees
    cannot = replace(
        WAITING, proofs=replace(WAITING.proofs, password=approver_cases()["internal-limit"].proofs.password)
    )
    assert "Ana Soto says: “I can't”" in texts(approver_card(cannot, VIEW))


def test_signs_that_are_gone_are_named_too() -> None:
    was = replace(WAITING, evidence=STOLEN)
    gone = replace(was, evidence=None, episode=replace(was.episode, alarms=was.alarms, looked_stolen=True))
    assert "all mail is forwarded to collector@mail.example" in seen(gone)
