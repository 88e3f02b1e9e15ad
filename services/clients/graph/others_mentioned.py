"""Whom the organisation's rules name where no approver has looked: members of a group, and people by user name."""

import logging
from urllib.parse import quote

from services.clients.graph.directory import GraphDirectory
from services.clients.graph.group_members import may_decide
from services.clients.graph.mentions import MembersMentioned
from services.clients.wire_values import text_of
from services.domain.mention import Mention
from services.domain.people import PersonId
from services.domain.rules.rules import Escalation
from services.ports.clock import Clock
from services.ports.errors import NotFound, Unavailable

log = logging.getLogger("sendwell.notify")

_MOST = 10


class OthersMentioned:
    """Implements the port `Mentions`. Somebody whom the directory does not know (any more) is left out."""

    def __init__(self, graph: GraphDirectory, escalation: Escalation, clock: Clock) -> None:
        self._graph = graph
        self._people = escalation.people
        self._members = MembersMentioned(graph, escalation.group, _MOST, clock) if escalation.group else None

    async def of_approvers(self, but: frozenset[PersonId]) -> tuple[Mention, ...]:
        found = [mention for name in self._people if (mention := await self._named(name))]
        try:
            found += await self._members.of_approvers(but) if self._members else ()
        except Unavailable as trouble:
            if not found:
                raise
            log.warning("the group of [escalation] cannot be read: %s", trouble.logged)
        once = {mention.id: mention for mention in found if mention.id not in but}
        return tuple(once.values())[:_MOST]

    async def _named(self, name: str) -> Mention | None:
        """Guests and disabled accounts are left out, as everywhere."""
        path = f"/v1.0/users/{quote(name, safe='@')}?$select=id,displayName,accountEnabled,userType"
        try:
            row = await self._graph.get(path)
        except NotFound:
            log.warning("somebody of [escalation] people is not in the directory")
            return None
        identity = text_of(row.get("id"))
        return (
            Mention(id=identity, name=text_of(row.get("displayName")) or "") if identity and may_decide(row) else None
        )
