"""What was decided at a click and is done later: who decided must still be somebody who may, once it is done."""

from collections.abc import Iterable
from datetime import timedelta

from services.domain.case.facts import Worse
from services.domain.people import PersonId, Standing
from services.ports.errors import NotFound
from services.ports.microsoft365 import Approvers

AGAIN_AFTER = timedelta(seconds=1)
"""How soon to look again for the evidence, where the task came before it."""


async def deciders_left(members: Approvers | None, deciders: Iterable[PersonId]) -> tuple[Worse, ...]:
    """That one of them may not decide any more; empty if all of them may. Raises `Unavailable`."""
    for who in sorted(deciders):
        try:
            may_decide = members is not None and await members.standing(who) is Standing.APPROVER
        except NotFound:  # a group that is gone says of nobody what they may do
            may_decide = False
        if not may_decide:
            return (Worse.DECIDER_LEFT,)
    return ()
