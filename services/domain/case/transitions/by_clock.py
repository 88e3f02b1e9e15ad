"""What time and the restricted list do to a case."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from services.domain.case.case import Case, Limits, Status
from services.domain.case.commands import (
    ClockAct,
    Expired,
    ListRead,
    Looked,
    LookFailed,
    ReadBeforeRelease,
    ReleaseDone,
    ReleaseGivenUp,
    ReleaseIntended,
    ReleaseNotBegun,
    ReleaseRefused,
    ReleaseUnclear,
    Reminded,
    WatchEnded,
)
from services.domain.case.transition import Duty
from services.domain.case.transitions.by_person import Outcome
from services.domain.restriction import Restriction

_QUIET: frozenset[Duty] = frozenset()
_PERSON_HEARS = frozenset({Duty.TELL_PERSON})
_APPROVERS_HEAR = frozenset({Duty.TELL_APPROVERS})


def clock_move(case: Case, act: ClockAct, now: datetime, limits: Limits) -> Outcome:
    """The case after something was seen or a time came, and whom it owes a message beyond the cards."""
    match act:
        case Looked():
            return _looked(case, act, now), _PERSON_HEARS if case.not_looked else _QUIET
        case LookFailed():
            return replace(case, not_looked=act.why), _QUIET
        case ListRead():
            return list_read(case, act.restriction, act.read_at, limits)
        case Reminded():
            return replace(case, reminded_at=now), _APPROVERS_HEAR
        case Expired():
            return replace(case, status=Status.EXPIRED, ended_at=now), _PERSON_HEARS
        case WatchEnded():
            return replace(case, status=Status.CLOSED_UNCONFIRMED, ended_at=now), _QUIET
        case _:
            return _release(case, act, now, limits)


def _looked(case: Case, act: Looked, now: datetime) -> Case:
    found = replace(
        case,
        name=act.person.name,
        upn=act.person.upn,
        addresses=act.mailbox.addresses if act.mailbox else act.person.addresses,
        mailbox=act.mailbox,
        phone=act.person.phone,
        manager=act.person.manager,
        self_service_reset=act.self_service_reset,
        restriction=act.restriction,
        snapshot=act.snapshot,
        password=act.password,
        mfa=act.mfa,
        earlier_releases=act.earlier_releases,
        earlier_restrictions=act.earlier_restrictions,
        heard_at=now,
    )
    if act.restriction is None:
        return replace(found, status=Status.NOT_RESTRICTED, ended_at=now)
    return replace(found, status=Status.SECURING)


def _release(
    case: Case,
    act: ReadBeforeRelease
    | ReleaseIntended
    | ReleaseDone
    | ReleaseRefused
    | ReleaseUnclear
    | ReleaseNotBegun
    | ReleaseGivenUp,
    now: datetime,
    limits: Limits,
) -> Outcome:
    match act:
        case ReadBeforeRelease():
            return _read_before_release(case, act, limits)
        case ReleaseIntended():
            intended = replace(case, release_calls=case.release_calls + 1, release_tried_at=now, absent_at=None)
            return intended, _QUIET
        case ReleaseDone():
            released = replace(case, status=Status.RELEASED, released_at=now, release_error=None)
            return replace(released, checks=0, checked_at=None), _QUIET
        case ReleaseRefused():
            return replace(case, status=Status.FAILED, release_error=act.error), _APPROVERS_HEAR
        case ReleaseUnclear():
            return replace(case, release_error=act.error), _QUIET
        case ReleaseNotBegun():
            return _not_begun(case, act, now + limits.reads_apart), _QUIET
        case ReleaseGivenUp():
            return replace(case, status=Status.FAILED, restriction=act.restriction or case.restriction), _APPROVERS_HEAR
        case _:
            assert_never(act)


def _not_begun(case: Case, act: ReleaseNotBegun, again_at: datetime) -> Case:
    """The intent is taken back: nothing was spent, and no grace is needed."""
    return replace(
        case,
        release_calls=case.release_calls - 1,
        release_tried_at=None,
        release_error=act.error,
        release_waits_until=again_at,
    )


def _read_before_release(case: Case, act: ReadBeforeRelease, limits: Limits) -> Outcome:
    if act.restriction is not None:
        return replace(case, restriction=act.restriction, absent_at=None), _QUIET
    return _absent(case, act.read_at, limits, Status.OFF_LIST)


def list_read(case: Case, found: Restriction | None, read_at: datetime, limits: Limits) -> Outcome:
    """The case compared with one complete read of the list."""
    if case.status in (Status.OFF_LIST, Status.WORKS):
        return _watched(case, found, read_at, limits)
    if case.status is Status.RELEASED:
        case = replace(case, checks=case.checks + 1, checked_at=read_at)
    if found is None:
        return _not_listed(case, read_at, limits)
    # Listed (again): a bounce is no longer mere lag, and leaving the list will be news.
    seen = replace(case, restriction=found, absent_at=None, off_list_at=None)
    still_listed_for = read_at - (case.released_at or read_at)
    if case.status is Status.RELEASED and still_listed_for >= limits.support_after:
        return replace(seen, status=Status.NEEDS_TICKET), _APPROVERS_HEAR
    return seen, _QUIET


def _not_listed(case: Case, read_at: datetime, limits: Limits) -> Outcome:
    if case.off_list_at is not None:
        return case, _QUIET  # it had left the list before mail went on bouncing: that is no news
    return _absent(case, read_at, limits, Status.ALREADY_LIFTED if case.decision is None else Status.OFF_LIST)


def _absent(case: Case, read_at: datetime, limits: Limits, then: Status) -> Outcome:
    """One empty read is a hint; a second one, far enough apart, is a fact."""
    if case.absent_at is None:
        return replace(case, absent_at=read_at), _QUIET
    if read_at - case.absent_at < limits.reads_apart:
        return case, _QUIET
    if then is Status.OFF_LIST:
        return replace(case, status=then, off_list_at=read_at, absent_at=None), _PERSON_HEARS
    return replace(case, status=then, ended_at=read_at, absent_at=None), _PERSON_HEARS


def _watched(case: Case, found: Restriction | None, read_at: datetime, limits: Limits) -> Outcome:
    """A new entry is a relapse at once; an old or undated one may be a lagging replica, until read twice."""
    if found is None:
        return replace(case, relisted_at=None), _QUIET
    off_list_at = case.off_list_at or read_at
    if found.since is not None and found.since > off_list_at:
        return replace(case, status=Status.RELAPSED, ended_at=read_at), _APPROVERS_HEAR
    if case.relisted_at is None:
        return replace(case, relisted_at=read_at), _QUIET
    if read_at - case.relisted_at < limits.reads_apart:
        return case, _QUIET
    return replace(case, status=Status.RELAPSED, ended_at=read_at), _APPROVERS_HEAR
