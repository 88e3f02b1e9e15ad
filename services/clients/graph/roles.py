"""The directory roles of an account: assigned to it, activated by it, or held through a group."""

from collections.abc import Mapping
from urllib.parse import quote

from services.clients.http import ApiClient
from services.domain.people import PersonId
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable

_ROLES = "roleManagement/directory"
_NO_PIM = "AadPremiumLicenseRequired"
# https://learn.microsoft.com/graph/aad-advanced-queries
_ADVANCED = {"ConsistencyLevel": "eventual"}


async def holds_role(api: ApiClient, person: PersonId) -> bool:
    """Whether any list shows a role. One that does is enough, whatever becomes of the others.

    Raises `Unavailable` if none shows a role and one of them could not be read."""
    trouble: Unavailable | None = None
    for shows_a_role in (_assigned, _activated, _through_groups):
        try:
            if await shows_a_role(api, person):
                return True
        except Unavailable as unread:
            trouble = trouble or unread
    if trouble:
        raise trouble
    return False


async def _assigned(api: ApiClient, person: PersonId) -> bool:
    # https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments
    # The transitive lists show these too, but some time after they were assigned.
    return await _any(api, f"/v1.0/{_ROLES}/roleAssignments?$filter={_whose(person)}")


async def _activated(api: ApiClient, person: PersonId) -> bool:
    # https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignmentscheduleinstances
    try:
        return await _any(api, f"/v1.0/{_ROLES}/roleAssignmentScheduleInstances?$filter={_whose(person)}")
    except Unavailable as unread:
        if unread.reason is UnknownReason.NO_LICENCE:
            return False  # without Entra ID P2 there is no PIM, and nobody activates anything
        raise


async def _through_groups(api: ApiClient, person: PersonId) -> bool:
    """From the list of assignments, which is in beta; where there is none, or it may not be read, from the memberships,
    which leave out roles that are limited to an administrative unit. A list that is only late is not replaced: what it
    alone shows would be missing."""
    # https://learn.microsoft.com/graph/api/rbacapplication-list-transitiveroleassignments
    # https://learn.microsoft.com/graph/api/user-list-transitivememberof
    try:
        return await _any(
            api, f"/beta/{_ROLES}/transitiveRoleAssignments?$count=true&$filter={_whose(person)}", _ADVANCED
        )
    except Unavailable as unread:
        if unread.reason not in (UnknownReason.UNEXPECTED_RESPONSE, UnknownReason.NO_PERMISSION):
            raise
        held = f"/v1.0/users/{quote(person, safe='')}/transitiveMemberOf/microsoft.graph.directoryRole"
        return await _any(api, f"{held}?$count=true", _ADVANCED)


async def _any(api: ApiClient, path: str, headers: Mapping[str, str] | None = None) -> bool:
    source = path.partition("?")[0].rpartition("/")[2]
    response = await api.read("GET", path, headers=headers)
    if response.status == 400 and _NO_PIM in response.text:
        raise Unavailable(UnknownReason.NO_LICENCE, source)
    rows = response.json.get("value") if response.is_success and isinstance(response.json, dict) else None
    if not isinstance(rows, list):
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"{source}: HTTP {response.status}")
    if not rows and "@odata.nextLink" in response.json:
        raise Unavailable(UnknownReason.INCOMPLETE, source)
    return bool(rows)


def _whose(person: PersonId) -> str:
    return quote(f"principalId eq '{person.replace(chr(39), chr(39) * 2)}'")
