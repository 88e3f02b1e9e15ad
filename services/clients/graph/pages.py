"""Lists of Microsoft Graph, page by page."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.domain.unknown import UnknownReason
from services.ports.errors import NotFound, Unavailable

PAGES_AT_MOST = 10
"""What is longer than so many pages is not read to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The rows of one page; `is_last` where Graph names no further one."""

    rows: tuple[Mapping[str, Any], ...]
    is_last: bool


async def pages(get: Callable[[str], Awaitable[Mapping[str, Any]]], path: str, what: str) -> AsyncIterator[Page]:
    """Page after page of a list, ten at most: whether it was read to its end, the last one says (`is_last`).

    https://learn.microsoft.com/graph/paging

    Raises:
        Unavailable: `what` is not there, or no list of a known shape.
    """
    for _ in range(PAGES_AT_MOST):
        try:
            answer = await get(path)
        except NotFound as nothing:
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"{what}: not found") from nothing
        rows = answer.get("value")
        if not isinstance(rows, list):
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"{what}: no known shape")
        _, more, after = str(answer.get("@odata.nextLink") or "").partition("/v1.0/")
        yield Page(rows=tuple(row for row in rows if isinstance(row, dict)), is_last=not more)
        if not more:
            return
        path = f"/v1.0/{after}"


async def all_rows(get: Callable[[str], Awaitable[Mapping[str, Any]]], path: str, what: str) -> list[Mapping[str, Any]]:
    """Every row of a list. Raises what `pages` raises; `Unavailable` with `INCOMPLETE` where it is longer."""
    rows: list[Mapping[str, Any]] = []
    async for page in pages(get, path, what):
        rows += page.rows
        if page.is_last:
            return rows
    raise Unavailable(UnknownReason.INCOMPLETE, f"{what}: too long")
