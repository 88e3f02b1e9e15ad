"""When the worker has something to do for a containment, and when it gives up."""

from datetime import datetime, timedelta

from services.domain.containment.after_steps import AccountRead, AfterSteps
from services.domain.containment.containment import Containment, ContainmentStep, StepOutcome

GIVES_UP_AFTER = timedelta(minutes=15)
"""A step that nobody has answered for so long is given up, so that the next is taken, and people see it."""
_WAITS_FOR_PEOPLE = timedelta(days=1)
"""How long we look whether something was done in the local directory."""


def next_at(
    containment: Containment, gathered_at: datetime | None, now: datetime, *, soon: timedelta, later: timedelta
) -> datetime | None:
    """When the next step, or the next read after the steps, is due; `None` if nothing is.

    It is read after the last step, and again after each newer evidence. What a source could not say, or does not show
    yet, is read again `soon` for some minutes; what waits for people `later`, for a day."""
    if containment.is_under_way:
        return now
    after, ended_at = containment.after, containment.ended_at
    if ended_at is None:
        return None
    if after is None or after.read_at < ended_at or (gathered_at and after.read_at < gathered_at):
        return now
    if after.read_at < ended_at + GIVES_UP_AFTER and (after.may_be_read_soon or _lags(containment, after)):
        return after.read_at + soon
    if after.read_at < ended_at + _WAITS_FOR_PEOPLE and _waits_for_people(containment, after):
        return after.read_at + later
    return None


def gives_up(containment: Containment, now: datetime, tries: int) -> bool:
    """Whether the present step is tried long and often enough. A process that was away for hours tries it first."""
    since = containment.trying_since
    return tries > 1 and since is not None and now >= since + GIVES_UP_AFTER


def _lags(containment: Containment, after: AfterSteps) -> bool:
    """Whether the directory does not show yet what the steps did."""
    account = after.account
    if not isinstance(account, AccountRead) or not account.enabled:
        return False
    shown = {
        ContainmentStep.DISABLE: None,
        ContainmentStep.REVOKE_SESSIONS: account.sessions_valid_from,
        ContainmentStep.NEW_PASSWORD: account.password_changed_at,
    }
    done = [result for result in containment.results if result.step in shown and containment.holds(result.step)]
    return any(result.at and not _shows(shown[result.step], result.at) for result in done)


def _shows(date: datetime | None, at: datetime) -> bool:
    return date is not None and date >= at - timedelta(minutes=2)


def _waits_for_people(containment: Containment, after: AfterSteps) -> bool:
    account, result = after.account, containment.result_of(ContainmentStep.NEW_PASSWORD)
    disabling = containment.result_of(ContainmentStep.DISABLE)
    there = any(one is not None and one.outcome is StepOutcome.ON_PREMISES for one in (result, disabling))
    said_yes = containment.confirmed or containment.requested
    if not there or not isinstance(account, AccountRead) or not account.enabled:
        return False
    return account.password_changed_at is None or account.password_changed_at <= said_yes.at
