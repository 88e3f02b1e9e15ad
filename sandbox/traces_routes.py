"""Risk, as Graph shows it: behind its own permission."""

import re
from typing import Any

from aiohttp import web

from sandbox.answers import Refused, Route
from sandbox.tenant import Account, Tenant

_MINE = re.compile(r"userId eq '([^']+)'")
_UNLICENSED = ("Forbidden", "Your tenant is not licensed for this feature.")
"""How this service says that a licence is missing."""


class TracesRoutes:
    """Everything about what an account did."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def routes(self) -> tuple[Route, ...]:
        return (
            ("GET", "/v1.0/identityProtection/riskyUsers/{user}", "IdentityRiskyUser.Read.All", self._risky),
            ("GET", "/v1.0/identityProtection/riskDetections", "IdentityRiskEvent.Read.All", self._detections),
        )

    def _needs(self, what: str) -> None:
        if what in self._tenant.unreadable:
            raise Refused(403, *_UNLICENSED)

    def _mine(self, request: web.Request) -> Account | None:
        """Whose detections are asked for; of somebody who does not exist there are none."""
        match = _MINE.fullmatch(request.query.get("$filter", ""))
        if match is None:
            raise Refused(400, "BadRequest", "Invalid filter clause.")
        return self._tenant.account_of(match[1])

    async def _risky(self, request: web.Request) -> dict[str, Any]:
        self._needs("risk")
        account = self._tenant.account_of(request.match_info["user"])
        if account is None or account.traces.risk is None:
            raise Refused(404, "ResourceNotFound", "The user was never at risk.")
        return {"id": account.persona.id, **{k: v for k, v in account.traces.risk.items() if k != "events"}}

    async def _detections(self, request: web.Request) -> dict[str, Any]:
        self._needs("risk")
        account = self._mine(request)
        risk = account.traces.risk if account else None
        return {"value": risk["events"] if risk else []}
