"""The lines below an approvers' card: what happened that they should notice."""

from cards.text import theirs
from cards.view import View
from services.domain.case import Case, Status
from services.domain.knowledge import Why
from services.domain.moves import Event
from services.domain.table import Verb

_ON_STATUS = {
    Status.FAILED: "tell.failed",
    Status.NEEDS_TICKET: "tell.needs_ticket",
}


def told(case: Case, event: Event, view: View) -> str | None:
    """The line for an event; `None` where the case has moved on and the line would mislead."""
    words = view.words
    facts = {"number": str(case.number), "name": theirs(case.name, 80)}
    if event.verb is Verb.REMIND:
        return words("tell.reminder", **facts) if case.is_undecided else None
    if event.verb is Verb.REPLY:
        return words("tell.replied", **facts) if case.is_undecided else None
    if event.verb is Verb.SEND:
        why = words(f"why_not.{(case.not_looked or Why.UNREACHABLE).name.lower()}")
        return words("tell.cannot_look", name=facts["name"], why=why)
    if case.status is Status.RELAPSED:
        return words("tell.relapsed", **facts, next=str(case.followed_by))
    return words(_ON_STATUS[case.status], **facts) if case.status in _ON_STATUS else None
