"""A world that is driven step by step from a synchronous test, and whose process can be ended at any of them."""

import asyncio
import tempfile
from collections.abc import Awaitable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from dialogs.conversations.inbound import Clicked, ConversationKind, Said
from services.domain.people import TeamsUser
from services.ports.errors import Unavailable, Unreachable
from services.ports.storage import ActivityId
from tests.cases import ANA
from tests.databases import Files
from tests.dialogs.outside import Outside
from tests.dialogs.world import everything_well
from tests.no_driver import opened
from tests.on_loop import ON_LOOP
from tests.reliability.mortal import Crash, Life, MortalWorld
from tests.reliability.plays import TIMING, LaggingMail

T = TypeVar("T")
_DIES_WITHIN = 10.0
UNHURRIED = replace(TIMING, messages_a_minute=9_999, requests_a_day=9_999)


class Driven:
    """One database file and one world outside; processes come and go."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._url = Files(Path(self._folder.name), ON_LOOP).fresh()
        self._runner = asyncio.Runner()
        self._process = AsyncExitStack()
        well = everything_well()
        self.mail = LaggingMail(clock=well.clock)
        self.outside: Outside = replace(well, mail=self.mail)
        self.said: list[Said | Clicked] = []
        self.deaths = 0
        self.start()

    def start(self) -> None:
        """A process on what the former one left."""
        self._runner.run(self._start())

    async def _start(self) -> None:
        # The dead process's tasks run to their next boundary and end there, before its database is closed.
        if others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others, timeout=_DIES_WITHIN)
        await self._process.aclose()
        self.life = Life(step="driven")
        database = await self._process.enter_async_context(opened(self._url))
        self.world = MortalWorld(database, self.life, UNHURRIED, self.outside)

    def dies_after(self, boundaries: int) -> None:
        self.life.dies_at = len(self.life.passed) + boundaries

    def run(self, work: Coroutine[Any, Any, T]) -> T | None:
        """Returns the result; `None` where the process died and a new one was started."""
        try:
            return self._runner.run(work)
        except (Crash, BaseExceptionGroup):
            if not self.life.dead:
                raise
        self.deaths += 1
        self.start()
        return None

    def close(self) -> None:
        self._runner.run(self._process.aclose())
        self._runner.close()
        self._folder.cleanup()

    # Activities.

    def clicks(self, who: TeamsUser, verb: str, number: int, where: ConversationKind, **inputs: str) -> Clicked:
        conversation, activity = self.world.conversation(who, where), self._heard(who)
        clicked = Clicked(
            by=who, verb=verb, number=number, inputs=inputs, kind=where, conversation=conversation, activity=activity
        )
        self.said.append(clicked)
        return clicked

    def says(self, who: TeamsUser, words: str, where: ConversationKind) -> Said:
        conversation, activity = self.world.conversation(who, where), self._heard(who)
        said = Said(by=who, text=words, kind=where, conversation=conversation, activity=activity)
        self.said.append(said)
        return said

    def _heard(self, who: TeamsUser) -> ActivityId:
        return ActivityId(conversation_id=f"a:{who.id}", activity_id=str(len(self.said) + 1))

    async def newest_case(self) -> int:
        case = await self.world.cases.latest_of(ANA)
        return case.number if case else 0

    async def hears(self, *activities: Said | Clicked) -> None:
        """Sends all at once. `Unavailable` is ignored here: the endpoint turns it into a response."""
        await asyncio.gather(*(_guarded(self._hear(activity)) for activity in activities))

    async def _hear(self, activity: Said | Clicked) -> None:
        if isinstance(activity, Clicked):
            await self.world.router.clicked(activity)
        else:
            await self.world.router.said(activity)


async def _guarded(work: Awaitable[None]) -> None:
    try:
        await work
    except (Unavailable, Unreachable):
        return
