"""Where an app on Azure gets tokens without a credential of its own: the platform's endpoints on the machine itself.

App Service and Container Apps: https://learn.microsoft.com/azure/app-service/overview-managed-identity
Virtual machines: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token"""

import secrets
import time
from collections.abc import Mapping

from aiohttp import web

from sandbox.login import LIFETIME, Login
from sandbox.people import APP_ID
from sandbox.tenant import Tenant

_APP_SERVICE_VERSION = "2019-08-01"
_MACHINE_VERSION = "2018-02-01"


class ManagedIdentity:
    """Plain HTTP, as on Azure. `header` is the value that a caller of App Service's endpoint must know."""

    def __init__(self, tenant: Tenant, login: Login) -> None:
        self._tenant = tenant
        self._login = login
        self.base_url = ""
        self.header = secrets.token_hex(16)

    @property
    def environment(self) -> dict[str, str]:
        """What App Service sets for an app, and the settings of a bot with a managed identity."""
        return {
            "IDENTITY_ENDPOINT": f"{self.base_url}/msi/token",
            "IDENTITY_HEADER": self.header,
            "MicrosoftAppType": "UserAssignedMSI",
            "MicrosoftAppPassword": "",
        }

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_get("/msi/token", self._app_service)
        application.router.add_get("/metadata/identity/oauth2/token", self._machine)
        return application

    async def _app_service(self, request: web.Request) -> web.Response:
        if request.headers.get("X-IDENTITY-HEADER") != self.header:
            return _app_service_refused(401, "The X-IDENTITY-HEADER is missing or wrong.")
        if request.query.get("api-version") != _APP_SERVICE_VERSION:
            return _app_service_refused(400, "The api-version is missing or not supported.")
        if request.query.get("client_id") != APP_ID:
            said = "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId."
            return _app_service_refused(400, said)
        body = self._token(request.query.get("resource", ""))
        return web.json_response(body) if body else _app_service_refused(500, "An unexpected error occurred.")

    async def _machine(self, request: web.Request) -> web.Response:
        if request.headers.get("Metadata") != "true" or "X-Forwarded-For" in request.headers:
            return _machine_refused("bad_request_102", "Required metadata header not specified")
        if request.query.get("api-version") != _MACHINE_VERSION:
            return _machine_refused("bad_request", "The api-version is missing or not supported.")
        if request.query.get("client_id") != APP_ID:
            return _machine_refused("invalid_request", "Identity not found")
        body = self._token(request.query.get("resource", ""))
        if body is None:
            return _machine_refused("invalid_resource", "AADSTS500011: The resource principal was not found.")
        return web.json_response({**body, "expires_in": str(LIFETIME), "ext_expires_in": str(LIFETIME)})

    def _token(self, resource: str) -> Mapping[str, str] | None:
        """A resource is an address; a scope (`…/.default`) is none, and nothing is known by it. All values are texts,
        the numbers too."""
        token = self._login.token_for(self._tenant.apps[APP_ID], resource)
        if token is None:
            return None
        begun = int(time.time())
        return {
            "access_token": token,
            "client_id": APP_ID,
            "expires_on": str(begun + LIFETIME),
            "not_before": str(begun),
            "resource": resource,
            "token_type": "Bearer",
        }


def _app_service_refused(status: int, message: str) -> web.Response:
    return web.json_response({"statusCode": status, "message": message}, status=status)


def _machine_refused(error: str, description: str) -> web.Response:
    return web.json_response({"error": error, "error_description": description}, status=400)
