"""What was decided at a click and is done later: who decided must still be somebody who may, once it is done."""

from collections.abc import Iterable
from datetime import timedelta

from services.domain.case.facts import Worse
from services.domain.people import PersonId, Standing
from services.domain.unknown import UnknownReason
from services.ports.errors import NotFound, Unavailable
from services.ports.microsoft365 import Approvers

AGAIN_AFTER = timedelta(seconds=1)
"""How soon to look again for the evidence, where the task came before it."""


async def deciders_left(members: Approvers | None, deciders: Iterable[PersonId]) -> tuple[Worse, ...]:
    """That one of them may not decide any more; empty if all of them may. Raises `Unavailable`."""
    for who in sorted(deciders):
        try:
            if members is None or await members.standing(who) is not Standing.APPROVER:
                return (Worse.DECIDER_LEFT,)
        except NotFound as gone:  # a group that is gone says of nobody what they may do
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "there is no such group") from gone
    return ()
