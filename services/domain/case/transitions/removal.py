"""What a call of Remove comes to: taken effect, not taken, or not known until the list says so."""

from dataclasses import replace
from datetime import datetime

from services.domain.case.case import Case
from services.domain.case.parts import UnblockProgress


def done(unblock: UnblockProgress, now: datetime) -> UnblockProgress:
    """Exchange said that it was done."""
    return replace(unblock, done_at=now, error=None, unclear_at=None)


def not_taken(unblock: UnblockProgress) -> UnblockProgress:
    """Without the last call, which certainly did not take effect. An earlier one may have."""
    return replace(unblock, unclear_at=unblock.unclear_at if unblock.calls > 1 else None)


def released_after_all(case: Case) -> Case:
    """The case with a call of unknown outcome counted as a release: the list shows that it took effect."""
    unblock = case.unblock
    if unblock.unclear_at is None or unblock.done_at is not None:
        return case
    return replace(case, unblock=replace(unblock, done_at=unblock.unclear_at))
