"""Two hundred senders are restricted at once: message trace is asked for each, and never more than it takes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest_asyncio

from dialogs.casework.case_writer import CaseWriter
from dialogs.jobs.evidence import GatherEvidence
from sandbox import Sandbox
from sandbox.message_trace import CALLS, WITHIN, MessageTrace
from services.clients.graph.message_traces import MessageTraces, trace_budget
from services.domain.case.apply import apply
from services.domain.case.case import Case
from services.domain.case.commands.approver import EvidenceRequested
from services.domain.case.commands.command import Command
from services.domain.case.parts import CaseNumber
from services.domain.case.status import Status
from services.domain.case.timers import timers
from services.domain.case.transition import TaskKind
from services.domain.evidence.report import SentMail
from services.ports.errors import Unavailable
from services.ports.storage import OutboxTask
from tests.cases import BO, CASES, NOW, TIMING, report
from tests.clients.sandboxed import graph_of
from tests.databases import Databases
from tests.dialogs.fake_clock import FakeClock
from tests.dialogs.fake_traces import FakeTraces
from tests.dialogs.world import World, everything_well
from tests.no_driver import opened

MINUTE = timedelta(minutes=1)
SENDERS, AT_ONCE = 200, 40
OTHERS = 40
"""Calls that other programs of the organisation make within each five minutes."""


@dataclass(kw_only=True)
class Traced(FakeTraces):
    """Everything else is made up; sent mail is asked of the sandbox."""

    real: MessageTraces

    async def sent(
        self, addresses: Sequence[str], since: datetime, until: datetime, *, urgent: bool = False
    ) -> SentMail:
        return await self.real.sent(addresses, since, until, urgent=urgent)


class Notebook(CaseWriter):
    """Keeps the cases and what is due of each in memory: two hundred of them are not worth a database here."""

    cases: dict[CaseNumber, Case]
    due: dict[CaseNumber, datetime]

    async def apply_to_latest(self, case: Case, command: Command, completes: OutboxTask | None = None) -> Case:
        del completes
        return self.keep(apply(self.cases[case.number], command, self._clock.now(), self.timing).case)

    def keep(self, case: Case) -> Case:
        self.cases[case.number] = case
        gather = timers(case, self._clock.now(), self.timing).get(TaskKind.GATHER)
        self.due.pop(case.number, None)
        if gather:
            self.due[case.number] = gather
        return case


@dataclass(frozen=True, kw_only=True)
class Wave:
    """Evidence of everybody, gathered with the sandbox's message trace on one clock."""

    clock: FakeClock
    trace: MessageTrace
    notebook: Notebook
    evidence: GatherEvidence

    def begins(self) -> None:
        """Everybody's request is sent, and their evidence is wanted."""
        for number in range(1, SENDERS + 1):
            case, who = CASES[Status.WAITING], f"sender{number}@contoso.example"
            sender = replace(case.sender, upn=who, addresses=(who,))
            case = replace(case, number=CaseNumber(number), sender=sender, restriction=None, evidence_wanted_at=NOW)
            self.notebook.keep(case)

    async def gathers(self) -> None:
        """What is due is done, some at a time. Who is told to wait comes again then, as the worker has it."""
        due = [number for number, at in self.notebook.due.items() if at <= self.clock.time]
        for first in range(0, len(due), AT_ONCE):
            await asyncio.gather(*(self._gather(number) for number in due[first : first + AT_ONCE]))

    async def _gather(self, number: CaseNumber) -> None:
        task = OutboxTask(case=number, kind=TaskKind.GATHER, event=0, due=self.clock.time, tries=1)
        try:
            await self.evidence.run(self.notebook.cases[number], task)
        except Unavailable as trouble:
            self.notebook.due[number] = self.clock.time + (trouble.retry_after or MINUTE)

    async def until_nothing_is_due(self) -> None:
        """Time passes; others go on asking all the while."""
        others = self.clock.time + WITHIN
        while due := self.notebook.due:
            self.clock.time = max(self.clock.time, min(due.values()))
            if self.clock.time >= others:
                self.trace.others_ask(OTHERS)
                others = self.clock.time + WITHIN
            await self.gathers()

    async def an_approver_asks_for(self, case: Case) -> Case:
        """Evidence is gathered again at a click; returns the case with it."""
        self.notebook.keep(apply(case, EvidenceRequested(by=BO), self.clock.time, TIMING).case)
        await self.gathers()
        return self.notebook.cases[case.number]

    @property
    def answered(self) -> list[Case]:
        """The cases of which it is known what was sent."""
        cases = self.notebook.cases.values()
        return [case for case in cases if case.evidence and isinstance(case.evidence.sent, SentMail)]

    @property
    def most_at_once(self) -> int:
        """The most calls that were let in within any five minutes."""
        calls = self.trace.calls
        return max(sum(first <= at < first + WITHIN for at in calls) for first in set(calls))


@pytest_asyncio.fixture
async def wave(tmp_path: Path, calm_databases: Databases) -> AsyncIterator[Wave]:
    outside = everything_well()
    async with (
        Sandbox(data=tmp_path / "box") as box,
        opened(calm_databases.fresh()) as database,
        graph_of(box) as graph,
    ):
        box.tenant.message_trace.now = outside.clock.now
        traced = Traced(report=report(), real=MessageTraces(graph, trace_budget(outside.clock)))
        w = World(database, TIMING, replace(outside, traces=traced))
        notebook = Notebook(cases=w.cases, clock=outside.clock, timing=TIMING, wake=lambda _: None)
        notebook.cases, notebook.due = {}, {}
        evidence = GatherEvidence(writer=notebook, microsoft365=w.ports().microsoft365, clock=outside.clock)
        yield Wave(clock=outside.clock, trace=box.tenant.message_trace, notebook=notebook, evidence=evidence)


async def test_a_wave_stays_within_what_the_organisation_may_ask_and_who_waits_for_it_comes_first(wave: Wave) -> None:
    wave.begins()
    wave.trace.others_ask(OTHERS)
    await wave.gathers()
    assert len(wave.answered) == 45
    wave.clock.time += MINUTE
    clicked = await wave.an_approver_asks_for(wave.answered[0])
    assert clicked.evidence is not None
    assert clicked.evidence.gathered_at == NOW + MINUTE
    assert isinstance(clicked.evidence.sent, SentMail)
    await wave.until_nothing_is_due()
    assert len(wave.answered) == SENDERS
    assert wave.trace.turned_away == 0
    assert wave.most_at_once <= CALLS
    assert wave.clock.time < NOW + timedelta(hours=1)
