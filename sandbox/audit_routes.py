"""The unified audit log over HTTP: create a search, look at it until it is done, read its records, delete it."""

from typing import Any

from aiohttp import web

from sandbox.answers import Refused, Route
from sandbox.audit_log import AT_ONCE, Search
from sandbox.clock import now
from sandbox.tenant import Tenant
from sandbox.traces import stamp

_QUERIES = "/beta/security/auditLog/queries"
_MUST = ("displayName", "filterStartDateTime", "filterEndDateTime", "recordTypeFilters")


class AuditRoutes:
    """The searches of one tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._log = tenant.audit_log

    def routes(self) -> tuple[Route, ...]:
        role, one = "AuditLogsQuery-Exchange.Read.All", f"{_QUERIES}/{{query}}"
        return (
            ("GET", _QUERIES, role, self._list),
            ("POST", _QUERIES, role, self._create),
            ("GET", one, role, self._show),
            ("GET", f"{one}/records", role, self._records),
            ("DELETE", one, role, self._delete),
        )

    async def _list(self, _: web.Request) -> dict[str, Any]:
        return {"value": [self._shown(search) for search in self._log.searches.values()]}

    async def _create(self, request: web.Request) -> dict[str, Any]:
        if "audit" in self._tenant.unreadable:
            raise Refused(403, "Forbidden", "Auditing is not enabled for this organization.")
        body = await request.json()
        if not all(body.get(name) for name in _MUST) or body["recordTypeFilters"] != ["hygieneEvent"]:
            raise Refused(400, "BadRequest", "A query needs a name, record types, a start and an end.")
        search = self._log.begin(body, now())
        if search is None and self._log.says_why:
            raise Refused(400, "BadRequest", f"There are {AT_ONCE} searches running already. Please try again later.")
        if search is None:
            raise Refused(429, "TooManyRequests", "Too many requests.")
        return self._shown(search)

    async def _show(self, request: web.Request) -> dict[str, Any]:
        return self._shown(self._found(request))

    async def _records(self, request: web.Request) -> dict[str, Any]:
        search = self._found(request)
        if self._log.status(search, now()) != "succeeded":
            raise Refused(400, "BadRequest", "The query has not succeeded.")
        wanted = {str(name).casefold() for name in search.body.get("userPrincipalNameFilters", [])}
        rows = [_record(*event) for event in self._tenant.hygiene if event[1].casefold() in wanted]
        skip = int(request.query.get("$skiptoken", "0"))
        until = skip + self._log.rows_a_page
        page: dict[str, Any] = {"value": rows[skip:until]}
        if until < len(rows):
            page["@odata.nextLink"] = str(request.url.update_query({"$skiptoken": until}))
        return page

    async def _delete(self, request: web.Request) -> None:
        search = self._found(request)
        if not self._log.deletes:
            raise Refused(404, "UnknownError", f"No HTTP resource was found that matches '{request.path}'.")
        del self._log.searches[search.id]

    def _found(self, request: web.Request) -> Search:
        search = self._log.searches.get(request.match_info["query"])
        if search is None:
            raise Refused(404, "NotFound", "No such query.")
        return search

    def _shown(self, search: Search) -> dict[str, Any]:
        return {"id": search.id, "status": self._log.status(search, now()), **search.body}


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
