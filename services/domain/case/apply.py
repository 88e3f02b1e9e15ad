"""The one door through which a case changes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from services.domain.case.case import UNNUMBERED, Case, Status, Timing
from services.domain.case.commands import (
    ApproverCommand,
    Command,
    Forgotten,
    ListRead,
    NeutralByApprover,
    NeutralCommand,
    PersonCommand,
    UnblockNotBegun,
    UnblockRefused,
    UnblockUnclear,
)
from services.domain.case.connectors import new_connector_case
from services.domain.case.transition import (
    FOR_PERSON,
    CaseAndEffects,
    HistoryEntry,
    Refusal,
    Refused,
    TaskKind,
    Transition,
)
from services.domain.case.transitions.by_approver import approver_transition
from services.domain.case.transitions.by_clock import clock_transition
from services.domain.case.transitions.by_person import person_transition
from services.domain.case.transitions.neutral import neutral_transition
from services.domain.case.workflow import NEUTRAL, TRANSITIONS, Actor, Verb, allows
from services.domain.containment.commands import ByResponder, ContainmentCommand
from services.domain.containment.transitions import contained
from services.domain.limits.commands import LimitsCommand
from services.domain.limits.transitions import limited
from services.domain.personal import Privacy, without
from services.domain.restriction import Restriction


def created(case: Case, now: datetime) -> Transition:
    """The first move of a new case. Its card is the answer to the person."""
    event = HistoryEntry(
        at=now, actor=Actor.PERSON, verb=Verb.OPEN, who=case.person, name=case.name, facts=_facts_of(case)
    )
    return Transition(
        case=replace(case, number=UNNUMBERED, version=0), event=event, effects=frozenset({TaskKind.UPDATE_PERSON_CARD})
    )


def created_by_monitor(case: Case, now: datetime) -> Transition:
    """The first move of a case that the watch opens: the person is told, the approvers see it quietly."""
    event = HistoryEntry(at=now, actor=Actor.CLOCK, verb=Verb.OPEN, facts=_facts_of(case))
    found = replace(case, number=UNNUMBERED, version=0, contacted_first=True, found_by_monitor_at=now)
    return Transition(
        case=found, event=event, effects=frozenset({TaskKind.NOTIFY_PERSON, TaskKind.UPDATE_APPROVERS_CARD})
    )


def apply(case: Case, command: Command, now: datetime, timing: Timing) -> Transition:
    """The case after the act, and what it owes.

    A clock's act may leave the case where it is (something was merely seen), and so does what is listed beside
    the moves; everything else moves it as the table says.

    Raises:
        RefusedMove: the table does not list it, or a rule speaks against it. Nothing was changed.
    """
    if not allows(case.status, command.actor, command.verb):
        raise Refused(Refusal.ENDED if case.status.is_ended else Refusal.NOT_NOW)
    after, tells = _outcome(case, command, now, timing)
    may_stay = command.actor is Actor.CLOCK or (command.actor, command.verb) in NEUTRAL
    stays = may_stay and after.status is case.status
    if not stays and after.status not in TRANSITIONS[case.status][command.actor, command.verb]:
        raise AssertionError(f"{case.status} may not become {after.status} by {command.verb}")
    return Transition(
        case=after,
        event=_event(command, after, now),
        effects=frozenset() if isinstance(command, Forgotten) else _effects(case, after, tells),
        creates=_relapse(after, command.restriction, now)
        if isinstance(command, ListRead) and command.restriction
        else None,
    )


def _outcome(case: Case, command: Command, now: datetime, timing: Timing) -> CaseAndEffects:
    if isinstance(command, PersonCommand):
        return person_transition(case, command, now, timing)
    if isinstance(command, ApproverCommand):
        return approver_transition(case, command, now)
    if isinstance(command, NeutralCommand):
        return neutral_transition(case, command, now)
    return clock_transition(case, command, now, timing)


def _effects(before: Case, after: Case, tells: frozenset[TaskKind]) -> frozenset[TaskKind]:
    """Telling the person shows them the case as well; the approvers have a card once the request was sent."""
    if after == before:
        return frozenset()
    approvers = {TaskKind.UPDATE_APPROVERS_CARD} if after.sent_at or after.found_by_monitor_at else set()
    if after.connector_id:
        return (tells | approvers) - FOR_PERSON
    if _is_the_same_for_the_person(before, after):
        # On the approvers' card alone: whoever fills in a reply must not have it drawn away.
        return tells | approvers
    pictures = set() if TaskKind.NOTIFY_PERSON in tells else {TaskKind.UPDATE_PERSON_CARD}
    return tells | pictures | approvers


def _is_the_same_for_the_person(before: Case, after: Case) -> bool:
    return without(before, Privacy.APPROVERS_ONLY) == without(after, Privacy.APPROVERS_ONLY)


def _event(command: Command, after: Case, now: datetime) -> HistoryEntry:
    seen = _facts_of(after)
    if isinstance(command, UnblockRefused | UnblockUnclear | UnblockNotBegun):
        seen = {**seen, "error": command.error}
    if isinstance(command, ListRead):
        seen = {**seen, "listed": "yes" if command.restriction else "no"}
    if isinstance(command, ContainmentCommand):
        seen = {**seen, **contained(command)}
    if isinstance(command, LimitsCommand):
        seen = {**seen, **limited(command)}
    if isinstance(command, ApproverCommand | NeutralByApprover | ByResponder):
        return HistoryEntry(
            at=now, actor=command.actor, verb=command.verb, who=command.by.id, name=command.by.name, facts=seen
        )
    if command.actor is Actor.PERSON:
        return HistoryEntry(
            at=now, actor=command.actor, verb=command.verb, who=after.person, name=after.name, facts=seen
        )
    return HistoryEntry(at=now, actor=command.actor, verb=command.verb, facts=seen)


def _facts_of(case: Case) -> Mapping[str, str]:
    """What the decision could see: findings, never anybody's words."""
    return {
        "status": str(case.status),
        "cause": str(case.restriction.cause) if case.restriction else "",
        "password": str(case.password.finding),
        "mfa": str(case.mfa.finding),
    }


def _relapse(case: Case, listed: Restriction, now: datetime) -> Transition | None:
    """The linked new case. The first look's snapshot stays: a method added since is still new."""
    if case.status is not Status.RELAPSED:
        return None
    if case.connector_id:
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
        contacted_first=True,
        mailbox_address=case.mailbox_address,
        mailbox=case.mailbox,
        earlier_unblocks=case.earlier_unblocks + 1,
        earlier_restrictions=case.earlier_restrictions + 1,
        times_asked=case.times_asked + 1,
        opened_at=now,
        person_spoke_at=now,
    )
    event = HistoryEntry(at=now, actor=Actor.CLOCK, verb=Verb.OPEN, facts=_facts_of(fresh))
    return Transition(case=fresh, event=event, effects=frozenset({TaskKind.NOTIFY_PERSON}))


def _connector_again(case: Case, listed: Restriction, now: datetime) -> Transition:
    """There is nobody to secure it in a chat: it waits for the approvers at once."""
    fresh = replace(
        new_connector_case(case.connector_id, listed, now),
        status=Status.WAITING,
        sent_at=now,
        previous=case.number,
        earlier_unblocks=case.earlier_unblocks + 1,
        earlier_restrictions=case.earlier_restrictions + 1,
        times_asked=case.times_asked + 1,
    )
    event = HistoryEntry(at=now, actor=Actor.CLOCK, verb=Verb.OPEN, facts=_facts_of(fresh))
    return Transition(case=fresh, event=event, effects=frozenset({TaskKind.UPDATE_APPROVERS_CARD}))
