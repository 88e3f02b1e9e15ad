"""Which changes of a case are news to a ticket system, and what each is called. Read from the history alone, so that
it is the same whenever it is told."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from services.domain.case.case import Case
from services.domain.case.status import Status
from services.domain.case.transition import HistoryEntry, TaskKind, Transition
from services.domain.case.workflow import Actor, Verb


class News(StrEnum):
    """What happened. The words are a contract with whoever receives them (docs/webhooks.md)."""

    NOTICED = "noticed"
    ASKED = "asked"
    ASKED_BACK = "asked_back"
    ANSWERED = "answered"
    FIRST_APPROVAL = "first_approval"
    APPROVED = "approved"
    LAPSED = "approval_lapsed"
    DENIED = "denied"
    STOPPED = "stopped"
    UNBLOCKED = "unblocked"
    UNBLOCK_FAILED = "unblock_failed"
    OFF_LIST = "off_list"
    NEEDS_TICKET = "needs_ticket"
    WITH_MICROSOFT = "with_microsoft"
    PROVEN = "proven"
    WORKS = "works"
    MENDED = "mended"
    REOPENED = "reopened"
    CONTAINING = "containing"
    CONTAINED = "contained"
    ALREADY_LIFTED = "already_lifted"
    NOT_RESTRICTED = "not_restricted"
    CLOSED = "closed"
    CLOSED_UNCONFIRMED = "closed_unconfirmed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    RELAPSED = "relapsed"


_NEVER_NEWS = frozenset(
    {
        *(Verb.FORGET, Verb.REACH, Verb.REMIND, Verb.AUDIT, Verb.CALL, Verb.HOLD_UP, Verb.RENAME),
        *(Verb.PASS_ON, Verb.REVIEW, Verb.INTEND, Verb.TAKE_BACK, Verb.LIMITS, Verb.PUT_BACK),
    }
)


def announced(transition: Transition) -> Transition:
    """The transition with a task to tell of it, if it may be news; what it opens as well. Of a case that nobody but its
    person knows nothing is told."""
    creates = announced(transition.creates) if transition.creates else None
    tells = frozenset({TaskKind.WEBHOOK}) if _may_be_news(transition.case, transition.event) else frozenset()
    if not tells and creates is None:
        return transition
    return replace(transition, effects=transition.effects | tells, creates=creates)


def _may_be_news(case: Case, event: HistoryEntry) -> bool:
    return event.verb not in _NEVER_NEWS and is_known_to_approvers(case)


def is_known_to_approvers(case: Case) -> bool:
    """Whether somebody asked the approvers, or the list monitor found the case for them."""
    told = (case.request.sent_at, case.request.admins_told_at, case.contact.found_by_monitor_at)
    return any(at is not None for at in told)


def news_in(history: Sequence[HistoryEntry]) -> News | None:
    """What the last entry of the history so far is to others; `None` if it is nothing to them."""
    event, earlier = history[-1], history[-2] if len(history) > 1 else None
    status, before = _status(event), _status(earlier) if earlier else None
    if event.verb is Verb.STOP:
        return News.STOPPED
    if status is not None and status is not before:
        return _reached(status, before, event)
    if "contained" in event.facts and earlier and "contained" not in earlier.facts:
        return News.CONTAINED
    return _within(event)


def _within(event: HistoryEntry) -> News | None:
    """News that leave the status as it is."""
    if event.verb is Verb.CONTAIN and event.facts.get("steps") == "confirmed":
        return News.CONTAINING
    if event.verb in (Verb.APPROVE, Verb.DECIDE, Verb.RETRY) and event.who and "dropped" not in event.facts:
        return News.FIRST_APPROVAL
    if event.verb is Verb.SEND:
        return News.ASKED
    return News.PROVEN if event.verb is Verb.PROVE else None


def _reached(status: Status, before: Status | None, event: HistoryEntry) -> News | None:
    if status in (Status.WAITING, Status.REPORTED):
        return _WAITS_AFTER.get(before, News.ASKED) if before else News.ASKED
    if status in _PROVABLE and event.verb is Verb.PROVE:
        return News.PROVEN
    if status in _BEFORE_ANY_REQUEST:
        return News.NOTICED if event.actor is Actor.CLOCK and before is None else None
    return REACHED[status]


_BEFORE_ANY_REQUEST = (Status.LOOKING, Status.SECURING, Status.LAGGING)
_PROVABLE = (Status.WORKS, Status.SOLVED)
_WAITS_AFTER = {
    Status.NEEDS_INFO: News.ANSWERED,
    Status.APPROVED: News.LAPSED,
    Status.ASKED_BACK: News.ANSWERED,
    Status.MENDED: News.REOPENED,
}
REACHED: Mapping[Status, News] = {
    Status.LOOKING: News.NOTICED,
    Status.SECURING: News.NOTICED,
    Status.LAGGING: News.NOTICED,
    Status.WAITING: News.ASKED,
    Status.REPORTED: News.ASKED,
    Status.NEEDS_INFO: News.ASKED_BACK,
    Status.ASKED_BACK: News.ASKED_BACK,
    Status.APPROVED: News.APPROVED,
    Status.FAILED: News.UNBLOCK_FAILED,
    Status.UNBLOCKED: News.UNBLOCKED,
    Status.OFF_LIST: News.OFF_LIST,
    Status.NEEDS_TICKET: News.NEEDS_TICKET,
    Status.WITH_MICROSOFT: News.WITH_MICROSOFT,
    Status.ESCALATED: News.WITH_MICROSOFT,
    Status.MENDED: News.MENDED,
    Status.WORKS: News.WORKS,
    Status.SOLVED: News.WORKS,
    Status.ALREADY_LIFTED: News.ALREADY_LIFTED,
    Status.CLOSED_UNCONFIRMED: News.CLOSED_UNCONFIRMED,
    Status.CLOSED: News.CLOSED,
    Status.DENIED: News.DENIED,
    Status.WITHDRAWN: News.WITHDRAWN,
    Status.EXPIRED: News.EXPIRED,
    Status.RELAPSED: News.RELAPSED,
    Status.NOT_RESTRICTED: News.NOT_RESTRICTED,
}
"""What it is to reach each status, where nothing more is to be said."""


def _status(event: HistoryEntry) -> Status | None:
    """The status that the case had then; a word that this program does not know is none."""
    word = event.facts.get("status", "")
    return Status(word) if word in set(Status) else None
