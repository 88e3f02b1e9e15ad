"""What may happen to the case of a trouble. Nothing here approves or removes anything."""

from dataclasses import replace
from datetime import datetime

from services.domain.case.case import Case
from services.domain.case.commands.approver import Asked, ClosedByHand, StartedReview, Ticketed
from services.domain.case.commands.clock import Expired, Reminded
from services.domain.case.commands.command import Command
from services.domain.case.commands.person import Replied, RequestSent, SaidBouncing, SaidWorks, Withdrew
from services.domain.case.involved import why_not_theirs_to_decide
from services.domain.case.parts import Question
from services.domain.case.status import TROUBLES, Status
from services.domain.case.timing import Timing
from services.domain.case.transition import (
    NO_MESSAGE,
    TELL_APPROVERS,
    TELL_JOINED,
    TELL_PERSON,
    CaseAndEffects,
    Refusal,
    Refused,
)
from services.domain.case.user_text import checked_text
from services.domain.delivery.commands import DeliveryTraced
from services.domain.people import PersonId, SignOff, TeamsUser
from services.domain.trouble.commands import (
    JoinerSaysBouncing,
    JoinerSaysWorks,
    JoinerTold,
    Mended,
    Superseded,
    TroubleTold,
)
from services.domain.trouble.proving import trouble_proves_after
from services.domain.trouble.trouble import Trouble, TroubleKind

_ByApprover = Asked | StartedReview | Mended | Ticketed | ClosedByHand
_ByClock = Superseded | Reminded | Expired | DeliveryTraced
_ByPerson = RequestSent | Withdrew | Replied | SaidWorks | SaidBouncing

TELL_ALL = TELL_PERSON | TELL_JOINED


def trouble_transition(case: Case, trouble: Trouble, command: Command, now: datetime, timing: Timing) -> CaseAndEffects:
    """The case of a trouble after a command, and the messages it asks for. Raises `Refused` for whatever is not about
    troubles, whatever the status says, and for an approver whose own trouble it is."""
    if case.status not in TROUBLES and not isinstance(command, JoinerTold):
        raise Refused(Refusal.NOT_NOW)
    if isinstance(command, _ByApprover):
        if why_not := why_not_theirs_to_decide(case, command.by.id):
            raise Refused(why_not)
        case = replace(case, trouble=replace(trouble, moved_at=now))
        return _by_approver(case, command, now)
    if isinstance(command, _ByPerson):
        spoke = replace(case.contact, person_spoke_at=now)
        return _by_person(replace(case, contact=spoke), trouble, command, now, timing)
    if isinstance(command, _ByClock):
        return _by_clock(case, command, now)
    match command:
        case TroubleTold(by=by, code=code, cause=cause, addresses=addresses):
            return replace(case, trouble=trouble.with_report(by, code, cause, now, addresses)), NO_MESSAGE
        case JoinerSaysWorks(by=by):
            return _works(case, trouble, by.id, now), NO_MESSAGE
        case JoinerSaysBouncing(by=by):
            return _bouncing(case, trouble, by.id, now)
        case JoinerTold(person=person, status=status):
            return replace(case, trouble=trouble.was_told(person, status)), NO_MESSAGE
        case _:
            raise Refused(Refusal.NOT_NOW)


def _traced(case: Case, command: DeliveryTraced, now: datetime) -> CaseAndEffects:
    """A message that was delivered later than anybody's last word that mail comes back ends it for everybody."""
    after = trouble_proves_after(case)
    if command.proven_at is None or after is None or command.proven_at <= after:
        return replace(case, delivery=replace(case.delivery, unread=command.unread)), NO_MESSAGE
    delivery = replace(case.delivery, proven_at=command.proven_at, seen_at=now, unread=None)
    return replace(case, status=Status.SOLVED, delivery=delivery, ended_at=now), TELL_ALL


def _by_clock(case: Case, command: _ByClock, now: datetime) -> CaseAndEffects:
    match command:
        case Superseded(goes_on_in=number):
            past = replace(case.past, followed_by=number)
            return replace(case, status=Status.CLOSED, past=past, ended_at=now), TELL_PERSON
        case Reminded():
            return replace(case, request=replace(case.request, reminded_at=now)), TELL_APPROVERS
        case Expired():
            return replace(case, status=Status.EXPIRED, ended_at=now), TELL_ALL
        case DeliveryTraced():
            return _traced(case, command, now)


