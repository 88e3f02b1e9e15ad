"""Teams apps of people, as Graph installs them: only for oneself, only with the permission for that."""

import re
from typing import Any

from aiohttp import web

from sandbox.answers import Refused, Route
from sandbox.people import TEAMS_APP
from sandbox.tenant import Account, Tenant

_ROLE = "TeamsAppInstallation.ReadWriteSelfForUser.All"
_MINE = re.compile(r"teamsApp/id eq '([0-9a-f-]{36})'")
_BOUND = re.compile(r"https://[^/]+/v1\.0/appCatalogs/teamsApps/(\S+)")


class AppsRoutes:
    """installedApps and the chat that comes with one."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def routes(self) -> tuple[Route, ...]:
        apps = "/v1.0/users/{user}/teamwork/installedApps"
        return (
            ("POST", apps, _ROLE, self._install),
            ("GET", apps, _ROLE, self._installed),
            ("GET", apps + "/{app}/chat", _ROLE, self._chat),
        )

    def _account(self, request: web.Request) -> Account:
        account = self._tenant.account_of(request.match_info["user"])
        if account is None:
            raise Refused(404, "NotFound", "No such user.")
        return account

    async def _install(self, request: web.Request) -> dict[str, Any]:
        account, body = self._account(request), await request.json()
        match = _BOUND.fullmatch(str(body.get("teamsApp@odata.bind", "")))
        if match is None or set(body) != {"teamsApp@odata.bind"}:
            raise Refused(400, "BadRequest", "The app to install is not named.")
        if match[1] != TEAMS_APP:
            raise Refused(404, "NotFound", "No such app in the catalogue.")
        if not self._tenant.catalogue.may_install_itself(self._tenant.bot):
            raise Refused(403, "Forbidden", "The app's manifest does not name the app that asks.")
        if account.installed:
            raise Refused(409, "Conflict", "The app is installed already.")
        account.installed = True
        self._tenant.note(f"Graph installed Sendwell for {account.persona.name}")
        return {}

    async def _installed(self, request: web.Request) -> dict[str, Any]:
        wanted = _MINE.fullmatch(request.query.get("$filter", ""))
        if wanted is None or request.query.get("$expand") != "teamsApp":
            raise Refused(400, "BadRequest", "Invalid filter clause.")
        account = self._account(request)
        has_it = account.installed and wanted[1] == TEAMS_APP
        return {"value": [{"id": f"installed-{account.persona.key}"}] if has_it else []}

    async def _chat(self, request: web.Request) -> dict[str, Any]:
        account = self._account(request)
        if not account.installed or request.match_info["app"] != f"installed-{account.persona.key}":
            raise Refused(404, "NotFound", "No such installation.")
        return {"id": account.persona.chat_id, "chatType": "oneOnOne"}
