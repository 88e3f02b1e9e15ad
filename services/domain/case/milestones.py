"""What a change of a case means for figures: a decision, an unblock, proof that mail flows, an end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.domain.case.case import Case
from services.domain.case.status import Status
from services.domain.case.transition import HistoryEntry
from services.domain.case.workflow import Verb

_DECIDES = frozenset({Verb.APPROVE, Verb.DENY, Verb.DECIDE})


class MilestoneKind(StrEnum):
    """What was reached."""

    DECISION = "decision"
    UNBLOCK = "unblock"
    SENDING = "sending"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """Something that was reached, how (one of a few words), and how long after the request."""

    kind: MilestoneKind
    how: str
    after: timedelta


def milestones(case: Case, event: HistoryEntry) -> Iterator[Milestone]:
    """What the change by `event`, which made the case what it is, has reached; mostly nothing."""
    decision = case.decision
    if decision and event.verb in _DECIDES and decision.at == event.at:
        how = "approved" if decision.approved else "denied"
        yield _milestone(case, MilestoneKind.DECISION, how, decision.at)
    if event.verb is Verb.UNBLOCK and case.status is Status.UNBLOCKED:
        yield _milestone(case, MilestoneKind.UNBLOCK, "removed", event.at)
    if event.verb is Verb.PROVE and case.delivery.proven_at and case.delivery.seen_at == event.at:
        yield _milestone(case, MilestoneKind.SENDING, "delivered", case.delivery.proven_at)
    if event.verb is Verb.WORKS and case.status is Status.WORKS and not case.delivery.proven_at:
        yield _milestone(case, MilestoneKind.SENDING, "by_word", event.at)
    if case.status.is_ended and case.ended_at == event.at:
        yield _milestone(case, MilestoneKind.END, case.status.value, event.at)


def _milestone(case: Case, kind: MilestoneKind, how: str, at: datetime) -> Milestone:
    begun = case.request.sent_at or case.opened_at
    return Milestone(kind=kind, how=how, after=max(at - begun, timedelta()))
