"""Who may decide, and who may contain: asked of the directory at every click and every typed command."""

import asyncio
from datetime import timedelta

from services.domain.case.transition import Refusal, Refused
from services.domain.people import Standing, TeamsUser
from services.ports.errors import NotFound, Unavailable
from services.ports.microsoft365 import Approvers

RIGHTS_WITHIN = timedelta(seconds=5)
"""How long a click may wait for the directory to say what its sender may do."""

_REFUSALS = {
    Standing.ELIGIBLE: Refusal.ELIGIBLE,
    Standing.GUEST: Refusal.GUEST,
    Standing.DISABLED: Refusal.DISABLED,
}


async def require_member(members: Approvers, by: TeamsUser, otherwise: Refusal) -> None:
    """That somebody is an active member of the group at this moment.

    Raises:
        Refused: with the reason; `otherwise` for who has nothing to do with the group, `RIGHTS_NOT_CHECKED` where the
            directory cannot say.
    """
    try:
        async with asyncio.timeout(RIGHTS_WITHIN.total_seconds()):
            standing = await members.standing(by.id)
    except (TimeoutError, Unavailable, NotFound):  # a group that is gone says of nobody what they may do
        raise Refused(Refusal.RIGHTS_NOT_CHECKED) from None
    if standing is not Standing.APPROVER:
        raise Refused(_REFUSALS.get(standing, otherwise))
