"""The app registration with the permissions it asks for, its service principal, and an admin's consent to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.setup.directory import Directory
from services.setup.names import SETTINGS_OF
from services.setup.needs import EXCHANGE, GRAPH, MESSAGE_TRACE
from services.setup.step import Look, Made, StepFailed, by_hand, later, there, to_do

_SERVICES = {GRAPH: "Microsoft Graph", EXCHANGE: "Office 365 Exchange Online"}
Permissions = Mapping[str, frozenset[str]]
"""By the app id of the service that grants them: names such as User.Read.All."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedApp:
    """One of the two apps. `key`: the plan's."""

    role: str
    name: str
    key: str
    asks: Permissions


class AppRoles:
    """The ids of permissions, as the tenant's own copies of the services list them."""

    def __init__(self, graph: Directory) -> None:
        self._graph = graph
        self._known: dict[str, tuple[str, dict[str, str]]] = {}

    async def principal(self, service: str) -> str:
        """The object id of the service in this tenant."""
        return (await self._of(service))[0]

    async def ids(self, service: str, names: Iterable[str]) -> dict[str, str]:
        """The id of each of these permissions. Raises `StepFailed` if the service does not list one."""
        known = (await self._of(service))[1]
        if strange := sorted(set(names) - known.keys()):
            raise StepFailed(f"{_SERVICES[service]} offers no {', '.join(strange)} here: is it a national cloud?")
        return {name: known[name] for name in names}

    async def names(self, service: str) -> Mapping[str, str]:
        """The name of each permission, by its id."""
        return {role: name for name, role in (await self._of(service))[1].items()}

    async def _of(self, service: str) -> tuple[str, dict[str, str]]:
        if service not in self._known:
            path = f"/v1.0/servicePrincipals(appId='{service}')?$select=id,appRoles"
            found = await self._graph.found(path)
            if found is None:
                raise StepFailed(f"{_SERVICES[service]} is not in this tenant: does it have Exchange Online?")
            roles = {str(role["value"]): str(role["id"]) for role in found["appRoles"] if role.get("value")}
            self._known[service] = (str(found["id"]), roles)
        return self._known[service]


class AppRegistration:
    """One app of this tenant alone, which asks for exactly these permissions."""

    def __init__(self, graph: Directory, roles: AppRoles, app: WantedApp) -> None:
        self.title = f"App registration “{app.name}”"
        self._graph, self._roles = graph, roles
        self._role, self._name, self._asks = app.role, app.name, app.asks
        self._path = f"/v1.0/applications(uniqueName='sendwell-{app.role}-{app.key}')"

    async def look(self, made: Made) -> Look:
        found = await self._graph.found(f"{self._path}?$select={_FIELDS}")
        if found is None:
            asks = ", ".join(sorted(set().union(*self._asks.values())))
            return to_do(f"make it, for this tenant alone, asking for {asks}")
        app = made.app(self._role)
        app.id, app.object = str(found["appId"]), str(found["id"])
        made.settings[SETTINGS_OF[self._role].id] = app.id
        if found.get("signInAudience") != "AzureADMyOrg":
            return to_do("it lets other organisations in: keep it to this one")
        if _asked(found) != _asked(await self._body()):
            return to_do("it asks for other permissions: set them")
        return there(f"app id {app.id}")

    async def do(self, made: Made) -> None:
        await self._graph.upsert(self._path, await self._body())
        await self._graph.once_there(f"{self._path}?$select={_FIELDS}")

    def instructions(self, made: Made) -> Sequence[str]:
        return ()

    async def take_back(self, made: Made) -> str:
        gone = await self._graph.delete(self._path)
        return "deleted; Entra keeps it for 30 days" if gone else "was not there"

    async def _body(self) -> dict[str, Any]:
        asked = []
        for service, names in sorted(self._asks.items()):
            ids = await self._roles.ids(service, sorted(names))
            asked.append(
                {
                    "resourceAppId": service,
                    "resourceAccess": [{"id": one, "type": "Role"} for one in sorted(ids.values())],
                }
            )
        return {"displayName": self._name, "signInAudience": "AzureADMyOrg", "requiredResourceAccess": asked}


