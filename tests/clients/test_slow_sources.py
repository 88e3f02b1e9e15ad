"""Sources that take their time: Exchange's first answer after a pause, and whoever is asked in the background."""

import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from sandbox import Sandbox
from sandbox.faults import Cold
from sandbox.people import PEOPLE, TENANT
from services.clients.clock import SystemClock
from services.clients.exchange.invoke_command import InvokeCommand
from services.clients.exchange.mailbox_evidence import ExchangeEvidence
from services.clients.exchange.restricted_senders import ExchangeOnline
from services.clients.graph.message_traces import MessageTraces, trace_budget
from services.clients.http import ApiClient
from services.domain.evidence.report import Excerpt
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from tests.clients.test_outbound_policies import SandboxTokens

AGES = 600.0
LONG, SHORT = timedelta(seconds=60), timedelta(milliseconds=50)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slow:
    """The sandbox, and clients for it that give up sooner or later."""

    box: Sandbox
    session: aiohttp.ClientSession

    def api(self, name: str, within: timedelta, *, background: bool = False) -> ApiClient:
        return ApiClient(
            session=self.session,
            base_url=self.box.environment[name],
            tokens=SandboxTokens(self.session, self.box.environment["SENDWELL_LOGIN_URL"]),
            timeout=within,
            background=background,
        )

    def senders(self, within: timedelta) -> ExchangeOnline:
        return ExchangeOnline(InvokeCommand(self.api("SENDWELL_EXCHANGE_URL", within), TENANT), SystemClock())

    def evidence(self, within: timedelta) -> ExchangeEvidence:
        cmdlets = InvokeCommand(self.api("SENDWELL_EXCHANGE_URL", within, background=True), TENANT)
        graph = self.api("SENDWELL_GRAPH_URL", within, background=True)
        return ExchangeEvidence(cmdlets, MessageTraces(graph, trace_budget(SystemClock())))


@pytest_asyncio.fixture
async def slow(tmp_path: Path) -> AsyncIterator[Slow]:
    async with Sandbox(data=tmp_path) as box:
        context = ssl.create_default_context(cafile=box.environment["SENDWELL_CA_FILE"])
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as session:
            yield Slow(box=box, session=session)


async def test_whoever_gives_up_on_the_first_answer_after_a_pause_never_gets_one(slow: Slow) -> None:
    slow.box.tenant.restrict("ana")
    slow.box.tenant.cold = Cold(seconds=0.3)
    impatient, patient = slow.senders(SHORT), slow.senders(LONG)
    for _ in range(2):
        with pytest.raises(Unavailable) as trouble:
            await impatient.restricted()
        assert trouble.value.reason is UnknownReason.TIMED_OUT
    assert len((await patient.restricted()).entries) == 1
    slow.box.tenant.cold.seconds = AGES
    assert len((await patient.restricted()).entries) == 1  # warm by now


async def test_one_cmdlet_may_be_slow_alone_and_a_slow_answer_is_an_answer(slow: Slow) -> None:
    faults = slow.box.tenant.faults
    faults.fail("exchange:Get-InboxRule", "slow", seconds=0.2)
    assert await slow.evidence(LONG).inbox_rules(PEOPLE["ana"].upn) == Excerpt(rows=())
    assert faults.active["exchange:Get-InboxRule"].met == 1
    faults.fail("exchange:Get-InboxRule", "slow", seconds=AGES)
    assert await slow.evidence(LONG).forwarding(PEOPLE["ana"].upn) is None
