"""The Teams package: made, uploaded into the organisation's catalogue, and its id there."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from services.setup.directory import Directory
from services.setup.step import Look, Made, StepFailed, by_hand, later, there, to_do

WritePackage = Callable[[Path, Mapping[str, str]], object]
"""Writes the package for these settings. Raises `ValueError`, whose message says what to mend."""


class TeamsApp:
    """The app as people find it in Teams."""

    title = "Teams app in the organisation's catalogue"

    def __init__(self, graph: Directory, write: WritePackage, settings: Mapping[str, str], file: Path) -> None:
        self._graph, self._write, self._settings, self._file = graph, write, settings, file
        self._refused = ""

    async def look(self, made: Made) -> Look:
        app = made.app("bot").id
        if not app:
            return later("make and upload the package", "the app registration")
        try:
            held = await self._held(app)
        except StepFailed as refused:  # Teams administrators are often others than who runs this
            self._write_package(app)
            return by_hand(str(refused))
        if held is None:
            return by_hand(self._refused) if self._refused else to_do(f"make {self._file}, and upload it")
        made.settings["SENDWELL_TEAMS_APP_ID"] = str(held["id"])
        return there(f"catalogue id {held['id']}")

    async def do(self, made: Made) -> None:
        self._write_package(made.app("bot").id)
        try:
            await self._graph.post("/v1.0/appCatalogs/teamsApps", self._file.read_bytes())
        except StepFailed as refused:
            self._refused = str(refused)  # an organisation may keep uploads to its Teams administrators

    def instructions(self, made: Made) -> Sequence[str]:
        return (
            f"Upload {self._file} in the Teams admin center, under Teams apps, Manage apps, Actions, Upload new app",
            "(https://admin.teams.microsoft.com/policies/manage-apps), and allow it for the people who are to use it.",
        )

    async def take_back(self, made: Made) -> str:
        if not (app := made.app("bot").id):
            return "was not there, or cannot be found: the app registration that it names is gone"
        try:
            held = await self._held(app)
            if held is None:
                return "was not there"
            await self._graph.delete(f"/v1.0/appCatalogs/teamsApps/{held['id']}")
        except StepFailed as refused:
            return f"by hand: delete the app {app} in the Teams admin center ({refused})"
        return "deleted from the catalogue, and so from the teams and chats that have it"

    def _write_package(self, app: str) -> None:
        try:
            self._write(self._file, {**self._settings, "MicrosoftAppId": app})
        except ValueError as faulty:
            raise StepFailed(
                f"the package cannot be made; mend public_url or [package] in the plan:\n{faulty}"
            ) from faulty

    async def _held(self, app: str) -> Mapping[str, Any] | None:
        wanted = f"distributionMethod eq 'organization' and externalId eq '{app}'".replace(" ", "%20")
        rows = await self._graph.rows(f"/v1.0/appCatalogs/teamsApps?$filter={wanted}") if app else []
        return next(iter(rows), None)
