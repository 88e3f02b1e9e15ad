"""Which of Microsoft's clouds the sandbox plays. A real one has hosts of its own too; these stay on loopback."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """`connector` issues the Bot Connector's tokens and is the audience of the bot's. `is_global`: it has what only the
    worldwide service has (message trace, audit search, installing apps as an app)."""

    name: str
    connector: str
    is_global: bool = False


_CONNECTOR = "https://api.botframework.com"
WORLDWIDE = Cloud(name="worldwide", connector=_CONNECTOR, is_global=True)
CLOUDS = {
    cloud.name: cloud
    for cloud in (
        WORLDWIDE,
        Cloud(name="gcc", connector=_CONNECTOR, is_global=True),
        Cloud(name="gcchigh", connector="https://api.botframework.us"),
        Cloud(name="dod", connector="https://api.botframework.us"),
        Cloud(name="china", connector="https://api.botframework.azure.cn"),
    )
}
