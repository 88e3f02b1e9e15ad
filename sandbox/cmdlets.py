"""What the cmdlets of Exchange have in common: their shape, and the answers they give."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from aiohttp import web

from sandbox.people import TENANT

_CLI = "Microsoft.Exchange.AdminApi.CommandInvocation"

Parameters = Mapping[str, Any]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cmdlet:
    """One cmdlet: the JSON types its parameters may have, what it answers, and the fault switch it listens to."""

    takes: Mapping[str, type | tuple[type, ...]]
    run: Callable[[Parameters], web.Response]
    fault: str = "exchange"


def rows(base_url: str, found: Sequence[Row], *, warnings: Sequence[str] = (), link: str | None = None) -> web.Response:
    """A cmdlet's output."""
    body: dict[str, Any] = {
        "@odata.context": f"{base_url}/adminapi/beta/{TENANT}/$metadata#Collection(Exchange.GenericHashTable)",
        "adminapi.warnings@odata.type": "#Collection(String)",
        "@adminapi.warnings": list(warnings),
        "value": list(found),
    }
    if link:
        body["@odata.nextLink"] = link
    return web.json_response(body, headers={"Request-Id": str(uuid4())})


def bad(kind: str, text: str) -> web.Response:
    """The cmdlet was run and refused."""
    return _error(400, "BadRequest", "Invalid Operation", f"|{_CLI}.{kind}|{text}")


def not_found(what: str) -> web.Response:
    text = f"Ex6F9304|{_CLI}.ManagementObjectNotFoundException|The operation failed: '{what}' was not found on 'SBX01'."
    return _error(404, "NotFound", "Error executing cmdlet", text)


def _error(status: int, code: str, message: str, detail: str) -> web.Response:
    internal = {
        "message": f"Exception of type '{_CLI}.Failure' was thrown.",
        "type": f"{_CLI}.Failure",
        "stacktrace": "",
    }
    error = {
        "code": code,
        "message": message,
        "details": [{"code": "Client", "target": "", "message": detail}],
        "innererror": {"message": message, "type": "ODataServiceException", "internalexception": internal},
    }
    return web.json_response({"error": error}, status=status)
