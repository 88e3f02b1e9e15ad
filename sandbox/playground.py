"""Microsoft's Agents Playground in the place of our page: one window a persona, each a process of its own.

The playground asks for nothing and signs nothing, so the bot beside it runs without an app id (SENDWELL_ANONYMOUS)."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.people import (
    APP_ID,
    BOT_NAME,
    CHANNEL_ID,
    CHANNEL_NAME,
    GROUP_ID,
    PEOPLE,
    TEAM_ID,
    TENANT,
    Persona,
)

FIRST_PORT = 56_150
WINDOWS = ("ana", "bo")
"""Who sits at which window, in the order of their ports."""
_OTHERS = 5
"""It takes neither more nor fewer."""
_PACKAGE = "@microsoft/m365agentsplayground"
_TEAM_GROUP = "5a4d8f2e-0000-4000-8000-0000000000f1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Playground:
    """Where its windows are."""

    first_port: int = FIRST_PORT

    @property
    def approvals_channel(self) -> str:
        """The channel as the approver's window knows it: the two windows share nothing."""
        return f"{TEAM_ID};{CHANNEL_ID};{_service_url(self.first_port + WINDOWS.index('bo'))}"

    @property
    def environment(self) -> dict[str, str]:
        """What differs from the settings of a bot with an app id; empty is how a name is taken out of `.env`, too."""
        return {
            "MicrosoftAppId": "",
            "MicrosoftAppPassword": "",
            "SENDWELL_ANONYMOUS": "loopback",
            "SENDWELL_APPROVALS_CHANNEL": self.approvals_channel,
        }

    def prepare(self, folder: Path, bot_url: str) -> list[str]:
        """Write each window's configuration; returns the commands that open them."""
        return [self._prepare(folder / key, key, port, bot_url) for port, key in enumerate(WINDOWS, self.first_port)]

    def _prepare(self, folder: Path, key: str, port: int, bot_url: str) -> str:
        folder.mkdir(parents=True, exist_ok=True)
        # It wants YAML, which JSON is.
        text = json.dumps(configuration(key), indent=2, ensure_ascii=False)
        (folder / ".m365agentsplayground.yml").write_text(text + "\n", encoding="utf-8")
        return (
            f"cd '{folder}' && npx {_PACKAGE} start --app-endpoint {bot_url}/api/messages --channel-id msteams "
            f"--port {port} --disable-telemetry"
        )


def configuration(key: str) -> dict[str, Any]:
    """The sample tenant as one persona's window sees it."""
    others = [persona for persona in PEOPLE.values() if persona.key != key][:_OTHERS]
    return {
        "version": "0.1.1",
        "tenantId": TENANT,
        "bot": {"id": f"28:{APP_ID}", "name": BOT_NAME},
        "currentUser": _user(PEOPLE[key]),
        "users": [_user(persona) for persona in others],
        "personalChat": {"id": PEOPLE[key].chat_id},
        "groupChat": {"id": GROUP_ID, "name": "Group"},
        "team": {
            "id": TEAM_ID,
            "name": "IT",
            "aadGroupId": _TEAM_GROUP,
            "channels": [{"id": CHANNEL_ID, "name": CHANNEL_NAME}],
        },
    }


def _user(persona: Persona) -> dict[str, str]:
    given, _, surname = persona.name.partition(" ")
    return {
        "id": persona.teams_id,
        "name": persona.name,
        "aadObjectId": persona.id,
        "userPrincipleName": persona.upn,  # the playground's own spelling
        "givenName": given,
        "surname": surname,
        "email": persona.upn,
    }


def _service_url(port: int) -> str:
    return f"http://localhost:{port}/_connector"
