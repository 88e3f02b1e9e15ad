"""What an administrator makes in Entra through Graph: apps, their service principals and credentials, groups, and the
organisation's catalogue of Teams apps."""

import base64
import binascii
import re
import uuid
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import web
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate

from sandbox.answers import Refused, Route
from sandbox.catalogue import PackageRefused
from sandbox.groups import Group
from sandbox.people import TEAMS_APP
from sandbox.registrations import Registration
from sandbox.tenant import Account, Tenant

GRAPH, EXCHANGE = "00000003-0000-0000-c000-000000000000", "00000002-0000-0ff1-ce00-000000000000"
MESSAGE_TRACE = "8bd644d1-64a1-4d4b-ae52-2e0cbf64e373"
_MANAGE_AS_APP = "dc50a0fb-09a3-484d-be87-e023b12c6440"
_APP_FIELDS = {"displayName", "signInAudience", "requiredResourceAccess", "keyCredentials"}
_GROUP_FIELDS = {"displayName", "description", "mailEnabled", "mailNickname", "securityEnabled"}
_UNIQUE = re.compile(r"\w[\w-]{0,119}")
_CATALOGUE = re.compile(r"distributionMethod eq 'organization' and externalId eq '([^']+)'")
_ROLES = (
    "User.Read.All GroupMember.Read.All UserAuthenticationMethod.Read.All AuditLog.Read.All Domain.Read.All "
    "PrivilegedEligibilitySchedule.Read.AzureADGroup IdentityRiskyUser.Read.All IdentityRiskEvent.Read.All "
    "ExchangeMessageTrace.Read.All AuditLogsQuery-Exchange.Read.All AuditLogsQuery.Read.All "
    "TeamsAppInstallation.ReadWriteSelfForUser.All User.RevokeSessions.All User-PasswordProfile.ReadWrite.All "
    "User.EnableDisableAccount.All RoleManagement.Read.Directory Mail.ReadWrite"
)


def _new() -> str:
    return str(uuid.uuid4())


@dataclass(kw_only=True)
class MadeApp:
    """An app registration that somebody made here. `unread`: reads that do not know it yet, as it replicates."""

    unique: str
    app: Registration
    id: str = field(default_factory=_new)
    body: dict[str, Any] = field(default_factory=dict)
    passwords: list[dict[str, Any]] = field(default_factory=list)
    """What Entra shows of its secrets."""
    unread: int = 0


@dataclass(kw_only=True)
class Principal:
    """A service principal. `given`: pairs of resource and permission."""

    app: str
    id: str = field(default_factory=_new)
    enabled: bool = True
    given: set[tuple[str, str]] = field(default_factory=set)
    unread: int = 0


