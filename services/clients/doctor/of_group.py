"""What can be known of a group whose members decide: whether it is there and closed, and how many of them may."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from services.clients.doctor.within import Limited
from services.clients.graph.directory import GraphDirectory
from services.clients.graph.group_members import may_decide
from services.clients.graph.open_groups import OpenGroups
from services.clients.graph.pages import pages
from services.domain.doctor.facts import GroupFacts
from services.domain.unknown import Unknown, UnknownReason
from services.ports.clock import Clock
from services.ports.errors import NotFound, Unavailable

_MAY, _GUEST, _DISABLED = "may", "guest", "disabled"


class GroupLook:
    """Looks at groups, each under the time limit."""

    def __init__(self, graph: GraphDirectory, clock: Clock, limited: Limited) -> None:
        self._graph, self._clock, self._limited = graph, clock, limited

    async def look(self, setting: str, group: str, wanted: int) -> GroupFacts:
        found = await self._limited(self._looked(setting, group, wanted))
        return GroupFacts(setting=setting, deciders=found) if isinstance(found, Unknown) else found

    async def _looked(self, setting: str, group: str, wanted: int) -> GroupFacts:
        try:
            counted = await self._members(group, wanted)
        except NotFound:
            return GroupFacts(setting=setting, exists=False)
        opened = await OpenGroups(self._graph, {setting: group}, self._clock).complaints()
        return GroupFacts(
            setting=setting,
            deciders=counted[_MAY],
            guests=counted[_GUEST],
            disabled=counted[_DISABLED],
            wanted=wanted,
            open_because=" ".join(opened),
        )

    async def _members(self, group: str, wanted: int) -> Counter[str]:
        """What the members are, counted until as many may decide as are wanted."""
        path = f"/v1.0/groups/{quote(group, safe='')}/transitiveMembers/microsoft.graph.user"
        await self._graph.get(f"/v1.0/groups/{quote(group, safe='')}?$select=id")  # a list does not say that it is gone
        counted: Counter[str] = Counter()
        async for page in pages(self._graph.get, f"{path}?$select=id,accountEnabled,userType", "members of a group"):
            counted.update(map(_kind, page.rows))
            if counted[_MAY] >= wanted or page.is_last:
                return counted
        raise Unavailable(UnknownReason.INCOMPLETE, "members of a group: too long")


def _kind(member: Mapping[str, Any]) -> str:
    if may_decide(member):
        return _MAY
    return _GUEST if member.get("userType") == "Guest" else _DISABLED
