"""Stopping what was approved or released: it takes effect at once, whatever else happened meanwhile."""

from dataclasses import replace
from datetime import datetime

from services.domain.case.case import Case
from services.domain.case.commands.approver import Stopped
from services.domain.case.commands.unblocking import (
    UnblockDone,
    UnblockGivenUp,
    UnblockNotBegun,
    UnblockRefused,
    UnblockUnclear,
)
from services.domain.case.intended import StoppedRelease
from services.domain.case.parts import Decision
from services.domain.case.status import Status
from services.domain.case.transition import NO_MESSAGE, TELL_APPROVERS, TELL_BOTH, CaseAndEffects, Refusal, Refused
from services.domain.case.transitions.removal import cleared, done, not_taken
from services.domain.case.user_text import checked_text
from services.domain.people import SignOff

_NOT_RELEASED = (Status.WAITING, Status.NEEDS_INFO, Status.APPROVED, Status.FAILED)


def stopped(case: Case, command: Stopped, now: datetime) -> CaseAndEffects:
    """The case, denied where nothing was released yet; else only marked, since nothing puts a sender back on the list.

    From now on the account looks stolen, in the cases that follow too. Raises `Refused` without a reason."""
    if not case.sender.person:
        raise Refused(Refusal.ENDED)  # forgotten
    reason = checked_text(command.reason)
    if not reason:
        raise Refused(Refusal.REASON_NEEDED)
    approval = case.decision if case.decision and case.decision.approved else None
    mark = StoppedRelease(
        stopped=SignOff(by=command.by.id, name=command.by.name, at=now, text=reason),
        approved=SignOff(by=approval.by, name=approval.name, at=approval.at) if approval else None,
    )
    if case.status is Status.SECURING:  # what is stopped is the release before this case
        return replace(case, episode=case.episode.stopped(mark.stopped, released=True)), TELL_APPROVERS
    undecided = case.status in _NOT_RELEASED
    released = not undecided or case.unblock.may_have_released
    case = replace(case, stopped=mark, episode=case.episode.stopped(mark.stopped, released=released))
    if not undecided:
        return case, TELL_APPROVERS
    denial = Decision(approved=False, by=command.by.id, name=command.by.name, at=now, internal=reason)
    return replace(case, status=Status.DENIED, decision=denial, ended_at=now), TELL_BOTH


def denied_for_good(case: Case, word: SignOff) -> Case:
    """The denied case. Where a call of Remove of unknown outcome may have taken effect it is stopped as well, so that
    the list is asked what came of it, and the account is held to be stolen if it is gone."""
    if case.unblock.first_unclear_at is None or case.unblock.done_at is not None:
        return case
    approved = case.lapsed.approved if case.lapsed else None
    episode = case.episode.stopped(word, released=case.unblock.may_have_released)
    return replace(case, stopped=StoppedRelease(stopped=word, approved=approved), episode=episode)


def after_stop(case: Case, command: object, now: datetime) -> CaseAndEffects:
    """The stopped case with what came of the removal that was under way. Raises `Refused` if none was."""
    if not case.is_removal_open:
        raise Refused(Refusal.ENDED)
    match command:
        case UnblockDone():
            return _released(replace(case, unblock=done(case.unblock, now))), TELL_APPROVERS
        case UnblockUnclear(error=error):
            return replace(case, unblock=replace(case.unblock, error=error)), NO_MESSAGE
        case UnblockRefused(error=error) | UnblockNotBegun(error=error):
            return replace(case, unblock=replace(not_taken(case.unblock), error=error)), NO_MESSAGE
        case UnblockGivenUp():
            return replace(case, unblock=cleared(case.unblock)), NO_MESSAGE
        case _:
            raise Refused(Refusal.ENDED)


def _released(case: Case) -> Case:
    if case.stopped is None:
        raise AssertionError("nothing is looked for unless it was stopped")
    return replace(case, episode=case.episode.stopped(case.stopped.stopped, released=True))


def said_to_work(case: Case, now: datetime) -> CaseAndEffects:
    """A stopped case whose person says that mail works: the approvers are told, once, and it stays open."""
    if case.stopped is None or case.stopped.works_said_at is not None:
        raise Refused(Refusal.ALREADY_TOLD)
    return replace(case, stopped=replace(case.stopped, works_said_at=now)), TELL_APPROVERS
