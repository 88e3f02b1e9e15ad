"""The groups whose members decide, or contain accounts."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.setup.directory import Directory, key
from services.setup.step import Look, Made, StepFailed, by_hand, there, to_do
from services.setup.wanted import WantedGroup

_AT_LEAST = {"SENDWELL_APPROVERS_GROUP_ID": 2, "SENDWELL_RESPONDERS_GROUP_ID": 1}
"""As the doctor counts them: nobody decides their own case, and an ordinary account takes one responder."""
_NAMED_AT_MOST = 5


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED_AT_MOST
    return ", ".join(names[:_NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")


class DecidersGroup:
    """A security group of people whom an administrator put there."""

    def __init__(self, graph: Directory, wanted: WantedGroup, *, setting: str, plan_key: str) -> None:
        self.title = f"Group “{wanted.name or wanted.id}”"
        self._graph, self._wanted, self._setting = graph, wanted, setting
        word = setting.removeprefix("SENDWELL_").partition("_")[0].lower()
        self._nickname = f"sendwell-{word}-{plan_key}"
        self._path = f"/v1.0/groups/{wanted.id}" if wanted.id else f"/v1.0/groups(uniqueName='{self._nickname}')"

    async def look(self, made: Made) -> Look:
        found = await self._graph.found(f"{self._path}?$select=id,displayName")
        if found is None and self._wanted.id:
            raise StepFailed(f"there is no group {self._wanted.id}.")
        if found is None:
            await self._all_exist(self._wanted.members)
            return to_do(f"make it, with {', '.join(self._wanted.members) or 'nobody in it'}")
        group = str(found["id"])
        made.settings[self._setting] = group
        members = await self._members(group)
        absent = [one for one in self._wanted.members if one.casefold() not in members]
        if absent:
            await self._all_exist(absent)
            return to_do(f"add {', '.join(absent)}")
        enabled = [name for name, is_enabled in members.items() if is_enabled]
        if len(enabled) < (enough := _AT_LEAST[self._setting]):
            return by_hand(f"{len(enabled)} of its members may sign in; it takes {enough}")
        more = self._others(members)
        besides = f", {len(more)} of them not of this plan: {_some(more)}" if more and not self._wanted.id else ""
        return there(f"{len(enabled)} members{besides}; object id {group}")

    async def do(self, made: Made) -> None:
        if not self._wanted.id:
            await self._graph.upsert(self._path, self._body())
        group = str((await self._graph.once_there(f"{self._path}?$select=id"))["id"])
        members = await self._members(group)
        for name in self._wanted.members:
            if name.casefold() not in members:
                await self._graph.post(f"/v1.0/groups/{group}/members/$ref", await self._reference(name))

    def instructions(self, made: Made) -> Sequence[str]:
        return (
            f"Add members to “{self._wanted.name or self._wanted.id}” in Entra under Groups, or to the plan:",
            f"at least {_AT_LEAST[self._setting]} with an account that may sign in.",
        )

    async def take_back(self, made: Made) -> str:
        if self._wanted.id:
            return "stays: it was there before"
        found = await self._graph.found(f"{self._path}?$select=id")
        if found is None:
            return "was not there"
        if others := self._others(await self._members(str(found["id"]))):
            return f"stays: others were put into it ({_some(others)}); delete it in Entra if nobody needs it"
        return "deleted" if await self._graph.delete(self._path) else "was not there"

    def _others(self, members: Mapping[str, bool]) -> list[str]:
        """Whom the plan does not name."""
        return sorted(members.keys() - {one.casefold() for one in self._wanted.members})

    async def _members(self, group: str) -> dict[str, bool]:
        """User names in lower case, and whether each may sign in."""
        path = f"/v1.0/groups/{group}/transitiveMembers/microsoft.graph.user"
        rows = await self._graph.rows(f"{path}?$select=userPrincipalName,accountEnabled&$top=999")
        return {str(row["userPrincipalName"]).casefold(): bool(row["accountEnabled"]) for row in rows}

    async def _all_exist(self, names: Sequence[str]) -> None:
        """A wrong name is said with the plan, before anything is made."""
        for name in names:
            await self._reference(name)

    async def _reference(self, name: str) -> dict[str, str]:
        found = await self._graph.found(f"/v1.0/users/{key(name)}?$select=id")
        if found is None:
            raise StepFailed(f"there is nobody with the user name {name}: mend the plan.")
        return {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{found['id']}"}

    def _body(self) -> dict[str, Any]:
        return {
            "displayName": self._wanted.name,
            "description": "Whoever is in it decides requests of Sendwell.",
            "mailEnabled": False,
            "mailNickname": self._nickname,
            "securityEnabled": True,
        }
