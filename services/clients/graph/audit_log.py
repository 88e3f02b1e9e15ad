"""The unified audit log: when a sender was put on the restricted list and taken off it."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from services.clients.graph.directory import GraphDirectory
from services.clients.graph.pages import all_rows, pages
from services.clients.http import ApiClient
from services.clients.wire_values import read_moment, text_of
from services.domain.evidence.report import Listing
from services.domain.unknown import UnknownReason
from services.ports.errors import NotFound, Unavailable

# https://learn.microsoft.com/graph/api/security-auditcoreroot-post-auditlogqueries (beta in practice)
_SEARCHES = "/beta/security/auditLog/queries"
_RECORD = "hygieneEvent"
"""Whether AuditLogsQuery-Exchange.Read.All finds these records is not documented. Where not even the restriction of
today is found with it, AuditLogsQuery.Read.All is what to grant."""
_TOO_MANY = re.compile(r"too many|maximum|concurrent|running|try again later", re.IGNORECASE)
_PASSING = frozenset({UnknownReason.TIMED_OUT, UnknownReason.THROTTLED, UnknownReason.UNREACHABLE})


class GraphAuditLog:
    """Implements the port `AuditLog`. `offered`: whether the tenant's cloud has such searches at all."""

    def __init__(self, graph: GraphDirectory, api: ApiClient, *, offered: bool = True) -> None:
        self._graph = graph
        self._api = api
        self._offered = offered

    async def begin(self, name: str, addresses: tuple[str, ...], since: datetime, until: datetime) -> str:
        if not self._offered:
            raise Unavailable(UnknownReason.NO_LICENCE, "audit search, which this cloud does not have")
        if begun := await self._named(name):
            return begun
        body = {
            "displayName": name,
            "filterStartDateTime": _stamp(since),
            "filterEndDateTime": _stamp(until),
            "recordTypeFilters": [_RECORD],
            "userPrincipalNameFilters": list(addresses),
        }
        response = await self._api.once("POST", _SEARCHES, body)
        search = text_of(response.json.get("id")) if response.is_success and isinstance(response.json, dict) else None
        if search is None:
            # Others say it with 429, which arrives here as `THROTTLED`.
            too_many = _TOO_MANY.search(response.text) is not None
            reason = UnknownReason.THROTTLED if too_many else UnknownReason.UNEXPECTED_RESPONSE
            raise Unavailable(reason, f"audit search: HTTP {response.status}")
        return search

    async def listings(self, search: str, addresses: tuple[str, ...]) -> tuple[Listing, ...] | None:
        path = _path(search)
        status = str((await self._get(path)).get("status")).casefold()
        if status in ("failed", "cancelled"):
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"the audit search {status}")
        if status != "succeeded":
            return None
        rows = await all_rows(self._graph.get, f"{path}/records?$top=500", "audit records")
        wanted = {address.casefold() for address in addresses}
        found = [listing for row in rows if (listing := _listing(row, wanted))]
        return tuple(sorted(found, key=lambda listing: listing.at, reverse=True))

    async def end(self, search: str) -> None:
        # DELETE is in the metadata but not in the documentation, and others have been answered 404 for a search that is
        # there: then it stays until Microsoft 365 deletes it by itself.
        response = await self._api.read("DELETE", _path(search))
        if not response.is_success and response.status != 404:
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"HTTP {response.status}")

    async def _named(self, name: str) -> str | None:
        """The id of the search of that name; `None` if there is none, or if the list of searches may not be read."""
        try:
            async for page in pages(self._graph.get, _SEARCHES, "audit searches"):
                mine = (text_of(row.get("id")) for row in page.rows if row.get("displayName") == name)
                if found := next(mine, None):
                    return found
        except Unavailable as trouble:
            if trouble.reason in _PASSING:
                raise
        return None

    async def _get(self, path: str) -> Mapping[str, Any]:
        try:
            return await self._graph.get(path)
        except NotFound as nothing:
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "the audit search is not there") from nothing


def _path(search: str) -> str:
    return f"{_SEARCHES}/{quote(search, safe='')}"


def _listing(row: Mapping[str, Any], wanted: set[str]) -> Listing | None:
    """`None` for a record of somebody else, or of another event. Raises `Unavailable` if it does not say whose it is,
    what happened, or when."""
    data = _data(row)
    who, event = text_of(data.get("EventValue")) or text_of(data.get("UserId")), text_of(data.get("Event"))
    at = read_moment(data.get("CreationTime")) or read_moment(row.get("createdDateTime"))
    if who is None or event is None or at is None:
        raise _unreadable()
    if who.casefold() not in wanted or event.casefold() not in ("listed", "delisted"):
        return None
    return Listing(at=at, listed=event.casefold() == "listed", reason=str(data.get("Reason") or "")[:1_000])


def _data(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the record says, which may be JSON within the JSON, or may not be wrapped at all."""
    data = row.get("auditData", row)
    if isinstance(data, str):
        try:
            data = json.loads(data)
        except (ValueError, RecursionError) as unreadable:
            raise _unreadable() from unreadable
    if not isinstance(data, dict):
        raise _unreadable()
    return data


def _unreadable() -> Unavailable:
    return Unavailable(UnknownReason.INCOMPLETE, "audit records: one of no known shape")


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
