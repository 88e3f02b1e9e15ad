"""Exchange's InvokeCommand: no mercy for a wrong header, cmdlet or parameter."""

from typing import Any

from aiohttp import web

from sandbox.cmdlets import Cmdlet, bad
from sandbox.connector_cmdlets import ConnectorCmdlets
from sandbox.containment_cmdlets import ContainmentCmdlets
from sandbox.faults import faulty, nul_403
from sandbox.login import Login
from sandbox.mailbox_cmdlets import MailboxCmdlets
from sandbox.people import TENANT
from sandbox.policy_cmdlets import PolicyCmdlets
from sandbox.replay import Replay
from sandbox.restricted_cmdlets import RestrictedCmdlets
from sandbox.tenant import Tenant
from sandbox.traces_cmdlets import TracesCmdlets

_ANCHOR = f"APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{TENANT}"


class Exchange:
    """Every cmdlet, over HTTP."""

    def __init__(self, tenant: Tenant, login: Login, replay: Replay | None = None) -> None:
        self._tenant = tenant
        self._replay = replay
        self._login = login
        self.base_url = ""
        self._cmdlets: dict[str, Cmdlet] = {
            name: cmdlet
            for some in (
                RestrictedCmdlets(tenant, lambda: self.base_url),
                ConnectorCmdlets(tenant, lambda: self.base_url),
                MailboxCmdlets(tenant, lambda: self.base_url),
                TracesCmdlets(tenant, lambda: self.base_url),
                ContainmentCmdlets(tenant, lambda: self.base_url),
                PolicyCmdlets(tenant, lambda: self.base_url),
            )
            for name, cmdlet in some.cmdlets().items()
        }

    def application(self) -> web.Application:
        application = web.Application(middlewares=[self._replay.middleware(self._may)] if self._replay else [])
        application.router.add_post("/adminapi/beta/{tenant}/InvokeCommand", self._invoke)
        application.router.add_get("/adminapi/v1.0/{tenant}/EXOModuleFile", self._inventory)
        return application

    async def _inventory(self, request: web.Request) -> web.StreamResponse:
        """The cmdlets that the app may run: what Microsoft's module asks for when it connects."""
        return await faulty(
            self._tenant.faults.take("exchange:inventory", "exchange"), request, lambda: self._may_run(request)
        )

    async def _may_run(self, request: web.Request) -> web.Response:
        roles = self._login.roles_of(request.headers.get("Authorization"), self.base_url)
        if roles is None or "Exchange.ManageAsApp" not in roles:
            return web.Response(status=401)
        if request.match_info["tenant"] != TENANT or request.headers.get("CommandName") != "*":
            return bad("BadRequestException", "The inventory is asked for with a tenant and the header CommandName")
        if "Version" not in request.query:
            return bad("BadRequestException", "The version of the module is missing")
        app = str(self._login.app_of(request.headers.get("Authorization"), self.base_url))
        granted = sorted(self._tenant.management_roles.cmdlets_of(app))
        # Without any role the app is refused, as it is for a cmdlet.
        return web.json_response({"value": [{"exportedCmdlets": granted}]}) if granted else nul_403()

    def _may(self, request: web.Request) -> bool:
        return self._login.roles_of(request.headers.get("Authorization"), self.base_url) is not None

    async def _invoke(self, request: web.Request) -> web.StreamResponse:
        body = await _json(request)
        cmdlet = str(_dict(body, "CmdletInput").get("CmdletName"))
        known = self._cmdlets.get(cmdlet)
        fault = self._tenant.faults.take(f"exchange:{cmdlet}", *([known.fault] if known else []), "exchange")
        await self._tenant.cold.warm_up(request)
        return await faulty(fault, request, lambda: self._run(request, body))

    async def _run(self, request: web.Request, body: Any) -> web.Response:
        roles = self._login.roles_of(request.headers.get("Authorization"), self.base_url)
        if roles is None or "Exchange.ManageAsApp" not in roles:
            return web.Response(status=401)
        if wrong := _wrong_headers(request):
            return bad("BadRequestException", wrong)
        if request.query_string and "$skiptoken" in request.query_string:
            return bad("ODataException", "Expired or invalid pagination request")
        given = _dict(body, "CmdletInput")
        parameters = given.get("Parameters")
        if (
            set(body) != {"CmdletInput"}
            or set(given) != {"CmdletName", "Parameters"}
            or not isinstance(parameters, dict)
        ):
            return bad("BadRequestException", "The request body is not a cmdlet call")
        # Every app of ours holds Exchange.ManageAsApp; its roles in Exchange say which cmdlets it may run.
        app = self._login.app_of(request.headers.get("Authorization"), self.base_url)
        return self._cmdlet(str(app), str(given["CmdletName"]), parameters)

    def _cmdlet(self, app: str, name: str, parameters: dict[str, Any]) -> web.Response:
        cmdlet = self._cmdlets.get(name)
        if cmdlet is None or not self._tenant.management_roles.may_run(app, name):
            return nul_403()
        if strange := set(parameters) - set(cmdlet.takes):
            text = f"No parameter set of this cmdlet has the parameters given: {', '.join(sorted(strange))}"
            return bad("AmbiguousParameterSetException", text)
        if any(not isinstance(value, cmdlet.takes[given]) for given, value in parameters.items()):
            return bad("ParameterTransformationException", "Cannot process argument transformation.")
        return cmdlet.run(parameters)


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
