"""microsoft-agents-hosting-aiohttp as its samples use it: AgentApplication, an echo."""

from typing import Any

from aiohttp import web
from microsoft_agents.hosting.aiohttp import CloudAdapter, jwt_authorization_middleware, start_agent_process
from microsoft_agents.hosting.core import AgentApplication, MemoryStorage, TurnContext, TurnState
from microsoft_agents.hosting.core.authorization import AgentAuthConfiguration
from microsoft_agents.hosting.core.authorization._entra_issuers import BOTFRAMEWORK_JWKS_URIS

from bench.compare.contestants import given

_CONFIGURATION = AgentAuthConfiguration(client_id=given.APP_ID, tenant_id=given.TENANT)


class Tokens:
    """One token, asked for once: its own provider would ask a login that is not on loopback."""

    configuration = _CONFIGURATION

    def __init__(self) -> None:
        self._token = given.token()

    async def get_access_token(self, *_: Any, **__: Any) -> str:
        return self._token


class Connections:
    def __init__(self) -> None:
        self._tokens = Tokens()

    def get_connection(self, *_: Any) -> Tokens:
        return self._tokens

    get_token_provider = get_token_provider_from_activity = get_connection

    def get_default_connection(self) -> Tokens:
        return self._tokens

    def get_default_connection_configuration(self) -> AgentAuthConfiguration:
        return _CONFIGURATION


class Anywhere:
    """Loopback is allowed."""

    enabled = True

    def is_allowed(self, _url: object) -> bool:
        return True


def main() -> None:
    keys = given.keys_url()
    for issuer in list(BOTFRAMEWORK_JWKS_URIS):
        BOTFRAMEWORK_JWKS_URIS[issuer] = keys
    connections = Connections()
    adapter = CloudAdapter(connection_manager=connections, host_validator=Anywhere())
    agent = AgentApplication[TurnState](storage=MemoryStorage(), adapter=adapter, connection_manager=connections)

    @agent.activity("message")
    async def echo(context: TurnContext, _state: TurnState) -> None:
        await context.send_activity(f"You said: {context.activity.text}")

    async def messages(request: web.Request) -> web.Response:
        return await start_agent_process(request, agent, adapter) or web.Response(status=202)

    app = web.Application(middlewares=[jwt_authorization_middleware])
    app["agent_configuration"] = _CONFIGURATION
    app.router.add_post("/api/messages", messages)
    web.run_app(app, host="127.0.0.1", port=given.PORT, access_log=None, print=None)


if __name__ == "__main__":
    main()
