"""Reading lists of Microsoft Graph, page by page."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.domain.unknown import UnknownReason
from services.ports.errors import NotFound, Unavailable

PAGES_AT_MOST = 10
"""A longer list is not read to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The rows of one page. `is_last`: Graph names no further page."""

    rows: tuple[Mapping[str, Any], ...]
    is_last: bool


async def pages(get: Callable[[str], Awaitable[Mapping[str, Any]]], path: str, what: str) -> AsyncIterator[Page]:
    """The pages of a list, ten at most. If the last page yielded is not `is_last`, the list is longer.

    https://learn.microsoft.com/graph/paging

    Raises:
        Unavailable: the list does not exist, or has no known shape. `what` names it in the error.
    """
    for _ in range(PAGES_AT_MOST):
        try:
            page = await get(path)
        except NotFound as nothing:
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"{what}: not found") from nothing
        rows = page.get("value")
        if not isinstance(rows, list):
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"{what}: no known shape")
        _, more, after = str(page.get("@odata.nextLink") or "").partition("/v1.0/")
        yield Page(rows=tuple(row for row in rows if isinstance(row, dict)), is_last=not more)
        if not more:
            return
        path = f"/v1.0/{after}"


async def all_rows(get: Callable[[str], Awaitable[Mapping[str, Any]]], path: str, what: str) -> list[Mapping[str, Any]]:
    """Every row of a list. Raises what `pages` raises, and `Unavailable` with `INCOMPLETE` if it is too long."""
    rows: list[Mapping[str, Any]] = []
    async for page in pages(get, path, what):
        rows += page.rows
        if page.is_last:
            return rows
    raise Unavailable(UnknownReason.INCOMPLETE, f"{what}: too long")
