"""Who may decide: members of one Entra group, asked of the directory at every click."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from services.clients.graph.directory import GraphDirectory
from services.clients.http import ApiClient
from services.domain.people import PersonId, Standing
from services.domain.unknown import UnknownReason
from services.ports.errors import NotFound, Unavailable

_PAGES_AT_MOST = 5


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
        return Standing.ELIGIBLE if await self._is_eligible(identity) else Standing.NOT_APPROVER

    async def anybody_but(self, person: PersonId) -> bool:
        """Guests and disabled accounts do not count: they may not decide."""
        path = f"/v1.0/groups/{self._group}/transitiveMembers/microsoft.graph.user?$select=id,accountEnabled,userType"
        for _ in range(_PAGES_AT_MOST):
            page = await self._page(path)
            rows = [row for row in page.get("value") or [] if isinstance(row, dict)]
            if any(_may_decide(row) and row.get("id") != person for row in rows):
                return True
            _, found, path = str(page.get("@odata.nextLink") or "").partition("/v1.0/")
            if not found:
                return False
            path = f"/v1.0/{path}"
        raise Unavailable(UnknownReason.INCOMPLETE, "a very large group")

    async def _page(self, path: str) -> Mapping[str, Any]:
        try:
            return await self._graph.get(path)
        except NotFound as nothing:
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "no such group") from nothing

    async def _is_member(self, identity: str) -> bool:
        # https://learn.microsoft.com/graph/api/directoryobject-checkmembergroups (transitive)
        answer = await self._api.read("POST", f"/v1.0/users/{identity}/checkMemberGroups", {"groupIds": [self._group]})
        if not answer.is_success or not isinstance(answer.json, dict) or not isinstance(answer.json.get("value"), list):
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"HTTP {answer.status}")
        return self._group.casefold() in {str(group).casefold() for group in answer.json["value"]}

    async def _is_eligible(self, identity: str) -> bool:
        """Only makes the refusal kinder; where it cannot be read, the plain refusal stands."""
        mine = quote(f"groupId eq '{self._group}' and principalId eq '{identity}'")
        path = f"/v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances?$filter={mine}"
        try:
            return bool((await self._graph.get(path)).get("value"))
        except (Unavailable, NotFound):
            return False


def _may_decide(row: dict[str, object]) -> bool:
    return row.get("accountEnabled") is True and row.get("userType") != "Guest"
