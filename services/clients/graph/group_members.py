"""The members of one Entra group: approvers or responders. The directory is asked at every click."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from services.clients.graph.directory import GraphDirectory
from services.clients.graph.pages import pages
from services.clients.http import ApiClient
from services.domain.people import PersonId, Standing
from services.domain.unknown import UnknownReason
from services.ports.errors import NotFound, Unavailable


class GroupApprovers:
    """Implements the port `Approvers`."""

    def __init__(self, graph: GraphDirectory, api: ApiClient, group: str) -> None:
        self._graph = graph
        self._api = api
        self._group = group

    async def standing(self, person: PersonId) -> Standing:
        identity = quote(person, safe="")
        try:
            user = await self._graph.get(f"/v1.0/users/{identity}?$select=id,accountEnabled,userType")
        except NotFound:
            return Standing.NOT_APPROVER
        if user.get("userType") == "Guest":
            return Standing.GUEST
        if user.get("accountEnabled") is not True:
            return Standing.DISABLED
        if await self._is_member(identity):
            return Standing.APPROVER
        if await self._is_eligible(identity):
            return Standing.ELIGIBLE
        await self._require_group()
        return Standing.NOT_APPROVER

    async def anybody_but(self, person: PersonId) -> bool:
        """Whether the group has another member who may decide. Guests and disabled accounts may not."""
        try:
            return await self._has_another(person)
        except Unavailable:
            await self._require_group()
            raise

    async def _has_another(self, person: PersonId) -> bool:
        path = f"/v1.0/groups/{self._group}/transitiveMembers/microsoft.graph.user?$select=id,accountEnabled,userType"
        async for page in pages(self._graph.get, path, "members of a group"):
            if any(may_decide(row) and row.get("id") != person for row in page.rows):
                return True
            if page.is_last:
                return False
        raise Unavailable(UnknownReason.INCOMPLETE, "a very large group")

    async def _is_member(self, identity: str) -> bool:
        # https://learn.microsoft.com/graph/api/directoryobject-checkmembergroups (transitive)
        path = f"/v1.0/users/{identity}/checkMemberGroups"
        response = await self._api.read("POST", path, {"groupIds": [self._group]})
        groups = response.json.get("value") if response.is_success and isinstance(response.json, dict) else None
        if not isinstance(groups, list):
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"HTTP {response.status}")
        return self._group.casefold() in {str(group).casefold() for group in groups}

    async def _require_group(self) -> None:
        """Raises `NotFound` for a group that does not exist: a question about membership may leave that out, and nobody
        is to read that they are no approver because a setting is wrong."""
        with suppress(Unavailable):
            await self._graph.get(f"/v1.0/groups/{self._group}?$select=id")

    async def _is_eligible(self, identity: str) -> bool:
        """Whether the person could activate their membership. It only makes the refusal more helpful, so `False` if it
        cannot be read."""
        mine = quote(f"groupId eq '{self._group}' and principalId eq '{identity}'")
        path = f"/v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances?$filter={mine}"
        try:
            return bool((await self._graph.get(path)).get("value"))
        except (Unavailable, NotFound):
            return False


def may_decide(row: Mapping[str, Any]) -> bool:
    """Whether a member, read with `accountEnabled` and `userType`, is one who may decide."""
    return row.get("accountEnabled") is True and row.get("userType") != "Guest"
