"""What the person may do to their case."""

from dataclasses import replace
from datetime import datetime

from services.domain.case.case import Case, Question, Status, Timing
from services.domain.case.commands import (
    PersonCommand,
    Replied,
    RequestSent,
    SaidBouncing,
    SaidWorks,
    Secured,
    StepsWanted,
    Withdrew,
)
from services.domain.case.transition import Refusal, Refused, TaskKind
from services.domain.case.user_text import checked_text

CaseAndEffects = tuple[Case, frozenset[TaskKind]]
_QUIET: frozenset[TaskKind] = frozenset()
_ANEW = frozenset({TaskKind.REPOST_APPROVERS_CARD})
"""The quiet card becomes a request: posted anew, which is what makes Teams notify."""
_PERSON_HEARS = frozenset({TaskKind.NOTIFY_PERSON})
_APPROVERS_HEAR = frozenset({TaskKind.NOTIFY_APPROVERS})


def person_transition(case: Case, command: PersonCommand, now: datetime, timing: Timing) -> CaseAndEffects:
    """The case after the person's act, and whom it owes a message beyond the cards."""
    case = replace(case, person_spoke_at=now)
    match command:
        case Secured():
            return _secured(case, command), _QUIET
        case StepsWanted():
            return replace(case, contacted_first=False), _QUIET
        case RequestSent():
            return _sent(case, command, now)
        case Withdrew():
            withdrawn = replace(case, status=Status.WITHDRAWN, ended_at=now)
            return withdrawn, _PERSON_HEARS if command.typed else _QUIET
        case Replied():
            return _replied(case, command, now), _APPROVERS_HEAR
        case SaidWorks():
            return replace(case, status=Status.WORKS, ended_at=now), _QUIET
        case SaidBouncing():
            return _bouncing(case, now, timing)


def _secured(case: Case, command: Secured) -> Case:
    return replace(
        case,
        password=command.password or case.password,
        mfa=command.mfa or case.mfa,
        mailing=command.mailing or case.mailing,
    )


def _sent(case: Case, command: RequestSent, now: datetime) -> CaseAndEffects:
    if case.status is Status.LOOKING:
        if case.admins_told_at is not None:
            raise Refused(Refusal.ALREADY_TOLD)
        return replace(case, admins_told_at=now), _APPROVERS_HEAR
    return replace(
        case,
        status=Status.WAITING,
        sent_at=now,
        note=checked_text(command.note),
        sole_approver=command.sole_approver,
        other_senders=command.other_senders,
        evidence_wanted_at=now,
    ), _ANEW if case.found_by_monitor_at else _QUIET


def _replied(case: Case, command: Replied, now: datetime) -> Case:
    words = checked_text(command.text)
    if not words:
        raise Refused(Refusal.WORDS_NEEDED)
    if case.question is None:
        raise Refused(Refusal.NOT_NOW)
    question: Question = replace(case.question, reply=words, replied_at=now)
    return replace(case, status=Status.WAITING, question=question)


def _bouncing(case: Case, now: datetime, timing: Timing) -> CaseAndEffects:
    lag_ends = (case.off_list_at or now) + timing.lag_window
    if now < lag_ends:
        return replace(case, bouncing_at=now), _QUIET
    return replace(case, status=Status.NEEDS_TICKET, bouncing_at=now), _APPROVERS_HEAR
