"""What a move changes besides the status, whom it owes, and the rules that refuse it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.domain.case.apply import moved, opened
from services.domain.case.case import Case, Status, Step
from services.domain.case.commands import (
    Act,
    Approved,
    Asked,
    ClosedByHand,
    Denied,
    EvidenceWanted,
    Gathered,
    ListRead,
    Looked,
    LookFailed,
    ReadBeforeRelease,
    ReleaseIntended,
    ReleaseRefused,
    Reminded,
    Replied,
    Retried,
    SaidBouncing,
    Secured,
    Sent,
    StartedLooking,
    Ticketed,
)
from services.domain.case.transition import FOR_PERSON, Duty, Refusal, RefusedMove
from services.domain.case.user_text import WORDS_AT_MOST
from services.domain.case.workflow import Actor, Verb
from services.domain.containment.commands import ContainmentWanted
from services.domain.containment.containment import ContainStep
from services.domain.evidence.report import Forwarding
from services.domain.limits.change import LimitsWork, Stage
from services.domain.limits.commands import LimitsWanted
from services.domain.limits.policy_plan import Way
from services.domain.proofs.securing import (
    Mailing,
    MfaFinding,
    MfaProof,
    PasswordFinding,
    PasswordProof,
    Says,
    SentMailing,
)
from services.domain.unknown import Why
from tests.cases import (
    ANA_HERSELF,
    BO,
    CASES,
    HOUR,
    LIMITS,
    MINUTE,
    NOW,
    PROVEN_MFA,
    PROVEN_PASSWORD,
    SPAM_REASON,
    UNPROVEN_PASSWORD,
    person,
    report,
    restriction,
)

WAITING = CASES[Status.WAITING]


def refusal_of(case: object, act: object) -> Refusal:
    with pytest.raises(RefusedMove) as refused:
        moved(case, act, NOW, LIMITS)  # type: ignore[arg-type]  # each test hands in a real case and act
    return refused.value.refusal


def test_nobody_decides_their_own_case() -> None:
    for act in (Approved(by=ANA_HERSELF, by_another_route=True, reason="me"), Denied(by=ANA_HERSELF, reason="no")):
        assert refusal_of(WAITING, act) is Refusal.OWN_CASE


def test_nobody_looks_into_their_own_case_or_gives_themselves_other_limits() -> None:
    for act in (EvidenceWanted(by=ANA_HERSELF), LimitsWanted(by=ANA_HERSELF, way=Way.OWN_LIMITS)):
        assert refusal_of(HONEST, act) is Refusal.OWN_CASE
    contain = ContainmentWanted(by=ANA_HERSELF, steps=frozenset({ContainStep.DISABLE}))
    assert refusal_of(HONEST, contain) is Refusal.OWN_CASE


def test_sources_are_not_asked_again_within_five_seconds_or_while_they_are_asked() -> None:
    seconds = timedelta(seconds=1)
    wanted = EvidenceWanted(by=BO)
    just = replace(WAITING, evidence=report(gathered_at=NOW - 4 * seconds))
    assert refusal_of(just, wanted) is Refusal.JUST_GATHERED
    enough = replace(WAITING, evidence=report(gathered_at=NOW - 5 * seconds))
    assert moved(enough, wanted, NOW, LIMITS).case.evidence_wanted_at == NOW
    assert refusal_of(replace(enough, evidence_wanted_at=NOW - 4 * seconds), wanted) is Refusal.JUST_GATHERED


def test_other_limits_are_proposed_by_themselves_the_third_time_and_once() -> None:
    gathered = Gathered(report=report(gathered_at=NOW))
    third = replace(HONEST, evidence=None, earlier_restrictions=2)
    proposed = LimitsWork(stage=Stage.WANTED, way=Way.OWN_LIMITS)
    assert moved(third, gathered, NOW, LIMITS).case == replace(third, evidence=gathered.report, limits_work=proposed)
    second = replace(third, earlier_restrictions=1)
    assert moved(second, gathered, NOW, LIMITS).case.limits_work is None
    dismissed = replace(proposed, stage=Stage.DISMISSED)
    assert moved(replace(third, limits_work=dismissed), gathered, NOW, LIMITS).case.limits_work == dismissed


def test_nobody_can_be_asked_about_a_connector() -> None:
    scanner = replace(WAITING, connector="scanner")
    assert refusal_of(scanner, Asked(by=BO, words="which tool?")) is Refusal.NOT_NOW
    assert refusal_of(scanner, EvidenceWanted(by=BO)) is Refusal.NOT_NOW


def test_a_proven_limit_case_needs_no_word_by_another_route() -> None:
    move = moved(WAITING, Approved(by=BO), NOW, LIMITS)
    assert move.case.decision is not None
    assert not move.case.decision.by_another_route


@pytest.mark.parametrize(
    "doubtful",
    [
        replace(WAITING, restriction=restriction(SPAM_REASON)),
        replace(WAITING, restriction=restriction("what is this")),
        replace(WAITING, restriction=None),
        replace(WAITING, password=UNPROVEN_PASSWORD),
        replace(WAITING, password=PasswordProof(says=Says.DONE, finding=PasswordFinding.ON_PREMISES)),
        replace(WAITING, mfa=MfaProof()),
        replace(WAITING, mfa=MfaProof(finding=MfaFinding.NONE)),
        replace(WAITING, mfa=MfaProof(finding=MfaFinding.NEW, kinds=("phone",))),
    ],
)
def test_any_doubt_needs_word_by_another_route_and_a_reason(doubtful: object) -> None:
    assert refusal_of(doubtful, Approved(by=BO)) is Refusal.ANOTHER_ROUTE_NEEDED
    assert refusal_of(doubtful, Approved(by=BO, reason="seems fine")) is Refusal.ANOTHER_ROUTE_NEEDED
    assert refusal_of(doubtful, Approved(by=BO, by_another_route=True, reason="  ")) is Refusal.REASON_NEEDED


def test_words_are_needed_and_bounded() -> None:
    assert refusal_of(WAITING, Denied(by=BO, reason=" ")) is Refusal.REASON_NEEDED
    assert refusal_of(WAITING, Denied(by=BO, reason="x" * (WORDS_AT_MOST + 1))) is Refusal.TOO_LONG
    assert refusal_of(WAITING, Asked(by=BO, words="")) is Refusal.WORDS_NEEDED
    assert refusal_of(CASES[Status.NEEDS_INFO], Replied(words="")) is Refusal.WORDS_NEEDED
    assert refusal_of(replace(CASES[Status.NEEDS_INFO], question=None), Replied(words="x")) is Refusal.NOT_NOW
    assert refusal_of(CASES[Status.NEEDS_TICKET], Ticketed(by=BO, reference="")) is Refusal.WORDS_NEEDED


def test_the_person_is_told_of_a_decision_and_both_cards_are_owed() -> None:
    move = moved(WAITING, Approved(by=BO), NOW, LIMITS)
    assert move.owes == {Duty.TELL_PERSON, Duty.SHOW_APPROVERS}
    assert (move.event.actor, move.event.verb, move.event.who) == (Actor.APPROVER, Verb.APPROVE, BO.id)


def test_before_the_request_is_sent_the_approvers_have_no_card() -> None:
    move = moved(CASES[Status.SECURING], Secured(password=PROVEN_PASSWORD), NOW, LIMITS)
    assert move.owes == {Duty.SHOW_PERSON}
    assert move.event.who == CASES[Status.SECURING].person


def test_an_approvers_reason_stays_internal_and_a_denials_is_told() -> None:
    approved = moved(WAITING, Approved(by=BO, reason="secret"), NOW, LIMITS).case.decision
    denied = moved(WAITING, Denied(by=BO, reason="told", internal="secret"), NOW, LIMITS).case.decision
    assert approved is not None
    assert denied is not None
    assert (approved.reason, approved.internal) == ("", "secret")
    assert (denied.reason, denied.internal) == ("told", "secret")


def test_telling_the_admins_while_the_list_cannot_be_read_is_said_once() -> None:
    told = moved(CASES[Status.LOOKING], Sent(), NOW, LIMITS)
    assert Duty.TELL_APPROVERS in told.owes
    assert refusal_of(told.case, Sent()) is Refusal.ALREADY_TOLD


def test_a_look_that_had_failed_is_told_when_it_succeeds() -> None:
    look = Looked(person=person(), restriction=restriction(), snapshot=("a",), password=PasswordProof(), mfa=MfaProof())
    slow = replace(CASES[Status.LOOKING], not_looked=None)
    failed = moved(slow, LookFailed(why=Why.UNREACHABLE), NOW, LIMITS).case
    assert moved(slow, look, NOW, LIMITS).owes == {Duty.SHOW_PERSON}
    assert moved(failed, look, NOW, LIMITS).owes == {Duty.TELL_PERSON}
    assert moved(slow, look, NOW, LIMITS).case.snapshot == ("a",)


def test_a_retry_begins_with_a_fresh_allowance_of_calls() -> None:
    again = moved(CASES[Status.FAILED], Retried(by=BO), NOW, LIMITS).case
    assert (again.release_calls, again.release_error, again.release_tried_at) == (0, None, None)


def test_the_intent_is_counted_before_the_call() -> None:
    intended = moved(CASES[Status.APPROVED], ReleaseIntended(), NOW, LIMITS).case
    assert (intended.release_calls, intended.release_tried_at) == (1, NOW)


def test_a_sender_still_listed_before_the_call_is_seen_with_the_present_reason() -> None:
    seen = restriction(SPAM_REASON)
    act = ReadBeforeRelease(restriction=seen, read_at=NOW)
    assert moved(CASES[Status.APPROVED], act, NOW, LIMITS).case.restriction == seen


def test_a_refused_release_carries_the_exact_error_and_tells_the_approvers() -> None:
    move = moved(CASES[Status.APPROVED], ReleaseRefused(error="exactly this"), NOW, LIMITS)
    assert move.case.release_error == "exactly this"
    assert move.event.seen["error"] == "exactly this"
    assert Duty.TELL_APPROVERS in move.owes


def test_being_seen_again_on_the_list_undoes_a_first_absence() -> None:
    absent = replace(CASES[Status.RELEASED], absent_at=NOW - MINUTE)
    seen = moved(absent, ListRead(restriction=restriction(), read_at=NOW), NOW, LIMITS)
    assert seen.case.absent_at is None
    assert seen.event.seen["listed"] == "yes"


def test_a_read_that_shows_nothing_new_owes_nothing() -> None:
    read = ListRead(restriction=CASES[Status.WAITING].restriction, read_at=NOW)
    move = moved(CASES[Status.WAITING], read, NOW, LIMITS)
    assert move.case == CASES[Status.WAITING]
    assert move.owes == frozenset()


def test_each_check_of_a_release_is_counted_and_shown_to_the_approvers_alone() -> None:
    read = ListRead(restriction=CASES[Status.RELEASED].restriction, read_at=NOW)
    move = moved(CASES[Status.RELEASED], read, NOW, LIMITS)
    assert (move.case.checks, move.case.checked_at) == (1, NOW)
    assert move.owes == {Duty.SHOW_APPROVERS}


@pytest.mark.parametrize("status", [Status.NEEDS_TICKET, Status.WITH_MICROSOFT])
def test_who_bounces_though_off_the_list_is_not_sent_back_to_testing(status: Status) -> None:
    """The sender left the list before mail went on bouncing: its absence is no news; a new entry makes it news."""
    bouncing = replace(CASES[status], off_list_at=NOW - 2 * HOUR, bouncing_at=NOW - HOUR)
    absent = ListRead(restriction=None, read_at=NOW)
    assert moved(bouncing, absent, NOW, LIMITS).case == bouncing
    listed = moved(bouncing, ListRead(restriction=restriction(), read_at=NOW), NOW, LIMITS).case
    assert (listed.status, listed.off_list_at) == (status, None)
    once = moved(listed, absent, NOW, LIMITS).case
    later = ListRead(restriction=None, read_at=NOW + MINUTE)
    assert moved(once, later, NOW + MINUTE, LIMITS).case.status is Status.OFF_LIST


def test_a_relapse_opens_a_linked_case_that_remembers_the_first_look() -> None:
    new = restriction(SPAM_REASON, since=NOW)
    move = moved(CASES[Status.OFF_LIST], ListRead(restriction=new, read_at=NOW), NOW, LIMITS)
    assert move.opens is not None
    fresh = move.opens.case
    assert (fresh.status, fresh.previous, fresh.restriction) == (Status.SECURING, move.case.number, new)
    assert fresh.snapshot == CASES[Status.OFF_LIST].snapshot
    assert move.opens.owes == {Duty.TELL_PERSON}
    assert fresh.earlier_releases == 1


def test_an_old_entry_seen_again_may_be_lag_until_it_is_seen_twice() -> None:
    old = ListRead(restriction=restriction(), read_at=NOW)
    first = moved(CASES[Status.OFF_LIST], old, NOW, LIMITS)
    assert (first.case.status, first.case.relisted_at, first.opens) == (Status.OFF_LIST, NOW, None)
    soon = ListRead(restriction=restriction(), read_at=NOW + MINUTE / 2)
    assert moved(first.case, soon, NOW, LIMITS).case == first.case
    later = ListRead(restriction=restriction(), read_at=NOW + MINUTE)
    assert moved(first.case, later, NOW + MINUTE, LIMITS).case.status is Status.RELAPSED
    gone = ListRead(restriction=None, read_at=NOW + MINUTE)
    assert moved(first.case, gone, NOW + MINUTE, LIMITS).case.relisted_at is None


def test_still_bouncing_inside_the_lag_window_is_noted_for_asking_back() -> None:
    assert moved(CASES[Status.OFF_LIST], SaidBouncing(), NOW, LIMITS).case.bouncing_at == NOW


def test_closing_by_hand_keeps_who_and_why() -> None:
    closed = moved(CASES[Status.FAILED], ClosedByHand(by=BO, reason="new mailbox"), NOW, LIMITS).case.closed
    assert closed is not None
    assert (closed.name, closed.words) == (BO.name, "new mailbox")


def test_a_reminder_is_noted_and_told() -> None:
    move = moved(WAITING, Reminded(), NOW, LIMITS)
    assert move.case.reminded_at == NOW
    assert Duty.TELL_APPROVERS in move.owes


def test_an_opened_case_owes_its_person_a_card() -> None:
    move = opened(CASES[Status.SECURING], NOW)
    assert move.case.version == 0
    assert move.owes == {Duty.SHOW_PERSON}


def test_the_steps_in_their_order_and_what_the_directory_contradicts() -> None:
    case = CASES[Status.SECURING]
    assert case.step is Step.PASSWORD
    contradicted = PasswordProof(says=Says.DONE, finding=PasswordFinding.CHANGED_BEFORE)
    assert replace(case, password=contradicted).step is Step.PASSWORD
    case = replace(case, password=UNPROVEN_PASSWORD)
    assert case.step is Step.MFA
    assert replace(case, mfa=MfaProof(says=Says.DONE, finding=MfaFinding.NONE)).step is Step.MFA
    case = replace(case, mfa=PROVEN_MFA)
    assert case.step is Step.MAILING
    assert WAITING.step is Step.SEND
    assert CASES[Status.LOOKING].since is None
    assert WAITING.since == NOW - 3 * HOUR


HONEST = replace(WAITING, evidence=report(), mailing=Mailing(sent=SentMailing.YES, recipients="2,001"))
STOLEN = replace(WAITING, evidence=report(forwarding=Forwarding(to="x@a.example", keeps_copy=True, external=True)))


@pytest.mark.parametrize(
    ("case", "act"),
    [
        (WAITING, StartedLooking(by=BO)),
        (WAITING, EvidenceWanted(by=BO)),
        (WAITING, Gathered(report=report(gathered_at=NOW))),
        (STOLEN, Approved(by=BO, by_another_route=True, reason="called her")),
        (STOLEN, ContainmentWanted(by=BO, steps=frozenset({ContainStep.DISABLE}))),
        (HONEST, LimitsWanted(by=BO, way=Way.OWN_LIMITS)),
    ],
)
def test_what_the_person_never_sees_draws_nothing_anew_for_them(case: Case, act: Act) -> None:
    move = moved(case, act, NOW, LIMITS)
    assert move.case != case
    assert move.owes & FOR_PERSON == frozenset()
    assert Duty.SHOW_APPROVERS in move.owes
