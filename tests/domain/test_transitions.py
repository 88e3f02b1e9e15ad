"""What a transition changes besides the status, its effects, and the rules that refuse a command."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.domain.case.apply import apply
from services.domain.case.case import Case, SecuringStep
from services.domain.case.commands.approver import (
    Approved,
    Asked,
    ClosedByHand,
    Denied,
    EvidenceRequested,
    Retried,
    StartedReview,
    Ticketed,
)
from services.domain.case.commands.clock import Gathered, ListRead, Looked, LookFailed, Reminded
from services.domain.case.commands.command import Command
from services.domain.case.commands.person import Replied, RequestSent, SaidBouncing, Secured
from services.domain.case.commands.unblocking import ReadBeforeUnblock, UnblockIntended, UnblockRefused
from services.domain.case.creation import created_by_person
from services.domain.case.facts import Facts, ListedEntry, Worse, what_is_worse
from services.domain.case.noted_facts import noted
from services.domain.case.status import Status
from services.domain.case.transition import FOR_PERSON, Refusal, Refused, TaskKind
from services.domain.case.unresolved import called_to_mind
from services.domain.case.user_text import TEXT_AT_MOST
from services.domain.case.workflow import Actor, Verb
from services.domain.containment.commands import ContainmentRequested
from services.domain.containment.containment import ContainmentStep
from services.domain.evidence.audit_search import AuditSearch
from services.domain.evidence.report import Forwarding
from services.domain.limits.change import LimitChange, Stage
from services.domain.limits.commands import LimitsRequested
from services.domain.limits.policy_plan import Strategy
from services.domain.people import MethodKind
from services.domain.proofs.securing import (
    Mailing,
    MfaFinding,
    MfaProof,
    PasswordFinding,
    PasswordProof,
    Says,
    SentMailing,
)
from services.domain.restriction import Cause
from services.domain.unknown import UnknownReason
from tests.cases import (
    ANA_HERSELF,
    BO,
    CASES,
    HOUR,
    MINUTE,
    NOW,
    PROVEN_MFA,
    PROVEN_PASSWORD,
    SPAM_REASON,
    TIMING,
    UNPROVEN_PASSWORD,
    person,
    report,
    restriction,
)

WAITING = CASES[Status.WAITING]


def refusal_of(case: object, command: object) -> Refusal:
    with pytest.raises(Refused) as refused:
        apply(case, command, NOW, TIMING)  # type: ignore[arg-type]  # each test hands in a real case and command
    return refused.value.refusal


def test_nobody_decides_their_own_case() -> None:
    for command in (Approved(by=ANA_HERSELF, by_another_route=True, reason="me"), Denied(by=ANA_HERSELF, reason="no")):
        assert refusal_of(WAITING, command) is Refusal.OWN_CASE


def test_nobody_looks_into_their_own_case_or_gives_themselves_other_limits() -> None:

    for command in (EvidenceRequested(by=ANA_HERSELF), LimitsRequested(by=ANA_HERSELF, strategy=Strategy.OWN_LIMITS)):
        assert refusal_of(HONEST, command) is Refusal.OWN_CASE
    contain = ContainmentRequested(by=ANA_HERSELF, steps=frozenset({ContainmentStep.DISABLE}))
    assert refusal_of(HONEST, contain) is Refusal.OWN_CASE


def test_sources_are_not_asked_again_within_five_seconds_or_while_they_are_asked() -> None:
    seconds = timedelta(seconds=1)
    wanted = EvidenceRequested(by=BO)
    just = replace(WAITING, evidence=report(gathered_at=NOW - 4 * seconds))
    assert refusal_of(just, wanted) is Refusal.JUST_GATHERED
    enough = replace(WAITING, evidence=report(gathered_at=NOW - 5 * seconds))
    assert apply(enough, wanted, NOW, TIMING).case.evidence_wanted_at == NOW
    assert refusal_of(replace(enough, evidence_wanted_at=NOW - 4 * seconds), wanted) is Refusal.JUST_GATHERED


def test_other_limits_are_proposed_by_themselves_the_third_time_and_once() -> None:
    gathered = Gathered(report=report(gathered_at=NOW))
    third = replace(HONEST, evidence=None, past=replace(HONEST.past, restrictions=2))
    proposed = LimitChange(stage=Stage.REQUESTED, strategy=Strategy.OWN_LIMITS)
    assert apply(third, gathered, NOW, TIMING).case == replace(
        third, evidence=gathered.report, limit_change=proposed, audit_search=AuditSearch(wanted_at=NOW)
    )
    second = replace(third, past=replace(third.past, restrictions=1))
    assert apply(second, gathered, NOW, TIMING).case.limit_change is None
    dismissed = replace(proposed, stage=Stage.DISMISSED)
    assert apply(replace(third, limit_change=dismissed), gathered, NOW, TIMING).case.limit_change == dismissed


def test_nobody_can_be_asked_about_a_connector() -> None:

    scanner = replace(WAITING, sender=replace(WAITING.sender, connector_id="scanner"))
    assert refusal_of(scanner, Asked(by=BO, text="which tool?")) is Refusal.NOT_NOW
    assert refusal_of(scanner, EvidenceRequested(by=BO)) is Refusal.NOT_NOW


def test_a_proven_limit_case_needs_no_word_by_another_route() -> None:
    transition = apply(WAITING, Approved(by=BO), NOW, TIMING)
    assert transition.case.decision is not None
    assert not transition.case.decision.by_another_route


@pytest.mark.parametrize(
    "doubtful",
    [
        replace(WAITING, restriction=restriction(SPAM_REASON)),
        replace(WAITING, restriction=restriction("what is this")),
        replace(WAITING, restriction=None),
        replace(WAITING, proofs=replace(WAITING.proofs, password=UNPROVEN_PASSWORD)),
        replace(
            WAITING,
            proofs=replace(WAITING.proofs, password=PasswordProof(says=Says.DONE, finding=PasswordFinding.ON_PREMISES)),
        ),
        replace(WAITING, proofs=replace(WAITING.proofs, mfa=MfaProof())),
        replace(WAITING, proofs=replace(WAITING.proofs, mfa=MfaProof(finding=MfaFinding.NONE))),
        replace(
            WAITING, proofs=replace(WAITING.proofs, mfa=MfaProof(finding=MfaFinding.NEW, kinds=(MethodKind.PHONE,)))
        ),
    ],
)
def test_any_doubt_needs_word_by_another_route_and_a_reason(doubtful: Case) -> None:
    doubtful = noted(doubtful, NOW)
    assert refusal_of(doubtful, Approved(by=BO)) is Refusal.ANOTHER_ROUTE_NEEDED
    assert refusal_of(doubtful, Approved(by=BO, reason="seems fine")) is Refusal.ANOTHER_ROUTE_NEEDED
    assert refusal_of(doubtful, Approved(by=BO, by_another_route=True, reason="  ")) is Refusal.REASON_NEEDED


def test_words_are_needed_and_bounded() -> None:
    assert refusal_of(WAITING, Denied(by=BO, reason=" ")) is Refusal.REASON_NEEDED
    assert refusal_of(WAITING, Denied(by=BO, reason="x" * (TEXT_AT_MOST + 1))) is Refusal.TOO_LONG
    assert refusal_of(WAITING, Asked(by=BO, text="")) is Refusal.WORDS_NEEDED
    assert refusal_of(CASES[Status.NEEDS_INFO], Replied(text="")) is Refusal.WORDS_NEEDED
    assert (
        refusal_of(
            replace(CASES[Status.NEEDS_INFO], request=replace(CASES[Status.NEEDS_INFO].request, question=None)),
            Replied(text="x"),
        )
        is Refusal.NOT_NOW
    )
    assert refusal_of(CASES[Status.NEEDS_TICKET], Ticketed(by=BO, reference="")) is Refusal.WORDS_NEEDED


def test_a_decision_notifies_the_person_and_updates_both_cards() -> None:
    transition = apply(WAITING, Approved(by=BO), NOW, TIMING)
    assert transition.effects == {TaskKind.NOTIFY_PERSON, TaskKind.UPDATE_APPROVERS_CARD}
    assert (transition.event.actor, transition.event.verb, transition.event.who) == (
        Actor.APPROVER,
        Verb.APPROVE,
        BO.id,
    )


def test_before_the_request_is_sent_the_approvers_have_no_card() -> None:
    transition = apply(CASES[Status.SECURING], Secured(password=PROVEN_PASSWORD), NOW, TIMING)
    assert transition.effects == {TaskKind.UPDATE_PERSON_CARD}
    assert transition.event.who == CASES[Status.SECURING].sender.person


def test_an_approvers_reason_stays_internal_and_a_denials_is_told() -> None:
    approved = apply(WAITING, Approved(by=BO, reason="secret"), NOW, TIMING).case.decision
    denied = apply(WAITING, Denied(by=BO, reason="told", internal="secret"), NOW, TIMING).case.decision
    assert approved is not None
    assert denied is not None
    assert (approved.reason, approved.internal) == ("", "secret")
    assert (denied.reason, denied.internal) == ("told", "secret")


def test_telling_the_admins_while_the_list_cannot_be_read_is_said_once() -> None:
    told = apply(CASES[Status.LOOKING], RequestSent(), NOW, TIMING)
    assert TaskKind.NOTIFY_APPROVERS in told.effects
    assert refusal_of(told.case, RequestSent()) is Refusal.ALREADY_TOLD


def test_a_look_that_had_failed_is_told_when_it_succeeds() -> None:
    look = Looked(person=person(), restriction=restriction(), password=PasswordProof(), mfa=MfaProof())
    slow = replace(CASES[Status.LOOKING], look_failed=None)
    failed = apply(slow, LookFailed(reason=UnknownReason.UNREACHABLE), NOW, TIMING).case
    assert apply(slow, look, NOW, TIMING).effects == {TaskKind.UPDATE_PERSON_CARD}
    assert apply(failed, look, NOW, TIMING).effects == {TaskKind.NOTIFY_PERSON}


def test_a_retry_begins_with_a_fresh_allowance_of_calls() -> None:
    again = apply(CASES[Status.FAILED], Retried(by=BO), NOW, TIMING).case
    assert (again.unblock.calls, again.unblock.error, again.unblock.tried_at) == (0, None, None)


def test_the_intent_is_counted_before_the_call() -> None:
    intended = apply(CASES[Status.APPROVED], UnblockIntended(), NOW, TIMING).case
    assert (intended.unblock.calls, intended.unblock.tried_at) == (1, NOW)


def test_a_sender_still_listed_before_the_call_is_seen_with_the_present_reason() -> None:
    seen = restriction(SPAM_REASON)
    command = ReadBeforeUnblock(restriction=seen, read_at=NOW)
    assert apply(CASES[Status.APPROVED], command, NOW, TIMING).case.restriction == seen


def test_a_refused_unblock_carries_the_exact_error_and_notifies_the_approvers() -> None:
    transition = apply(CASES[Status.APPROVED], UnblockRefused(error="exactly this"), NOW, TIMING)
    assert transition.case.unblock.error == "exactly this"
    assert transition.event.facts["error"] == "exactly this"
    assert TaskKind.NOTIFY_APPROVERS in transition.effects


def test_being_seen_again_on_the_list_undoes_a_first_absence() -> None:
    absent = replace(
        CASES[Status.UNBLOCKED], list_reads=replace(CASES[Status.UNBLOCKED].list_reads, absent_at=NOW - MINUTE)
    )
    seen = apply(absent, ListRead(restriction=restriction(), read_at=NOW), NOW, TIMING)
    assert seen.case.list_reads.absent_at is None
    assert seen.event.facts["listed"] == "yes"


def test_a_read_that_shows_nothing_new_has_no_effects() -> None:
    read = ListRead(restriction=CASES[Status.WAITING].restriction, read_at=NOW)
    transition = apply(CASES[Status.WAITING], read, NOW, TIMING)
    assert transition.case == CASES[Status.WAITING]
    assert transition.effects == frozenset()


def test_each_check_of_an_unblock_is_counted_and_draws_no_card_anew() -> None:
    """A card that is drawn anew closes the form that somebody is filling in."""
    read = ListRead(restriction=CASES[Status.UNBLOCKED].restriction, read_at=NOW)
    transition = apply(CASES[Status.UNBLOCKED], read, NOW, TIMING)
    assert (transition.case.list_reads.checks, transition.case.list_reads.checked_at) == (1, NOW)
    assert transition.effects == frozenset()


@pytest.mark.parametrize("status", [Status.NEEDS_TICKET, Status.WITH_MICROSOFT])
def test_who_bounces_though_off_the_list_is_not_sent_back_to_testing(status: Status) -> None:
    """The sender was off the list before mail bounced again, so its absence changes nothing; a new entry does."""
    bouncing = replace(
        CASES[status], list_reads=replace(CASES[status].list_reads, off_list_at=NOW - 2 * HOUR), bouncing_at=NOW - HOUR
    )
    absent = ListRead(restriction=None, read_at=NOW)
    assert apply(bouncing, absent, NOW, TIMING).case == called_to_mind(bouncing, NOW)
    listed = apply(bouncing, ListRead(restriction=restriction(), read_at=NOW), NOW, TIMING).case
    assert (listed.status, listed.list_reads.off_list_at) == (status, None)
    once = apply(listed, absent, NOW, TIMING).case
    later = ListRead(restriction=None, read_at=NOW + MINUTE)
    assert apply(once, later, NOW + MINUTE, TIMING).case.status is Status.OFF_LIST


def test_a_relapse_opens_a_linked_case_that_remembers_the_first_look() -> None:
    new = restriction(SPAM_REASON, since=NOW)
    transition = apply(CASES[Status.OFF_LIST], ListRead(restriction=new, read_at=NOW), NOW, TIMING)
    assert transition.creates is not None
    fresh = transition.creates.case
    assert (fresh.status, fresh.past.previous, fresh.restriction) == (Status.SECURING, transition.case.number, new)
    assert fresh.episode.baseline == CASES[Status.OFF_LIST].episode.baseline
    assert fresh.episode.baseline.methods
    assert transition.creates.effects == {TaskKind.NOTIFY_PERSON, TaskKind.UPDATE_APPROVERS_CARD}
    assert fresh.past.unblocks == 1


def test_an_old_entry_seen_again_may_be_lag_until_it_is_seen_twice() -> None:
    old = ListRead(restriction=restriction(), read_at=NOW)
    first = apply(CASES[Status.OFF_LIST], old, NOW, TIMING)
    assert (first.case.status, first.case.list_reads.relisted_at, first.creates) == (Status.OFF_LIST, NOW, None)
    soon = ListRead(restriction=restriction(), read_at=NOW + MINUTE / 2)
    assert apply(first.case, soon, NOW, TIMING).case == first.case
    later = ListRead(restriction=restriction(), read_at=NOW + MINUTE)
    assert apply(first.case, later, NOW + MINUTE, TIMING).case.status is Status.RELAPSED
    gone = ListRead(restriction=None, read_at=NOW + MINUTE)
    assert apply(first.case, gone, NOW + MINUTE, TIMING).case.list_reads.relisted_at is None


def test_still_bouncing_inside_the_lag_window_is_noted_for_asking_back() -> None:
    assert apply(CASES[Status.OFF_LIST], SaidBouncing(), NOW, TIMING).case.bouncing_at == NOW


def test_closing_by_hand_keeps_who_and_why() -> None:
    closed = apply(CASES[Status.FAILED], ClosedByHand(by=BO, reason="new mailbox"), NOW, TIMING).case.closed
    assert closed is not None
    assert (closed.name, closed.text) == (BO.name, "new mailbox")


def test_a_reminder_is_noted_and_told() -> None:
    transition = apply(WAITING, Reminded(), NOW, TIMING)
    assert transition.case.request.reminded_at == NOW
    assert TaskKind.NOTIFY_APPROVERS in transition.effects


def test_a_created_case_updates_its_persons_card() -> None:
    transition = created_by_person(CASES[Status.SECURING], NOW)
    assert transition.case.version == 0
    assert transition.effects == {TaskKind.UPDATE_PERSON_CARD}


def test_the_steps_in_their_order_and_what_the_directory_contradicts() -> None:
    case = CASES[Status.SECURING]
    assert case.step is SecuringStep.PASSWORD
    contradicted = PasswordProof(says=Says.DONE, finding=PasswordFinding.CHANGED_BEFORE)
    assert replace(case, proofs=replace(case.proofs, password=contradicted)).step is SecuringStep.PASSWORD
    case = replace(case, proofs=replace(case.proofs, password=UNPROVEN_PASSWORD))
    assert case.step is SecuringStep.MFA
    assert (
        replace(case, proofs=replace(case.proofs, mfa=MfaProof(says=Says.DONE, finding=MfaFinding.NONE))).step
        is SecuringStep.MFA
    )
    case = replace(case, proofs=replace(case.proofs, mfa=PROVEN_MFA))
    assert case.step is SecuringStep.MAILING
    assert WAITING.step is SecuringStep.SEND
    assert CASES[Status.LOOKING].since is None
    assert WAITING.since == NOW - 3 * HOUR


HONEST = noted(
    replace(
        WAITING,
        evidence=report(),
        proofs=replace(WAITING.proofs, mailing=Mailing(sent=SentMailing.YES, recipients="2,001")),
    ),
    NOW,
)
STOLEN = replace(WAITING, evidence=report(forwarding=Forwarding(to="x@a.example", keeps_copy=True, external=True)))


@pytest.mark.parametrize(
    ("case", "command"),
    [
        (WAITING, StartedReview(by=BO)),
        (WAITING, EvidenceRequested(by=BO)),
        (WAITING, Gathered(report=report(gathered_at=NOW))),
        (STOLEN, Approved(by=BO, by_another_route=True, reason="called her")),
        (STOLEN, ContainmentRequested(by=BO, steps=frozenset({ContainmentStep.DISABLE}))),
        (HONEST, LimitsRequested(by=BO, strategy=Strategy.OWN_LIMITS)),
    ],
)
def test_what_the_person_never_sees_does_not_update_their_card(case: Case, command: Command) -> None:

    transition = apply(noted(case, NOW), command, NOW, TIMING)
    assert transition.case != case
    assert transition.effects & FOR_PERSON == frozenset()
    assert TaskKind.UPDATE_APPROVERS_CARD in transition.effects


def test_an_address_that_is_listed_twice_is_worse_only_for_what_neither_entry_said() -> None:
    twice = tuple(ListedEntry(address="ana@x.example", cause=cause, since=NOW) for cause in (Cause.SPAM, Cause.UNKNOWN))
    limit = ListedEntry(address="ana@x.example", cause=Cause.POLICY_LIMIT, since=NOW)
    for shown in ((*twice, limit), (limit, *twice)):
        assert what_is_worse(Facts(noted_at=NOW, entries=shown), Facts(noted_at=NOW, entries=twice)) == ()
    worse = what_is_worse(Facts(noted_at=NOW, entries=(limit, limit)), Facts(noted_at=NOW, entries=(limit, *twice)))
    assert worse == (Worse.WORSE_CAUSE,)
