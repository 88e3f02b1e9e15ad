"""Microsoft Graph: people, methods, audits and groups. A field comes only when it is selected."""

import re
from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox.answers import NOT_PREMIUM, Needs, Refused, Route
from sandbox.apps_routes import AppsRoutes
from sandbox.audit_routes import AuditRoutes
from sandbox.clouds import WORLDWIDE, Cloud
from sandbox.containment_routes import ContainmentRoutes
from sandbox.entra_routes import EntraRoutes
from sandbox.faults import faulty
from sandbox.login import Login
from sandbox.people import APPROVERS_GROUP, PEOPLE, RESPONDERS_GROUP
from sandbox.replay import Replay
from sandbox.shared import BULK_SENDERS, SALES_TEAM
from sandbox.sign_in_routes import SignInRoutes
from sandbox.tenant import Account, Tenant, stamp
from sandbox.trace_routes import TraceRoutes
from sandbox.traces_routes import TracesRoutes

_DEFAULT = ("id", "displayName", "userPrincipalName", "mail", "businessPhones", "mobilePhone")
_AUDITS = re.compile(r"activityDateTime ge (\S+) and targetResources/any\(t:t/id eq '([^']+)'\)")
_ELIGIBLE = re.compile(r"groupId eq '([^']+)' and principalId eq '([^']+)'")
_GLOBAL_ONLY = ("/v1.0/admin/exchange/", "/beta/security/", "/v1.0/users/{user}/teamwork/")
_AN_ADMIN_READS = ("User.Read.All", "GroupMember.Read.All")
"""What the scopes of an administrator's token cover as well."""
_MANAGER = re.compile(r"manager\(\$select=[A-Za-z,]+\)")


