"""What each command changes on a case, completely, and the effects it has."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.domain.case.apply import apply
from services.domain.case.case import Case
from services.domain.case.commands.approver import (
    Approved,
    Asked,
    AskedFor,
    ClosedByHand,
    Denied,
    EvidenceRequested,
    Retried,
    StartedReview,
    Ticketed,
)
from services.domain.case.commands.clock import Expired, ListRead, Looked, LookFailed, Reached, WatchEnded
from services.domain.case.commands.command import Command
from services.domain.case.commands.person import (
    Replied,
    RequestSent,
    SaidBouncing,
    SaidWorks,
    Secured,
    StepsWanted,
    Withdrew,
)
from services.domain.case.commands.unblocking import (
    ReadBeforeUnblock,
    UnblockDone,
    UnblockGivenUp,
    UnblockIntended,
    UnblockNotBegun,
    UnblockRefused,
    UnblockUnclear,
)
from services.domain.case.connectors import new_connector_case
from services.domain.case.episode import Baseline, Episode
from services.domain.case.noted_facts import noted, present_facts
from services.domain.case.parts import CaseNumber, Decision, Question
from services.domain.case.rechecked import Rechecked
from services.domain.case.status import Status
from services.domain.case.timers import timers
from services.domain.case.transition import Refusal, Refused, TaskKind
from services.domain.case.unresolved import called_to_mind
from services.domain.evidence.report import Forwarding
from services.domain.people import PersonId, SignOff, TeamsUser
from services.domain.proofs.securing import Mailing, MfaProof, SentMailing
from services.domain.proofs.shared_mailbox import SharedMailbox
from services.domain.unknown import UnknownReason
from tests.cases import (
    ADDRESSES,
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

S = Status
CLEO = TeamsUser(id=PersonId("cleo"), name="Cleo Marsh")
APART, SECOND = TIMING.reads_apart, timedelta(seconds=1)
NOTIFY_PERSON, UPDATE_PERSON_CARD = frozenset({TaskKind.NOTIFY_PERSON}), frozenset({TaskKind.UPDATE_PERSON_CARD})
NOTIFY_APPROVERS, UPDATE_APPROVERS_CARD = (
    frozenset({TaskKind.NOTIFY_APPROVERS}),
    frozenset({TaskKind.UPDATE_APPROVERS_CARD}),
)
REPOST_APPROVERS_CARD, NOTHING = frozenset({TaskKind.REPOST_APPROVERS_CARD}), frozenset[TaskKind]()
BOTH_PICTURES = UPDATE_PERSON_CARD | UPDATE_APPROVERS_CARD
Row = tuple[Case, Command, Case, frozenset[TaskKind]]

LOOKING, SECURING, WAITING, ASKED = CASES[S.LOOKING], CASES[S.SECURING], CASES[S.WAITING], CASES[S.NEEDS_INFO]
SPAM = restriction(SPAM_REASON)
YES = Mailing(sent=SentMailing.YES, recipients="9")
RUNNING = replace(
    CASES[S.APPROVED],
    unblock=replace(
        CASES[S.APPROVED].unblock, calls=2, tried_at=NOW - HOUR, error="timed out", waits_until=NOW - MINUTE
    ),
    list_reads=replace(CASES[S.APPROVED].list_reads, checks=4, checked_at=NOW - 2 * MINUTE),
)
"""Approved for the second time, with a value in every field that an unblock changes."""
HERS = replace(RUNNING.unblock, address=ADDRESSES[0])
"""The same, and whose it is: another address that is listed later must not inherit what is known of a call."""
SEEN_ONCE_ABSENT = replace(RUNNING, list_reads=replace(RUNNING.list_reads, absent_at=NOW - APART))
UNBLOCKED = replace(
    CASES[S.UNBLOCKED],
    unblock=replace(CASES[S.UNBLOCKED].unblock, done_at=NOW - TIMING.support_after),
    list_reads=replace(CASES[S.UNBLOCKED].list_reads, checks=4, checked_at=NOW - HOUR),
)
OFF = replace(CASES[S.OFF_LIST], list_reads=replace(CASES[S.OFF_LIST].list_reads, off_list_at=NOW - HOUR))
FAILED = replace(RUNNING, status=S.FAILED, list_reads=replace(RUNNING.list_reads, absent_at=NOW - MINUTE))
CONNECTOR = replace(new_connector_case("scanner", restriction(), NOW - HOUR), number=CaseNumber(21))
SALES = SharedMailbox(address="sales@a.example", name="Sales", addresses=("sales@a.example",), holders=())
SECOND_LOOK = Looked(
    person=person(name="Ana S.", upn="as@a.example", addresses=("as@a.example",), phone="1", manager="Kim"),
    restriction=SPAM,
    episode=Episode(began_at=NOW, baseline=Baseline(methods=("m2",))),
    password=PROVEN_PASSWORD,
    mfa=PROVEN_MFA,
    self_service_reset=True,
    earlier_unblocks=2,
    earlier_restrictions=3,
)
LOOKED = replace(
    LOOKING,
    sender=replace(
        LOOKING.sender,
        name="Ana S.",
        upn="as@a.example",
        addresses=("as@a.example",),
        phone="1",
        business_phone="+34 910 000 001",
        manager="Kim",
        self_service_reset=True,
    ),
    proofs=replace(LOOKING.proofs, password=PROVEN_PASSWORD, mfa=PROVEN_MFA),
    past=replace(LOOKING.past, unblocks=2, restrictions=3),
    contact=replace(LOOKING.contact, person_spoke_at=NOW),
)
FOUND = replace(LOOKED, status=S.SECURING, restriction=SPAM, episode=SECOND_LOOK.episode, evidence_wanted_at=NOW)


def mark(words: str = "") -> SignOff:
    return SignOff(by=BO.id, name=BO.name, at=NOW, text=words)


def read(*, listed: bool, since: timedelta = -HOUR) -> ListRead:
    return ListRead(restriction=restriction(SPAM_REASON, since=NOW + since) if listed else None, read_at=NOW)


LOOKS: dict[str, Row] = {
    "found": (LOOKING, SECOND_LOOK, FOUND, NOTIFY_PERSON),
    "found at once": (
        replace(LOOKING, look_failed=None),
        SECOND_LOOK,
        replace(FOUND, look_failed=None),
        UPDATE_PERSON_CARD,
    ),
    "a mailbox": (
        LOOKING,
        replace(SECOND_LOOK, mailbox=SALES),
        replace(FOUND, sender=replace(LOOKED.sender, mailbox=SALES, addresses=SALES.addresses)),
        NOTIFY_PERSON,
    ),
    "not restricted": (
        LOOKING,
        replace(SECOND_LOOK, restriction=None),
        replace(LOOKED, status=S.NOT_RESTRICTED, ended_at=NOW),
        NOTIFY_PERSON,
    ),
    "failed": (
        LOOKING,
        LookFailed(reason=UnknownReason.UNREACHABLE),
        replace(LOOKING, look_failed=UnknownReason.UNREACHABLE),
        UPDATE_PERSON_CARD,
    ),
}
UNBLOCKS: dict[str, Row] = {
    "still listed": (
        SEEN_ONCE_ABSENT,
        ReadBeforeUnblock(restriction=SPAM, read_at=NOW),
        replace(SEEN_ONCE_ABSENT, restriction=SPAM, list_reads=replace(SEEN_ONCE_ABSENT.list_reads, absent_at=None)),
        BOTH_PICTURES,
    ),
    "absent twice": (
        SEEN_ONCE_ABSENT,
        ReadBeforeUnblock(restriction=None, read_at=NOW),
        replace(RUNNING, status=S.OFF_LIST, list_reads=replace(RUNNING.list_reads, off_list_at=NOW)),
        NOTIFY_PERSON | UPDATE_APPROVERS_CARD,
    ),
    "intended": (
        SEEN_ONCE_ABSENT,
        UnblockIntended(),
        replace(RUNNING, unblock=replace(HERS, calls=3, tried_at=NOW, unclear_at=NOW)),
        BOTH_PICTURES,
    ),
    "done": (
        RUNNING,
        UnblockDone(),
        replace(
            RUNNING,
            status=S.UNBLOCKED,
            unblock=replace(RUNNING.unblock, done_at=NOW, error=None),
            list_reads=replace(RUNNING.list_reads, checks=0, checked_at=None),
        ),
        BOTH_PICTURES,
    ),
    "refused": (
        RUNNING,
        UnblockRefused(error="403"),
        replace(RUNNING, status=S.FAILED, unblock=replace(RUNNING.unblock, error="403")),
        BOTH_PICTURES | NOTIFY_APPROVERS,
    ),
    "unclear": (
        RUNNING,
        UnblockUnclear(error="504"),
        replace(RUNNING, unblock=replace(HERS, error="504")),
        BOTH_PICTURES,
    ),
    "not begun": (
        RUNNING,
        UnblockNotBegun(error="429"),
        replace(
            RUNNING,
            unblock=replace(RUNNING.unblock, calls=1, put_off=1, tried_at=None, error="429", waits_until=NOW + APART),
        ),
        BOTH_PICTURES,
    ),
    "given up": (
        RUNNING,
        UnblockGivenUp(),
        replace(RUNNING, status=S.FAILED, unblock=HERS),
        BOTH_PICTURES | NOTIFY_APPROVERS,
    ),
}
LISTED_SPAM = restriction(SPAM_REASON, since=NOW - HOUR)
READS: dict[str, Row] = {
    "listed for almost too long": (
        replace(
            UNBLOCKED,
            unblock=replace(UNBLOCKED.unblock, done_at=NOW - TIMING.support_after + SECOND),
            list_reads=replace(UNBLOCKED.list_reads, absent_at=NOW - MINUTE),
        ),
        read(listed=True),
        replace(
            UNBLOCKED,
            unblock=replace(UNBLOCKED.unblock, done_at=NOW - TIMING.support_after + SECOND),
            list_reads=replace(UNBLOCKED.list_reads, checks=5, checked_at=NOW),
            restriction=LISTED_SPAM,
        ),
        BOTH_PICTURES,
    ),
    "listed for too long": (
        UNBLOCKED,
        read(listed=True),
        replace(
            UNBLOCKED,
            status=S.NEEDS_TICKET,
            list_reads=replace(UNBLOCKED.list_reads, checks=5, checked_at=NOW),
            restriction=LISTED_SPAM,
        ),
        BOTH_PICTURES | NOTIFY_APPROVERS,
    ),
    "lifted elsewhere": (
        replace(WAITING, list_reads=replace(WAITING.list_reads, absent_at=NOW - APART)),
        read(listed=False),
        replace(WAITING, status=S.ALREADY_LIFTED, ended_at=NOW),
        NOTIFY_PERSON | UPDATE_APPROVERS_CARD,
    ),
    "lifted before anybody sent it": (
        replace(SECURING, list_reads=replace(SECURING.list_reads, absent_at=NOW - APART)),
        read(listed=False),
        replace(SECURING, status=S.ALREADY_LIFTED, ended_at=NOW),
        NOTIFY_PERSON,
    ),
    "absent almost apart": (
        replace(UNBLOCKED, list_reads=replace(UNBLOCKED.list_reads, absent_at=NOW - APART + SECOND)),
        read(listed=False),
        replace(
            UNBLOCKED,
            list_reads=replace(UNBLOCKED.list_reads, absent_at=NOW - APART + SECOND, checks=5, checked_at=NOW),
        ),
        frozenset(),
    ),
    "off the list": (
        replace(UNBLOCKED, list_reads=replace(UNBLOCKED.list_reads, absent_at=NOW - APART)),
        read(listed=False),
        replace(
            UNBLOCKED,
            status=S.OFF_LIST,
            list_reads=replace(UNBLOCKED.list_reads, off_list_at=NOW, checks=5, checked_at=NOW),
        ),
        NOTIFY_PERSON | UPDATE_APPROVERS_CARD,
    ),
    "listed for long, with Microsoft": (
        replace(UNBLOCKED, status=S.WITH_MICROSOFT, unblock=replace(UNBLOCKED.unblock, done_at=NOW - 9 * HOUR)),
        read(listed=True),
        replace(
            UNBLOCKED,
            status=S.WITH_MICROSOFT,
            unblock=replace(UNBLOCKED.unblock, done_at=NOW - 9 * HOUR),
            restriction=LISTED_SPAM,
        ),
        BOTH_PICTURES,
    ),
    "listed again, undated": (
        OFF,
        ListRead(restriction=restriction(since=None), read_at=NOW),
        replace(OFF, list_reads=replace(OFF.list_reads, relisted_at=NOW)),
        BOTH_PICTURES,
    ),
    "relapsed": (
        OFF,
        read(listed=True, since=-HOUR + SECOND),
        replace(OFF, status=S.RELAPSED, ended_at=NOW),
        BOTH_PICTURES | NOTIFY_APPROVERS,
    ),
    "listed from when it left the list": (
        OFF,
        read(listed=True, since=-HOUR),
        replace(OFF, list_reads=replace(OFF.list_reads, relisted_at=NOW)),
        BOTH_PICTURES,
    ),
    "listed twice, almost apart": (
        replace(OFF, list_reads=replace(OFF.list_reads, relisted_at=NOW - APART + SECOND)),
        read(listed=True, since=-HOUR),
        replace(OFF, list_reads=replace(OFF.list_reads, relisted_at=NOW - APART + SECOND)),
        NOTHING,
    ),
    "listed twice": (
        replace(OFF, list_reads=replace(OFF.list_reads, relisted_at=NOW - APART)),
        read(listed=True, since=-HOUR),
        replace(OFF, list_reads=replace(OFF.list_reads, relisted_at=NOW - APART), status=S.RELAPSED, ended_at=NOW),
        BOTH_PICTURES | NOTIFY_APPROVERS,
    ),
}
TIMES: dict[str, Row] = {
    "expired": (
        WAITING,
        Expired(),
        replace(WAITING, status=S.EXPIRED, ended_at=NOW),
        NOTIFY_PERSON | UPDATE_APPROVERS_CARD,
    ),
    "watch ended": (OFF, WatchEnded(), replace(OFF, status=S.CLOSED_UNCONFIRMED, ended_at=NOW), BOTH_PICTURES),
    "reached": (
        WAITING,
        Reached(error="403"),
        replace(WAITING, contact=replace(WAITING.contact, unreachable="403")),
        BOTH_PICTURES,
    ),
    "rechecked": (
        WAITING,
        Rechecked(password=UNPROVEN_PASSWORD, mfa=MfaProof(), other_senders=()),
        replace(WAITING, proofs=replace(WAITING.proofs, password=UNPROVEN_PASSWORD, mfa=MfaProof(), other_senders=())),
        BOTH_PICTURES | NOTIFY_APPROVERS,
    ),
}
STALE = replace(WAITING, contact=replace(WAITING.contact, person_spoke_at=NOW - 2 * HOUR))
PERSONS: dict[str, Row] = {
    "password": (
        STALE,
        Secured(password=UNPROVEN_PASSWORD),
        replace(
            WAITING,
            proofs=replace(WAITING.proofs, password=UNPROVEN_PASSWORD),
            contact=replace(WAITING.contact, person_spoke_at=NOW),
        ),
        BOTH_PICTURES,
    ),
    "mfa": (
        STALE,
        Secured(mfa=MfaProof()),
        replace(
            WAITING,
            proofs=replace(WAITING.proofs, mfa=MfaProof()),
            contact=replace(WAITING.contact, person_spoke_at=NOW),
        ),
        BOTH_PICTURES,
    ),
    "mailing": (
        STALE,
        Secured(mailing=YES),
        replace(
            WAITING,
            proofs=replace(WAITING.proofs, mailing=YES, first_mailing=WAITING.proofs.mailing, mailing_changed_at=NOW),
            contact=replace(WAITING.contact, person_spoke_at=NOW),
        ),
        BOTH_PICTURES,
    ),
    "password, before the request, of who was noticed": (
        replace(SECURING, contact=replace(SECURING.contact, found_by_monitor_at=NOW - HOUR)),
        Secured(password=PROVEN_PASSWORD),
        replace(
            SECURING,
            contact=replace(SECURING.contact, found_by_monitor_at=NOW - HOUR, person_spoke_at=NOW),
            proofs=replace(SECURING.proofs, password=PROVEN_PASSWORD),
        ),
        BOTH_PICTURES,
    ),
    "steps wanted": (
        replace(SECURING, contact=replace(SECURING.contact, contacted_first=True)),
        StepsWanted(),
        replace(SECURING, contact=replace(SECURING.contact, person_spoke_at=NOW)),
        UPDATE_PERSON_CARD,
    ),
    "sent": (
        SECURING,
        RequestSent(note=" please ", sole_approver=True, other_senders=()),
        replace(
            SECURING,
            status=S.WAITING,
            request=replace(SECURING.request, sent_at=NOW, note="please", sole_approver=True),
            proofs=replace(SECURING.proofs, other_senders=()),
            evidence_wanted_at=NOW,
            contact=replace(SECURING.contact, person_spoke_at=NOW),
        ),
        BOTH_PICTURES,
    ),
    "sent after the watch noticed": (
        replace(SECURING, contact=replace(SECURING.contact, found_by_monitor_at=NOW - HOUR)),
        RequestSent(),
        replace(
            SECURING,
            contact=replace(SECURING.contact, found_by_monitor_at=NOW - HOUR, person_spoke_at=NOW),
            status=S.WAITING,
            request=replace(SECURING.request, sent_at=NOW),
            evidence_wanted_at=NOW,
        ),
        BOTH_PICTURES | REPOST_APPROVERS_CARD,
    ),
    "admins told": (
        LOOKING,
        RequestSent(),
        replace(
            LOOKING,
            request=replace(LOOKING.request, admins_told_at=NOW),
            contact=replace(LOOKING.contact, person_spoke_at=NOW),
        ),
        UPDATE_PERSON_CARD | NOTIFY_APPROVERS,
    ),
    "withdrawn": (
        STALE,
        Withdrew(),
        replace(STALE, status=S.WITHDRAWN, ended_at=NOW, contact=replace(STALE.contact, person_spoke_at=NOW)),
        BOTH_PICTURES,
    ),
    "withdrawn in words": (
        STALE,
        Withdrew(typed=True),
        replace(STALE, status=S.WITHDRAWN, ended_at=NOW, contact=replace(STALE.contact, person_spoke_at=NOW)),
        NOTIFY_PERSON | UPDATE_APPROVERS_CARD,
    ),
    "replied": (
        ASKED,
        Replied(text=" Mailchimp "),
        replace(
            ASKED,
            status=S.WAITING,
            request=replace(
                ASKED.request,
                question=replace(ASKED.request.question or Question(asked=mark()), reply="Mailchimp", replied_at=NOW),
            ),
            contact=replace(ASKED.contact, person_spoke_at=NOW),
        ),
        BOTH_PICTURES | NOTIFY_APPROVERS,
    ),
    "works": (
        OFF,
        SaidWorks(),
        replace(OFF, status=S.WORKS, ended_at=NOW, contact=replace(OFF.contact, person_spoke_at=NOW)),
        BOTH_PICTURES,
    ),
    "bouncing inside the lag window": (
        replace(OFF, list_reads=replace(OFF.list_reads, off_list_at=NOW - TIMING.lag_window + SECOND)),
        SaidBouncing(),
        replace(
            OFF,
            list_reads=replace(OFF.list_reads, off_list_at=NOW - TIMING.lag_window + SECOND),
            bouncing_at=NOW,
            contact=replace(OFF.contact, person_spoke_at=NOW),
        ),
        BOTH_PICTURES,
    ),
    "bouncing at its end": (
        replace(OFF, list_reads=replace(OFF.list_reads, off_list_at=NOW - TIMING.lag_window)),
        SaidBouncing(),
        replace(
            OFF,
            list_reads=replace(OFF.list_reads, off_list_at=NOW - TIMING.lag_window),
            status=S.NEEDS_TICKET,
            bouncing_at=NOW,
            contact=replace(OFF.contact, person_spoke_at=NOW),
        ),
        BOTH_PICTURES | NOTIFY_APPROVERS,
    ),
}
DENIED = Decision(approved=False, by=BO.id, name=BO.name, at=NOW, reason="come by", internal="odd")
APPROVERS: dict[str, Row] = {
    "approved": (
        replace(WAITING, list_reads=replace(WAITING.list_reads, absent_at=NOW - MINUTE)),
        Approved(by=BO, by_another_route=True, reason=" called "),
        replace(
            WAITING,
            status=S.APPROVED,
            decision=Decision(
                approved=True,
                by=BO.id,
                name=BO.name,
                at=NOW,
                internal="called",
                by_another_route=True,
                facts=present_facts(WAITING, NOW),
            ),
        ),
        NOTIFY_PERSON | UPDATE_APPROVERS_CARD,
    ),
    "denied": (
        WAITING,
        Denied(by=BO, reason=" come by ", internal=" odd "),
        replace(WAITING, status=S.DENIED, decision=DENIED, ended_at=NOW),
        NOTIFY_PERSON | UPDATE_APPROVERS_CARD,
    ),
    "asked": (
        WAITING,
        Asked(by=BO, text=" which tool? "),
        replace(
            WAITING, status=S.NEEDS_INFO, request=replace(WAITING.request, question=Question(asked=mark("which tool?")))
        ),
        NOTIFY_PERSON | UPDATE_APPROVERS_CARD,
    ),
    "looking": (
        WAITING,
        StartedReview(by=BO),
        replace(WAITING, request=replace(WAITING.request, reviewing=mark())),
        UPDATE_APPROVERS_CARD,
    ),
    "evidence wanted": (
        WAITING,
        EvidenceRequested(by=BO),
        replace(WAITING, evidence_wanted_at=NOW),
        UPDATE_APPROVERS_CARD,
    ),
    "tried again": (
        FAILED,
        Retried(by=BO),
        replace(
            FAILED,
            status=S.APPROVED,
            decision=Decision(approved=True, by=BO.id, name=BO.name, at=NOW, facts=present_facts(FAILED, NOW)),
            unblock=replace(FAILED.unblock, calls=0, tried_at=None, error=None),
            list_reads=replace(FAILED.list_reads, absent_at=None),
        ),
        UPDATE_APPROVERS_CARD | NOTIFY_PERSON,
    ),
    "ticket": (
        FAILED,
        Ticketed(by=BO, reference=" 4711 "),
        replace(FAILED, status=S.WITH_MICROSOFT, ticket="4711"),
        NOTIFY_PERSON | UPDATE_APPROVERS_CARD,
    ),
    "closed": (
        FAILED,
        ClosedByHand(by=BO, reason=" new mailbox "),
        replace(FAILED, status=S.CLOSED, closed=mark("new mailbox"), ended_at=NOW),
        NOTIFY_PERSON | UPDATE_APPROVERS_CARD,
    ),
    "asked for": (
        SECURING,
        AskedFor(by=BO, reason=" she called "),
        replace(
            SECURING,
            status=S.WAITING,
            request=replace(SECURING.request, sent_at=NOW, requested_by=mark("she called")),
            evidence_wanted_at=NOW,
        ),
        NOTIFY_PERSON | UPDATE_APPROVERS_CARD,
    ),
    "asked for after the watch noticed": (
        replace(SECURING, contact=replace(SECURING.contact, found_by_monitor_at=NOW - HOUR)),
        AskedFor(by=BO, reason="she called"),
        replace(
            SECURING,
            contact=replace(SECURING.contact, found_by_monitor_at=NOW - HOUR),
            status=S.WAITING,
            request=replace(SECURING.request, sent_at=NOW, requested_by=mark("she called")),
            evidence_wanted_at=NOW,
        ),
        NOTIFY_PERSON | UPDATE_APPROVERS_CARD | REPOST_APPROVERS_CARD,
    ),
    "asked for a connector": (
        CONNECTOR,
        AskedFor(by=BO, reason="the scanner is clean"),
        replace(
            CONNECTOR,
            status=S.WAITING,
            request=replace(CONNECTOR.request, sent_at=NOW, requested_by=mark("the scanner is clean")),
        ),
        UPDATE_APPROVERS_CARD,
    ),
}


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=f"{who} {what}")
        for who, rows in {
            "look": LOOKS,
            "unblock": UNBLOCKS,
            "read": READS,
            "time": TIMES,
            "person": PERSONS,
            "approver": APPROVERS,
        }.items()
        for what, row in rows.items()
    ],
)
def test_a_command_changes_this_and_nothing_else(row: Row) -> None:
    case, command, after, effects = row
    transition = apply(case, command, NOW, TIMING)
    assert transition.case == called_to_mind(noted(after, NOW), NOW)
    assert transition.effects == effects
    assert (transition.creates is not None) is (after.status is S.RELAPSED)


def test_an_unblock_that_did_not_begin_is_tried_after_the_time_between_two_reads_and_not_at_once() -> None:
    waiting = apply(CASES[S.APPROVED], UnblockNotBegun(error="429"), NOW, TIMING).case
    assert timers(waiting, NOW, TIMING)[TaskKind.UNBLOCK] == NOW + APART
    assert timers(waiting, NOW + APART - SECOND, TIMING)[TaskKind.UNBLOCK] == NOW + APART
    assert timers(waiting, NOW + APART, TIMING)[TaskKind.UNBLOCK] == NOW + APART


def test_what_looks_stolen_needs_the_word_of_two() -> None:
    forwarded = Forwarding(to="x@a.example", keeps_copy=True, external=True)
    stolen = noted(replace(WAITING, evidence=report(forwarding=forwarded)), NOW)
    yes = Approved(by=BO, by_another_route=True, reason="called")
    first = apply(stolen, yes, NOW, TIMING)
    assert first.case == replace(stolen, first_approval=mark("called"), first_approval_on=present_facts(stolen, NOW))
    assert first.effects == NOTIFY_APPROVERS | UPDATE_APPROVERS_CARD
    with pytest.raises(Refused) as refused:
        apply(first.case, yes, NOW, TIMING)
    assert refused.value.refusal is Refusal.SECOND_APPROVER_NEEDED
    second = apply(first.case, replace(yes, by=CLEO), NOW, TIMING).case
    assert (second.status, second.decision and second.decision.by) == (S.APPROVED, CLEO.id)
