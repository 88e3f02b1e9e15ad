"""Exchange cmdlets over the REST endpoint `InvokeCommand`."""

from collections.abc import Mapping
from typing import Any

from services.clients.exchange.cmdlets import CmdletFailed, Rows, is_not_found
from services.clients.http import ApiClient, Response
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable

_ERROR_AT_MOST = 300
_PAGE = 1_000
"""The rows of one answer, at most."""
_HINTS_OF_MORE = ("more results", "resultsize", "truncated", "only the first")


class InvokeCommand:
    """Implements `Cmdlets` through the REST endpoint that Microsoft's PowerShell module uses. It is not documented and
    may change."""

    # https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2 (roles and permissions)
    def __init__(self, api: ApiClient, tenant: str) -> None:
        self._api = api
        self._path = f"/adminapi/beta/{tenant}/InvokeCommand"
        self._anchor = f"APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{tenant}"

    async def run(self, cmdlet: str, parameters: Mapping[str, object], *, repeat: bool) -> Rows:
        body = {"CmdletInput": {"CmdletName": cmdlet, "Parameters": dict(parameters)}}
        headers = {"X-AnchorMailbox": self._anchor, "X-CmdletName": cmdlet, "Prefer": f"odata.maxpagesize={_PAGE}"}
        send = self._api.read if repeat else self._api.once
        response = await send("POST", self._path, body, headers)
        if not response.is_success:
            if response.status == 404 and not _is_typed_not_found(response):
                raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "HTTP 404 that is not the cmdlet's")
            gone = is_not_found(_full_words_of(response), parameters, typed=_is_typed_not_found(response))
            raise CmdletFailed(_words_of(response), not_found=gone)
        return _rows_of(response, reads=repeat)


def _rows_of(response: Response, *, reads: bool) -> Rows:
    """The rows of a successful response. A write returns none, and may have no body.

    Raises `Unavailable` if a read has no `value`: that must not mean that nobody is listed."""
    if reads and not (isinstance(response.json, dict) and "value" in response.json):
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"HTTP {response.status} without rows")
    if not isinstance(response.json, dict):
        if response.text.strip():
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"HTTP {response.status} without JSON")
        return Rows(rows=(), complete=True)
    value = response.json.get("value", [])
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "rows of no known shape")
    if response.json.get("@adminapi.errors"):
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "rows and errors at once")
    warnings = str([response.json.get(name) for name in ("@adminapi.warnings", "adminapi.warnings")]).casefold()
    # A next page exists but cannot be read: its skip token is bound to one server and does not work app-only.
    more = response.json.get("@odata.nextLink") or any(hint in warnings for hint in _HINTS_OF_MORE)
    return Rows(rows=tuple(value), complete=not more and len(value) < _PAGE)


def _is_typed_not_found(response: Response) -> bool:
    return "objectnotfound" in response.text.casefold()


def _words_of(response: Response) -> str:
    """Exchange's own error message, without its type, bounded."""
    return _full_words_of(response)[:_ERROR_AT_MOST] or f"HTTP {response.status}"


def _full_words_of(response: Response) -> str:
    """The error message: from the details, the inner exception, the headline, or else the response's text. A type
    prefix before `|` is removed."""
    error = response.json.get("error") if isinstance(response.json, dict) else None
    candidates: list[object] = []
    if isinstance(error, dict):
        candidates += [detail.get("message") for detail in _objects(error.get("details"))]
        inner = error.get("innererror")
        internal = inner.get("internalexception") if isinstance(inner, dict) else None
        candidates.append(internal.get("message") if isinstance(internal, dict) else None)
        candidates.append(error.get("message"))
    elif isinstance(response.json, dict):
        candidates += [record.get("Message") for record in _objects(response.json.get("ErrorRecords"))]
        candidates.append(response.json.get("Message"))
    message = next((text for text in candidates if isinstance(text, str) and _says_something(text)), response.text)
    return " ".join(message.rsplit("|", 1)[-1].split())


def _says_something(text: str) -> bool:
    return bool(text.strip()) and not text.startswith("Exception of type")


def _objects(value: object) -> list[dict[str, Any]]:
    """The objects of a list; none of anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
