"""What stands on a card outside of business hours: for how long it waits, and when admins are back."""

from adaptivecards.baseobject import BareObject

from cards.elements import timed_line
from cards.text import moment
from cards.view import View
from services.domain.case.business_time import admins_back_at, waits_until_hours
from services.domain.case.case import Case
from services.domain.case.status import Status

_THEIR_TURN = (Status.WAITING, Status.REPORTED)


def admins_back_lines(case: Case, view: View) -> list[BareObject]:
    """For the person, while it is the admins' turn and they are not expected. It says nothing of the case: what looks
    stolen is looked at by night as well, which is nobody's to know."""
    back = admins_back_at(view.now, view.timing)
    if back is None or case.status not in _THEIR_TURN:
        return []
    return [timed_line(view.words.timed("person.admins_back", when=moment(back)), bold=True)]


def waits_for_hours_lines(case: Case, view: View) -> list[BareObject]:
    """For approvers, of a request that came outside of the hours, until they begin."""
    until = waits_until_hours(case, view.timing) if case.status is Status.WAITING else None
    if until is None or until <= view.now:
        return []
    return [timed_line(view.words.timed("approver.waits_for_hours", when=moment(until)), subtle=True)]
