"""One clear next step for the approver, with its reason. It suggests; it never decides."""

from datetime import timedelta

from cards.text import moment
from cards.view import View
from services.domain.case.case import Case
from services.domain.case.history import times_restricted
from services.domain.evidence.verdict import VerdictReason
from services.domain.restriction import Cause

_OFTEN = 2
_WORTH_WAITING = timedelta(hours=6)
"""A restriction that lifts by itself within this is not worth one of the sender's limited unblocks."""


_DOUBTS = {
    VerdictReason.TWO_ALARMS: "suggest.alarm",
    VerdictReason.ONE_ALARM: "suggest.alarm",
    VerdictReason.NOT_GATHERED: "suggest.not_gathered",
    VerdictReason.NOT_CHECKED: "suggest.not_checked",
}
"""What speaks against an unblock though both proofs are there."""


def suggestion(case: Case, view: View) -> str:
    """The first that fits, read from the most dangerous down."""
    words, restriction = view.words, case.restriction
    if case.sender.connector_id:
        return words("suggest.connector")
    if case.looks_stolen:
        return words("suggest.contained" if case.is_contained else "suggest.stolen")
    if restriction is None or restriction.cause is Cause.UNKNOWN:
        return words("suggest.unknown")
    if restriction.cause is Cause.SPAM:
        return words("suggest.spam")
    if restriction.cause is Cause.SERVICE_RATE:
        return words("suggest.rate")
    lifts_at = restriction.lifts_at(view.now)
    if lifts_at is not None and lifts_at - view.now <= _WORTH_WAITING:
        return words("suggest.soon", when=moment(lifts_at))
    if case.needs_word:
        return words("suggest.grounds")
    if (doubt := _DOUBTS.get(case.judgement.reason)) is not None:
        return words(doubt)
    return words("suggest.repeated" if times_restricted(case, view.now) > _OFTEN else "suggest.release")
