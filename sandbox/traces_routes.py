"""Risk and message trace, as Graph shows them: each behind its own permission."""

import re
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from sandbox.answers import NOT_PREMIUM, Refused, Route
from sandbox.tenant import Account, Tenant

_MINE = re.compile(r"userId eq '([^']+)'")
_TRACE = re.compile(r"senderAddress eq '([^']+)' and receivedDateTime ge (\S+) and receivedDateTime le (\S+)")


class TracesRoutes:
    """Everything about what an account did."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def routes(self) -> tuple[Route, ...]:
        return (
            ("GET", "/v1.0/identityProtection/riskyUsers/{user}", "IdentityRiskyUser.Read.All", self._risky),
            ("GET", "/v1.0/identityProtection/riskDetections", "IdentityRiskEvent.Read.All", self._detections),
            ("GET", "/v1.0/admin/exchange/tracing/messageTraces", "ExchangeMessageTrace.Read.All", self._trace),
        )

    def _needs(self, what: str) -> None:
        if what in self._tenant.unreadable:
            raise Refused(403, *NOT_PREMIUM)

    def _mine(self, request: web.Request) -> Account:
        match = _MINE.fullmatch(request.query.get("$filter", ""))
        account = self._tenant.account_of(match[1]) if match else None
        if match is None or account is None:
            raise Refused(400, "BadRequest", "Invalid filter clause.")
        return account

    async def _risky(self, request: web.Request) -> dict[str, Any]:
        self._needs("risk")
        account = self._tenant.account_of(request.match_info["user"])
        if account is None or account.traces.risk is None:
            raise Refused(404, "ResourceNotFound", "The user was never at risk.")
        return {"id": account.persona.id, **{k: v for k, v in account.traces.risk.items() if k != "events"}}

    async def _detections(self, request: web.Request) -> dict[str, Any]:
        self._needs("risk")
        account = self._mine(request)
        return {"value": account.traces.risk["events"] if account.traces.risk else []}

    async def _trace(self, request: web.Request) -> dict[str, Any]:
        if "message trace" in self._tenant.unreadable:
            raise Refused(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
        match = _TRACE.fullmatch(unquote(request.query.get("$filter", "")))
        if match is None or not 1 <= int(request.query.get("$top", "1000")) <= 5_000:
            raise Refused(400, "BadRequest", "Invalid filter clause.")
        account = self._tenant.account_of(match[1])
        rows = account.traces.trace_rows(match[1]) if account else []
        inside = [row for row in rows if match[2] <= str(row["receivedDateTime"]) <= match[3]]
        return {"value": inside[: int(request.query.get("$top", "1000"))]}
