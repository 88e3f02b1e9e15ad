"""Which timed outbox tasks a case has, and when they are due: a function of the case, so that none is forgotten."""

from collections.abc import Mapping
from datetime import datetime

from services.domain.case.business_time import mention_at, remind_at
from services.domain.case.case import Case
from services.domain.case.deciding import decide_at, late_at, waits_for_evidence
from services.domain.case.status import Status
from services.domain.case.timing import Timing
from services.domain.case.transition import TaskKind
from services.domain.case.workflow import FOLLOWED, Actor, Verb, allows
from services.domain.containment.due import next_at
from services.domain.delivery.due import prove_at
from services.domain.trouble.timers import trouble_timers

_SLOWER = 12

Timers = Mapping[TaskKind, datetime]


def timers(case: Case, now: datetime, timing: Timing) -> Timers:
    """Every timed task of the case with the time it is due. The case has no other timed task."""
    return {**_by_status(case, now, timing), **_neutral(case, now, timing)}


def _neutral(case: Case, now: datetime, timing: Timing) -> Timers:
    """The tasks that do not depend on the status, if they are allowed in it."""
    gather = _gather_at(case, now)
    late = late_at(case, timing) if gather else None
    decide = decide_at(case, now, timing)
    looks_back = case.unblock.tried_at if case.is_removal_open else None
    contain = _contain_at(case, now, timing)
    limits = _limits_at(case, now, timing)
    audit = case.audit_search.due(now, timing.audit_after) if case.audit_search else None
    prove = prove_at(case, now, timing)
    return {
        **({TaskKind.GATHER: gather} if gather else {}),
        **({TaskKind.EVIDENCE_LATE: late} if late else {}),
        **({TaskKind.DECIDE: decide} if decide else {}),
        **({TaskKind.UNBLOCK: looks_back + timing.unblock_grace} if looks_back and case.status.is_ended else {}),
        **({TaskKind.CONTAIN: contain} if contain else {}),
        **({TaskKind.LIMITS: limits} if limits else {}),
        **({TaskKind.AUDIT: audit} if audit else {}),
        **({TaskKind.PROVE: prove} if prove else {}),
    }


def _contain_at(case: Case, now: datetime, timing: Timing) -> datetime | None:
    """When a step is to be taken, or the account read after the steps."""
    if case.containment is None:
        return None
    gathered_at = case.evidence.gathered_at if case.evidence else None
    due = next_at(case.containment, gathered_at, now, soon=timing.reads_apart, later=timing.check_every)
    waits = due is not None and case.containment.gives_back and waits_for_evidence(case)
    return late_at(case, timing) if waits else due


def _limits_at(case: Case, now: datetime, timing: Timing) -> datetime | None:
    """When the next step of other limits is due: what was approved on evidence too old waits for the new one."""
    due = case.limit_change.due(now) if case.limit_change else None
    return (late_at(case, timing) or due) if due and waits_for_evidence(case) else due


def _gather_at(case: Case, now: datetime) -> datetime | None:
    goes_on = allows(case.status, Actor.APPROVER, Verb.GATHER)
    if case.is_evidence_wanted and (goes_on or waits_for_evidence(case)):
        return now
    return case.evidence.ask_again_at if goes_on and case.evidence else None


def _by_status(case: Case, now: datetime, timing: Timing) -> Timers:
    match case.status:
        case Status.LOOKING:
            return {TaskKind.LOOK: now, TaskKind.EXPIRE: _silent_until(case, timing)}
        case Status.SECURING:
            return {TaskKind.CHECK: _next_check(case, now, timing), TaskKind.EXPIRE: _silent_until(case, timing)}
        case Status.WAITING | Status.NEEDS_INFO:
            return {
                TaskKind.CHECK: _next_check(case, now, timing),
                TaskKind.REMIND: remind_at(
                    case, case.request.sent_at or case.opened_at, case.request.reminded_at, timing
                ),
                TaskKind.EXPIRE: _silent_until(case, timing),
                **({TaskKind.MENTION: mention} if (mention := mention_at(case, timing)) else {}),
            }
        case Status.APPROVED:
            return {TaskKind.UNBLOCK: _unblock_at(case, now, timing)}
        case Status.UNBLOCKED | Status.WITH_MICROSOFT | Status.FAILED | Status.NEEDS_TICKET:
            return {TaskKind.CHECK: _next_check(case, now, timing), **_called_to_mind(case, timing)}
        case Status.OFF_LIST:
            return _watching(case, now, timing) | _asking_again(case, now, timing)
        case Status.WORKS:
            watched = {} if now >= _watched_until(case, timing) else {TaskKind.CHECK: _next_check(case, now, timing)}
            return watched | _forgetting(case, timing)
        case Status.LAGGING | Status.REPORTED | Status.ASKED_BACK | Status.MENDED | Status.ESCALATED:
            return trouble_timers(case, now, timing)
        case (
            Status.ALREADY_LIFTED
            | Status.CLOSED_UNCONFIRMED
            | Status.CLOSED
            | Status.DENIED
            | Status.WITHDRAWN
            | Status.EXPIRED
            | Status.RELAPSED
            | Status.NOT_RESTRICTED
            | Status.SOLVED
        ):
            return _forgetting(case, timing) | _following(case, now, timing)


