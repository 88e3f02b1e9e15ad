"""Microsoft Graph: people, methods, audits and groups. A field comes only when it is selected."""

import re
from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox.faults import faulty
from sandbox.login import Login
from sandbox.people import APPROVERS_GROUP, PEOPLE
from sandbox.tenant import Account, Tenant, stamp

_DEFAULT = ("id", "displayName", "userPrincipalName", "mail", "businessPhones", "mobilePhone")
_AUDITS = re.compile(r"activityDateTime ge (\S+) and targetResources/any\(t:t/id eq '([^']+)'\)")
_ELIGIBLE = re.compile(r"groupId eq '([^']+)' and principalId eq '([^']+)'")
_MANAGER = re.compile(r"manager\(\$select=[A-Za-z,]+\)")


class Refused(Exception):  # noqa: N818 - it names an answer
    """An answer that is an error."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.response = web.json_response({"error": {"code": code, "message": message}}, status=status)


class GraphService:
    """The directory, over HTTP."""

    def __init__(self, tenant: Tenant, login: Login) -> None:
        self._tenant = tenant
        self._login = login
        self.base_url = ""

    def application(self) -> web.Application:
        application = web.Application()
        routes: tuple[tuple[str, str, str, Callable[[web.Request], Any]], ...] = (
            ("GET", "/users", "User.Read.All", self._users),
            ("GET", "/users/{user}", "User.Read.All", self._user),
            ("GET", "/users/{user}/authentication/methods", "UserAuthenticationMethod.Read.All", self._methods),
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
        return application

    def _guarded(self, role: str, handler: Callable[[web.Request], Any]) -> Any:
        async def guarded(request: web.Request) -> web.StreamResponse:
            async def answer() -> web.Response:
                try:
                    self._authorise(request, role)
                    return web.json_response(await handler(request))
                except Refused as refused:
                    return refused.response

            return await faulty(self._tenant.faults.take("graph"), request, answer)

        return guarded

    def _authorise(self, request: web.Request, role: str) -> None:
        roles = self._login.roles_of(request.headers.get("Authorization"), self.base_url)
        if roles is None:
            raise Refused(401, "InvalidAuthenticationToken", "Access token is empty or not valid.")
        if role not in roles or role not in self._tenant.roles:
            raise Refused(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")

    def _found(self, request: web.Request) -> Account:
        account = self._tenant.account_of(request.match_info["user"])
        if account is None:
            raise Refused(404, "Request_ResourceNotFound", "Resource does not exist.")
        return account

    async def _users(self, request: web.Request) -> dict[str, Any]:
        return {"value": [_selected(_fields(a), request) for a in list(self._tenant.accounts.values())[:1]]}

    async def _user(self, request: web.Request) -> dict[str, Any]:
        account = self._found(request)
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

    async def _registration(self, request: web.Request) -> dict[str, Any]:
        account = self._found(request)
        if not self._tenant.premium:
            raise Refused(
                403,
                "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
                "Neither tenant is B2C or tenant doesn't have premium license",
            )
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
        rows = [
            row
            for row in self._tenant.audits
            if str(row["activityDateTime"]) >= since and row["targetResources"] == [{"id": wanted, "type": "User"}]
        ]
        return {"value": rows}

    async def _member(self, request: web.Request) -> dict[str, Any]:
        account, body = self._found(request), await request.json()
        groups = body.get("groupIds") if isinstance(body, dict) else None
        if not isinstance(groups, list) or not 1 <= len(groups) <= 20 or set(body) != {"groupIds"}:
            raise Refused(400, "Request_BadRequest", "groupIds must name 1 to 20 groups.")
        member = account.persona.key in self._tenant.approvers and APPROVERS_GROUP in groups
        return {"value": [APPROVERS_GROUP] if member else []}

    async def _members(self, request: web.Request) -> dict[str, Any]:
        if request.match_info["group"] != APPROVERS_GROUP:
            raise Refused(404, "Request_ResourceNotFound", "Resource does not exist.")
        members = [self._tenant.accounts[key] for key in sorted(self._tenant.approvers)]
        return {"value": [_selected(_fields(account), request) for account in members]}

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
        "onPremisesSyncEnabled": True if account.synced else None,
        "mobilePhone": persona.phone,
        "businessPhones": [],
    }


def _selected(fields: dict[str, Any], request: web.Request) -> dict[str, Any]:
    names = [name for name in request.query.get("$select", "").split(",") if name]
    if strange := set(names) - set(fields):
        raise Refused(400, "BadRequest", f"Could not find a property named '{sorted(strange)[0]}'.")
    return {name: fields[name] for name in names or _DEFAULT}
