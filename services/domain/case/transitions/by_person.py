"""What the person may do to their case."""

from dataclasses import replace
from datetime import datetime

from services.domain.case.case import Case, Limits, Question, Status
from services.domain.case.commands import (
    PersonAct,
    Replied,
    SaidBouncing,
    SaidWorks,
    Secured,
    Sent,
    StepsWanted,
    Withdrew,
)
from services.domain.case.transition import Refusal, RefusedMove, TaskKind
from services.domain.case.user_text import bounded

Outcome = tuple[Case, frozenset[TaskKind]]
_QUIET: frozenset[TaskKind] = frozenset()
_ANEW = frozenset({TaskKind.REPOST_APPROVERS_CARD})
"""The quiet card becomes a request: posted anew, which is what makes Teams notify."""
_PERSON_HEARS = frozenset({TaskKind.NOTIFY_PERSON})
_APPROVERS_HEAR = frozenset({TaskKind.NOTIFY_APPROVERS})


def person_move(case: Case, act: PersonAct, now: datetime, limits: Limits) -> Outcome:
    """The case after the person's act, and whom it owes a message beyond the cards."""
    case = replace(case, heard_at=now)
    match act:
        case Secured():
            return _secured(case, act), _QUIET
        case StepsWanted():
            return replace(case, unsolicited=False), _QUIET
        case Sent():
            return _sent(case, act, now)
        case Withdrew():
            withdrawn = replace(case, status=Status.WITHDRAWN, ended_at=now)
            return withdrawn, _PERSON_HEARS if act.typed else _QUIET
        case Replied():
            return _replied(case, act, now), _APPROVERS_HEAR
        case SaidWorks():
            return replace(case, status=Status.WORKS, ended_at=now), _QUIET
        case SaidBouncing():
            return _bouncing(case, now, limits)


def _secured(case: Case, act: Secured) -> Case:
    return replace(
        case,
        password=act.password or case.password,
        mfa=act.mfa or case.mfa,
        mailing=act.mailing or case.mailing,
    )


def _sent(case: Case, act: Sent, now: datetime) -> Outcome:
    if case.status is Status.LOOKING:
        if case.admins_told_at is not None:
            raise RefusedMove(Refusal.ALREADY_TOLD)
        return replace(case, admins_told_at=now), _APPROVERS_HEAR
    return replace(
        case,
        status=Status.WAITING,
        sent_at=now,
        note=bounded(act.note),
        nobody_else=act.nobody_else,
        others=act.others,
        evidence_wanted_at=now,
    ), _ANEW if case.noticed_at else _QUIET


def _replied(case: Case, act: Replied, now: datetime) -> Case:
    words = bounded(act.words)
    if not words:
        raise RefusedMove(Refusal.WORDS_NEEDED)
    if case.question is None:
        raise RefusedMove(Refusal.NOT_NOW)
    question: Question = replace(case.question, reply=words, replied_at=now)
    return replace(case, status=Status.WAITING, question=question)


def _bouncing(case: Case, now: datetime, limits: Limits) -> Outcome:
    lag_ends = (case.off_list_at or now) + limits.lag_window
    if now < lag_ends:
        return replace(case, bouncing_at=now), _QUIET
    return replace(case, status=Status.NEEDS_TICKET, bouncing_at=now), _APPROVERS_HEAR