def lag_until(case: Case, timing: Timing) -> datetime | None:
    """Until when a bounce after the unblock may come from replication lag only; `None` if still listed."""
    return case.list_reads.off_list_at + timing.lag_window if case.list_reads.off_list_at else None


def approval_is_over(case: Case, now: datetime, timing: Timing) -> bool:
    """Whether the approval could not be carried out in time."""
    return case.decision is not None and now >= approval_ends_at(case, timing)


def approval_ends_at(case: Case, timing: Timing) -> datetime:
    """When the approval lapses if it is not carried out until then."""
    return (case.decision.at if case.decision else case.opened_at) + timing.approval_lasts


def _next_check(case: Case, now: datetime, timing: Timing) -> datetime:
    """Soon if one read showed a change that a second must confirm, by `check_after` after an unblock, every
    `check_every` else, and twelve times slower while Microsoft has the ticket."""
    part_of_it_gone = case.list_reads.missing_at and case.decision is None
    if case.list_reads.absent_at or case.list_reads.relisted_at or part_of_it_gone:
        return now + timing.reads_apart
    if case.status is Status.UNBLOCKED and case.unblock.done_at:
        planned = (case.unblock.done_at + after for after in timing.check_after)
        return next((at for at in planned if at > now), now + timing.check_every)
    if case.status is Status.WITH_MICROSOFT:
        return now + timing.check_every * _SLOWER
    return now + timing.check_every


def _called_to_mind(case: Case, timing: Timing) -> dict[TaskKind, datetime]:
    """As often as a request that waits, counted from when the case came to a stop."""
    stop = case.unresolved
    return {TaskKind.REMIND: remind_at(case, stop.since, stop.reminded_at, timing)} if stop else {}


def _silent_until(case: Case, timing: Timing) -> datetime:
    last_word = (
        max(case.contact.person_spoke_at, case.request.question.asked.at)
        if case.request.question
        else case.contact.person_spoke_at
    )
    ours = (case.request.sent_at, case.lapsed.at if case.lapsed else None)
    return max([last_word, *(at for at in ours if at)]) + timing.expire_after


def _unblock_at(case: Case, now: datetime, timing: Timing) -> datetime:
    """At once; after a call of unknown outcome, when its grace is over; after a read that showed no entry, when a
    second read can confirm it. Whatever is waited for, the approval lapses in time."""
    if case.list_reads.absent_at:
        return now + timing.reads_apart
    waits = (case.unblock.waits_until, case.unblock.tried_at and case.unblock.tried_at + timing.unblock_grace)
    again_at = max((at for at in waits if at), default=now)
    return max(now, min(again_at, approval_ends_at(case, timing))) if again_at > now else again_at


def _watched_until(case: Case, timing: Timing) -> datetime:
    return (case.list_reads.off_list_at or case.opened_at) + timing.watch_for


def _forgetting(case: Case, timing: Timing) -> dict[TaskKind, datetime]:
    """When the personal data of an ended case is deleted: not before the end date of a limit change. A forgotten case
    has no such task."""
    if not case.sender.person:
        return {}
    forget = (case.ended_at or case.opened_at) + timing.keep_details_for
    ends_at = case.limit_change.ends_at if case.limit_change and not case.limit_change.has_ended else None
    return {TaskKind.FORGET: max(forget, ends_at + timing.watch_for) if ends_at else forget}


def _following(case: Case, now: datetime, timing: Timing) -> dict[TaskKind, datetime]:
    """When the list is compared with an ended case, so that the end of its episode is seen: seldom, for the read is
    shared, but nobody waits for it."""
    if case.status not in FOLLOWED or case.restriction is None or case.episode.ended_at or not case.sender.person:
        return {}
    slowly = timing.check_every * _SLOWER
    return {TaskKind.CHECK: now + (timing.reads_apart if case.episode.absent_at else slowly)}


def _watching(case: Case, now: datetime, timing: Timing) -> dict[TaskKind, datetime]:
    return {TaskKind.CHECK: _next_check(case, now, timing), TaskKind.WATCH_END: _watched_until(case, timing)}


def _asking_again(case: Case, now: datetime, timing: Timing) -> dict[TaskKind, datetime]:
    until = lag_until(case, timing)
    return {TaskKind.ASK_BACK: until} if case.bouncing_at and until and until > now else {}
