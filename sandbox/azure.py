"""Azure Resource Manager: one subscription, its resource groups and bots."""

import re
from typing import Any

from aiohttp import web

from sandbox.faults import faulty
from sandbox.login import Login
from sandbox.tenant import Tenant

SUBSCRIPTION = "5a4d8f2e-0000-4000-8000-00000000a2e0"
_GROUPS, _BOTS = "2021-04-01", "2022-09-15"
_NAME = re.compile(r"[A-Za-z0-9_-]{4,42}")


class Azure:
    """Over HTTP. `registered`: the subscription knows the provider of bots; until then it makes none."""

    def __init__(self, tenant: Tenant, login: Login) -> None:
        self._tenant, self._login = tenant, login
        self.base_url = ""
        self.groups: dict[str, str] = {}
        self.bots: dict[tuple[str, str], dict[str, Any]] = {}
        self.channels: dict[tuple[str, str], dict[str, Any]] = {}
        self.registered = False

    def begin_anew(self) -> None:
        """As the subscription was before anybody made a bot in it."""
        for made in (self.groups, self.bots, self.channels):
            made.clear()
        self.registered = False

    def has_bot(self, group: str, name: str, *, app: str) -> None:
        """A bot that was there before."""
        self.groups.setdefault(group, "westeurope")
        self.bots[group, name] = {"properties": {"msaAppId": app, "endpoint": "https://elsewhere.example/"}}

    def application(self) -> web.Application:
        application = web.Application(middlewares=[self._guard])
        group = "/subscriptions/{subscription}/resourceGroups/{group}"
        bot = f"{group}/providers/Microsoft.BotService/botServices/{{bot}}"
        register = "/subscriptions/{subscription}/providers/Microsoft.BotService/register"
        routes = (
            ("GET", group, self._group),
            ("PUT", group, self._put_group),
            ("POST", register, self._register),
            ("GET", bot, self._bot),
            ("PUT", bot, self._put_bot),
            ("DELETE", bot, self._delete_bot),
            ("GET", f"{bot}/channels/MsTeamsChannel", self._channel),
            ("PUT", f"{bot}/channels/MsTeamsChannel", self._put_channel),
        )
        for method, path, handler in routes:
            application.router.add_route(method, path, handler)
        return application

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        async def answer() -> web.StreamResponse:
            scopes = self._login.scopes_of(request.headers.get("Authorization"), self.base_url)
            if scopes is None:
                return _refused(401, "InvalidAuthenticationToken", "The access token is invalid.")
            if "user_impersonation" not in scopes:
                return _refused(403, "AuthorizationFailed", "The client does not have authorization to perform it.")
            if request.match_info.get("subscription") != SUBSCRIPTION:
                return _refused(404, "SubscriptionNotFound", "The subscription could not be found.")
            wanted = _BOTS if "botServices" in request.path else _GROUPS
            if request.query.get("api-version") != wanted:
                return _refused(400, "InvalidApiVersionParameter", "The api-version is invalid.")
            if "botServices" in request.path and request.match_info["group"] not in self.groups:
                return _refused(404, "ResourceGroupNotFound", "The resource group could not be found.")
            response: web.StreamResponse = await handler(request)
            return response

        return await faulty(self._tenant.faults.take("azure"), request, answer)

    async def _group(self, request: web.Request) -> web.Response:
        region = self.groups.get(request.match_info["group"])
        if region is None:
            return _refused(404, "ResourceGroupNotFound", "The resource group could not be found.")
        return web.json_response({"name": request.match_info["group"], "location": region})

    async def _put_group(self, request: web.Request) -> web.Response:
        body = await request.json()
        if not body.get("location"):
            return _refused(400, "LocationRequired", "The location property is required for this definition.")
        self.groups[request.match_info["group"]] = body["location"]
        return web.json_response(body, status=201)

    async def _register(self, _request: web.Request) -> web.Response:
        self.registered = True
        return web.json_response({"registrationState": "Registered"})

    async def _bot(self, request: web.Request) -> web.Response:
        bot = self.bots.get(_key(request))
        return _gone() if bot is None else web.json_response(bot)

    async def _put_bot(self, request: web.Request) -> web.Response:
        body, key = await request.json(), _key(request)
        if not self.registered:
            text = "The subscription is not registered to use namespace 'Microsoft.BotService'."
            return _refused(409, "MissingSubscriptionRegistration", text)
        if wrong := _wrong(body, self._tenant):
            return _refused(400, "InvalidBotData", wrong)
        held = self.bots.get(key)
        if held and held["properties"]["msaAppId"] != body["properties"]["msaAppId"]:
            return _refused(400, "InvalidBotData", "MsaAppId cannot be changed.")
        if not _NAME.fullmatch(key[1]) or any(key[1] == name for group, name in self.bots if group != key[0]):
            return _refused(400, "InvalidBotData", "The bot's name is not available.")
        self.bots[key] = body
        return web.json_response(body, status=200 if held else 201)

    async def _delete_bot(self, request: web.Request) -> web.Response:
        self.channels.pop(_key(request), None)
        return web.Response(status=204 if self.bots.pop(_key(request), None) is None else 200)

    async def _channel(self, request: web.Request) -> web.Response:
        channel = self.channels.get(_key(request))
        return _gone() if channel is None else web.json_response(channel)

    async def _put_channel(self, request: web.Request) -> web.Response:
        body = await request.json()
        if _key(request) not in self.bots:
            return _gone()
        if body.get("properties", {}).get("channelName") != "MsTeamsChannel" or body.get("location") != "global":
            return _refused(400, "InvalidChannelData", "The channel's data is invalid.")
        self.channels[_key(request)] = body
        self._tenant.bot = self.bots[_key(request)]["properties"]["msaAppId"]
        return web.json_response(body, status=201)


def _wrong(body: dict[str, Any], tenant: Tenant) -> str | None:
    given = body.get("properties", {})
    if body.get("location") != "global" or body.get("kind") != "azurebot" or "name" not in body.get("sku", {}):
        return "location, kind or sku is invalid."
    if given.get("msaAppType") != "SingleTenant" or not given.get("msaAppTenantId"):
        return "msaAppType MultiTenant is not supported any more: name a single tenant and its id."
    if given.get("msaAppId") not in tenant.apps:
        return "MsaAppId is not an app of this tenant."
    return None if str(given.get("endpoint", "")).startswith("https://") else "The endpoint must be https."


def _key(request: web.Request) -> tuple[str, str]:
    return request.match_info["group"], request.match_info["bot"]


def _gone() -> web.Response:
    return _refused(404, "ResourceNotFound", "The resource was not found.")


def _refused(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message}}, status=status)
