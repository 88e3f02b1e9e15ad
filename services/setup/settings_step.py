"""The settings that came of the other steps, in the `.env`."""

from collections.abc import Mapping, Sequence

from services.setup.env_file import EnvFile
from services.setup.step import Look, Made, later, there, to_do


class SettingsFile:
    """Looked at last: `known` is what the plan itself says; the other steps add what they saw."""

    title = "Settings"

    def __init__(self, env: EnvFile, known: Mapping[str, str]) -> None:
        self._env, self._known = env, known
        self._closed = False
        """Not every file system can keep others from reading: it is tried once."""

    async def look(self, made: Made) -> Look:
        if "SENDWELL_APPROVERS_GROUP_ID" not in made.settings or "MicrosoftAppId" not in made.settings:
            return later(f"write {self._env.path}", "the rest")
        if lacking := self._env.lacks(self._all(made)):
            return to_do(f"write {', '.join(lacking)} into {self._env.path}")
        if self._env.is_open_to_others() and not self._closed:
            return to_do(f"let nobody but its owner read {self._env.path}")
        return there(f"{self._env.path} holds them")

    async def do(self, made: Made) -> None:
        self._env.write(self._all(made))
        self._closed = True

    def instructions(self, made: Made) -> Sequence[str]:
        return ()

    async def take_back(self, made: Made) -> str:
        return f"{self._env.path} stays: delete it, or its lines, by hand"

    def _all(self, made: Made) -> dict[str, str]:
        return {**self._known, **made.settings}
