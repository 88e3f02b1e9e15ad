"""The login service: OpenID metadata and tokens for applications, as strict as the real one."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import jwt
from aiohttp import web

from sandbox.authority import Signer
from sandbox.faults import faulty
from sandbox.people import APP_ID, APP_SECRET, RESPONDER_APP_ID, RESPONDER_APP_SECRET, TENANT
from sandbox.tenant import CONTAINING, RESPONDER_ROLES, ROLES, Tenant

CONNECTOR_AUDIENCE = "https://api.botframework.com"
_LIFETIME = 3_599

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _App:
    """One registration; `connector`: it is a bot's."""

    id: str
    roles: frozenset[str]
    connector: bool


class Login:
    """Issues app-only tokens for the audiences it knows.

    `nameless`: to an app that says neither id nor secret, and to no other. A bot without an app id says nothing else,
    and a real login would never take it.

    `second_app`: there is one more app, which alone holds the permissions to contain an account; without it the bot's
    own holds them."""

    def __init__(self, tenant: Tenant, *, nameless: bool = False, second_app: bool = False) -> None:
        self._tenant = tenant
        bot = (None, None) if nameless else (APP_ID, APP_SECRET)
        self._apps: dict[tuple[Any, Any], _App] = {
            bot: _App(id=APP_ID, roles=ROLES if second_app else ROLES | CONTAINING, connector=True)
        }
        if second_app:
            second = _App(id=RESPONDER_APP_ID, roles=RESPONDER_ROLES, connector=False)
            self._apps[RESPONDER_APP_ID, RESPONDER_APP_SECRET] = second
        self._signer = Signer("login-key-1")
        self.base_url = ""
        self.audiences: set[str] = set() if nameless else {CONNECTOR_AUDIENCE}

    def application(self) -> web.Application:
        application = web.Application(middlewares=[self._maybe_fail])
        application.router.add_get("/{tenant}/v2.0/.well-known/openid-configuration", self._metadata)
        application.router.add_get("/{tenant}/discovery/v2.0/keys", self._keys)
        application.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)
        return application

    def roles_of(self, authorization: str | None, audience: str) -> set[str] | None:
        """The roles of a good token for that audience; `None` where the token is not good."""
        claims = self._claims(authorization, audience)
        return None if claims is None else set(claims.get("roles", []))

    def app_of(self, authorization: str | None, audience: str) -> str | None:
        """The app that a good token for that audience was issued to."""
        claims = self._claims(authorization, audience)
        return None if claims is None else str(claims["appid"])

    def _claims(self, authorization: str | None, audience: str) -> dict[str, Any] | None:
        scheme, _, token = (authorization or "").partition(" ")
        if scheme != "Bearer":
            return None
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._signer.private.public_key(),
                algorithms=["RS256"],
                audience=audience,
                issuer=f"{self.base_url}/{TENANT}/v2.0",
            )
        except jwt.PyJWTError:
            return None
        return claims if claims.get("tid") == TENANT and claims.get("appid") in self._known() else None

    def _known(self) -> dict[str, _App]:
        return {app.id: app for app in self._apps.values()}

    @web.middleware
    async def _maybe_fail(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        return await faulty(self._tenant.faults.take("login"), request, lambda: handler(request))

    async def _metadata(self, request: web.Request) -> web.Response:
        authority = f"{self.base_url}/{request.match_info['tenant']}"
        return web.json_response(
            {
                "issuer": f"{authority}/v2.0",
                "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize",
                "token_endpoint": f"{authority}/oauth2/v2.0/token",
                "jwks_uri": f"{authority}/discovery/v2.0/keys",
            }
        )

    async def _keys(self, _request: web.Request) -> web.Response:
        return web.json_response({"keys": [self._signer.jwk()]})

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        if request.match_info["tenant"] != TENANT:
            return _refused("invalid_request", 90002, "Tenant not found.")
        if form.get("grant_type") != "client_credentials":
            return _refused("unsupported_grant_type", 70003, "The grant type is not supported.")
        app = self._apps.get((form.get("client_id"), form.get("client_secret")))
        if app is None:
            return _refused("invalid_client", 7000215, "Invalid client secret provided.", status=401)
        scopes = [scope for scope in str(form.get("scope", "")).split() if scope.endswith("/.default")]
        audience = scopes[0].removesuffix("/.default") if scopes else ""
        if audience not in self.audiences or (audience == CONNECTOR_AUDIENCE and not app.connector):
            return _refused("invalid_resource", 500011, "The resource principal was not found.")
        return web.json_response(
            {"token_type": "Bearer", "expires_in": _LIFETIME, "access_token": self._signed(app, audience)}
        )

    def _signed(self, app: _App, audience: str) -> str:
        begun = int(time.time())
        return self._signer.sign(
            {
                "aud": audience,
                "iss": f"{self.base_url}/{TENANT}/v2.0",
                "tid": TENANT,
                "appid": app.id,
                "roles": sorted(self._tenant.roles & app.roles),
                "iat": begun,
                "nbf": begun,
                "exp": begun + _LIFETIME,
            }
        )


def _refused(error: str, code: int, text: str, status: int = 400) -> web.Response:
    body = {"error": error, "error_description": f"AADSTS{code}: {text}", "error_codes": [code]}
    return web.json_response(body, status=status)
