"""The unified audit log: when a sender was put on the restricted list and taken off it."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from services.clients.graph.directory import GraphDirectory
from services.clients.http import ApiClient
from services.clients.wire_values import read_moment, text_of
from services.domain.evidence.report import Listing
from services.domain.unknown import UnknownReason
from services.ports.clock import Clock
from services.ports.errors import NotFound, Unavailable

# https://learn.microsoft.com/graph/api/security-auditcoreroot-post-auditlogqueries (beta in practice)
_QUERIES = "/beta/security/auditLog/queries"
_WAITS = (1.0, 2.0, 3.0, 4.0, 5.0, 5.0)
_RECORD = "hygieneEvent"


class GraphAuditLog:
    """Implements the port `AuditLog`: it creates a query, waits until it is finished, and reads its records.

    `offered`: whether the tenant's cloud has such queries at all."""

    def __init__(
        self,
        graph: GraphDirectory,
        api: ApiClient,
        clock: Clock,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
        *,
        offered: bool = True,
    ) -> None:
        self._graph = graph
        self._api = api
        self._clock = clock
        self._pause = pause
        self._offered = offered

    async def listings(self, addresses: tuple[str, ...], since: datetime) -> tuple[Listing, ...]:
        if not self._offered:
            raise Unavailable(UnknownReason.NO_LICENCE, "audit search, which this cloud does not have")
        query = await self._begin(addresses, since)
        await self._finished(query)
        page = await self._get(f"{_QUERIES}/{query}/records?$top=500")
        rows = page.get("value")
        if not isinstance(rows, list):
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "audit records of no known shape")
        if "@odata.nextLink" in page:
            raise Unavailable(UnknownReason.INCOMPLETE, "a very long audit log")
        wanted = {address.casefold() for address in addresses}
        found = [listing for row in rows if isinstance(row, dict) and (listing := _listing(row, wanted))]
        return tuple(sorted(found, key=lambda listing: listing.at, reverse=True))

    async def _begin(self, addresses: tuple[str, ...], since: datetime) -> str:
        body = {
            "displayName": "Sendwell: restricted senders",
            "filterStartDateTime": _stamp(since),
            "filterEndDateTime": _stamp(self._clock.now()),
            "recordTypeFilters": [_RECORD],
            "userPrincipalNameFilters": list(addresses),
        }
        response = await self._api.once("POST", _QUERIES, body)
        query = text_of(response.json.get("id")) if response.is_success and isinstance(response.json, dict) else None
        if query is None:
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"HTTP {response.status}")
        return query

    async def _finished(self, query: str) -> None:
        for wait in _WAITS:
            status = str((await self._get(f"{_QUERIES}/{query}")).get("status")).casefold()
            if status == "succeeded":
                return
            if status in ("failed", "cancelled"):
                raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"the audit query {status}")
            await self._pause(wait)
        raise Unavailable(UnknownReason.TIMED_OUT, "the audit query")

    async def _get(self, path: str) -> Mapping[str, Any]:
        try:
            return await self._graph.get(path)
        except NotFound as nothing:
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "the audit log is not there") from nothing


def _listing(row: Mapping[str, Any], wanted: set[str]) -> Listing | None:
    data = row.get("auditData")
    if isinstance(data, str):
        try:
            data = json.loads(data)
        except ValueError:
            return None
    data = data if isinstance(data, dict) else row
    who = str(data.get("EventValue") or data.get("UserId") or "").casefold()
    at = read_moment(data.get("CreationTime")) or read_moment(row.get("createdDateTime"))
    event = str(data.get("Event")).casefold()
    if at is None or who not in wanted or event not in ("listed", "delisted"):
        return None
    return Listing(at=at, listed=event == "listed", reason=str(data.get("Reason") or "")[:1_000])


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
