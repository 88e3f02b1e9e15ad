"""Reading lists of Microsoft Graph, page by page."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from services.domain.evidence.report import Excerpt
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
        Unavailable: the list does not exist, or has no known shape; `INCOMPLETE` if its next page cannot be asked for.
            `what` names it in the error.
    """
    for _ in range(PAGES_AT_MOST):
        try:
            page = await get(path)
        except NotFound as nothing:
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"{what}: not found") from nothing
        rows = page.get("value")
        if not isinstance(rows, list):
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"{what}: no known shape")
        if not all(isinstance(row, dict) for row in rows):
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"{what}: a row of no known shape")
        following = _following(page, what)
        yield Page(rows=tuple(rows), is_last=following is None)
        if following is None:
            return
        path = following


def _following(page: Mapping[str, Any], what: str) -> str | None:
    """The path of the next page. Its host is left out: our token goes to the host of the settings and to no other."""
    link = page.get("@odata.nextLink")
    if not link:
        return None
    parts = urlsplit(str(link))
    if not parts.path.startswith(("/v1.0/", "/beta/")):
        raise Unavailable(UnknownReason.INCOMPLETE, f"{what}: a next page that cannot be asked for")
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


async def first_rows(
    get: Callable[[str], Awaitable[Mapping[str, Any]]], path: str, what: str
) -> Excerpt[Mapping[str, Any]]:
    """The rows of a list as far as it can be read; `cut` if that is not to its end.

    Raises what `pages` raises for the first page."""
    rows: list[Mapping[str, Any]] = []
    read = 0
    try:
        async for page in pages(get, path, what):
            rows += page.rows
            read += 1
            if page.is_last:
                return Excerpt(rows=tuple(rows))
    except Unavailable:
        if not read:
            raise
    return Excerpt(rows=tuple(rows), cut=True)


async def all_rows(get: Callable[[str], Awaitable[Mapping[str, Any]]], path: str, what: str) -> list[Mapping[str, Any]]:
    """Every row of a list.

    Raises what `pages` raises for the first page, and `Unavailable` with `INCOMPLETE` if the list is too long or a
    later page cannot be read: a part of a list must not pass for the whole."""
    rows: list[Mapping[str, Any]] = []
    read = 0
    try:
        async for page in pages(get, path, what):
            rows += page.rows
            read += 1
            if page.is_last:
                return rows
    except Unavailable as trouble:
        if not read:
            raise
        raise Unavailable(
            UnknownReason.INCOMPLETE, str(trouble), retry_after=trouble.retry_after, quotes=trouble.quotes
        ) from trouble
    raise Unavailable(UnknownReason.INCOMPLETE, f"{what}: too long")
