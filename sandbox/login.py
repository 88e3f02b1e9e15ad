"""The login service: OpenID metadata and tokens for applications, as strict as the real one."""

import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import jwt
from aiohttp import web

from sandbox.administrator import GRANT, Administrator, resource_of
from sandbox.authority import Signer
from sandbox.clouds import WORLDWIDE, Cloud
from sandbox.credentials import Refused, credential_refused
from sandbox.faults import faulty
from sandbox.people import APP_ID, APP_SECRET, RESPONDER_APP_ID, RESPONDER_APP_SECRET, TENANT
from sandbox.registrations import Registration
from sandbox.tenant import CONTAINING, RESPONDER_ROLES, ROLES, Tenant

LIFETIME = 3_599

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Login:
    """Issues app-only tokens for the audiences it knows.

    `nameless`: to an app that says neither id nor secret, and to no other. A bot without an app id says nothing else,
    and a real login would never take it.

    `cloud`: no token is issued for another cloud's Bot Connector.

    `second_app`: there is one more app, which alone holds the permissions to contain an account; without it the bot's
    own holds them."""

    def __init__(
        self, tenant: Tenant, *, cloud: Cloud = WORLDWIDE, nameless: bool = False, second_app: bool = False
    ) -> None:
        self._tenant = tenant
        self._nameless = nameless
        self.connector = cloud.connector
        bot = Registration(id=APP_ID, roles=ROLES if second_app else ROLES | CONTAINING, connector=True)
        if not nameless:
            bot.add_secret(APP_SECRET)
        self._apps = tenant.apps
        self._apps[bot.id] = bot
        if second_app:
            second = Registration(id=RESPONDER_APP_ID, roles=RESPONDER_ROLES, connector=False)
            second.add_secret(RESPONDER_APP_SECRET)
            self._apps[second.id] = second
        self._signer = Signer("login-key-1")
        self.base_url = ""
        self.audiences: set[str] = set() if nameless else {self.connector}
        self.clock_ahead = 0.0
        """Seconds that the login's clock is ahead of this machine's."""
        self._generation = 0
        self.administrator = Administrator()
        self.delegated: dict[str, str] = {}
        """By the address of a service that administrators are let in to: the program that may ask for them."""
        self.consents: Callable[[str], bool] = lambda _app: False
        """An administrator accepts all that an app asks for; whether there is such an app."""

    def revoke_tokens(self) -> None:
        """No service takes a token that was issued until now."""
        self._generation += 1

    def application(self) -> web.Application:
        application = web.Application(middlewares=[self._maybe_fail])
        application.router.add_get("/{tenant}/v2.0/.well-known/openid-configuration", self._metadata)
        application.router.add_get("/{tenant}/discovery/v2.0/keys", self._keys)
        application.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)
        application.router.add_post("/{tenant}/oauth2/v2.0/devicecode", self._device_code)
        application.router.add_get("/{tenant}/adminconsent", self._admin_consent)
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
        known = claims.get("appid") in self._apps or "scp" in claims
        good = claims.get("tid") == TENANT and known and claims["gen"] == self._generation
        return claims if good else None

    @web.middleware
    async def _maybe_fail(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        return await faulty(self._tenant.faults.take("login"), request, lambda: handler(request))

    async def _metadata(self, request: web.Request) -> web.Response:
        if request.match_info["tenant"] != TENANT:
            return _answer(_NO_TENANT)
        authority = f"{self.base_url}/{TENANT}"
        return web.json_response(
            {
                "issuer": f"{authority}/v2.0",
                "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize",
                "token_endpoint": f"{authority}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{authority}/oauth2/v2.0/devicecode",
                "jwks_uri": f"{authority}/discovery/v2.0/keys",
            },
            headers={"Date": format_datetime(datetime.fromtimestamp(time.time() + self.clock_ahead, UTC), usegmt=True)},
        )

    async def _keys(self, _request: web.Request) -> web.Response:
        return web.json_response({"keys": [self._signer.jwk()]})

    async def _token(self, request: web.Request) -> web.Response:
        self._tenant.tokens += 1
        form = await request.post()
        if request.match_info["tenant"] != TENANT:
            return _answer(_NO_TENANT)
        if form.get("grant_type") == GRANT:
            return self._delegated_token(form)
        if form.get("grant_type") != "client_credentials":
            return _answer(_NO_GRANT)
        app = self._app(form)
        if isinstance(app, Refused):
            return _answer(app)
        scope = str(form.get("scope", ""))
        if " " in scope or not scope.endswith("/.default"):
            return _answer(_NO_SCOPE)
        token = self.token_for(app, scope.removesuffix("/.default"))
        if token is None:
            return _answer(_NO_RESOURCE)
        return web.json_response({"token_type": "Bearer", "expires_in": LIFETIME, "access_token": token})

    async def _device_code(self, request: web.Request) -> web.Response:
        if request.match_info["tenant"] != TENANT:
            return _answer(_NO_TENANT)
        begun = self.administrator.begins(await request.post(), f"{self.base_url}/device")
        return _answer(begun) if isinstance(begun, Refused) else web.json_response(begun)

    async def _admin_consent(self, request: web.Request) -> web.Response:
        """The page that an administrator opens; in the sandbox opening it is accepting."""
        if request.match_info["tenant"] != TENANT:
            return _answer(_NO_TENANT)
        if not self.consents(request.query.get("client_id", "")):
            return web.Response(status=400, text="AADSTS700016: Application was not found in the directory.")
        return web.Response(text="Accepted. You can close this page.")

    def _delegated_token(self, form: Mapping[str, Any]) -> web.Response:
        asked = self.administrator.asks(form)
        if isinstance(asked, Refused):
            return _answer(asked)
        app, scopes = asked
        meant = resource_of(scopes, self.delegated)
        if isinstance(meant, Refused):
            return _answer(meant)
        service, names = meant
        if self.delegated[service] != app:
            return _answer(_NOT_PREAUTHORISED)
        token = self._signed_for(app, service, scp=" ".join(names))
        return web.json_response({"token_type": "Bearer", "expires_in": LIFETIME, "access_token": token})

    def scopes_of(self, authorization: str | None, audience: str) -> set[str] | None:
        """What an administrator's token for that audience lets a program do; `None` where the token is not good."""
        claims = self._claims(authorization, audience)
        if claims is None or "scp" not in claims:
            return None
        return set(str(claims["scp"]).split()) - self.administrator.lacks

    def _app(self, form: Mapping[str, Any]) -> Registration | Refused:
        """The app that asks, if its credential proves that it is that app."""
        name = str(form.get("client_id") or "")
        if self._nameless:
            given = name or form.get("client_secret") or form.get("client_assertion")
            return _NO_CLIENT if given else self._apps[APP_ID]
        if not name:
            return _NO_CLIENT
        app = self._apps.get(name)
        if app is None:
            return _NO_APP
        authority = f"{self.base_url}/{TENANT}"
        audiences = {f"{authority}/oauth2/v2.0/token", f"{authority}/v2.0"}
        return credential_refused(form, app, audiences, time.time() + self.clock_ahead) or app

    def token_for(self, app: Registration, audience: str) -> str | None:
        """A token of the app for that audience; `None` if there is no such audience for it."""
        if audience not in self.audiences or (audience == self.connector and not app.connector):
            return None
        return self._signed(app, audience)

    def _signed(self, app: Registration, audience: str) -> str:
        return self._signed_for(app.id, audience, roles=sorted(self._tenant.roles & app.roles))

    def _signed_for(self, app: str, audience: str, **may: object) -> str:
        begun = int(time.time())
        return self._signer.sign(
            {
                "aud": audience,
                "iss": f"{self.base_url}/{TENANT}/v2.0",
                "tid": TENANT,
                "appid": app,
                "gen": self._generation,
                "uti": secrets.token_urlsafe(16),  # no two tokens are alike
                "iat": begun,
                "nbf": begun,
                "exp": begun + LIFETIME,
                **may,
            }
        )


_NO_TENANT = Refused(error="invalid_request", code=90002, text="Tenant not found.", status=400)
_NO_GRANT = Refused(error="unsupported_grant_type", code=70003, text="The grant type is not supported.", status=400)
_NO_CLIENT = Refused(
    error="invalid_request", code=900144, text="The request body must contain 'client_id'.", status=400
)
_NO_APP = Refused(
    error="unauthorized_client", code=700016, text="Application was not found in the directory.", status=400
)
_NOT_PREAUTHORISED = Refused(
    error="invalid_request",
    code=65002,
    text="Consent between first party applications must be preauthorized.",
    status=400,
)
_NO_SCOPE = Refused(
    error="invalid_scope", code=1002012, text="Client credential flows must have one scope with /.default.", status=400
)
_NO_RESOURCE = Refused(error="invalid_resource", code=500011, text="The resource principal was not found.", status=400)


def _answer(refused: Refused) -> web.Response:
    body = {
        "error": refused.error,
        "error_description": f"AADSTS{refused.code}: {refused.text}",
        "error_codes": [refused.code],
    }
    return web.json_response(body, status=refused.status)
