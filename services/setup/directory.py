"""Entra through Graph, with the rights of the admin who signed in.

What has to be made once is made by an upsert with a name of our own, so that a request whose answer was lost can be
sent again: https://learn.microsoft.com/graph/api/application-upsert"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote

from services.clients.graph.pages import all_rows
from services.clients.http import ApiClient, Response
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.setup.step import StepFailed

_MISSING = {
    "Application.ReadWrite.All": "sign in as an Application Administrator",
    "Group.ReadWrite.All": "sign in as a Groups Administrator",
    "AppCatalog.ReadWrite.All": "sign in as a Teams Administrator",
    "Azure": "sign in as a Contributor of the subscription or its resource group",
}
"""Who may do what a permission allows, for the sentence about a refusal."""
_REPLICATES_WITHIN = 12
"""Tries, five seconds apart: what was just made is not known at every server at once."""


class Directory:
    """Requests to one service (Graph or Azure's own) with words for its refusals."""

    def __init__(
        self, api: ApiClient, *, needs: str, pause: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        self._api = api
        self._needs = needs
        self._pause = pause

    async def found(self, path: str) -> dict[str, Any] | None:
        """What is there; `None` if nothing is. Raises `Unavailable`, `StepFailed`."""
        response = await self._sent("GET", path)
        return None if response.status == 404 else self._body(response)

    async def rows(self, path: str) -> list[Mapping[str, Any]]:
        """The whole of a list of Graph's. Raises `Unavailable`, `StepFailed`."""

        async def page(path: str) -> Mapping[str, Any]:
            return self._body(await self._sent("GET", path))

        return await all_rows(page, path, path.partition("?")[0])

    async def upsert(self, path: str, body: Mapping[str, Any]) -> None:
        """Make what has this name, or change it. Safe to repeat. Raises `Unavailable`, `StepFailed`."""
        self._body(await self._sent("PATCH", path, body, {"Prefer": "create-if-missing"}))

    async def change(self, path: str, body: Mapping[str, Any]) -> None:
        """Safe to repeat. Raises `Unavailable`, `StepFailed`."""
        self._body(await self._sent("PATCH", path, body))

    async def put(self, path: str, body: Mapping[str, Any]) -> None:
        """Safe to repeat. Raises `Unavailable`, `StepFailed`."""
        self._body(await self._sent("PUT", path, body))

    async def post(self, path: str, body: Mapping[str, Any] | bytes | None = None) -> dict[str, Any]:
        """Sent once. Raises `Unavailable`, `StepFailed`."""
        headers = {"Content-Type": "application/zip"} if isinstance(body, bytes) else None
        try:
            return self._body(await self._api.once("POST", path, body, headers))
        except Unavailable as trouble:
            raise self._refused(trouble) from trouble

    async def delete(self, path: str) -> bool:
        """Whether there was something to delete. Raises `Unavailable`, `StepFailed`."""
        response = await self._sent("DELETE", path)
        return response.status != 404 and self._body(response) is not None

    async def once_there(self, path: str) -> dict[str, Any]:
        """What was just made, as soon as it can be read. Raises `Unavailable`, `StepFailed`."""
        for _ in range(_REPLICATES_WITHIN):
            if (body := await self.found(path)) is not None:
                return body
            await self._pause(5)
        raise StepFailed(f"{path} was made and cannot be read yet: run the same command again in some minutes.")

    async def _sent(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        try:
            return await self._api.read(method, path, body, headers)
        except Unavailable as trouble:
            raise self._refused(trouble) from trouble

    def _refused(self, trouble: Unavailable) -> Exception:
        if trouble.reason is not UnknownReason.NO_PERMISSION:
            return trouble
        return StepFailed(f"{self._needs} is missing ({trouble.detail}): {_MISSING[self._needs]}.")

    def _body(self, response: Response) -> dict[str, Any]:
        if not response.is_success:
            error = response.json.get("error") if isinstance(response.json, dict) else None
            said = error.get("message") if isinstance(error, dict) else None
            raise StepFailed(f"refused (HTTP {response.status}): {said or response.text[:200]}")
        return response.json if isinstance(response.json, dict) else {}


def key(value: str) -> str:
    """A value inside the quotes of a key in a path."""
    return quote(value.replace("'", "''"), safe="@-._")
