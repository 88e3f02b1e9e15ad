"""The sign-in log, as Graph shows it: newest first, in pages."""

import re
from typing import Any

from aiohttp import web

from sandbox.answers import NOT_PREMIUM, Refused, Route
from sandbox.tenant import Tenant

_MINE = re.compile(r"userId eq '([^']+)' and createdDateTime ge (\S+)")
_TOP_AT_MOST = 1_000


class SignInRoutes:
    """Interactive sign-ins of one account: real failures, and the steps of good ones."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def routes(self) -> tuple[Route, ...]:
        return (("GET", "/v1.0/auditLogs/signIns", "AuditLog.Read.All", self._sign_ins),)

    async def _sign_ins(self, request: web.Request) -> dict[str, Any]:
        if "sign-ins" in self._tenant.unreadable:
            raise Refused(403, *NOT_PREMIUM)
        match = _MINE.fullmatch(request.query.get("$filter", ""))
        account = self._tenant.account_of(match[1]) if match else None
        top, skip = (int(request.query.get(name, default)) for name, default in (("$top", "1000"), ("$skiptoken", "0")))
        if match is None or account is None or not 1 <= top <= _TOP_AT_MOST:
            raise Refused(400, "BadRequest", "Invalid filter clause.")
        rows = [row for row in account.traces.sign_ins if str(row["createdDateTime"]) >= match[2]]
        newest_first = sorted(rows, key=lambda row: str(row["createdDateTime"]), reverse=True)
        until = skip + min(top, self._tenant.sign_ins_a_page)
        page: dict[str, Any] = {"value": newest_first[skip:until]}
        if until < len(rows):
            page["@odata.nextLink"] = str(request.url.update_query({"$skiptoken": until}))
        return page
