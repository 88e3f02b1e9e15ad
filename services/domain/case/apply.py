"""Applying a command to a case. Every change of a saved case goes through here."""

from datetime import datetime

from services.domain.case.case import Case
from services.domain.case.commands.clock import Forgotten, ListRead, Reached
from services.domain.case.commands.command import ApproverCommand, Command, NeutralCommand, PersonCommand
from services.domain.case.commands.unblocking import ReadBeforeUnblock
from services.domain.case.creation import created_by_relapse
from services.domain.case.effects import effects_of
from services.domain.case.entries import entry_of
from services.domain.case.noted_facts import noted
from services.domain.case.status import TROUBLES, Status
from services.domain.case.timing import Timing
from services.domain.case.transition import CaseAndEffects, Refusal, Refused, Transition
from services.domain.case.transitions.by_approver import approver_transition
from services.domain.case.transitions.by_clock import clock_transition
from services.domain.case.transitions.by_person import person_transition
from services.domain.case.transitions.delivery import delivery_traced
from services.domain.case.transitions.dropping import without_idle_intention
from services.domain.case.transitions.neutral import neutral_transition
from services.domain.case.unresolved import called_to_mind
from services.domain.case.workflow import NEUTRAL, TRANSITIONS, Actor, allows
from services.domain.delivery.commands import DeliveryTraced
from services.domain.trouble.commands import TroubleCommand
from services.domain.trouble.transitions import trouble_transition


def apply(case: Case, command: Command, now: datetime, timing: Timing) -> Transition:
    """The transition that a command makes: the case after it and its effects.

    A clock event may leave the status as it is, and a neutral command always does; every other command must lead to a
    status that `TRANSITIONS` lists for it.

    Raises:
        Refused: the command is not allowed in this status, or a rule forbids it. Nothing was changed.
    """
    if not allows(case.status, command.actor, command.verb):
        raise Refused(Refusal.ENDED if case.status.is_ended else Refusal.NOT_NOW)
    after, messages = _applied(case, command, now, timing)
    after = called_to_mind(noted(without_idle_intention(after), now), now)
    may_stay = command.actor is Actor.CLOCK or (command.actor, command.verb) in NEUTRAL
    stays = may_stay and after.status is case.status
    if not stays and after.status not in TRANSITIONS[case.status][command.actor, command.verb]:
        raise AssertionError(f"{case.status} may not become {after.status} by {command.verb}")
    return Transition(
        case=after,
        event=entry_of(command, after, now),
        effects=frozenset() if isinstance(command, Forgotten) else effects_of(case, after, messages),
        creates=_relapse(after, command, now),
    )


def _applied(case: Case, command: Command, now: datetime, timing: Timing) -> CaseAndEffects:
    of_any_case = isinstance(command, Reached | Forgotten)
    if case.trouble is not None and not of_any_case:
        return trouble_transition(case, case.trouble, command, now, timing)
    if isinstance(command, TroubleCommand) or (case.status in TROUBLES and not of_any_case):
        raise Refused(Refusal.NOT_NOW)
    if isinstance(command, PersonCommand):
        return person_transition(case, command, now, timing)
    if isinstance(command, ApproverCommand):
        return approver_transition(case, command, now)
    if isinstance(command, NeutralCommand):
        return neutral_transition(case, command, now)
    if isinstance(command, DeliveryTraced):
        return delivery_traced(case, command, now)
    return clock_transition(case, command, now, timing)


def _relapse(case: Case, command: Command, now: datetime) -> Transition | None:
    """The creation of the linked new case, if this read of the list showed a relapse."""
    if case.status is not Status.RELAPSED or not isinstance(command, ListRead | ReadBeforeUnblock):
        return None
    if not command.entries:
        return None
    return created_by_relapse(case, command.entries, now)
