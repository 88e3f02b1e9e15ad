"""botbuilder as its samples use it: CloudAdapter, ActivityHandler, an echo."""

from typing import Any

from aiohttp import web
from botbuilder.core import ActivityHandler, TurnContext
from botbuilder.core.integration import aiohttp_error_middleware
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botframework.connector.auth import MicrosoftAppCredentials, ServiceClientCredentialsFactory
from msal import ConfidentialClientApplication

from bench.compare.contestants import given


class Config:
    """Where the sandbox's login and keys are."""

    APP_ID = given.APP_ID
    APP_PASSWORD = given.SECRET
    APP_TYPE = "SingleTenant"
    APP_TENANTID = given.TENANT
    TO_CHANNEL_FROM_BOT_LOGIN_URL = given.AUTHORITY
    TO_CHANNEL_FROM_BOT_OAUTH_SCOPE = "https://api.botframework.com"
    TO_BOT_FROM_CHANNEL_TOKEN_ISSUER = "https://api.botframework.com"
    TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL = given.OPENID_METADATA
    TO_BOT_FROM_EMULATOR_OPENID_METADATA_URL = TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL
    OAUTH_URL = "https://token.botframework.com"


class Credentials(ServiceClientCredentialsFactory):
    """One set of credentials for all; its login is on loopback, which MSAL must not look up elsewhere."""

    def __init__(self) -> None:
        self._one = MicrosoftAppCredentials(
            given.APP_ID, Config.APP_PASSWORD, oauth_scope="https://api.botframework.com"
        )
        self._one.app = ConfidentialClientApplication(
            given.APP_ID,
            client_credential=Config.APP_PASSWORD,
            authority=Config.TO_CHANNEL_FROM_BOT_LOGIN_URL,
            instance_discovery=False,
        )

    async def is_valid_app_id(self, app_id: str) -> bool:
        return app_id == given.APP_ID

    async def is_authentication_disabled(self) -> bool:
        return False

    async def create_credentials(self, *_: Any, **__: Any) -> MicrosoftAppCredentials:
        return self._one


class Echo(ActivityHandler):
    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(f"You said: {turn_context.activity.text}")


def main() -> None:
    adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(Config, credentials_factory=Credentials()))
    bot = Echo()

    async def messages(request: web.Request) -> web.Response:
        answer: web.Response = await adapter.process(request, bot)
        return answer

    app = web.Application(middlewares=[aiohttp_error_middleware])
    app.router.add_post("/api/messages", messages)
    web.run_app(app, host="127.0.0.1", port=given.PORT, access_log=None, print=None)


if __name__ == "__main__":
    main()
