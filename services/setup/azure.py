"""The Azure Bot with its Teams channel, through Azure Resource Manager.

https://learn.microsoft.com/azure/templates/microsoft.botservice/botservices"""

from collections.abc import Sequence
from typing import Any

from services.setup.directory import Directory
from services.setup.step import Look, Made, StepFailed, later, there, to_do
from services.setup.wanted import Wanted, WantedBot

_BOTS = "api-version=2022-09-15"
_GROUPS = "api-version=2021-04-01"


class AzureBot:
    """A bot resource for the app, and nothing else of its resource group."""

    def __init__(self, arm: Directory, wanted: Wanted, bot: WantedBot) -> None:
        self.title = f"Azure Bot “{bot.name}” with the Teams channel"
        self._arm, self._wanted, self._bot = arm, wanted, bot
        self._subscription = f"/subscriptions/{bot.subscription}"
        self._group = f"{self._subscription}/resourceGroups/{bot.resource_group}"
        self._path = f"{self._group}/providers/Microsoft.BotService/botServices/{bot.name}"

    async def look(self, made: Made) -> Look:
        app = made.app("bot").id
        if not app:
            return later("make it", "the app registration")
        if await self._arm.found(f"{self._group}?{_GROUPS}") is None:
            if not self._bot.region:
                raise StepFailed(
                    f"there is no resource group {self._bot.resource_group}: name a region to have it made."
                )
            group = f"its resource group {self._bot.resource_group} in {self._bot.region}"
            return to_do(f"make it, leading to {self._wanted.endpoint}, and {group}")
        found = await self._arm.found(f"{self._path}?{_BOTS}")
        if found is None:
            return to_do(f"make it, leading to {self._wanted.endpoint}")
        held = found.get("properties") or {}
        if str(held.get("msaAppId", "")).casefold() != app.casefold():
            raise StepFailed(
                f"“{self._bot.name}” is another app's bot, and that cannot be changed: choose another name."
            )
        if held.get("endpoint") != self._wanted.endpoint:
            return to_do(f"it leads to {held.get('endpoint')}: lead it to {self._wanted.endpoint}")
        if await self._arm.found(f"{self._path}/channels/MsTeamsChannel?{_BOTS}") is None:
            return to_do("add the Teams channel")
        return there(f"it leads to {self._wanted.endpoint}")

    async def do(self, made: Made) -> None:
        if await self._arm.found(f"{self._group}?{_GROUPS}") is None:
            await self._arm.put(f"{self._group}?{_GROUPS}", {"location": self._bot.region})
        await self._arm.post(f"{self._subscription}/providers/Microsoft.BotService/register?{_GROUPS}")
        await self._arm.put(f"{self._path}?{_BOTS}", self._body(made.app("bot").id))
        channel = {"channelName": "MsTeamsChannel", "properties": {"isEnabled": True, "acceptedTerms": True}}
        await self._arm.put(
            f"{self._path}/channels/MsTeamsChannel?{_BOTS}", {"location": "global", "properties": channel}
        )

    def instructions(self, made: Made) -> Sequence[str]:
        return ()

    async def take_back(self, made: Made) -> str:
        found = await self._arm.found(f"{self._path}?{_BOTS}")
        if found is None:
            return "was not there"
        if str(found["properties"].get("msaAppId", "")).casefold() != made.app("bot").id.casefold():
            return "stays: it is the bot of another app, or of one that is gone; look at it in the Azure portal"
        await self._arm.delete(f"{self._path}?{_BOTS}")
        return f"deleted; the resource group {self._bot.resource_group} stays"

    def _body(self, app: str) -> dict[str, Any]:
        return {
            "location": "global",
            "kind": "azurebot",
            "sku": {"name": "F0"},
            "properties": {
                "displayName": self._wanted.name,
                "endpoint": self._wanted.endpoint,
                "msaAppId": app,
                "msaAppType": "SingleTenant",
                "msaAppTenantId": self._wanted.tenant,
            },
        }
