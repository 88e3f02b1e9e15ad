"""The history entry of a transition."""

from collections.abc import Mapping
from datetime import datetime

from services.domain.case.case import Case
from services.domain.case.commands.clock import ListRead
from services.domain.case.commands.command import ApproverCommand, Command, NeutralByApprover
from services.domain.case.commands.intention import IntentionChecked, IntentionDropped
from services.domain.case.commands.person import CallCodeWritten, Joined, Replied, SaidBouncing, SaidWorks, Withdrew
from services.domain.case.commands.unblocking import UnblockNotBegun, UnblockRefused, UnblockUnclear
from services.domain.case.transition import HistoryEntry
from services.domain.case.workflow import Actor
from services.domain.containment.commands import ByResponder, ContainmentCommand
from services.domain.containment.transitions import contained
from services.domain.limits.commands import LimitsCommand
from services.domain.limits.transitions import limited
from services.domain.trouble.commands import Mended, TroubleByPerson

_BY_SOMEBODY = Joined | CallCodeWritten | Withdrew | Replied | SaidWorks | SaidBouncing | TroubleByPerson
"""What somebody else than the person of the case may say too."""


def entry_of(command: Command, after: Case, now: datetime) -> HistoryEntry:
    """The history entry for a command that was applied."""
    facts = facts_of(after)
    if isinstance(command, UnblockRefused | UnblockUnclear | UnblockNotBegun):
        facts = {**facts, "error": command.error}
    if isinstance(command, ListRead):
        facts = {**facts, "listed": "yes" if command.entries else "no"}
    if isinstance(command, IntentionDropped):
        facts = {**facts, "dropped": command.why}
    if isinstance(command, IntentionChecked):
        by = command.approval.by
        return HistoryEntry(at=now, actor=command.actor, verb=command.verb, who=by.id, name=by.name, facts=facts)
    if isinstance(command, ContainmentCommand):
        facts = {**facts, **contained(command)}
    if isinstance(command, LimitsCommand):
        facts = {**facts, **limited(command)}
    if isinstance(command, ApproverCommand | NeutralByApprover | ByResponder | Mended):
        return HistoryEntry(
            at=now, actor=command.actor, verb=command.verb, who=command.by.id, name=command.by.name, facts=facts
        )
    if isinstance(command, _BY_SOMEBODY) and command.by is not None:
        return HistoryEntry(
            at=now, actor=command.actor, verb=command.verb, who=command.by.id, name=command.by.name, facts=facts
        )
    if command.actor is Actor.PERSON:
        return HistoryEntry(
            at=now, actor=command.actor, verb=command.verb, who=after.sender.person, name=after.sender.name, facts=facts
        )
    return HistoryEntry(at=now, actor=command.actor, verb=command.verb, facts=facts)


def facts_of(case: Case) -> Mapping[str, str]:
    """The facts at that time: status, cause and findings, never what people wrote."""
    return {
        "status": str(case.status),
        "cause": str(case.restriction.cause) if case.restriction else "",
        "password": str(case.proofs.password.finding),
        "mfa": str(case.proofs.mfa.finding),
        **({"contained": "yes"} if case.is_contained else {}),
    }
