"""What the routes of Graph have in common."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

Needs = str | Callable[[web.Request], Awaitable[frozenset[str]]]
"""The application permission a request needs, or what finds out which ones."""
Route = tuple[str, str, Needs, Callable[[web.Request], Any]]
"""Method, path, what it needs, and what answers: with nothing (`None`) where the service has nothing to say."""

NOT_PREMIUM = (
    "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
    "Neither tenant is B2C or tenant doesn't have premium license",
)
"""Code and message of Graph where a report needs Entra ID P1."""


class Refused(Exception):  # noqa: N818 - it names an answer
    """An answer that is an error."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.response = web.json_response({"error": {"code": code, "message": message}}, status=status)
