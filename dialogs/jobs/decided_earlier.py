"""What was decided at a click and waits for evidence: who decided must still be somebody who may, once it is done."""

from collections.abc import Iterable
from datetime import timedelta

from services.domain.case.facts import Worse
from services.domain.people import PersonId, Standing
from services.ports.microsoft365 import Approvers

AGAIN_AFTER = timedelta(seconds=1)
"""How soon to look again for the evidence, where the task came before it."""


async def deciders_left(members: Approvers | None, deciders: Iterable[PersonId]) -> tuple[Worse, ...]:
    """That one of them may not decide any more; empty if all of them may. Raises `Unavailable`."""
    for who in sorted(deciders):
        if members is None or await members.standing(who) is not Standing.APPROVER:
            return (Worse.DECIDER_LEFT,)
    return ()
