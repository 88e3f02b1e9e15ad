"""What an approver may do to a case. The caller has checked with the directory that they are an approver."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from services.domain.case.call_codes import without_code_of, word_on
from services.domain.case.case import Case
from services.domain.case.commands.approver import (
    Approved,
    Asked,
    AskedFor,
    ClosedByHand,
    Denied,
    StartedReview,
    Stopped,
    Ticketed,
)
from services.domain.case.commands.command import ApproverCommand
from services.domain.case.facts import Facts, what_is_worse
from services.domain.case.involved import is_not_enough_alone, why_not_theirs_to_decide
from services.domain.case.noted_facts import facts_shown, present_facts
from services.domain.case.parts import Decision, Question
from services.domain.case.status import Status
from services.domain.case.transition import (
    NO_MESSAGE,
    TELL_APPROVERS,
    TELL_PERSON,
    CaseAndEffects,
    Refusal,
    Refused,
    TaskKind,
)
from services.domain.case.transitions.dropping import dropped
from services.domain.case.transitions.holding_up import held_up
from services.domain.case.transitions.recheck import rechecked
from services.domain.case.transitions.stop import denied_for_good, stopped
from services.domain.case.unblocking import begun_anew
from services.domain.case.user_text import checked_text
from services.domain.people import SignOff

_PROTECTING = (Denied, Stopped, Asked, StartedReview)


def approver_transition(case: Case, command: ApproverCommand, now: datetime) -> CaseAndEffects:
    """The case after an approver's command, and the messages it asks for.

    Raises `Refused`, also for an approver whose own case it is."""
    why_not = why_not_theirs_to_decide(case, command.by.id)
    # Whoever may send from the mailbox may still protect it: a thief could make every approver a delegate.
    if why_not is Refusal.OWN_CASE or (why_not and not isinstance(command, _PROTECTING)):
        raise Refused(why_not)
    match command:
        case Approved():
            # Also `Retried`: trying again is an approval.
            approved = _approved(case, command, now)
            return approved, TELL_PERSON if approved.status is Status.APPROVED else TELL_APPROVERS
        case Stopped():
            return stopped(case, command, now)
        case Denied():
            return _denied(case, command, now), TELL_PERSON
        case Asked():
            return _asked(case, command, now), TELL_PERSON
        case StartedReview():
            return replace(
                case, request=replace(case.request, reviewing=SignOff(by=command.by.id, name=command.by.name, at=now))
            ), NO_MESSAGE
        case Ticketed():
            ticket = _needed(command.reference, Refusal.WORDS_NEEDED)
            return replace(case, status=Status.WITH_MICROSOFT, ticket=ticket), TELL_PERSON
        case ClosedByHand():
            closed = SignOff(by=command.by.id, name=command.by.name, at=now, text=checked_text(command.reason))
            return replace(case, status=Status.CLOSED, closed=closed, ended_at=now), TELL_PERSON
        case AskedFor():
            return _asked_for(case, command, now), TELL_PERSON | (
                {TaskKind.REPOST_APPROVERS_CARD} if case.contact.found_by_monitor_at else set()
            )


def _asked(case: Case, command: Asked, now: datetime) -> Case:
    if case.sender.connector_id:
        raise Refused(Refusal.NOT_NOW)  # there is nobody to ask
    asked = SignOff(by=command.by.id, name=command.by.name, at=now, text=_needed(command.text, Refusal.WORDS_NEEDED))
    # Whoever asks has a doubt: what somebody else approved meanwhile is not taken on top of it.
    case = dropped(case, Refusal.ASKED_MEANWHILE, now)
    return replace(case, status=Status.NEEDS_INFO, request=replace(case.request, question=Question(asked=asked)))


def _asked_for(case: Case, command: AskedFor, now: datetime) -> Case:
    asked = SignOff(by=command.by.id, name=command.by.name, at=now, text=_needed(command.reason, Refusal.REASON_NEEDED))
    wanted = None if case.sender.connector_id else now
    return replace(
        case,
        status=Status.WAITING,
        request=replace(case.request, sent_at=now, requested_by=asked),
        evidence_wanted_at=wanted,
        evidence_overdue=False,
    )


def _approved(case: Case, command: Approved, now: datetime) -> Case:
    if case.intended is not None:
        raise Refused(Refusal.ALREADY_CHECKING, until=case.intended.at)
    case = replace(case, dropped=None)
    shown = facts_shown(case, command.facts, now)
    case, facts = _on_the_facts(case, command, shown, now)
    # After the facts: a form that is asked again keeps its tick, which was made for those that its card showed.
    reason = checked_text(command.reason)
    if case.is_evidence_pending:
        raise Refused(Refusal.EVIDENCE_PENDING)
    if lacking := tuple(_lacking(case, command, facts, now)):
        raise Refused(lacking[0], also=lacking[1:])
    case = _with_first_that_holds(case, command, facts)
    two = case.needs_another(command.by.id) or is_not_enough_alone(case, command.by.id)
    if two and (case.first_approval is None or case.first_approval.by == command.by.id):
        return _first_of_two(case, command, facts, now)
    decision = Decision(
        approved=True,
        by=command.by.id,
        name=command.by.name,
        at=now,
        # The reason of an approval is for other approvers: a thief may be reading the person's chat.
        internal=reason,
        by_another_route=command.by_another_route,
        facts=facts,
    )
    answered = SignOff(by=command.by.id, name=command.by.name, at=now, text=reason)
    words = (answered, *((case.first_approval,) if case.first_approval else ()))
    seen = shown.alarms if shown else ()
    return replace(_running(case), decision=decision, episode=case.episode.signed(*words, seen=seen), call_codes=())


def _lacking(case: Case, command: Approved, facts: Facts, now: datetime) -> Iterator[Refusal]:
    """What the form of an approval lacks that has conditions to answer for."""
    if case.needs_word and not command.by_another_route:
        yield Refusal.ANOTHER_ROUTE_NEEDED
    if _lacks_the_code(case, command, facts, now):
        yield Refusal.CALL_CODE_NEEDED
    if case.needs_word and not checked_text(command.reason):
        yield Refusal.REASON_NEEDED


def _lacks_the_code(case: Case, command: Approved, facts: Facts, now: datetime) -> bool:
    """Whether word by another route takes a code that the person has not written, or wrote in a call about better
    facts."""
    if not (command.needs_code and case.needs_word) or case.sender.connector_id:
        return False
    on = word_on(case.call_codes, command.by.id, now)
    spoken_of = facts_shown(case, on, now) if on is not None else None
    return spoken_of is None or bool(what_is_worse(spoken_of, facts))


def _on_the_facts(case: Case, command: Approved, shown: Facts | None, now: datetime) -> tuple[Case, Facts]:
    """The case with what was read at the click, and the facts it is approved on.

    Raises `Refused` if these are worse than those that the approver was shown."""
    if command.fresh is not None:
        case = rechecked(case, command.fresh)
    facts = present_facts(case, now)
    if shown is None:
        raise Refused(Refusal.FACTS_WORSE)  # the card is too old to be compared with
    if worse := what_is_worse(shown, facts):
        raise Refused(Refusal.FACTS_WORSE, worse=worse)
    return case, facts


def _with_first_that_holds(case: Case, command: Approved, facts: Facts) -> Case:
    """The case without its first approval, if that spoke of better facts or its approver is none any more."""
    saw = case.first_approval_on
    worse = what_is_worse(saw, facts) if saw else ()
    if command.first_stands and not worse:
        return case
    return replace(held_up(case, worse), first_approval=None, first_approval_on=None)


def _first_of_two(case: Case, command: Approved, facts: Facts, now: datetime) -> Case:
    """The case with the first of two approvals. Raises `Refused` if the same approver approves again."""
    if case.first_approval is not None:
        raise Refused(Refusal.SECOND_APPROVER_NEEDED)
    approval = SignOff(by=command.by.id, name=command.by.name, at=now, text=checked_text(command.reason))
    codes = without_code_of(case.call_codes, command.by.id)
    return replace(case, first_approval=approval, first_approval_on=facts, call_codes=codes)


def _running(case: Case) -> Case:
    """The approved case, with no Remove call counted yet: the worker unblocks the sender."""
    return replace(
        case,
        status=Status.APPROVED,
        unblock=begun_anew(case.unblock),
        list_reads=replace(case.list_reads, absent_at=None),
    )


def _denied(case: Case, command: Denied, now: datetime) -> Case:
    decision = Decision(
        approved=False,
        by=command.by.id,
        name=command.by.name,
        at=now,
        reason=_needed(command.reason, Refusal.REASON_NEEDED),
        internal=checked_text(command.internal),
    )
    word = SignOff(by=decision.by, name=decision.name, at=now, text=decision.internal or decision.reason)
    return denied_for_good(replace(case, status=Status.DENIED, decision=decision, ended_at=now), word)


def _needed(text: str, refusal: Refusal) -> str:
    text = checked_text(text)
    if not text:
        raise Refused(refusal)
    return text