class GraphService:
    """The directory, over HTTP."""

    def __init__(self, tenant: Tenant, login: Login, cloud: Cloud = WORLDWIDE, replay: Replay | None = None) -> None:
        self._tenant = tenant
        self._cloud = cloud
        self._replay = replay
        self._login = login
        self.base_url = ""
        self.entra = EntraRoutes(tenant)

    def application(self) -> web.Application:
        application = web.Application(middlewares=[self._replay.middleware(self._may)] if self._replay else [])
        routes: tuple[Route, ...] = (
            ("GET", "/users", "User.Read.All", self._users),
            ("GET", "/users/{user}", "User.Read.All", self._user),
            ("GET", "/users/{user}/authentication/methods", "UserAuthenticationMethod.Read.All", self._methods),
            ("GET", "/reports/authenticationMethods/userRegistrationDetails", "AuditLog.Read.All", self._registrations),
            (
                "GET",
                "/reports/authenticationMethods/userRegistrationDetails/{user}",
                "AuditLog.Read.All",
                self._registration,
            ),
            ("GET", "/auditLogs/directoryAudits", "AuditLog.Read.All", self._audits),
            ("POST", "/users/{user}/checkMemberGroups", "GroupMember.Read.All", self._member),
            ("GET", "/groups/{group}/transitiveMembers/microsoft.graph.user", "GroupMember.Read.All", self._members),
            (
                "GET",
                "/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances",
                "PrivilegedEligibilitySchedule.Read.AzureADGroup",
                self._eligible,
            ),
            ("GET", "/domains/{domain}", "Domain.Read.All", self._domain),
        )
        for method, path, role, handler in routes:
            application.router.add_route(method, f"/v1.0{path}", self._guarded(role, handler))
        tenant = self._tenant
        traces = TraceRoutes(tenant, lambda: self.base_url)
        more = (
            tenant.groups,
            TracesRoutes(tenant),
            SignInRoutes(tenant),
            traces,
            AuditRoutes(tenant),
            AppsRoutes(tenant),
        )
        for method, path, role, handler in (route for part in more for route in part.routes()):
            answers = handler if self._cloud.is_global or not path.startswith(_GLOBAL_ONLY) else _no_segment
            application.router.add_route(method, path, self._guarded(role, answers))
        for method, path, scope, handler in self.entra.routes():
            application.router.add_route(method, path, self._delegated(str(scope), handler))
        for method, path, needs, handler in ContainmentRoutes(self._tenant).routes():
            fault = () if method == "GET" else ("graph.contain",)
            application.router.add_route(method, path, self._guarded(needs, handler, *fault))
        return application

    def _may(self, request: web.Request) -> bool:
        return self._login.roles_of(request.headers.get("Authorization"), self.base_url) is not None

    def _guarded(self, needs: Needs, handler: Callable[[web.Request], Any], *faults: str) -> Any:
        async def guarded(request: web.Request) -> web.StreamResponse:
            async def answer() -> web.Response:
                try:
                    await self._authorise(request, needs)
                    body = await handler(request)
                    return web.Response(status=204) if body is None else web.json_response(body)
                except Refused as refused:
                    return refused.response

            later = ("graph.next",) if "$skiptoken" in request.query else ()
            meets = (f"graph:{request.path}", *later, *faults, "graph")
            return await faulty(self._tenant.faults.take(*meets), request, answer)

        return guarded

    def _delegated(self, scope: str, handler: Callable[[web.Request], Any]) -> Any:
        """For an administrator who signed in, and for no app by itself."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            async def answer() -> web.Response:
                scopes = self._login.scopes_of(request.headers.get("Authorization"), self.base_url)
                if scopes is None:
                    return Refused(401, "InvalidAuthenticationToken", "Access token is empty or not valid.").response
                if scope not in scopes:
                    return Refused(403, "Authorization_RequestDenied", "Insufficient privileges.").response
                try:
                    body = await handler(request)
                except Refused as refused:
                    return refused.response
                return web.Response(status=204) if body is None else web.json_response(body)

            return await faulty(self._tenant.faults.take(f"graph:{request.path}", "entra"), request, answer)

        return guarded

    async def _authorise(self, request: web.Request, needs: Needs) -> None:
        authorization = request.headers.get("Authorization")
        roles = self._login.roles_of(authorization, self.base_url)
        if roles is None:
            raise Refused(401, "InvalidAuthenticationToken", "Access token is empty or not valid.")
        if self._login.scopes_of(authorization, self.base_url) is not None and needs in _AN_ADMIN_READS:
            return
        needed = frozenset({needs}) if isinstance(needs, str) else await needs(request)
        if not needed <= roles & self._tenant.roles:
            raise Refused(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")

    def _found(self, request: web.Request) -> Account:
        account = self._tenant.account_of(request.match_info["user"])
        if account is None:
            raise Refused(404, "Request_ResourceNotFound", "Resource does not exist.")
        return account

    async def _users(self, request: web.Request) -> dict[str, Any]:
        return {"value": [_selected(_fields(a), request) for a in list(self._tenant.accounts.values())[:1]]}

    async def _user(self, request: web.Request) -> dict[str, Any]:
        # https://learn.microsoft.com/graph/api/user-get: by id, or by user name
        name = request.match_info["user"].casefold()
        by_name = (one for one in self._tenant.accounts.values() if one.persona.upn.casefold() == name)
        account = next(by_name, None) or self._found(request)
        user = _selected(_fields(account), request)
        if expand := request.query.get("$expand"):
            if not _MANAGER.fullmatch(expand):
                raise Refused(400, "BadRequest", "Parsing $expand failed.")
            if account.persona.manager:
                manager = PEOPLE[account.persona.manager]
                user["manager"] = {"id": manager.id, "displayName": manager.name}
        return user

    async def _methods(self, request: web.Request) -> dict[str, Any]:
        if request.query_string:
            raise Refused(400, "BadRequest", "OData query parameters are not supported here.")
        password = {
            "@odata.type": "#microsoft.graph.passwordAuthenticationMethod",
            "id": "28c10230-6103-485e-b985-444c60001490",
            "createdDateTime": None,
        }
        return {"value": [password, *self._found(request).methods]}

    async def _registrations(self, request: web.Request) -> dict[str, Any]:
        """The report, as far as anybody asks for it: ids of its first rows."""
        if dict(request.query) != {"$top": "1", "$select": "id"}:
            raise Refused(400, "BadRequest", "Invalid query.")
        if not self._tenant.premium:
            raise Refused(403, *NOT_PREMIUM)
        return {"value": [{"id": account.persona.id} for account in list(self._tenant.accounts.values())[:1]]}

    async def _registration(self, request: web.Request) -> dict[str, Any]:
        account = self._found(request)
        if not self._tenant.premium:
            raise Refused(403, *NOT_PREMIUM)
        registered = bool(account.methods)
        return {
            "id": account.persona.id,
            "isMfaRegistered": registered,
            "isMfaCapable": registered,
            "isSsprCapable": registered,
            "methodsRegistered": ["microsoftAuthenticatorPush"] if registered else [],
        }

    async def _audits(self, request: web.Request) -> dict[str, Any]:
        match = _AUDITS.fullmatch(request.query.get("$filter", ""))
        if not match:
            raise Refused(400, "BadRequest", "Invalid filter clause.")
        since, wanted = match[1], match[2]
        rows = [row for row in self._tenant.audits if str(row["activityDateTime"]) >= since and wanted in _targets(row)]
        return {"value": rows}

    async def _member(self, request: web.Request) -> dict[str, Any]:
        account, body = self._found(request), await request.json()
        groups = body.get("groupIds") if isinstance(body, dict) else None
        if not isinstance(groups, list) or not 1 <= len(groups) <= 20 or set(body) != {"groupIds"}:
            raise Refused(400, "Request_BadRequest", "groupIds must name 1 to 20 groups.")
        members = self._groups()
        return {"value": [group for group in groups if account.persona.key in members.get(group, ())]}

    async def _members(self, request: web.Request) -> dict[str, Any]:
        keys = self._groups().get(request.match_info["group"])
        if keys is None:
            raise Refused(404, "Request_ResourceNotFound", "Resource does not exist.")
        members = [self._tenant.accounts[key] for key in keys]
        page: dict[str, Any] = {"value": [_selected(_fields(account), request) for account in members]}
        if self._tenant.groups.endless:
            nth = int(request.query.get("$skiptoken", "0")) + 1
            page["@odata.nextLink"] = str(request.url.update_query({"$skiptoken": nth}))
        return page

    def _groups(self) -> dict[str, list[str]]:
        tenant = self._tenant
        members = {
            **{group.id: group.members for group in tenant.groups.known.values()},
            APPROVERS_GROUP: sorted(tenant.approvers),
            RESPONDERS_GROUP: sorted(tenant.responders),
            **{group.id: list(group.members) for group in (SALES_TEAM, BULK_SENDERS)},
        }
        return {group: keys for group, keys in members.items() if group in tenant.groups.known}

    async def _eligible(self, request: web.Request) -> dict[str, Any]:
        match = _ELIGIBLE.fullmatch(request.query.get("$filter", ""))
        if not match:
            raise Refused(400, "BadRequest", "Invalid filter clause.")
        account = self._tenant.account_of(match[2])
        eligible = account is not None and match[1] == APPROVERS_GROUP and account.persona.key in self._tenant.eligible
        return {"value": [{"groupId": match[1], "principalId": match[2], "accessId": "member"}] if eligible else []}

    async def _domain(self, request: web.Request) -> dict[str, Any]:
        name = request.match_info["domain"]
        federated = name in self._tenant.federated
        return {"id": name, "authenticationType": "Federated" if federated else "Managed"}


async def _no_segment(request: web.Request) -> None:
    raise Refused(400, "BadRequest", f"Resource not found for the segment '{request.path.split('/')[2]}'.")


def _targets(row: dict[str, object]) -> set[str]:
    """The ids of the accounts that an entry is about."""
    targets = row["targetResources"]
    return {one["id"] for one in targets if one["type"] == "User"} if isinstance(targets, list) else set()


def _fields(account: Account) -> dict[str, Any]:
    persona = account.persona
    primary, *others = (*persona.aliases, persona.upn)
    return {
        "id": persona.id,
        "displayName": persona.name,
        "userPrincipalName": persona.upn,
        "mail": primary,
        "proxyAddresses": [f"SMTP:{primary}", *(f"smtp:{other}" for other in others)],
        "accountEnabled": account.enabled,
        "userType": "Guest" if persona.guest else "Member",
        "lastPasswordChangeDateTime": stamp(account.password_changed_at)[:19] + "Z",
        "signInSessionsValidFromDateTime": stamp(account.sessions_revoked_at or account.password_changed_at)[:19] + "Z",
        "onPremisesSyncEnabled": True if account.synced else None,
        "mobilePhone": account.mobile_phone,
        "businessPhones": [account.business_phone] if account.business_phone else [],
    }


def _selected(fields: dict[str, Any], request: web.Request) -> dict[str, Any]:
    names = [name for name in request.query.get("$select", "").split(",") if name]
    if strange := set(names) - set(fields):
        raise Refused(400, "BadRequest", f"Could not find a property named '{sorted(strange)[0]}'.")
    return {name: fields[name] for name in names or _DEFAULT}
