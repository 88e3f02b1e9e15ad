"""Exchange's InvokeCommand, with two cmdlets and no mercy for a wrong header, cmdlet or parameter."""

from typing import Any
from uuid import uuid4

from aiohttp import web

from sandbox.faults import faulty, nul_403
from sandbox.login import Login
from sandbox.people import TENANT
from sandbox.tenant import EXCHANGE_ROLE, Listed, Tenant, now, stamp

_ANCHOR = f"APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{TENANT}"
_PARAMETERS = {
    "Get-BlockedSenderAddress": {"SenderAddress"},
    "Remove-BlockedSenderAddress": {"SenderAddress", "Reason"},
}
_CLI = "Microsoft.Exchange.AdminApi.CommandInvocation"


class Exchange:
    """The restricted list, over HTTP."""

    def __init__(self, tenant: Tenant, login: Login) -> None:
        self._tenant = tenant
        self._login = login
        self.base_url = ""

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_post("/adminapi/beta/{tenant}/InvokeCommand", self._invoke)
        return application

    async def _invoke(self, request: web.Request) -> web.StreamResponse:
        body = await _json(request)
        cmdlet = str(_dict(body, "CmdletInput").get("CmdletName"))
        which = "exchange.remove" if cmdlet.startswith("Remove") else "exchange.list"
        fault = self._tenant.faults.take(which, "exchange")
        return await faulty(fault, request, lambda: self._run(request, body))

    async def _run(self, request: web.Request, body: Any) -> web.Response:
        roles = self._login.roles_of(request.headers.get("Authorization"), self.base_url)
        if roles is None or "Exchange.ManageAsApp" not in roles:
            return web.Response(status=401)
        if EXCHANGE_ROLE not in self._tenant.roles:
            return nul_403()
        if wrong := _wrong_headers(request):
            return _bad("BadRequestException", wrong)
        if request.query_string and "$skiptoken" in request.query_string:
            return _bad("ODataException", "Expired or invalid pagination request")
        given = _dict(body, "CmdletInput")
        parameters = given.get("Parameters")
        if (
            set(body) != {"CmdletInput"}
            or set(given) != {"CmdletName", "Parameters"}
            or not isinstance(parameters, dict)
        ):
            return _bad("BadRequestException", "The request body is not a cmdlet call")
        return self._cmdlet(str(given["CmdletName"]), parameters)

    def _cmdlet(self, cmdlet: str, parameters: dict[str, Any]) -> web.Response:
        if cmdlet not in _PARAMETERS:
            return nul_403()
        if strange := set(parameters) - _PARAMETERS[cmdlet]:
            text = f"No parameter set of this cmdlet has the parameters given: {', '.join(sorted(strange))}"
            return _bad("AmbiguousParameterSetException", text)
        if any(not isinstance(value, str) for value in parameters.values()):
            return _bad("ParameterTransformationException", "Cannot process argument transformation.")
        return self._get(parameters) if cmdlet.startswith("Get") else self._remove(parameters)

    def _get(self, parameters: dict[str, Any]) -> web.Response:
        self._tenant.reads += 1
        wanted = parameters.get("SenderAddress")
        entries = [e for e in self._tenant.visible() if wanted is None or e.address.casefold() == wanted.casefold()]
        if wanted is None and self._tenant.truncated:
            link = f"{self.base_url}/adminapi/beta/{TENANT}/InvokeCommand?$skiptoken=c2FuZGJveA"
            warning = "There are more results available than are shown; raise the ResultSize parameter."
            return self._rows(entries[:1], [warning], link)
        return self._rows(entries)

    def _remove(self, parameters: dict[str, Any]) -> web.Response:
        address = str(parameters.get("SenderAddress", ""))
        entry = next((e for e in self._tenant.visible() if e.address.casefold() == address.casefold()), None)
        if not address or ("Reason" in parameters and (entry is None or parameters["Reason"] != entry.reason)):
            return _bad("ParameterBindingException", "The parameters do not name an entry")
        account = self._tenant.account_of(address)
        if account is not None and account.unblocks_spent:
            self._done(address, "refused")
            return _bad(
                "TooManyUnblocksException", "This sender was unblocked too often. Please contact Microsoft Support."
            )
        if not self._tenant.remove(address):
            self._done(address, "not found")
            return _not_found(address)
        self._done(address, "done")
        return self._rows([])

    def _done(self, address: str, outcome: str) -> None:
        self._tenant.removals.append((now(), address, outcome))
        self._tenant.note(f"Exchange: Remove-BlockedSenderAddress {address}: {outcome}")

    def _rows(self, entries: list[Listed], warnings: list[str] | None = None, link: str | None = None) -> web.Response:
        body: dict[str, Any] = {
            "@odata.context": f"{self.base_url}/adminapi/beta/{TENANT}/$metadata#Collection(Exchange.GenericHashTable)",
            "adminapi.warnings@odata.type": "#Collection(String)",
            "@adminapi.warnings": warnings or [],
            "value": [_row(entry) for entry in entries],
        }
        if link:
            body["@odata.nextLink"] = link
        return web.json_response(body, headers={"Request-Id": str(uuid4())})


def _row(entry: Listed) -> dict[str, Any]:
    created = stamp(entry.since) if entry.since else None
    return {
        "SenderAddress": entry.address,
        "Reason": entry.reason,
        "CreatedDatetime@data.type": "System.DateTime",
        "CreatedDatetime": created,
        "ChangedDatetime@data.type": "System.DateTime",
        "ChangedDatetime": created,
        "TemporaryBlock": entry.temporary,
    }


async def _json(request: web.Request) -> Any:
    try:
        body = await request.json()
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {}


def _dict(parent: Any, name: str) -> dict[str, Any]:
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def _wrong_headers(request: web.Request) -> str | None:
    if request.match_info["tenant"] != TENANT:
        return "Unknown organization"
    if request.headers.get("X-AnchorMailbox") != _ANCHOR:
        return "The anchor mailbox is missing or not this organization's"
    if request.content_type != "application/json" or "application/json" not in request.headers.get("Accept", ""):
        return "JSON is spoken here"
    return None


def _bad(kind: str, text: str) -> web.Response:
    return _error(400, "BadRequest", "Invalid Operation", f"|{_CLI}.{kind}|{text}")


def _not_found(address: str) -> web.Response:
    text = (
        f"Ex6F9304|{_CLI}.ManagementObjectNotFoundException|The operation failed: '{address}' was not found on 'SBX01'."
    )
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
