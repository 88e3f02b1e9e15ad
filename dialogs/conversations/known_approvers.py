"""Who is known to be an approver, for what a help card lists. Whoever decides is asked of the directory at every click
and every typed command (see `permissions`): nothing here lets anybody do anything."""

from datetime import datetime, timedelta

from dialogs.conversations.permissions import require_member
from services.domain.case.transition import Refusal, Refused
from services.domain.people import PersonId, TeamsUser
from services.ports.clock import Clock
from services.ports.microsoft365 import Approvers

_KNOWN_FOR = timedelta(minutes=10)
"""A new approver's help lists their commands after at most this long; the commands themselves work at once."""
_REMEMBERED_AT_MOST = 10_000


class KnownApprovers:
    """Asks the directory once in ten minutes about each person who asks for help. Each replica for itself."""

    def __init__(self, approvers: Approvers, clock: Clock) -> None:
        self._approvers = approvers
        self._clock = clock
        self._known: dict[PersonId, tuple[bool, datetime]] = {}

    async def has(self, who: TeamsUser) -> bool:
        """Whether they are an approver, as far as is known; `False`, and not remembered, where the directory cannot
        say just now."""
        now = self._clock.now()
        known = self._known.get(who.id)
        if known and timedelta() <= now - known[1] < _KNOWN_FOR:
            return known[0]
        try:
            await require_member(self._approvers, who, Refusal.NOT_APPROVER)
        except Refused as refused:
            if refused.refusal is Refusal.RIGHTS_NOT_CHECKED:
                return False
            return self._remembered(who.id, now, is_one=False)
        return self._remembered(who.id, now, is_one=True)

    def _remembered(self, who: PersonId, now: datetime, *, is_one: bool) -> bool:
        if len(self._known) >= _REMEMBERED_AT_MOST:
            self._known.clear()
        self._known[who] = is_one, now
        return is_one
