"""Two hundred senders are restricted at once: message trace is asked for each, and never more than it takes."""

import ssl
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import pytest_asyncio

from sandbox import Sandbox
from sandbox.message_trace import CALLS, WITHIN
from services.clients.graph.message_traces import MessageTraces, trace_budget
from services.clients.http import ApiClient
from services.clients.store.database import open_database
from services.domain.case.apply import apply
from services.domain.case.case import UNNUMBERED, Case, Status
from services.domain.case.commands import EvidenceRequested
from services.domain.case.creation import created_by_person
from services.domain.case.parts import CaseNumber
from services.domain.case.transition import SLOW, TaskKind
from services.domain.evidence.report import SentMail
from services.domain.people import PersonId
from tests.cases import BO, CASES, NOW, TIMING, report
from tests.clients.test_outbound_policies import SandboxTokens
from tests.databases import UNHURRIED, Databases
from tests.dialogs.fakes import FakeTraces
from tests.dialogs.rounds import run_due
from tests.dialogs.world import World, everything_well

MINUTE = timedelta(minutes=1)
SENDERS = 200
OTHERS = 40
"""Calls that other programs of the organisation make within each five minutes."""


class OneToken(SandboxTokens):
    """The first token serves for all requests."""

    _first = ""

    async def token(self, scope: str) -> str:
        self._first = self._first or await super().token(scope)
        return self._first


@dataclass(kw_only=True)
class Traced(FakeTraces):
    """Everything else is made up; sent mail is asked of the sandbox."""

    real: MessageTraces

    async def sent(
        self, addresses: Sequence[str], since: datetime, until: datetime, *, urgent: bool = False
    ) -> SentMail:
        return await self.real.sent(addresses, since, until, urgent=urgent)


@dataclass(frozen=True, kw_only=True)
class Wave:
    """A world with the sandbox's message trace, on one clock. Only evidence is gathered; the cards wait."""

    box: Sandbox
    w: World

    async def begins(self) -> None:
        """Everybody's request is sent, and their evidence is wanted."""
        for number in range(SENDERS):
            case = replace(CASES[Status.WAITING], number=UNNUMBERED, evidence_wanted_at=NOW, restriction=None)
            who = f"sender{number}@contoso.example"
            sender = replace(case.sender, person=PersonId(who), upn=who, addresses=(who,))
            opened = created_by_person(replace(case, sender=sender), NOW)
            await self.w.cases.save(opened, {TaskKind.GATHER: NOW})

    def others_ask(self) -> None:
        self.box.tenant.message_trace.others_ask(OTHERS)

    async def gathers(self) -> bool:
        """What is due next is done when it is due; false if there is nothing."""
        due = await self.w.outbox.next_due(SLOW)
        if due is None:
            return False
        self.w.clock.time = max(due, self.w.clock.time)
        (slow,) = (worker for worker in self.w.workers if worker.kinds == SLOW)
        await run_due(slow)
        return True

    async def answered(self) -> list[Case]:
        """The cases of which it is known what was sent."""
        cases = await self.w.cases.many([CaseNumber(number) for number in range(1, SENDERS + 1)])
        return [case for case in cases if case.evidence and isinstance(case.evidence.sent, SentMail)]

    async def an_approver_asks_for(self, case: Case) -> Case:
        """Evidence is gathered again at a click; returns the case with it."""
        now = self.w.clock.time
        await self.w.cases.save(apply(case, EvidenceRequested(by=BO), now, TIMING), {TaskKind.GATHER: now})
        await self.gathers()
        return await self.w.case(case.number)

    def most_at_once(self) -> int:
        """The most calls that were let in within any five minutes."""
        calls = self.box.tenant.message_trace.calls
        return max(sum(first <= at < first + WITHIN for at in calls) for first in set(calls))


@pytest_asyncio.fixture
async def wave(tmp_path: Path, calm_databases: Databases) -> AsyncIterator[Wave]:
    async with Sandbox(data=tmp_path / "box") as box, open_database(calm_databases.fresh(), wait=UNHURRIED) as database:
        settings, outside = box.environment, everything_well()
        trusted = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=settings["SENDWELL_CA_FILE"]))
        box.tenant.message_trace.now = outside.clock.now
        async with aiohttp.ClientSession(connector=trusted) as session:
            api = ApiClient(
                session=session,
                base_url=settings["SENDWELL_GRAPH_URL"],
                tokens=OneToken(session, settings["SENDWELL_LOGIN_URL"]),
                timeout=timedelta(seconds=30),
            )
            traced = Traced(report=report(), real=MessageTraces(api, trace_budget(outside.clock)))
            yield Wave(box=box, w=World(database, TIMING, replace(outside, traces=traced)))


async def test_a_wave_stays_within_what_the_organisation_may_ask_and_who_waits_for_it_comes_first(wave: Wave) -> None:
    await wave.begins()
    wave.others_ask()
    while await wave.w.outbox.next_due(SLOW) == NOW:
        await wave.gathers()
    first = await wave.answered()
    assert len(first) == 45
    wave.w.clock.time += MINUTE
    clicked = await wave.an_approver_asks_for(first[0])
    assert clicked.evidence is not None
    assert clicked.evidence.gathered_at == NOW + MINUTE
    assert isinstance(clicked.evidence.sent, SentMail)
    ends = NOW + WITHIN
    while await wave.gathers():
        if wave.w.clock.time >= ends:  # others go on asking all the while
            wave.others_ask()
            ends = wave.w.clock.time + WITHIN
    assert len(await wave.answered()) == SENDERS
    assert wave.box.tenant.message_trace.turned_away == 0
    assert wave.most_at_once() <= CALLS
    assert wave.w.clock.time < NOW + timedelta(hours=1)
