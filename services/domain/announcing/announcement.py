"""One thing that is told to the world outside."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.domain.announcing.news import News, news_in
from services.domain.case.case import Case
from services.domain.case.parts import CaseNumber
from services.domain.case.status import Status
from services.domain.case.transition import HistoryEntry
from services.domain.case.workflow import Actor
from services.domain.people import PersonId
from services.domain.reporting.case_figures import main_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """`event`: its place in the history of the case. `by` and `by_name`: the approver or responder whose word it was;
    `None` and empty for others. `mailbox`: its address; empty once the case's details are forgotten."""

    case: CaseNumber
    event: int
    news: News
    at: datetime
    status: str
    ended: bool
    actor: Actor
    mailbox: str = field(repr=False)
    by: PersonId | None = None
    by_name: str = field(default="", repr=False)
    previous: CaseNumber | None = None
    """The case before this one about the same mailbox."""


def announcement_of(case: Case, history: Sequence[HistoryEntry]) -> Announcement | None:
    """What is told of the last entry of the history so far; `None` for nothing."""
    news, event = news_in(history), history[-1]
    if news is None:
        return None
    status = event.facts.get("status", "")
    # An approval that was checked after the click is its approver's, whoever saved it.
    actor = Actor.APPROVER if event.actor is Actor.CLOCK and event.who else event.actor
    decides = actor in (Actor.APPROVER, Actor.RESPONDER)
    return Announcement(
        case=case.number,
        event=len(history),
        news=news,
        at=event.at,
        status=status,
        ended=status in {one.value for one in Status if one.is_ended},
        actor=actor,
        mailbox=main_address(case) if _is_known(case) else "",
        by=event.who if decides else None,
        by_name=event.name if decides else "",
        previous=case.past.previous,
    )


def _is_known(case: Case) -> bool:
    """Whether the address is one that was found: what somebody only typed goes nowhere."""
    return not case.sender.mailbox_address or case.sender.mailbox is not None or case.restriction is not None
