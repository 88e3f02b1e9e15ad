"""Exchange cmdlets over the REST endpoint `InvokeCommand`."""

from collections.abc import Mapping

from services.clients.exchange.cmdlets import CmdletFailed, Rows
from services.clients.http import ApiClient, Response
from services.clients.wire_values import list_of
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable

_ERROR_AT_MOST = 300


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
        headers = {"X-AnchorMailbox": self._anchor, "X-CmdletName": cmdlet, "Prefer": "odata.maxpagesize=1000"}
        send = self._api.read if repeat else self._api.once
        response = await send("POST", self._path, body, headers)
        if not response.is_success:
            not_found = response.status == 404 and "objectnotfound" in response.text.casefold()
            if response.status == 404 and not not_found:
                raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "HTTP 404 that is not the cmdlet's")
            raise CmdletFailed(_words_of(response), not_found=not_found)
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
    warnings = str(response.json.get("@adminapi.warnings") or "").casefold()
    # A next page exists but cannot be read: its skip token is bound to one server and does not work app-only.
    complete = "@odata.nextLink" not in response.json and "more results" not in warnings
    return Rows(rows=tuple(value), complete=complete)


def _words_of(response: Response) -> str:
    """Exchange's own error message: from the details, the inner exception, the headline, or else the response's text.
    A type prefix before `|` is removed."""
    error = response.json.get("error") if isinstance(response.json, dict) else None
    candidates: list[object] = []
    if isinstance(error, dict):
        details = error.get("details")
        candidates += [detail.get("message") for detail in list_of(details) if isinstance(detail, dict)]
        inner = error.get("innererror")
        internal = inner.get("internalexception") if isinstance(inner, dict) else None
        candidates.append(internal.get("message") if isinstance(internal, dict) else None)
        candidates.append(error.get("message"))
    elif isinstance(response.json, dict):
        records = response.json.get("ErrorRecords")
        candidates += [record.get("Message") for record in list_of(records) if isinstance(record, dict)]
        candidates.append(response.json.get("Message"))
    message = next((text for text in candidates if isinstance(text, str) and _says_something(text)), response.text)
    return " ".join(message.rsplit("|", 1)[-1].split())[:_ERROR_AT_MOST] or f"HTTP {response.status}"


def _says_something(text: str) -> bool:
    return bool(text.strip()) and not text.startswith("Exception of type")
