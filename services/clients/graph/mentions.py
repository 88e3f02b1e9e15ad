"""Whom a request notifies: some members of the approvers' group, or a tag."""

from datetime import datetime, timedelta

from services.clients.graph.directory import GraphDirectory
from services.clients.graph.group_members import may_decide
from services.clients.graph.pages import pages
from services.clients.wire_values import text_of
from services.domain.mention import Mention
from services.domain.people import PersonId
from services.ports.clock import Clock

_READ_EVERY = timedelta(minutes=5)
"""Many requests can come at once, and a group seldom changes."""


class MembersMentioned:
    """Implements the port `Mentions`: the first members by name, `most` at most. Guests and disabled accounts, which
    may not decide, are left out."""

    def __init__(self, graph: GraphDirectory, group: str, most: int, clock: Clock) -> None:
        self._graph = graph
        self._group = group
        self._most = most
        self._clock = clock
        self._members: tuple[Mention, ...] = ()
        self._read_at: datetime | None = None

    async def of_approvers(self, but: frozenset[PersonId]) -> tuple[Mention, ...]:
        now = self._clock.now()
        if self._read_at is None or not now - _READ_EVERY < self._read_at <= now:
            self._members, self._read_at = await self._read(), now
        return tuple(member for member in self._members if member.id not in but)[: self._most]

    async def _read(self) -> tuple[Mention, ...]:
        path = f"/v1.0/groups/{self._group}/transitiveMembers/microsoft.graph.user"
        path += "?$select=id,displayName,accountEnabled,userType"
        found: list[Mention] = []
        async for page in pages(self._graph.get, path, "members of a group"):
            found += [
                Mention(id=identity, name=text_of(row.get("displayName")) or "")
                for row in page.rows
                if may_decide(row) and (identity := text_of(row.get("id")))
            ]
        return tuple(sorted(found, key=lambda member: (member.name.casefold(), member.id)))


class TagMentioned:
    """Implements the port `Mentions`: always the same tag. Teams knows whom it stands for."""

    def __init__(self, tag: Mention) -> None:
        self._tag = tag

    async def of_approvers(self, but: frozenset[PersonId]) -> tuple[Mention, ...]:
        del but
        return (self._tag,)
