"""Entra groups as Graph shows them: how they get their members."""

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.answers import Refused, Route
from sandbox.people import APPROVERS_GROUP, RESPONDERS_GROUP
from sandbox.shared import BULK_SENDERS, SALES_TEAM


@dataclass(kw_only=True)
class Group:
    """One group. `inside`: the ids of groups in it."""

    id: str
    name: str
    types: list[str] = field(default_factory=list)
    visibility: str | None = None
    rule: str | None = None
    state: str | None = None
    inside: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    """Of a group that was made here: who was put into it."""

    def becomes_public(self) -> None:
        """A Microsoft 365 group that everybody can join."""
        self.types, self.visibility = ["Unified"], "Public"

    def becomes_dynamic(self, rule: str, *, state: str = "On") -> None:
        """A security group whose members a rule finds."""
        self.types, self.rule, self.state = ["DynamicMembership"], rule, state

    def fields(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "displayName": self.name,
            "groupTypes": self.types,
            "visibility": self.visibility,
            "membershipRule": self.rule,
            "membershipRuleProcessingState": self.state,
            "securityEnabled": True,
        }


class Groups:
    """The groups of the tenant, by id."""

    def __init__(self) -> None:
        self.endless = False
        """Whether every page of members has another one behind it."""
        self.known = {
            group.id: group
            for group in (
                Group(id=APPROVERS_GROUP, name="Mail approvers"),
                Group(id=RESPONDERS_GROUP, name="Mail responders"),
                *(Group(id=one.id, name=one.name) for one in (SALES_TEAM, BULK_SENDERS)),
            )
        }

    @property
    def approvers(self) -> Group:
        return self.known[APPROVERS_GROUP]

    @property
    def responders(self) -> Group:
        return self.known[RESPONDERS_GROUP]

    def goes(self, group: str) -> Group:
        """The group is deleted, or its id was wrong all along; returns what it was."""
        return self.known.pop(group)

    def comes_back(self, group: Group) -> None:
        self.known[group.id] = group

    def routes(self) -> tuple[Route, ...]:
        return (
            ("GET", "/v1.0/groups/{group}", "GroupMember.Read.All", self._group),
            (
                "GET",
                "/v1.0/groups/{group}/transitiveMembers/microsoft.graph.group",
                "GroupMember.Read.All",
                self._inside,
            ),
        )

    def _found(self, request: web.Request) -> Group:
        group = self.known.get(request.match_info["group"])
        if group is None:
            raise Refused(404, "Request_ResourceNotFound", "Resource does not exist.")
        return group

    async def _group(self, request: web.Request) -> dict[str, Any]:
        return _selected(self._found(request), request)

    async def _inside(self, request: web.Request) -> dict[str, Any]:
        return {"value": [_selected(self.known[one], request) for one in self._found(request).inside]}


def _selected(group: Group, request: web.Request) -> dict[str, Any]:
    """Only what is asked for: nothing but the id and the name comes by itself."""
    fields = group.fields()
    names = [name for name in request.query.get("$select", "").split(",") if name]
    if strange := set(names) - set(fields):
        raise Refused(400, "BadRequest", f"Could not find a property named '{sorted(strange)[0]}'.")
    return {name: fields[name] for name in names or ("id", "displayName")}
