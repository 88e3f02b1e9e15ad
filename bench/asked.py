"""What people, workers and operators ask again and again, each made ready before it is timed."""

import asyncio
import contextlib
import io
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from itertools import count

from sqlalchemy import text

from bench.many_cases import OFTEN
from dialogs.conversations.inbound import Clicked, ConversationKind
from services.clients.store.database import Database
from services.clients.store.figures import read_figures
from services.domain.case.status import Status
from services.domain.case.timing import Timing
from services.domain.case.transition import DECIDING, MESSAGES, SCHEDULED, TaskKind
from services.domain.people import PersonId, TeamsUser
from services.inspecting.commands import export
from services.inspecting.form import Format
from tests.cases import BO
from tests.dialogs.world import CLEO, World, approver

Ask = Callable[[], Awaitable[object]]
_CHAT, _CHANNEL = ConversationKind.PERSONAL, ConversationKind.CHANNEL
_OURS = 1_000
"""From this event on, a task of case 2 is one that was made to be claimed."""


class Asked:
    """One world on a filled database. `cases`: how many ended ones it has."""

    def __init__(self, database: Database, url: str, timing: Timing, cases: int) -> None:
        self.database, self._url, self._cases = database, url, cases
        self._world = World(database, timing)
        self._numbers = count()

    def questions(self) -> Mapping[str, Callable[[], Awaitable[Ask]]]:
        """What makes each ready, by its name."""
        return {
            "first look": self._first_look,
            "first look of somebody with a past": self._look_again,
            "approve": self._approve,
            "“help” of an approver, in their own chat": lambda: self._said(BO, "help", _CHAT),
            "claim of a due message": lambda: self._claim(TaskKind.UPDATE_APPROVERS_CARD, MESSAGES),
            "claim of a due check": lambda: self._claim(TaskKind.CHECK, SCHEDULED - DECIDING),
            "“cases”": lambda: self._said(BO, "cases", _CHANNEL),
            "“history”": lambda: self._said(BO, f"history {OFTEN}", _CHANNEL),
            "“report 30”": lambda: self._said(BO, "report 30", _CHANNEL),
            "export 2026-10": self._export,
            "figures of /metrics": self._figures,
        }

    async def prepared(self, name: str) -> Ask:
        """The question, ready to be asked once; nothing else is due."""
        await self._world.passes()
        return await self.questions()[name]()

    async def _said(self, who: TeamsUser, words: str, where: ConversationKind) -> Ask:
        said = replace(self._world.said_with(who, (), where), text=words)
        return lambda: self._world.router.said(said)

    async def _first_look(self) -> Ask:
        who = self._meets(f"00000000-0000-4000-9000-{next(self._numbers):012d}")
        return await self._said(who, "my mail bounces", _CHAT)

    async def _look_again(self) -> Ask:
        who = self._meets(f"person-{self._cases // 2 - next(self._numbers) % 40}")
        return await self._said(who, "my mail bounces", _CHAT)

    def _meets(self, identity: str) -> TeamsUser:
        who = TeamsUser(id=PersonId(identity), name=f"P{next(self._numbers)} Test")
        self._world.directory.people[who.id] = approver(who)
        self._world.mail.restrict(approver(who).addresses[0])
        return who

    async def _approve(self) -> Ask:
        world, who = self._world, self._meets(f"00000000-0000-4000-a000-{next(self._numbers):012d}")
        await world.says(who, "my mail bounces")
        case = await world.cases.latest_of(who.id)
        assert case is not None
        for verb in ("password_done", "mfa_done", "mailing_unsure", "send"):
            await world.presses(who, verb, case.number, _CHAT)
        assert await world.status(case.number) is Status.WAITING
        word = {"by_another_route": "true", "ground": "called her"}
        clicked = Clicked(
            by=CLEO,
            verb="approve",
            number=case.number,
            inputs=world._with_what_it_carries("approve", case.number, word),
            kind=_CHANNEL,
            conversation=world.conversation(CLEO, _CHANNEL),
            activity=world.activity(CLEO),
        )
        return lambda: self._approved(clicked)

    async def _approved(self, clicked: Clicked) -> None:
        await self._world.router.clicked(clicked)

    async def _claim(self, kind: TaskKind, kinds: frozenset[TaskKind]) -> Ask:
        now, world = self._world.clock.now(), self._world
        async with self.database.writing() as connection:
            mine = {"first": _OURS, "event": _OURS + next(self._numbers), "kind": kind.value}
            await connection.execute(text("delete from outbox where case_number = 2 and event >= :first"), mine)
            made = "insert into outbox (case_number, kind, event, due, tries) select 2, :kind, :event, opened_at, 0 "
            await connection.execute(text(made + "from cases where number = 2"), mine)

        async def claims() -> None:
            claimed = await world.outbox.claim(now, world.timing.lease, 40, kinds)
            assert [task.kind for task in claimed] == [kind]

        return claims

    async def _export(self) -> Ask:
        def exports() -> None:
            with contextlib.redirect_stdout(io.StringIO()) as said:
                export(self._url, "2026-10", Format.JSON)
            assert len(said.getvalue()) > _OURS

        return lambda: asyncio.to_thread(exports)

    async def _figures(self) -> Ask:
        return lambda: read_figures(self.database, self._world.clock.now(), {})
