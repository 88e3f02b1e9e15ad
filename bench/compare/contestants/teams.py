"""microsoft-teams-apps as its samples use it: App, an echo."""

import asyncio
import dataclasses
from typing import Any

from microsoft_teams.api import MessageActivity
from microsoft_teams.api.auth.cloud_environment import PUBLIC
from microsoft_teams.apps import ActivityContext, App

from bench.compare.contestants import given


def main() -> None:
    token = given.token()

    def tokens(*_: Any) -> str:
        return token

    # The keys are beside this document.
    cloud = dataclasses.replace(PUBLIC, openid_metadata_url=given.OPENID_METADATA)
    app = App(
        client_id=given.APP_ID,
        tenant_id=given.TENANT,
        token=tokens,
        cloud=cloud,
    )

    @app.on_message
    async def echo(context: ActivityContext[MessageActivity]) -> None:
        await context.send(f"You said: {context.activity.text}")

    asyncio.run(app.start(given.PORT))


if __name__ == "__main__":
    main()
