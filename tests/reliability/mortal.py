"""A process that dies where it is told to: before or after a commit, a call, a post or a reply.

Nothing is simulated but the death: the dead process's next step anywhere is an exception that nobody catches, the
world outside and the database file stay as they were, and a new process is built on them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

from sqlalchemy.ext.asyncio import AsyncConnection

from dialogs.build import Ports
from services.clients.store.database import Database
from services.domain.case.timing import Timing
from services.domain.people import TeamsUser
from services.ports.storage import ActivityId
from tests.dialogs.outside import Outside
from tests.dialogs.world import World

T = TypeVar("T")


class Crash(BaseException):
    """Raised where the process dies."""


@dataclass(kw_only=True)
class Life:
    """The boundaries a process passed, and the one at which it dies (`None`: it lives)."""

    dies_at: int | None = None
    step: str = ""
    passed: list[str] = field(default_factory=list)
    dead: bool = False

    def reach(self, boundary: str) -> None:
        self.go_on()
        self.passed.append(f"{self.step}: {boundary}")
        if len(self.passed) == self.dies_at:
            self.dead = True
            raise Crash(self.passed[-1])

    def go_on(self) -> None:
        """Raises `Died` in a process that has died, so that it does nothing more."""
        if self.dead:
            raise Crash


class MortalDatabase(Database):
    """The real database, with a boundary before and after each commit."""

    def __init__(self, database: Database, life: Life) -> None:
        super().__init__(database.engine)
        self._database, self._life = database, life

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        self._life.go_on()
        async with self._database.reading() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        self._life.go_on()
        async with self._database.writing() as connection:
            yield connection
            self._life.reach("before the commit")
        self._life.reach("after the commit")


class _Watched:
    """A port with a boundary before and after each call."""

    def __init__(self, real: object, name: str, life: Life) -> None:
        self._real, self._name, self._life = real, name, life

    def __getattr__(self, verb: str) -> Callable[..., Awaitable[Any]]:
        call = getattr(self._real, verb)

        async def watched(*given: Any, **named: Any) -> Any:
            self._life.reach(f"before {self._name} {verb}")
            answer = await call(*given, **named)
            self._life.reach(f"after {self._name} {verb}")
            return answer

        return watched


class MortalWorld(World):
    """A world whose process can die. `step` names the activity that is sent, and sent again after a death."""

    def __init__(self, database: Database, life: Life, limits: Timing, outside: Outside) -> None:
        self.life = life
        super().__init__(MortalDatabase(database, life), limits, outside)

    def ports(self) -> Ports:
        given = super().ports()
        tenant = given.microsoft365
        return replace(
            given,
            microsoft365=replace(
                tenant,
                senders=self._watched(tenant.senders, "mail"),
                directory=self._watched(tenant.directory, "directory"),
                approvers=self._watched(tenant.approvers, "approvers"),
            ),
            teams=replace(given.teams, messenger=self._watched(given.teams.messenger, "Teams")),
        )

    def _watched(self, real: T, name: str) -> T:
        return cast("T", _Watched(real, name, self.life))

    def activity(self, who: TeamsUser) -> ActivityId:
        return ActivityId(conversation_id=f"a:{who.id}", activity_id=self.life.step)

    def answered(self) -> None:
        self.life.reach("before the reply")
        self.life.reach("after the reply")
