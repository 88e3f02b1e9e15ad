"""Who may decide, and who may contain: asked of the directory at every click and every typed command."""

import asyncio
from datetime import timedelta

from dialogs.casework.lookups import Lookups, or_unknown
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


_RESTRICTED_WITHIN = timedelta(seconds=2)
"""How long it is looked whether who clicks is restricted themselves: denying and containing hardly wait for it."""


async def require_unrestricted(lookups: Lookups, by: TeamsUser) -> None:
    """That somebody is not seen on the restricted list themselves. Protecting does not wait for a list that cannot be
    read; what gives something away is judged on reads of its own (`read_at_click`).

    Raises:
        Refused: they are restricted.
    """
    if await or_unknown(lookups.is_restricted(by.id), _RESTRICTED_WITHIN) is True:
        raise Refused(Refusal.RESTRICTED_YOURSELF)


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