def _by_approver(case: Case, command: _ByApprover, now: datetime) -> CaseAndEffects:
    match command:
        case StartedReview(by=by):
            return replace(case, request=replace(case.request, reviewing=_signed(by, now))), NO_MESSAGE
        case Asked(by=by, text=text):
            question = Question(asked=_signed(by, now, _needed(text, Refusal.WORDS_NEEDED)))
            return replace(
                case, status=Status.ASKED_BACK, request=replace(case.request, question=question)
            ), TELL_PERSON
        case Mended(by=by, text=text):
            done = _signed(by, now, _needed(text, Refusal.WORDS_NEEDED))
            trouble = replace(case.trouble, done=done) if case.trouble else None
            return replace(case, status=Status.MENDED, trouble=trouble, bouncing_at=None), TELL_ALL
        case Ticketed(reference=reference):
            ticket = _needed(reference, Refusal.WORDS_NEEDED)
            return replace(case, status=Status.ESCALATED, ticket=ticket), TELL_ALL
        case ClosedByHand(by=by, reason=reason):
            closed = _signed(by, now, _needed(reason, Refusal.REASON_NEEDED))
            return replace(case, status=Status.CLOSED, closed=closed, ended_at=now), TELL_ALL


def _by_person(case: Case, trouble: Trouble, command: _ByPerson, now: datetime, timing: Timing) -> CaseAndEffects:
    mine = case.sender.person
    match command:
        case RequestSent(sole_approver=alone):
            if now < (until := lag_ends(case, timing)):
                raise Refused(Refusal.TOO_SOON, until=until)
            request = replace(case.request, sent_at=now, sole_approver=alone)
            return replace(case, status=Status.REPORTED, request=request), NO_MESSAGE
        case Replied(text=text):
            return _replied(case, _needed(text, Refusal.WORDS_NEEDED), now), TELL_APPROVERS
        case Withdrew(typed=typed):
            after = replace(case, trouble=trouble.settled(mine, now))
            if not trouble.joined:
                after = replace(after, status=Status.WITHDRAWN, ended_at=now)
            return after, TELL_PERSON if typed else NO_MESSAGE
        case SaidWorks():
            return _works(case, trouble, mine, now), NO_MESSAGE
        case SaidBouncing():
            return _bouncing(case, trouble, mine, now)


def _replied(case: Case, text: str, now: datetime) -> Case:
    question = case.request.question
    if question is None:
        raise Refused(Refusal.NOT_NOW)
    question = replace(question, reply=text, replied_at=now)
    return replace(case, status=Status.REPORTED, request=replace(case.request, question=question))


def _works(case: Case, trouble: Trouble, who: PersonId, now: datetime) -> Case:
    """One person's word is for that person: the case is solved when it works for everybody."""
    after = replace(case, trouble=trouble.settled(who, now))
    if after.trouble and after.trouble.is_settled:
        return replace(after, status=Status.SOLVED, ended_at=now)
    return after


def _bouncing(case: Case, trouble: Trouble, who: PersonId, now: datetime) -> CaseAndEffects:
    """What was done did not help. A restriction that was lifted may go on for a while: before that is over nothing is
    told to the admins."""
    after = replace(case, trouble=trouble.reopened(who, now), bouncing_at=now)
    if case.status is not Status.MENDED:
        return after, NO_MESSAGE
    return replace(after, status=Status.REPORTED), TELL_APPROVERS


def lag_ends(case: Case, timing: Timing) -> datetime:
    """Until when a bounce that speaks of a restriction may come from one that is over."""
    lags = case.trouble is not None and case.trouble.kind is TroubleKind.STILL_BOUNCING
    return case.opened_at + timing.lag_window if lags else case.opened_at


def _signed(by: TeamsUser, now: datetime, text: str = "") -> SignOff:
    return SignOff(by=by.id, name=by.name, at=now, text=text)


def _needed(text: str, refusal: Refusal) -> str:
    text = checked_text(text)
    if not text:
        raise Refused(refusal)
    return text
