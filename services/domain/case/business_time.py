"""Where business time counts in a case: for reminders, and for mentioning others when no one looks.

Nothing that protects waits for it, and neither does what ends by itself: checks, expiry, approvals that lapse, the
watch. What looks stolen is counted day and night."""

from datetime import datetime

from services.domain.case.case import Case
from services.domain.case.status import Status
from services.domain.case.timing import Timing
from services.domain.rules.hours import BusinessHours, after, within


def remind_at(case: Case, since: datetime, reminded_at: datetime | None, timing: Timing) -> datetime:
    """First after `remind_after`, then each time after twice as long, so that reminders do not become noise."""
    hours = hours_of(case, timing)
    if reminded_at is None:
        return after(hours, since, timing.remind_after)
    passed = within(hours, since, reminded_at)
    # A reminder outside of the hours, or a clock that was set back, must not make the next one due at once.
    return after(hours, since, 2 * max(passed, timing.remind_after / 2))


def mention_at(case: Case, timing: Timing) -> datetime | None:
    """When others are mentioned because no one has looked at a request; `None` where nobody is to be, or somebody
    looks, or it was done."""
    escalation, request = timing.rules.escalation, case.request
    if escalation is None or case.status is not Status.WAITING or request.others_mentioned_at is not None:
        return None
    if request.reviewing is not None or case.intended is not None:
        return None
    return after(hours_of(case, timing), _waits_since(case), escalation.after)


def hours_of(case: Case, timing: Timing) -> BusinessHours | None:
    """The hours that count for the case; none where there are no hours, or it looks stolen."""
    hours = timing.rules.hours
    return None if hours is None or case.looks_stolen else hours


def begins_at(hours: BusinessHours | None, at: datetime) -> datetime:
    """That moment, or the next one within the hours."""
    return hours.opens_at(at) if hours else at


def admins_back_at(now: datetime, timing: Timing) -> datetime | None:
    """When admins are expected again; `None` where they are expected now, or no hours are set."""
    hours = timing.rules.hours
    back = hours.opens_at(now) if hours else now
    return back if back > now else None


def waits_until_hours(case: Case, timing: Timing) -> datetime | None:
    """When the hours begin for which a request waits that was sent outside of them; `None` for one that waits for no
    hours."""
    hours = hours_of(case, timing)
    sent_at = case.request.sent_at
    if hours is None or sent_at is None or hours.is_open(sent_at):
        return None
    return hours.opens_at(sent_at)


def _waits_since(case: Case) -> datetime:
    """When it last became the approvers' turn. Who asked back, approved first, or approved what lapsed had looked."""
    request = case.request
    turns = (
        request.sent_at,
        request.question.replied_at if request.question else None,
        case.lapsed.at if case.lapsed else None,
        case.first_approval.at if case.first_approval else None,
    )
    return max((at for at in turns if at), default=case.opened_at)
