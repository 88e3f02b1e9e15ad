"""Sessions, passwords, accounts and directory roles, as Graph lets an app touch them."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from sandbox.answers import Refused, Route
from sandbox.clock import now
from sandbox.tenant import Account, Tenant

_WHOSE = re.compile(r"principalId eq '([^']+)'")
_TAKES: Mapping[str, frozenset[str]] = {
    "passwordProfile": frozenset({"User-PasswordProfile.ReadWrite.All"}),
    "accountEnabled": frozenset({"User.EnableDisableAccount.All", "User.Read.All"}),
}
_PROFILE: Mapping[str, type] = {"password": str, "forceChangePasswordNextSignIn": bool}
_GROUP = "bbbbbbbb-0009-4000-8000-000000000009"
"""A group to which roles may be assigned. Its members are found by the transitive lists alone."""


class ContainmentRoutes:
    """revokeSignInSessions, two properties of a user, and role assignments."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def routes(self) -> tuple[Route, ...]:
        roles, reading = "/v1.0/roleManagement/directory", "RoleManagement.Read.Directory"
        return (
            ("POST", "/v1.0/users/{user}/revokeSignInSessions", "User.RevokeSessions.All", self._revoke),
            ("PATCH", "/v1.0/users/{user}", _needed, self._update),
            ("GET", f"{roles}/roleAssignments", reading, self._assigned),
            ("GET", f"{roles}/roleAssignmentScheduleInstances", reading, self._activated),
            ("GET", "/beta/roleManagement/directory/transitiveRoleAssignments", reading, self._transitive),
            (
                "GET",
                "/v1.0/users/{user}/transitiveMemberOf/microsoft.graph.directoryRole",
                "User.Read.All",
                self._member,
            ),
        )

    def _account(self, request: web.Request) -> Account:
        account = self._tenant.account_of(request.match_info["user"])
        if account is None:
            raise Refused(404, "Request_ResourceNotFound", "Resource does not exist.")
        return account

    async def _revoke(self, request: web.Request) -> dict[str, Any]:
        account = self._account(request)
        if account.persona.guest or await request.read() not in (b"", b"{}"):
            raise Refused(400, "Request_BadRequest", "The sessions of this account cannot be revoked like this.")
        account.sessions_revoked_at = now()
        self._tenant.note(f"Graph revoked the sessions of {account.persona.name}")
        return {"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#Edm.Boolean", "value": True}

    async def _update(self, request: web.Request) -> None:
        account, body = self._account(request), await request.json()
        if account.synced:
            raise Refused(400, "Request_BadRequest", "A property that is mastered on-premises cannot be updated here.")
        if account.roles or account.activated or account.group_roles:
            raise Refused(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
        if isinstance(enabled := body.get("accountEnabled"), bool):
            account.enabled = enabled
            self._tenant.note(f"Graph switched the account of {account.persona.name} {'on' if enabled else 'off'}")
            return
        self._password(account, body.get("passwordProfile"))

    def _password(self, account: Account, profile: object) -> None:
        """A demand for a new password, or a new password, as an admin sets it: its date moves and the audit log shows
        it. The password itself is kept nowhere."""
        if "password role" in self._tenant.unreadable:
            raise Refused(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
        given = profile if isinstance(profile, dict) and profile.keys() <= _PROFILE.keys() else {}
        if not given or not all(isinstance(value, _PROFILE[name]) for name, value in given.items()):
            raise Refused(400, "Request_BadRequest", "Invalid value specified for a property of the resource.")
        account.must_change_password = given.get("forceChangePasswordNextSignIn", "password" in given)
        if (password := given.get("password")) is None:
            self._tenant.note(f"{account.persona.name} has to choose a new password at the next sign-in")
            return
        if not _is_complex(password):
            message = "The specified password does not comply with password complexity requirements."
            raise Refused(400, "Request_BadRequest", message)
        account.old_password_works = False
        if "date of an admin's reset" not in self._tenant.unreadable:
            account.password_changed_at = now()
        self._tenant.reset_by_app(account)

    async def _assigned(self, request: web.Request) -> dict[str, Any]:
        account = self._whose(request)
        return {"value": _rows(account, account.roles) if account else []}

    async def _activated(self, request: web.Request) -> dict[str, Any]:
        if "role schedule" in self._tenant.unreadable:
            raise Refused(400, "AadPremiumLicenseRequired", "The tenant needs a Microsoft Entra ID P2 license.")
        account = self._whose(request)
        rows = _rows(account, account.activated) if account else []
        return {"value": [{**row, "assignmentType": "Activated", "memberType": "Direct"} for row in rows]}

    async def _transitive(self, request: web.Request) -> dict[str, Any]:
        _advanced(request)
        if "transitive roles" in self._tenant.unreadable:
            raise Refused(404, "UnknownError", "Resource not found for the segment 'transitiveRoleAssignments'.")
        account = self._whose(request)
        if account is None:
            return {"value": []}
        own = _rows(account, [*account.roles, *account.activated])
        return {"value": [*own, *({**row, "principalId": _GROUP} for row in _rows(account, account.group_roles))]}

    async def _member(self, request: web.Request) -> dict[str, Any]:
        _advanced(request)
        account = self._account(request)
        held = [*account.roles, *account.activated, *account.group_roles]
        return {"value": [{"id": f"role-{name}", "displayName": name} for name in held]}

    def _whose(self, request: web.Request) -> Account | None:
        match = _WHOSE.fullmatch(unquote(request.query.get("$filter", "")))
        if match is None:
            raise Refused(400, "BadRequest", "Invalid filter clause.")
        return self._tenant.account_of(match[1])


async def _needed(request: web.Request) -> frozenset[str]:
    """The permissions that one update takes; only these two properties are known here."""
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or len(body) != 1 or not body.keys() <= _TAKES.keys():
        raise Refused(400, "Request_BadRequest", "One known property at a time can be updated here.")
    return _TAKES[next(iter(body))]


def _is_complex(password: str) -> bool:
    """Entra ID's own rule: 8 to 256 characters of three classes out of four."""
    classes = (str.islower, str.isupper, str.isdigit, lambda char: char.isascii() and not char.isalnum())
    return 8 <= len(password) <= 256 and sum(any(map(kind, password)) for kind in classes) >= 3


def _advanced(request: web.Request) -> None:
    """What Graph calls an advanced query is answered only with this header and this parameter."""
    if request.headers.get("ConsistencyLevel") != "eventual" or request.query.get("$count") != "true":
        raise Refused(400, "Request_UnsupportedQuery", "Set ConsistencyLevel to eventual and $count to true.")


def _rows(account: Account, roles: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{account.persona.key}-{role}",
            "principalId": account.persona.id,
            "roleDefinitionId": role,
            "directoryScopeId": "/",
        }
        for role in roles
    ]