_FIELDS = "id,appId,displayName,signInAudience,requiredResourceAccess"


def _asked(body: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Pairs of service and permission, however the lists are sorted."""
    return {
        (str(one["resourceAppId"]), str(access["id"]))
        for one in body.get("requiredResourceAccess") or []
        for access in one["resourceAccess"]
    }


class EnterpriseApp:
    """The app's service principal, which consent and Exchange's roles are given to."""

    def __init__(self, graph: Directory, app: WantedApp) -> None:
        self.title = f"Enterprise application “{app.name}”"
        self._graph, self._role = graph, app.role

    async def look(self, made: Made) -> Look:
        app = made.app(self._role)
        if not app.id:
            return later("make it", "the app registration")
        found = await self._graph.found(f"/v1.0/servicePrincipals(appId='{app.id}')?$select=id,accountEnabled")
        if found is None:
            return to_do("make it")
        app.principal = str(found["id"])
        if found.get("accountEnabled") is False:
            raise StepFailed("somebody disabled it: enable it in Entra under Enterprise applications, Properties.")
        return there(f"object id {app.principal}")

    async def do(self, made: Made) -> None:
        await _make_principal(self._graph, made.app(self._role).id)

    def instructions(self, made: Made) -> Sequence[str]:
        return ()

    async def take_back(self, made: Made) -> str:
        return "goes with the app registration"


async def _make_principal(graph: Directory, app: str) -> None:
    await graph.post("/v1.0/servicePrincipals", {"appId": app})
    await graph.once_there(f"/v1.0/servicePrincipals(appId='{app}')?$select=id")


class TracePrincipal:
    """Message trace's own service principal, which every program of the tenant shares."""

    title = "Service principal of message trace"
    _path = f"/v1.0/servicePrincipals(appId='{MESSAGE_TRACE}')"

    def __init__(self, graph: Directory) -> None:
        self._graph = graph

    async def look(self, made: Made) -> Look:
        found = await self._graph.found(f"{self._path}?$select=id,accountEnabled")
        return to_do("make it; it works some hours later") if found is None else there("it is there")

    async def do(self, made: Made) -> None:
        await _make_principal(self._graph, MESSAGE_TRACE)

    def instructions(self, made: Made) -> Sequence[str]:
        return ()

    async def take_back(self, made: Made) -> str:
        return "stays: other programs may use it"


class Consent:
    """An administrator's consent. Nobody but a human gives it: it is what the whole set-up hangs on."""

    def __init__(self, graph: Directory, roles: AppRoles, app: WantedApp, authority: str) -> None:
        """`authority`: the login's address with the tenant."""
        self.title = f"Consent to the permissions of “{app.name}”"
        self._graph, self._roles, self._role, self._asks = graph, roles, app.role, app.asks
        self._authority = authority

    async def look(self, made: Made) -> Look:
        if not (principal := made.app(self._role).principal):
            return later("by hand, at an address that is shown then", "the enterprise application")
        rows = await self._graph.rows(f"/v1.0/servicePrincipals/{principal}/appRoleAssignments")
        given = {(str(row["resourceId"]), str(row["appRoleId"])) for row in rows}
        missing, wanted = [], set()
        for service, names in sorted(self._asks.items()):
            resource = await self._roles.principal(service)
            for name, role in (await self._roles.ids(service, sorted(names))).items():
                wanted.add((resource, role))
                missing += [] if (resource, role) in given else [name]
        if missing and len(missing) == len(wanted):
            return by_hand(f"none of the {len(wanted)} is given yet")
        if missing:
            return by_hand(f"missing: {', '.join(sorted(missing))}")
        more = len(given - wanted)
        return there(f"all {len(wanted)}" + (f"; {more} more than this plan asks for" if more else ""))

    async def do(self, made: Made) -> None:
        raise AssertionError("consent is a human's")

    def instructions(self, made: Made) -> Sequence[str]:
        app = made.app(self._role).id
        return (
            "As a Global Administrator or Privileged Role Administrator, open this address and accept:",
            f"  {self._authority}/adminconsent?client_id={app}",
            "The page after it may say that an address is missing: the consent counts all the same.",
        )

    async def take_back(self, made: Made) -> str:
        return "goes with the app registration"
