"""Sign-ins, risk and the unified audit log, as Graph shows them: each behind its own permission."""

import re
from typing import Any

from aiohttp import web

from sandbox.answers import Refused, Route
from sandbox.tenant import Account, Tenant
from sandbox.traces import stamp

_MINE = re.compile(r"userId eq '([^']+)'(?: and createdDateTime ge (\S+))?")
_UNLICENSED = {
    "sign-ins": (
        "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
        "Neither tenant is B2C or tenant doesn't have premium license",
    ),
    "risk": ("Forbidden", "Your tenant is not licensed for this feature."),
}
"""How each service says that a licence is missing."""


class TracesRoutes:
    """Everything about what an account did."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._queries: dict[str, dict[str, Any]] = {}

    def routes(self) -> tuple[Route, ...]:
        audit = "AuditLogsQuery-Exchange.Read.All"
        return (
            ("GET", "/v1.0/auditLogs/signIns", "AuditLog.Read.All", self._sign_ins),
            ("GET", "/v1.0/identityProtection/riskyUsers/{user}", "IdentityRiskyUser.Read.All", self._risky),
            ("GET", "/v1.0/identityProtection/riskDetections", "IdentityRiskEvent.Read.All", self._detections),
            ("POST", "/beta/security/auditLog/queries", audit, self._query),
            ("GET", "/beta/security/auditLog/queries/{query}", audit, self._state),
            ("GET", "/beta/security/auditLog/queries/{query}/records", audit, self._records),
        )

    def _needs(self, what: str) -> None:
        if what in self._tenant.unreadable:
            raise Refused(403, *_UNLICENSED[what])

    def _mine(self, request: web.Request) -> tuple[Account, str]:
        match = _MINE.fullmatch(request.query.get("$filter", ""))
        account = self._tenant.account_of(match[1]) if match else None
        if match is None or account is None:
            raise Refused(400, "BadRequest", "Invalid filter clause.")
        return account, match[2] or ""

    async def _sign_ins(self, request: web.Request) -> dict[str, Any]:
        self._needs("sign-ins")
        account, since = self._mine(request)
        rows = [row for row in account.traces.sign_ins if str(row["createdDateTime"]) >= since]
        return {"value": sorted(rows, key=lambda row: str(row["createdDateTime"]), reverse=True)}

    async def _risky(self, request: web.Request) -> dict[str, Any]:
        self._needs("risk")
        account = self._tenant.account_of(request.match_info["user"])
        if account is None or account.traces.risk is None:
            raise Refused(404, "ResourceNotFound", "The user was never at risk.")
        return {"id": account.persona.id, **{k: v for k, v in account.traces.risk.items() if k != "events"}}

    async def _detections(self, request: web.Request) -> dict[str, Any]:
        self._needs("risk")
        account, _ = self._mine(request)
        return {"value": account.traces.risk["events"] if account.traces.risk else []}

    async def _query(self, request: web.Request) -> dict[str, Any]:
        if "audit" in self._tenant.unreadable:
            raise Refused(403, "Forbidden", "Auditing is not enabled for this organization.")
        body = await request.json()
        if "hygieneEvent" not in body.get("recordTypeFilters", []) or not body.get("filterStartDateTime"):
            raise Refused(400, "BadRequest", "A query needs record types and a start.")
        number = f"query-{len(self._queries) + 1}"
        self._queries[number] = {"asked": 0, **body}
        return {"id": number, "status": "notStarted"}

    async def _state(self, request: web.Request) -> dict[str, Any]:
        query = self._found(request)
        query["asked"] += 1
        return {"id": request.match_info["query"], "status": "succeeded" if query["asked"] > 1 else "running"}

    async def _records(self, request: web.Request) -> dict[str, Any]:
        query = self._found(request)
        wanted = {str(name).casefold() for name in query.get("userPrincipalNameFilters", [])}
        return {"value": [_record(*event) for event in self._tenant.hygiene if event[1].casefold() in wanted]}

    def _found(self, request: web.Request) -> dict[str, Any]:
        try:
            return self._queries[request.match_info["query"]]
        except KeyError:
            raise Refused(404, "NotFound", "No such query.") from None


def _record(at: Any, address: str, event: str, reason: str) -> dict[str, Any]:
    data = {
        "RecordType": 51,
        "CreationTime": stamp(at).removesuffix("Z"),
        "Operation": "HygieneTenantEvents",
        "UserId": address,
        "EventValue": address,
        "Event": event,
        "Reason": reason,
    }
    return {"createdDateTime": stamp(at), "auditLogRecordType": "hygieneEvent", "auditData": data}
