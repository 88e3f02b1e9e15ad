"""What a plan leaves to a human from the start."""

from collections.abc import Sequence

from services.setup.step import Look, Made, by_hand, later
from services.setup.wanted import Wanted


class BotByHand:
    """The Azure Bot, where the plan has no section for it. Nothing here can see whether it is there."""

    title = "Azure Bot with the Teams channel"

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted

    async def look(self, made: Made) -> Look:
        return by_hand("cannot be seen from here") if made.app("bot").id else later("by hand", "the app registration")

    async def do(self, made: Made) -> None:
        raise AssertionError("the plan leaves it to a human")

    def instructions(self, made: Made) -> Sequence[str]:
        return (
            "In the Azure portal, create an Azure Bot: type Single Tenant, “Use existing app registration”,",
            f"  app id {made.app('bot').id}, tenant {self._wanted.tenant}",
            f"then under Configuration the messaging endpoint {self._wanted.endpoint},",
            "and under Channels Microsoft Teams.",
            "Leave this step for later with s: only a message in Teams shows that it is right.",
        )

    async def take_back(self, made: Made) -> str:
        return "by hand: delete the Azure Bot in the portal"
