"""What the person may do to their case."""

from dataclasses import replace
from datetime import datetime

from services.domain.case.case import Case
from services.domain.case.commands.command import PersonCommand
from services.domain.case.commands.person import (
    Joined,
    Replied,
    RequestSent,
    SaidBouncing,
    SaidWorks,
    Secured,
    StepsWanted,
    Withdrew,
)
from services.domain.case.involved import askers, spoken_to
from services.domain.case.parts import Question
from services.domain.case.status import Status
from services.domain.case.timing import Timing
from services.domain.case.transition import (
    NO_MESSAGE,
    REPOST,
    TELL_APPROVERS,
    TELL_PERSON,
    CaseAndEffects,
    Refusal,
    Refused,
)
from services.domain.case.transitions.stop import said_to_work
from services.domain.case.user_text import checked_text
from services.domain.people import SignOff

_TOLD_AT_MOST = 3
"""Whoever withdraws and asks again, over and over, makes no more noise than that."""


def person_transition(case: Case, command: PersonCommand, now: datetime, timing: Timing) -> CaseAndEffects:
    """The case after the person's command, and the messages it asks for. Raises `Refused`."""
    if isinstance(command, Joined):
        return _joined(case, command, now)
    case = replace(case, contact=replace(case.contact, person_spoke_at=now))
    match command:
        case Secured():
            return _secured(case, command, now), NO_MESSAGE
        case StepsWanted():
            return replace(case, contact=replace(case.contact, contacted_first=False)), NO_MESSAGE
        case RequestSent():
            return sent(case, command, now)
        case Withdrew():
            return _withdrew(case, command, now)
        case Replied():
            return _replied(case, command, now), TELL_APPROVERS
        case SaidWorks():
            _require_spoken_to(case, command)
            works = replace(case, status=Status.WORKS, ended_at=now), NO_MESSAGE
            return said_to_work(case, now) if case.stopped is not None else works
        case SaidBouncing():
            _require_spoken_to(case, command)
            return _bouncing(case, now, timing)


def _joined(case: Case, command: Joined, now: datetime) -> CaseAndEffects:
    """Their asking is noted once, and is a request if there was none. Who took it back may ask again."""
    request = case.request
    if command.by.id in askers(case):
        raise Refused(Refusal.ALREADY_TOLD)
    asked = SignOff(by=command.by.id, name=command.by.name, at=now)
    others = tuple(one for one in request.also_asked if one.by != asked.by)
    left = tuple(one for one in request.withdrew if one.by != asked.by)
    case = replace(case, request=replace(request, also_asked=(*others, asked), withdrew=left))
    return sent(case, RequestSent(), now) if case.status is Status.SECURING else (case, NO_MESSAGE)


def _withdrew(case: Case, command: Withdrew, now: datetime) -> CaseAndEffects:
    """The case goes on for whoever asks still, and ends with the last one's asking. Who is left hears of it if the
    messages were not theirs before."""
    who, name = (command.by.id, command.by.name) if command.by else (case.sender.person, case.sender.name)
    if who not in askers(case):
        raise Refused(Refusal.NOT_YOUR_CASE)
    if askers(case) == (who,):
        withdrawn = replace(case, status=Status.WITHDRAWN, ended_at=now)
        return withdrawn, TELL_PERSON if command.typed else NO_MESSAGE
    mark = SignOff(by=who, name=name, at=now)
    times = case.request.withdrawals + 1
    after = replace(case, request=replace(case.request, withdrew=(*case.request.withdrew, mark), withdrawals=times))
    if after.status is Status.SECURING:  # what they joined is a request, also where it was not sent by that
        after = sent(after, RequestSent(), now)[0]
    if times > _TOLD_AT_MOST:
        return after, NO_MESSAGE
    approvers = TELL_APPROVERS if case.request.sent_at else NO_MESSAGE
    return after, approvers if spoken_to(after) == spoken_to(case) else approvers | TELL_PERSON


def _secured(case: Case, command: Secured, now: datetime) -> Case:
    proofs = replace(
        case.proofs,
        password=command.password or case.proofs.password,
        mfa=command.mfa or case.proofs.mfa,
        mailing=command.mailing or case.proofs.mailing,
    )
    before = case.proofs.mailing
    if case.request.sent_at and before and proofs.mailing != before:
        # Somebody may be deciding on the answer that they read.
        proofs = replace(proofs, first_mailing=proofs.first_mailing or before, mailing_changed_at=now)
    return replace(case, proofs=proofs)


def sent(case: Case, command: RequestSent, now: datetime) -> CaseAndEffects:
    """The case as a request to the approvers."""
    if case.status is Status.LOOKING:
        if case.request.admins_told_at is not None:
            raise Refused(Refusal.ALREADY_TOLD)
        return replace(case, request=replace(case.request, admins_told_at=now)), TELL_APPROVERS
    return replace(
        case,
        status=Status.WAITING,
        request=replace(
            case.request, sent_at=now, note=checked_text(command.note), sole_approver=command.sole_approver
        ),
        proofs=replace(case.proofs, other_senders=command.other_senders),
        evidence_wanted_at=now,
        evidence_overdue=False,
    ), REPOST if case.contact.found_by_monitor_at else NO_MESSAGE


def _require_spoken_to(case: Case, command: Replied | SaidWorks | SaidBouncing) -> None:
    """Messages about the case go to one of its askers, and only their answers count."""
    if (command.by.id if command.by else case.sender.person) != spoken_to(case):
        raise Refused(Refusal.NOT_YOUR_CASE)


def _replied(case: Case, command: Replied, now: datetime) -> Case:
    _require_spoken_to(case, command)
    text = checked_text(command.text)
    if not text:
        raise Refused(Refusal.WORDS_NEEDED)
    if case.request.question is None:
        raise Refused(Refusal.NOT_NOW)
    question: Question = replace(case.request.question, reply=text, replied_at=now)
    return replace(case, status=Status.WAITING, request=replace(case.request, question=question))


def _bouncing(case: Case, now: datetime, timing: Timing) -> CaseAndEffects:
    lag_ends = (case.list_reads.off_list_at or now) + timing.lag_window
    if now < lag_ends:
        return replace(case, bouncing_at=now), NO_MESSAGE
    return replace(case, status=Status.NEEDS_TICKET, bouncing_at=now), TELL_APPROVERS
