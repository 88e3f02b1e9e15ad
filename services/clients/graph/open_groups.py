"""Whether anybody can join the groups that the settings name: asked at the start, and now and then."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from services.clients.graph.directory import GraphDirectory
from services.clients.graph.pages import all_rows
from services.clients.wire_values import text_of
from services.domain.open_groups import GroupSettings, why_open
from services.ports.clock import Clock
from services.ports.errors import NotFound, Unavailable

log = logging.getLogger("sendwell.groups")

# https://learn.microsoft.com/graph/api/group-get, https://learn.microsoft.com/graph/api/group-list-transitivemembers
_FIELDS = "$select=id,displayName,groupTypes,visibility,membershipRule,membershipRuleProcessingState"
_WITHIN = timedelta(seconds=5)
_ASKED_EVERY = timedelta(minutes=10)


class OpenGroups:
    """Asks the directory about the groups; `groups` maps the name of a setting to the group's id."""

    def __init__(self, graph: GraphDirectory, groups: Mapping[str, str], clock: Clock) -> None:
        self._graph = graph
        self._groups = groups
        self._clock = clock
        self._asked_at: datetime | None = None
        self._complaints: list[str] = []

    async def complaints(self) -> list[str]:
        """A sentence for each group that anybody can join, itself or through a group in it. What was found stands for
        some minutes. A group that cannot be read is not complained of."""
        now = self._clock.now()
        if self._asked_at is None or now - self._asked_at >= _ASKED_EVERY:
            self._asked_at = now
            found = await asyncio.gather(*(self._of(name, group) for name, group in self._groups.items()))
            self._complaints = [complaint for complaint in found if complaint]
        return self._complaints

    async def _of(self, setting: str, group: str) -> str | None:
        try:
            async with asyncio.timeout(_WITHIN.total_seconds()):
                itself, inside = await self._read(group)
        except Unavailable as trouble:
            log.warning("%s: whether anybody can join the group could not be read: %s", setting, trouble.logged)
            return None
        except (NotFound, TimeoutError):
            log.warning("%s: whether anybody can join the group could not be read", setting)
            return None
        if why := why_open(itself):
            return f"{setting} names “{itself.name}”, and {why}, or name another group."
        for one in inside:
            if why := why_open(one):
                return f"{setting} names “{itself.name}”, which holds “{one.name}”, and {why}, or take it out."
        return None

    async def _read(self, group: str) -> tuple[GroupSettings, list[GroupSettings]]:
        path = f"/v1.0/groups/{quote(group, safe='')}"
        nested = f"{path}/transitiveMembers/microsoft.graph.group?{_FIELDS}"
        itself, inside = await asyncio.gather(
            self._graph.get(f"{path}?{_FIELDS}"), all_rows(self._graph.get, nested, "groups in a group")
        )
        return _settings(itself), [_settings(row) for row in inside]


def _settings(row: Mapping[str, Any]) -> GroupSettings:
    kinds = row.get("groupTypes")
    kinds = {str(kind).casefold() for kind in kinds} if isinstance(kinds, list) else set()
    # A rule whose evaluation is paused takes in nobody.
    is_dynamic = "dynamicmembership" in kinds and str(row.get("membershipRuleProcessingState")).casefold() != "paused"
    return GroupSettings(
        name=(text_of(row.get("displayName")) or "")[:80],
        is_microsoft365="unified" in kinds,
        visibility=text_of(row.get("visibility")),
        rule=(text_of(row.get("membershipRule")) or "") if is_dynamic else None,
    )