class EntraRoutes:
    """Routes with the delegated scope each needs. `slow`: how many reads what was just made stays unknown for."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self.slow = 1
        self._loses: int | None = None
        self.apps: dict[str, MadeApp] = {}
        self.groups: dict[str, Group] = {}
        """Both by the unique name that they were made with."""
        self.app_roles = {
            GRAPH: {name: _new() for name in _ROLES.split()},
            EXCHANGE: {"Exchange.ManageAsApp": _MANAGE_AS_APP},
        }
        self.principals = {app: Principal(app=app) for app in (GRAPH, EXCHANGE)}

    def begin_anew(self) -> None:
        """What an administrator made is gone, with its rights."""
        for made in self.apps.values():
            self._tenant.apps.pop(made.app.id, None)
        self.apps.clear()
        self.groups.clear()
        self.principals = {app: self.principals[app] for app in (GRAPH, EXCHANGE)}
        self._loses = None

    def loses_answer(self, nth: int) -> None:
        """What is made then is made, and its answer never arrives."""
        self._loses = nth

    def made_by_somebody(self, name: str) -> Registration:
        """Any member of a tenant may register an app, under any name."""
        app = Registration(id=_new(), roles=frozenset(), connector=True)
        self.apps[app.id] = MadeApp(unique=app.id, app=app, body={"displayName": name})
        self._tenant.apps[app.id] = app
        return app

    def consent(self, app: str) -> bool:
        """An administrator opens the address and accepts all that the app asks for; whether there is such an app."""
        made = next((one for one in self.apps.values() if one.app.id == app), None)
        if made is None or app not in self.principals:
            return False
        asked = [
            (one["resourceAppId"], access["id"])
            for one in made.body["requiredResourceAccess"]
            for access in one["resourceAccess"]
        ]
        self.principals[app].given |= {(self.principals[service].id, role) for service, role in asked}
        names = {role: name for roles in self.app_roles.values() for name, role in roles.items()}
        made.app.roles |= {names[role] for _, role in asked}
        return True

    def routes(self) -> tuple[Route, ...]:
        apps, groups, both = "Application.ReadWrite.All", "Group.ReadWrite.All", "Application.ReadWrite.All"
        unique = r"(uniqueName='{unique:[^']+}')"
        return (
            ("GET", f"/v1.0/applications{unique}", apps, self._app),
            ("PATCH", f"/v1.0/applications{unique}", apps, self._upsert_app),
            ("DELETE", f"/v1.0/applications{unique}", apps, self._delete_app),
            ("GET", "/v1.0/applications/{object}", apps, self._app_by_id),
            ("PATCH", "/v1.0/applications/{object}", apps, self._change_app),
            ("POST", "/v1.0/applications/{object}/addPassword", apps, self._add_password),
            ("GET", r"/v1.0/servicePrincipals(appId='{app:[^']+}')", both, self._principal),
            ("POST", "/v1.0/servicePrincipals", apps, self._make_principal),
            ("GET", "/v1.0/servicePrincipals/{object}/appRoleAssignments", both, self._assignments),
            ("GET", f"/v1.0/groups{unique}", groups, self._group),
            ("PATCH", f"/v1.0/groups{unique}", groups, self._upsert_group),
            ("DELETE", f"/v1.0/groups{unique}", groups, self._delete_group),
            ("POST", "/v1.0/groups/{group}/members/$ref", groups, self._add_member),
            ("GET", "/v1.0/appCatalogs/teamsApps", "AppCatalog.ReadWrite.All", self._teams_apps),
            ("POST", "/v1.0/appCatalogs/teamsApps", "AppCatalog.ReadWrite.All", self._upload),
            ("DELETE", "/v1.0/appCatalogs/teamsApps/{app}", "AppCatalog.ReadWrite.All", self._delete_teams_app),
        )

    async def _app(self, request: web.Request) -> dict[str, Any]:
        return _chosen(self._fields(_read_once_there(self.apps.get(request.match_info["unique"]))), request)

    async def _app_by_id(self, request: web.Request) -> dict[str, Any]:
        return _chosen(self._fields(self._made(request)), request)

    def _made(self, request: web.Request) -> MadeApp:
        wanted = request.match_info["object"]
        return _found(next((one for one in self.apps.values() if one.id == wanted), None))

    def _fields(self, made: MadeApp) -> dict[str, Any]:
        held = {"keyCredentials": [], "requiredResourceAccess": [], **made.body, "passwordCredentials": made.passwords}
        return {"id": made.id, "appId": made.app.id, "uniqueName": made.unique, **held}

    async def _upsert_app(self, request: web.Request) -> dict[str, Any] | None:
        body, made = await _body(request, _APP_FIELDS), self.apps.get(request.match_info["unique"])
        self._refuse_strange_permissions(body)
        if made is not None:
            made.body |= body
            return None
        _refuse_unless_wanted(request)
        if not body.get("displayName"):
            raise Refused(400, "Request_BadRequest", "A value is required for property 'displayName' of resource.")
        app = Registration(id=_new(), roles=frozenset(), connector=True)
        self._tenant.apps[app.id] = app
        made = MadeApp(unique=request.match_info["unique"], app=app, body=body, unread=self.slow)
        self.apps[made.unique] = made
        self._lose()
        return self._fields(made)

    def _refuse_strange_permissions(self, body: dict[str, Any]) -> None:
        for one in body.get("requiredResourceAccess", []):
            known = set(self.app_roles.get(one["resourceAppId"], {}).values())
            if any(access["id"] not in known or access["type"] != "Role" for access in one["resourceAccess"]):
                raise Refused(400, "Request_BadRequest", "Property requiredResourceAccess.resourceAccess is invalid.")

    async def _change_app(self, request: web.Request) -> None:
        """`keyCredentials` replaces the whole list: whatever is left out is gone."""
        made, body = self._made(request), await _body(request, _APP_FIELDS)
        if "keyCredentials" in body:
            made.app.certificates.clear()
            for one in body["keyCredentials"]:
                made.app.add_certificate(_pem(one))
        made.body |= body

    async def _add_password(self, request: web.Request) -> dict[str, Any]:
        made, wish = self._made(request), (await _body(request, {"passwordCredential"}))["passwordCredential"]
        secret = f"{uuid.uuid4().hex}~Q"
        made.app.add_secret(secret)
        made.passwords.append({"displayName": wish.get("displayName"), "hint": secret[:3]})
        return {"keyId": _new(), "secretText": secret, "displayName": wish.get("displayName")}

    async def _delete_app(self, request: web.Request) -> None:
        made = _found(self.apps.pop(request.match_info["unique"], None))
        self._tenant.apps.pop(made.app.id, None)
        self.principals.pop(made.app.id, None)

    async def _principal(self, request: web.Request) -> dict[str, Any]:
        app = request.match_info["app"]
        found = _read_once_there(self.principals.get(app))
        roles = [{"id": role, "value": name} for name, role in self.app_roles.get(app, {}).items()]
        return {"id": found.id, "appId": app, "accountEnabled": found.enabled, "appRoles": roles}

    async def _make_principal(self, request: web.Request) -> dict[str, Any]:
        app = str((await _body(request, {"appId"})).get("appId"))
        if app in self.principals:
            raise Refused(409, "Request_MultipleObjectsWithSameKeyValue", f"The service principal {app} is in use.")
        if app != MESSAGE_TRACE and all(one.app.id != app for one in self.apps.values()):
            raise Refused(400, "Request_BadRequest", f"The appId '{app}' of the service principal does not exist.")
        made = Principal(app=app, unread=self.slow)
        self.principals[app] = made
        self._tenant.management_roles.knows_principal(app, made.id)
        self._lose()
        return {"id": made.id, "appId": app}

    async def _assignments(self, request: web.Request) -> dict[str, Any]:
        wanted = request.match_info["object"]
        found = _found(next((one for one in self.principals.values() if one.id == wanted), None))
        return {"value": [{"resourceId": resource, "appRoleId": role} for resource, role in sorted(found.given)]}

    async def _group(self, request: web.Request) -> dict[str, Any]:
        group = _found(self.groups.get(request.match_info["unique"]))
        return {"id": group.id, "displayName": group.name}

    async def _upsert_group(self, request: web.Request) -> dict[str, Any] | None:
        body, unique = await _body(request, _GROUP_FIELDS), request.match_info["unique"]
        if unique in self.groups:
            return None
        _refuse_unless_wanted(request)
        if missing := _GROUP_FIELDS - {"description"} - set(body):
            raise Refused(400, "Request_BadRequest", f"A value is required for property '{sorted(missing)[0]}'.")
        group = Group(id=_new(), name=body["displayName"])
        self.groups[unique] = self._tenant.groups.known[group.id] = group
        self._lose()
        return {"id": group.id, "displayName": group.name}

    async def _delete_group(self, request: web.Request) -> None:
        group = _found(self.groups.pop(request.match_info["unique"], None))
        del self._tenant.groups.known[group.id]

    async def _add_member(self, request: web.Request) -> None:
        group = _found(self._tenant.groups.known.get(request.match_info["group"]))
        named = str((await _body(request, {"@odata.id"}))["@odata.id"])
        account = self._account(named.rpartition("/directoryObjects/")[2])
        if account.persona.key in group.members:
            raise Refused(400, "Request_BadRequest", "One or more added object references already exist.")
        group.members.append(account.persona.key)

    def _account(self, wanted: str) -> Account:
        return _found(self._tenant.account_of(wanted))

    async def _teams_apps(self, request: web.Request) -> dict[str, Any]:
        match = _CATALOGUE.fullmatch(request.query.get("$filter", ""))
        if match is None:
            raise Refused(400, "BadRequest", "Invalid filter clause.")
        catalogue = self._tenant.catalogue
        held = catalogue.uploaded and catalogue.external == match[1]
        return {"value": [{"id": TEAMS_APP, "externalId": match[1]}] if held else []}

    async def _upload(self, request: web.Request) -> dict[str, Any]:
        if request.content_type != "application/zip":
            raise Refused(415, "UnsupportedMediaType", "The package is sent as application/zip.")
        try:
            self._tenant.catalogue.upload(await request.read())
        except PackageRefused as refused:
            raise Refused(400, "BadRequest", str(refused)) from refused
        return {"id": TEAMS_APP, "externalId": self._tenant.catalogue.external}

    async def _delete_teams_app(self, request: web.Request) -> None:
        self._tenant.catalogue.forget()

    def _lose(self) -> None:
        if self._loses == 0:
            self._loses = None
            raise Refused(504, "GatewayTimeout", "The answer was lost on its way.")
        self._loses = None if self._loses is None else self._loses - 1


_T = TypeVar("_T")


def _found(made: _T | None) -> _T:
    if made is None:
        raise Refused(404, "Request_ResourceNotFound", "Resource does not exist or one of its queried references.")
    return made


_R = TypeVar("_R", MadeApp, Principal)


def _read_once_there(made: _R | None) -> _R:
    """What replicates is not known to the first reads."""
    found = _found(made)
    if found.unread:
        found.unread -= 1
        raise Refused(404, "Request_ResourceNotFound", "Resource does not exist or one of its queried references.")
    return found


def _chosen(fields: dict[str, Any], request: web.Request) -> dict[str, Any]:
    """Nothing that is not asked for by name."""
    names = request.query.get("$select", "").split(",")
    if strange := set(names) - fields.keys():
        raise Refused(400, "BadRequest", f"Could not find a property named '{sorted(strange)[0]}'.")
    return {name: fields[name] for name in names}


def _refuse_unless_wanted(request: web.Request) -> None:
    """Without the header an upsert is an update, and there is nothing to update."""
    if request.headers.get("Prefer") != "create-if-missing" or not _UNIQUE.fullmatch(request.match_info["unique"]):
        raise Refused(404, "Request_ResourceNotFound", "Resource does not exist or one of its queried references.")


async def _body(request: web.Request, fields: set[str]) -> dict[str, Any]:
    body = await request.json()
    if not isinstance(body, dict) or set(body) - fields:
        raise Refused(400, "Request_BadRequest", "Invalid property in the request's body.")
    return body


def _pem(credential: dict[str, Any]) -> bytes:
    if credential.get("type") != "AsymmetricX509Cert" or credential.get("usage") != "Verify":
        raise Refused(400, "KeyCredentialsInvalid", "New credential values must be a certificate to verify with.")
    try:
        return load_der_x509_certificate(base64.b64decode(credential["key"])).public_bytes(Encoding.PEM)
    except (binascii.Error, ValueError) as broken:
        raise Refused(400, "KeyCredentialsInvalid", "The certificate cannot be read.") from broken
