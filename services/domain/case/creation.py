"""How a case begins: a person asks, an approver asks for them, the list monitor finds them, or they relapse."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.domain.bounce.bounce import Bounce
from services.domain.case.case import UNNUMBERED, Case
from services.domain.case.commands.approver import AskedFor
from services.domain.case.commands.clock import Looked
from services.domain.case.connectors import new_connector_case
from services.domain.case.effects import effects_of
from services.domain.case.entries import entry_of, facts_of
from services.domain.case.episode import after_relapse
from services.domain.case.history import SenderHistory
from services.domain.case.noted_facts import noted
from services.domain.case.parts import Contact, Past, Request, Sender
from services.domain.case.status import Status
from services.domain.case.transition import TELL_PERSON, HistoryEntry, TaskKind, Transition
from services.domain.case.transitions.by_approver import approver_transition
from services.domain.case.transitions.by_clock import after_look
from services.domain.case.workflow import Actor, Verb
from services.domain.people import TeamsUser
from services.domain.restriction import Restriction
from services.domain.unknown import UnknownReason

_ASKED_WITHIN = timedelta(days=90)
_CLOCKS_DIFFER_BY = timedelta(minutes=5)


def first_case(
    by: TeamsUser,
    history: SenderHistory,
    now: datetime,
    *,
    look: Looked | None = None,
    look_failed: UnknownReason | None = None,
    bounce: Bounce | None = None,
    mailbox_address: str = "",
) -> Case:
    """The case of a person who asks, or whom an approver asks for. It is not saved yet.

    Without a finished `look` its status is `LOOKING`; `look_failed` then says what went wrong, and is `None` if the
    look is only slow. `mailbox_address` names a mailbox that is not the person's own."""
    looking = Case(
        sender=Sender(person=by.id, name=by.name, upn="", mailbox_address=mailbox_address),
        status=Status.LOOKING,
        bounce_code=bounce.code if bounce else None,
        bounce_cause=bounce.cause.name if bounce else "",
        bounce_sent_at=_credible(bounce.sent_at, now) if bounce else None,
        look_failed=look_failed,
        past=Past(times_asked=history.requests + 1),
        opened_at=now,
        contact=Contact(person_spoke_at=now),
    )
    return after_look(looking, look, now) if look else looking


def _credible(sent_at: datetime | None, now: datetime) -> datetime | None:
    """The time in a header, unless it is in the future or so old that nobody would ask of it now. One without a zone is
    read as UTC."""
    if sent_at is None:
        return None
    at = sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=UTC)
    return at if now - _ASKED_WITHIN <= at <= now + _CLOCKS_DIFFER_BY else None


def created_by_person(case: Case, now: datetime) -> Transition:
    """The transition for a person who asked. The direct reply is the case's card."""
    event = HistoryEntry(
        at=now, actor=Actor.PERSON, verb=Verb.OPEN, who=case.sender.person, name=case.sender.name, facts=facts_of(case)
    )
    return Transition(
        case=replace(case, number=UNNUMBERED, version=0), event=event, effects=frozenset({TaskKind.UPDATE_PERSON_CARD})
    )


def created_by_monitor(case: Case, now: datetime) -> Transition:
    """The transition for a sender whom the list monitor found: the person is notified, and the approvers get a card
    without a notification."""
    event = HistoryEntry(at=now, actor=Actor.CLOCK, verb=Verb.OPEN, facts=facts_of(case))
    found = replace(
        case, number=UNNUMBERED, version=0, contact=replace(case.contact, contacted_first=True, found_by_monitor_at=now)
    )
    return Transition(
        case=noted(found, now), event=event, effects=frozenset({TaskKind.NOTIFY_PERSON, TaskKind.UPDATE_APPROVERS_CARD})
    )


def created_by_approver(case: Case, command: AskedFor, now: datetime) -> Transition:
    """The transition for an approver's request: the case waits for a decision at once. Raises `Refused`."""
    after, messages = approver_transition(case, command, now)
    after = noted(after, now)
    return Transition(case=after, event=entry_of(command, after, now), effects=effects_of(case, after, messages))


def created_by_relapse(case: Case, listed: Sequence[Restriction], now: datetime) -> Transition:
    """The transition for the new case that follows a relapsed one, about these entries, the worst first. It keeps
    the baseline of the first look, so that a sign-in method added since still counts as new."""
    if case.sender.connector_id:
        return _connector_again(case, listed[0], now)
    fresh = Case(
        sender=case.sender,
        status=Status.SECURING,
        restriction=listed[0],
        also_listed=tuple(listed[1:]),
        episode=after_relapse(case.episode, now),
        evidence_wanted_at=now,
        past=_past_of_relapse(case),
        # As if the list monitor had found them: approvers see the new case before its person asks.
        contact=Contact(contacted_first=True, person_spoke_at=now, found_by_monitor_at=now),
        opened_at=now,
    )
    event = HistoryEntry(at=now, actor=Actor.CLOCK, verb=Verb.OPEN, facts=facts_of(fresh))
    return Transition(case=noted(fresh, now), event=event, effects=TELL_PERSON | {TaskKind.UPDATE_APPROVERS_CARD})


def _connector_again(case: Case, listed: Restriction, now: datetime) -> Transition:
    """Nobody secures a connector in a chat, so its case waits for the approvers at once."""
    fresh = replace(
        new_connector_case(case.sender.connector_id, listed, now),
        status=Status.WAITING,
        request=Request(sent_at=now),
        episode=after_relapse(case.episode, now),
        past=_past_of_relapse(case),
    )
    event = HistoryEntry(at=now, actor=Actor.CLOCK, verb=Verb.OPEN, facts=facts_of(fresh))
    return Transition(case=noted(fresh, now), event=event, effects=frozenset({TaskKind.UPDATE_APPROVERS_CARD}))


def _past_of_relapse(case: Case) -> Past:
    """The relapsed case was one more time."""
    return Past(
        previous=case.number,
        unblocks=case.past.unblocks + 1,
        restrictions=case.past.restrictions + 1,
        times_asked=case.past.times_asked + 1,
    )
