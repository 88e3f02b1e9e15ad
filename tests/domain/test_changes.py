"""What each command changes on a case, all of it and nothing else, and whom it owes a message or a picture."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.domain.case.apply import moved
from services.domain.case.case import Case, CaseNumber, Decision, Question, Status
from services.domain.case.commands import (
    Act,
    Approved,
    Asked,
    AskedFor,
    ClosedByHand,
    Denied,
    EvidenceWanted,
    Expired,
    ListRead,
    Looked,
    LookFailed,
    Reached,
    ReadBeforeRelease,
    Rechecked,
    ReleaseDone,
    ReleaseGivenUp,
    ReleaseIntended,
    ReleaseNotBegun,
    ReleaseRefused,
    ReleaseUnclear,
    Replied,
    Retried,
    SaidBouncing,
    SaidWorks,
    Secured,
    Sent,
    StartedLooking,
    StepsWanted,
    Ticketed,
    WatchEnded,
    Withdrew,
)
from services.domain.case.connectors import connector_case
from services.domain.case.timers import timers
from services.domain.case.transition import Duty, Refusal, RefusedMove
from services.domain.evidence.report import Forwarding
from services.domain.people import Clicker, Mark, PersonId
from services.domain.proofs.securing import Mailing, MfaProof, SentMailing
from services.domain.proofs.shared_mailbox import SharedMailbox
from services.domain.unknown import Why
from tests.cases import (
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

S = Status
CLEO = Clicker(id=PersonId("cleo"), name="Cleo Marsh")
APART, SECOND = LIMITS.reads_apart, timedelta(seconds=1)
TELL_PERSON, SHOW_PERSON = frozenset({Duty.TELL_PERSON}), frozenset({Duty.SHOW_PERSON})
TELL_APPROVERS, SHOW_APPROVERS = frozenset({Duty.TELL_APPROVERS}), frozenset({Duty.SHOW_APPROVERS})
POST_APPROVERS, NOTHING = frozenset({Duty.POST_APPROVERS}), frozenset[Duty]()
BOTH_PICTURES = SHOW_PERSON | SHOW_APPROVERS
Row = tuple[Case, Act, Case, frozenset[Duty]]

LOOKING, SECURING, WAITING, ASKED = CASES[S.LOOKING], CASES[S.SECURING], CASES[S.WAITING], CASES[S.NEEDS_INFO]
SPAM = restriction(SPAM_REASON)
YES = Mailing(sent=SentMailing.YES, recipients="9")
RUNNING = replace(
    CASES[S.APPROVED],
    release_calls=2,
    release_tried_at=NOW - HOUR,
    release_error="timed out",
    release_waits_until=NOW - MINUTE,
    checks=4,
    checked_at=NOW - 2 * MINUTE,
)
"""Approved for the second time, with something in every field that a release touches."""
SEEN_ONCE_ABSENT = replace(RUNNING, absent_at=NOW - APART)
RELEASED = replace(CASES[S.RELEASED], released_at=NOW - LIMITS.support_after, checks=4, checked_at=NOW - HOUR)
OFF = replace(CASES[S.OFF_LIST], off_list_at=NOW - HOUR)
FAILED = replace(RUNNING, status=S.FAILED, absent_at=NOW - MINUTE)
CONNECTOR = replace(connector_case("scanner", restriction(), NOW - HOUR), number=CaseNumber(21))
SALES = SharedMailbox(address="sales@a.example", name="Sales", addresses=("sales@a.example",), holders=())
SECOND_LOOK = Looked(
    person=person(name="Ana S.", upn="as@a.example", addresses=("as@a.example",), phone="1", manager="Kim"),
    restriction=SPAM,
    snapshot=("m2",),
    password=PROVEN_PASSWORD,
    mfa=PROVEN_MFA,
    self_service_reset=True,
    earlier_releases=2,
    earlier_restrictions=3,
)
LOOKED = replace(
    LOOKING,
    name="Ana S.",
    upn="as@a.example",
    addresses=("as@a.example",),
    phone="1",
    manager="Kim",
    snapshot=("m2",),
    password=PROVEN_PASSWORD,
    mfa=PROVEN_MFA,
    self_service_reset=True,
    earlier_releases=2,
    earlier_restrictions=3,
    heard_at=NOW,
)


def mark(words: str = "") -> Mark:
    return Mark(by=BO.id, name=BO.name, at=NOW, words=words)


def read(*, listed: bool, since: timedelta = -HOUR) -> ListRead:
    return ListRead(restriction=restriction(SPAM_REASON, since=NOW + since) if listed else None, read_at=NOW)


LOOKS: dict[str, Row] = {
    "found": (LOOKING, SECOND_LOOK, replace(LOOKED, status=S.SECURING, restriction=SPAM), TELL_PERSON),
    "found at once": (
        replace(LOOKING, not_looked=None),
        SECOND_LOOK,
        replace(LOOKED, status=S.SECURING, restriction=SPAM, not_looked=None),
        SHOW_PERSON,
    ),
    "a mailbox": (
        LOOKING,
        replace(SECOND_LOOK, mailbox=SALES),
        replace(LOOKED, status=S.SECURING, restriction=SPAM, mailbox=SALES, addresses=SALES.addresses),
        TELL_PERSON,
    ),
    "not restricted": (
        LOOKING,
        replace(SECOND_LOOK, restriction=None),
        replace(LOOKED, status=S.NOT_RESTRICTED, ended_at=NOW),
        TELL_PERSON,
    ),
    "failed": (LOOKING, LookFailed(why=Why.UNREACHABLE), replace(LOOKING, not_looked=Why.UNREACHABLE), SHOW_PERSON),
}
RELEASES: dict[str, Row] = {
    "still listed": (
        SEEN_ONCE_ABSENT,
        ReadBeforeRelease(restriction=SPAM, read_at=NOW),
        replace(SEEN_ONCE_ABSENT, restriction=SPAM, absent_at=None),
        BOTH_PICTURES,
    ),
    "absent twice": (
        SEEN_ONCE_ABSENT,
        ReadBeforeRelease(restriction=None, read_at=NOW),
        replace(RUNNING, status=S.OFF_LIST, off_list_at=NOW),
        TELL_PERSON | SHOW_APPROVERS,
    ),
    "intended": (
        SEEN_ONCE_ABSENT,
        ReleaseIntended(),
        replace(RUNNING, release_calls=3, release_tried_at=NOW),
        BOTH_PICTURES,
    ),
    "done": (
        RUNNING,
        ReleaseDone(),
        replace(RUNNING, status=S.RELEASED, released_at=NOW, release_error=None, checks=0, checked_at=None),
        BOTH_PICTURES,
    ),
    "refused": (
        RUNNING,
        ReleaseRefused(error="403"),
        replace(RUNNING, status=S.FAILED, release_error="403"),
        BOTH_PICTURES | TELL_APPROVERS,
    ),
    "unclear": (RUNNING, ReleaseUnclear(error="504"), replace(RUNNING, release_error="504"), BOTH_PICTURES),
    "not begun": (
        RUNNING,
        ReleaseNotBegun(error="429"),
        replace(RUNNING, release_calls=1, release_tried_at=None, release_error="429", release_waits_until=NOW + APART),
        BOTH_PICTURES,
    ),
    "given up": (RUNNING, ReleaseGivenUp(), replace(RUNNING, status=S.FAILED), BOTH_PICTURES | TELL_APPROVERS),
    "given up for another": (
        RUNNING,
        ReleaseGivenUp(restriction=SPAM),
        replace(RUNNING, status=S.FAILED, restriction=SPAM),
        BOTH_PICTURES | TELL_APPROVERS,
    ),
}
LISTED_SPAM = restriction(SPAM_REASON, since=NOW - HOUR)
READS: dict[str, Row] = {
    "listed for almost too long": (
        replace(RELEASED, released_at=NOW - LIMITS.support_after + SECOND, absent_at=NOW - MINUTE),
        read(listed=True),
        replace(
            RELEASED,
            released_at=NOW - LIMITS.support_after + SECOND,
            checks=5,
            checked_at=NOW,
            restriction=LISTED_SPAM,
        ),
        BOTH_PICTURES,
    ),
    "listed for too long": (
        RELEASED,
        read(listed=True),
        replace(RELEASED, status=S.NEEDS_TICKET, checks=5, checked_at=NOW, restriction=LISTED_SPAM),
        BOTH_PICTURES | TELL_APPROVERS,
    ),
    "lifted elsewhere": (
        replace(WAITING, absent_at=NOW - APART),
        read(listed=False),
        replace(WAITING, status=S.ALREADY_LIFTED, ended_at=NOW),
        TELL_PERSON | SHOW_APPROVERS,
    ),
    "lifted before anybody sent it": (
        replace(SECURING, absent_at=NOW - APART),
        read(listed=False),
        replace(SECURING, status=S.ALREADY_LIFTED, ended_at=NOW),
        TELL_PERSON,
    ),
    "absent almost apart": (
        replace(RELEASED, absent_at=NOW - APART + SECOND),
        read(listed=False),
        replace(RELEASED, absent_at=NOW - APART + SECOND, checks=5, checked_at=NOW),
        SHOW_APPROVERS,
    ),
    "off the list": (
        replace(RELEASED, absent_at=NOW - APART),
        read(listed=False),
        replace(RELEASED, status=S.OFF_LIST, off_list_at=NOW, checks=5, checked_at=NOW),
        TELL_PERSON | SHOW_APPROVERS,
    ),
    "listed for long, with Microsoft": (
        replace(RELEASED, status=S.WITH_MICROSOFT, released_at=NOW - 9 * HOUR),
        read(listed=True),
        replace(RELEASED, status=S.WITH_MICROSOFT, released_at=NOW - 9 * HOUR, restriction=LISTED_SPAM),
        BOTH_PICTURES,
    ),
    "listed again, undated": (
        OFF,
        ListRead(restriction=restriction(since=None), read_at=NOW),
        replace(OFF, relisted_at=NOW),
        BOTH_PICTURES,
    ),
    "relapsed": (
        OFF,
        read(listed=True, since=-HOUR + SECOND),
        replace(OFF, status=S.RELAPSED, ended_at=NOW),
        BOTH_PICTURES | TELL_APPROVERS,
    ),
    "listed from when it left the list": (
        OFF,
        read(listed=True, since=-HOUR),
        replace(OFF, relisted_at=NOW),
        BOTH_PICTURES,
    ),
    "listed twice, almost apart": (
        replace(OFF, relisted_at=NOW - APART + SECOND),
        read(listed=True, since=-HOUR),
        replace(OFF, relisted_at=NOW - APART + SECOND),
        NOTHING,
    ),
    "listed twice": (
        replace(OFF, relisted_at=NOW - APART),
        read(listed=True, since=-HOUR),
        replace(OFF, relisted_at=NOW - APART, status=S.RELAPSED, ended_at=NOW),
        BOTH_PICTURES | TELL_APPROVERS,
    ),
}
TIMES: dict[str, Row] = {
    "expired": (WAITING, Expired(), replace(WAITING, status=S.EXPIRED, ended_at=NOW), TELL_PERSON | SHOW_APPROVERS),
    "watch ended": (OFF, WatchEnded(), replace(OFF, status=S.CLOSED_UNCONFIRMED, ended_at=NOW), BOTH_PICTURES),
    "reached": (WAITING, Reached(error="403"), replace(WAITING, unreachable="403"), BOTH_PICTURES),
    "rechecked": (
        WAITING,
        Rechecked(password=UNPROVEN_PASSWORD, mfa=MfaProof(), others=()),
        replace(WAITING, password=UNPROVEN_PASSWORD, mfa=MfaProof(), others=()),
        BOTH_PICTURES,
    ),
}
STALE = replace(WAITING, heard_at=NOW - 2 * HOUR)
PERSONS: dict[str, Row] = {
    "password": (
        STALE,
        Secured(password=UNPROVEN_PASSWORD),
        replace(WAITING, password=UNPROVEN_PASSWORD, heard_at=NOW),
        BOTH_PICTURES,
    ),
    "mfa": (STALE, Secured(mfa=MfaProof()), replace(WAITING, mfa=MfaProof(), heard_at=NOW), BOTH_PICTURES),
    "mailing": (STALE, Secured(mailing=YES), replace(WAITING, mailing=YES, heard_at=NOW), BOTH_PICTURES),
    "password, before the request, of who was noticed": (
        replace(SECURING, noticed_at=NOW - HOUR),
        Secured(password=PROVEN_PASSWORD),
        replace(SECURING, noticed_at=NOW - HOUR, password=PROVEN_PASSWORD, heard_at=NOW),
        BOTH_PICTURES,
    ),
    "steps wanted": (
        replace(SECURING, unsolicited=True),
        StepsWanted(),
        replace(SECURING, heard_at=NOW),
        SHOW_PERSON,
    ),
    "sent": (
        SECURING,
        Sent(note=" please ", nobody_else=True, others=()),
        replace(
            SECURING,
            status=S.WAITING,
            sent_at=NOW,
            note="please",
            nobody_else=True,
            others=(),
            evidence_wanted_at=NOW,
            heard_at=NOW,
        ),
        BOTH_PICTURES,
    ),
    "sent after the watch noticed": (
        replace(SECURING, noticed_at=NOW - HOUR),
        Sent(),
        replace(SECURING, noticed_at=NOW - HOUR, status=S.WAITING, sent_at=NOW, evidence_wanted_at=NOW, heard_at=NOW),
        BOTH_PICTURES | POST_APPROVERS,
    ),
    "admins told": (LOOKING, Sent(), replace(LOOKING, admins_told_at=NOW, heard_at=NOW), SHOW_PERSON | TELL_APPROVERS),
    "withdrawn": (STALE, Withdrew(), replace(STALE, status=S.WITHDRAWN, ended_at=NOW, heard_at=NOW), BOTH_PICTURES),
    "withdrawn in words": (
        STALE,
        Withdrew(typed=True),
        replace(STALE, status=S.WITHDRAWN, ended_at=NOW, heard_at=NOW),
        TELL_PERSON | SHOW_APPROVERS,
    ),
    "replied": (
        ASKED,
        Replied(words=" Mailchimp "),
        replace(
            ASKED,
            status=S.WAITING,
            question=replace(ASKED.question or Question(asked=mark()), reply="Mailchimp", replied_at=NOW),
            heard_at=NOW,
        ),
        BOTH_PICTURES | TELL_APPROVERS,
    ),
    "works": (OFF, SaidWorks(), replace(OFF, status=S.WORKS, ended_at=NOW, heard_at=NOW), BOTH_PICTURES),
    "bouncing inside the lag window": (
        replace(OFF, off_list_at=NOW - LIMITS.lag_window + SECOND),
        SaidBouncing(),
        replace(OFF, off_list_at=NOW - LIMITS.lag_window + SECOND, bouncing_at=NOW, heard_at=NOW),
        BOTH_PICTURES,
    ),
    "bouncing at its end": (
        replace(OFF, off_list_at=NOW - LIMITS.lag_window),
        SaidBouncing(),
        replace(OFF, off_list_at=NOW - LIMITS.lag_window, status=S.NEEDS_TICKET, bouncing_at=NOW, heard_at=NOW),
        BOTH_PICTURES | TELL_APPROVERS,
    ),
}
DENIED = Decision(approved=False, by=BO.id, name=BO.name, at=NOW, reason="come by", internal="odd")
APPROVERS: dict[str, Row] = {
    "approved": (
        replace(WAITING, absent_at=NOW - MINUTE),
        Approved(by=BO, by_another_route=True, reason=" called "),
        replace(
            WAITING,
            status=S.APPROVED,
            decision=Decision(approved=True, by=BO.id, name=BO.name, at=NOW, internal="called", by_another_route=True),
        ),
        TELL_PERSON | SHOW_APPROVERS,
    ),
    "denied": (
        WAITING,
        Denied(by=BO, reason=" come by ", internal=" odd "),
        replace(WAITING, status=S.DENIED, decision=DENIED, ended_at=NOW),
        TELL_PERSON | SHOW_APPROVERS,
    ),
    "asked": (
        WAITING,
        Asked(by=BO, words=" which tool? "),
        replace(WAITING, status=S.NEEDS_INFO, question=Question(asked=mark("which tool?"))),
        TELL_PERSON | SHOW_APPROVERS,
    ),
    "looking": (WAITING, StartedLooking(by=BO), replace(WAITING, looking=mark()), SHOW_APPROVERS),
    "evidence wanted": (WAITING, EvidenceWanted(by=BO), replace(WAITING, evidence_wanted_at=NOW), SHOW_APPROVERS),
    "tried again": (
        FAILED,
        Retried(by=BO),
        replace(
            FAILED,
            status=S.APPROVED,
            release_calls=0,
            release_tried_at=None,
            release_error=None,
            release_waits_until=None,
            absent_at=None,
        ),
        BOTH_PICTURES,
    ),
    "ticket": (
        FAILED,
        Ticketed(by=BO, reference=" 4711 "),
        replace(FAILED, status=S.WITH_MICROSOFT, ticket="4711"),
        TELL_PERSON | SHOW_APPROVERS,
    ),
    "closed": (
        FAILED,
        ClosedByHand(by=BO, reason=" new mailbox "),
        replace(FAILED, status=S.CLOSED, closed=mark("new mailbox"), ended_at=NOW),
        TELL_PERSON | SHOW_APPROVERS,
    ),
    "asked for": (
        SECURING,
        AskedFor(by=BO, reason=" she called "),
        replace(SECURING, status=S.WAITING, sent_at=NOW, evidence_wanted_at=NOW, asked_by=mark("she called")),
        TELL_PERSON | SHOW_APPROVERS,
    ),
    "asked for after the watch noticed": (
        replace(SECURING, noticed_at=NOW - HOUR),
        AskedFor(by=BO, reason="she called"),
        replace(
            SECURING,
            noticed_at=NOW - HOUR,
            status=S.WAITING,
            sent_at=NOW,
            evidence_wanted_at=NOW,
            asked_by=mark("she called"),
        ),
        TELL_PERSON | SHOW_APPROVERS | POST_APPROVERS,
    ),
    "asked for a connector": (
        CONNECTOR,
        AskedFor(by=BO, reason="the scanner is clean"),
        replace(CONNECTOR, status=S.WAITING, sent_at=NOW, asked_by=mark("the scanner is clean")),
        SHOW_APPROVERS,
    ),
}


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=f"{who} {what}")
        for who, rows in {
            "look": LOOKS,
            "release": RELEASES,
            "read": READS,
            "time": TIMES,
            "person": PERSONS,
            "approver": APPROVERS,
        }.items()
        for what, row in rows.items()
    ],
)
def test_a_command_changes_this_and_nothing_else(row: Row) -> None:
    case, command, after, owes = row
    move = moved(case, command, NOW, LIMITS)
    assert move.case == after
    assert move.owes == owes
    assert (move.opens is not None) is (after.status is S.RELAPSED)


def test_a_release_that_did_not_begin_is_tried_after_the_time_between_two_reads_and_not_at_once() -> None:
    waiting = moved(CASES[S.APPROVED], ReleaseNotBegun(error="429"), NOW, LIMITS).case
    assert timers(waiting, NOW, LIMITS)[Duty.RELEASE] == NOW + APART
    assert timers(waiting, NOW + APART - SECOND, LIMITS)[Duty.RELEASE] == NOW + APART
    assert timers(waiting, NOW + APART, LIMITS)[Duty.RELEASE] == NOW + APART


def test_what_looks_stolen_needs_the_word_of_two() -> None:
    forwarded = Forwarding(to="x@a.example", keeps_copy=True, external=True)
    stolen = replace(WAITING, evidence=report(forwarding=forwarded))
    yes = Approved(by=BO, by_another_route=True, reason="called")
    first = moved(stolen, yes, NOW, LIMITS)
    assert first.case == replace(stolen, first_approval=mark("called"))
    assert first.owes == TELL_APPROVERS | SHOW_APPROVERS
    with pytest.raises(RefusedMove) as refused:
        moved(first.case, yes, NOW, LIMITS)
    assert refused.value.refusal is Refusal.SECOND_APPROVER_NEEDED
    second = moved(first.case, replace(yes, by=CLEO), NOW, LIMITS).case
    assert (second.status, second.decision and second.decision.by) == (S.APPROVED, CLEO.id)
