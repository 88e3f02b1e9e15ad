"""The one door through which a case changes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from services.domain.case.case import UNNUMBERED, Case, Limits, Status
from services.domain.case.commands import (
    Act,
    ApproverAct,
    BesideAct,
    BesideByApprover,
    Forgotten,
    ListRead,
    PersonAct,
    ReleaseNotBegun,
    ReleaseRefused,
    ReleaseUnclear,
)
from services.domain.case.connectors import connector_case
from services.domain.case.transition import FOR_PERSON, Duty, Event, Move, Refusal, RefusedMove
from services.domain.case.transitions.by_approver import approver_move
from services.domain.case.transitions.by_clock import clock_move
from services.domain.case.transitions.by_person import Outcome, person_move
from services.domain.case.transitions.without_status import beside_move
from services.domain.case.workflow import BESIDE, TABLE, Actor, Verb, allows
from services.domain.containment.commands import ByResponder, ContainingAct
from services.domain.containment.transitions import contained
from services.domain.limits.commands import LimitsAct
from services.domain.limits.transitions import limited
from services.domain.personal import Privacy, without
from services.domain.restriction import Restriction


def opened(case: Case, now: datetime) -> Move:
    """The first move of a new case. Its card is the answer to the person."""
    event = Event(at=now, actor=Actor.PERSON, verb=Verb.OPEN, who=case.person, name=case.name, seen=_seen_on(case))
    return Move(case=replace(case, number=UNNUMBERED, version=0), event=event, owes=frozenset({Duty.SHOW_PERSON}))


def noticed(case: Case, now: datetime) -> Move:
    """The first move of a case that the watch opens: the person is told, the approvers see it quietly."""
    event = Event(at=now, actor=Actor.CLOCK, verb=Verb.OPEN, seen=_seen_on(case))
    found = replace(case, number=UNNUMBERED, version=0, unsolicited=True, noticed_at=now)
    return Move(case=found, event=event, owes=frozenset({Duty.TELL_PERSON, Duty.SHOW_APPROVERS}))


def moved(case: Case, act: Act, now: datetime, limits: Limits) -> Move:
    """The case after the act, and what it owes.

    A clock's act may leave the case where it is (something was merely seen), and so does what is listed beside
    the moves; everything else moves it as the table says.

    Raises:
        RefusedMove: the table does not list it, or a rule speaks against it. Nothing was changed.
    """
    if not allows(case.status, act.actor, act.verb):
        raise RefusedMove(Refusal.ENDED if case.status.is_ended else Refusal.NOT_NOW)
    after, tells = _outcome(case, act, now, limits)
    may_stay = act.actor is Actor.CLOCK or (act.actor, act.verb) in BESIDE
    stays = may_stay and after.status is case.status
    if not stays and after.status not in TABLE[case.status][act.actor, act.verb]:
        raise AssertionError(f"{case.status} may not become {after.status} by {act.verb}")
    return Move(
        case=after,
        event=_event(act, after, now),
        owes=frozenset() if isinstance(act, Forgotten) else _owed(case, after, tells),
        opens=_relapse(after, act.restriction, now) if isinstance(act, ListRead) and act.restriction else None,
    )


def _outcome(case: Case, act: Act, now: datetime, limits: Limits) -> Outcome:
    if isinstance(act, PersonAct):
        return person_move(case, act, now, limits)
    if isinstance(act, ApproverAct):
        return approver_move(case, act, now)
    if isinstance(act, BesideAct):
        return beside_move(case, act, now)
    return clock_move(case, act, now, limits)


def _owed(before: Case, after: Case, tells: frozenset[Duty]) -> frozenset[Duty]:
    """Telling the person shows them the case as well; the approvers have a card once the request was sent."""
    if after == before:
        return frozenset()
    approvers = {Duty.SHOW_APPROVERS} if after.sent_at or after.noticed_at else set()
    if after.connector:
        return (tells | approvers) - FOR_PERSON
    if _is_the_same_for_the_person(before, after):
        # On the approvers' card alone: whoever fills in a reply must not have it drawn away.
        return tells | approvers
    pictures = set() if Duty.TELL_PERSON in tells else {Duty.SHOW_PERSON}
    return tells | pictures | approvers


def _is_the_same_for_the_person(before: Case, after: Case) -> bool:
    return without(before, Privacy.APPROVERS_ONLY) == without(after, Privacy.APPROVERS_ONLY)


def _event(act: Act, after: Case, now: datetime) -> Event:
    seen = _seen_on(after)
    if isinstance(act, ReleaseRefused | ReleaseUnclear | ReleaseNotBegun):
        seen = {**seen, "error": act.error}
    if isinstance(act, ListRead):
        seen = {**seen, "listed": "yes" if act.restriction else "no"}
    if isinstance(act, ContainingAct):
        seen = {**seen, **contained(act)}
    if isinstance(act, LimitsAct):
        seen = {**seen, **limited(act)}
    if isinstance(act, ApproverAct | BesideByApprover | ByResponder):
        return Event(at=now, actor=act.actor, verb=act.verb, who=act.by.id, name=act.by.name, seen=seen)
    if act.actor is Actor.PERSON:
        return Event(at=now, actor=act.actor, verb=act.verb, who=after.person, name=after.name, seen=seen)
    return Event(at=now, actor=act.actor, verb=act.verb, seen=seen)


def _seen_on(case: Case) -> Mapping[str, str]:
    """What the decision could see: findings, never anybody's words."""
    return {
        "status": str(case.status),
        "cause": str(case.restriction.cause) if case.restriction else "",
        "password": str(case.password.finding),
        "mfa": str(case.mfa.finding),
    }


def _relapse(case: Case, listed: Restriction, now: datetime) -> Move | None:
    """The linked new case. The first look's snapshot stays: a method added since is still new."""
    if case.status is not Status.RELAPSED:
        return None
    if case.connector:
        return _connector_again(case, listed, now)
    fresh = Case(
        person=case.person,
        name=case.name,
        upn=case.upn,
        addresses=case.addresses,
        phone=case.phone,
        manager=case.manager,
        self_service_reset=case.self_service_reset,
        status=Status.SECURING,
        restriction=listed,
        snapshot=case.snapshot,
        previous=case.number,
        unsolicited=True,
        mailbox_address=case.mailbox_address,
        mailbox=case.mailbox,
        earlier_releases=case.earlier_releases + 1,
        earlier_restrictions=case.earlier_restrictions + 1,
        times_asked=case.times_asked + 1,
        opened_at=now,
        heard_at=now,
    )
    event = Event(at=now, actor=Actor.CLOCK, verb=Verb.OPEN, seen=_seen_on(fresh))
    return Move(case=fresh, event=event, owes=frozenset({Duty.TELL_PERSON}))


def _connector_again(case: Case, listed: Restriction, now: datetime) -> Move:
    """There is nobody to secure it in a chat: it waits for the approvers at once."""
    fresh = replace(
        connector_case(case.connector, listed, now),
        status=Status.WAITING,
        sent_at=now,
        previous=case.number,
        earlier_releases=case.earlier_releases + 1,
        earlier_restrictions=case.earlier_restrictions + 1,
        times_asked=case.times_asked + 1,
    )
    event = Event(at=now, actor=Actor.CLOCK, verb=Verb.OPEN, seen=_seen_on(fresh))
    return Move(case=fresh, event=event, owes=frozenset({Duty.SHOW_APPROVERS}))
