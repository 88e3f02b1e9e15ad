"""Installing the Teams app for people who do not have it, so that they can be written to."""

from urllib.parse import quote

from services.clients.graph.directory import GraphDirectory
from services.clients.http import ApiClient
from services.clients.wire_values import list_of, text_of
from services.domain.people import PersonId
from services.domain.unknown import UnknownReason
from services.ports.errors import NotFound, Unavailable, Unreachable


class TeamsInstaller:
    """Implements the port `Installer`.

    https://learn.microsoft.com/microsoftteams/platform/graph-api/proactive-bots-and-messages/graph-proactive-bots-and-messages"""

    def __init__(self, graph: GraphDirectory, api: ApiClient, graph_url: str, app: str | None) -> None:
        """`app`: the app's id in the organisation's catalogue; if it is `None`, the app cannot be installed."""
        self._graph = graph
        self._api = api
        self._catalogue = f"{graph_url}/v1.0/appCatalogs/teamsApps"
        self._app = app

    async def chat_with(self, person: PersonId) -> str:
        if self._app is None:
            raise Unreachable("no chat with this person is known")
        apps = f"/v1.0/users/{quote(person, safe='')}/teamwork/installedApps"
        try:
            await self._install(apps)
            installed = await self._graph.get(f"{apps}?$expand=teamsApp&$filter={self._mine()}")
            rows = (row for row in list_of(installed.get("value")) if isinstance(row, dict))
            identity = next((text_of(row.get("id")) for row in rows), None)
            chat = await self._graph.get(f"{apps}/{quote(identity, safe='')}/chat") if identity else {}
        except NotFound as nobody:
            raise Unreachable("404: no such person or app") from nobody
        except Unavailable as trouble:
            if trouble.reason in (UnknownReason.NO_PERMISSION, UnknownReason.NO_LICENCE):
                raise Unreachable(f"the app could not be installed: {trouble.logged}") from trouble
            raise
        if (found := text_of(chat.get("id"))) is None:
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "the app just installed has no chat")
        return found

    async def _install(self, apps: str) -> None:
        response = await self._api.read("POST", apps, {"teamsApp@odata.bind": f"{self._catalogue}/{self._app}"})
        if response.status == 404:
            raise NotFound(apps)
        if not response.is_success and response.status != 409:  # 409: they have it already
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"HTTP {response.status}")

    def _mine(self) -> str:
        return quote(f"teamsApp/id eq '{self._app}'")
