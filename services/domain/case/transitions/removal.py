"""What a call of Remove comes to: taken effect, not taken, or not known until the list says so."""

from dataclasses import replace
from datetime import datetime

from services.domain.case.case import Case
from services.domain.case.parts import UnblockProgress


def done(unblock: UnblockProgress, now: datetime) -> UnblockProgress:
    """It is done, as Exchange said or the list showed: nothing is unclear any more."""
    return replace(cleared(unblock), done_at=now, error=None)


def cleared(unblock: UnblockProgress) -> UnblockProgress:
    """No call of unknown outcome is left, of any entry."""
    entries = tuple(replace(one, unclear_at=None) for one in unblock.entries)
    return replace(unblock, unclear_at=None, entries=entries)


def not_taken(unblock: UnblockProgress) -> UnblockProgress:
    """Without the last call, which certainly did not take effect. An earlier one may have, before this approval too."""
    return replace(unblock, unclear_at=None if unblock.unclear_at == unblock.tried_at else unblock.unclear_at)


def released_after_all(case: Case) -> Case:
    """The case with a call of unknown outcome counted as a release: the list shows that it took effect."""
    unblock = case.unblock
    called_at = unblock.first_unclear_at
    if called_at is None or unblock.done_at is not None:
        return case
    return replace(case, unblock=replace(unblock, done_at=called_at))
