"""Everything wired together: ports in; who answers, who works off what is owed, and who reads the list, out. The same
for the bot and its tests."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo

from cards.view import Links
from dialogs.casework.case_cards import CaseCards
from dialogs.casework.case_writer import CaseWriter
from dialogs.casework.channel_return import ChannelReturn
from dialogs.casework.first_cards import FirstCards
from dialogs.casework.lookups import Lookups
from dialogs.casework.own_checks import OwnChecks
from dialogs.casework.traced_mail import TracedMail
from dialogs.casework.views import Views
from dialogs.conversations.answers import Answers
from dialogs.conversations.approval import Approvals
from dialogs.conversations.approver import ApproverConversation
from dialogs.conversations.call_codes import CallCodes
from dialogs.conversations.dropped_files import BouncesInFiles
from dialogs.conversations.installs import Installs
from dialogs.conversations.known_approvers import KnownApprovers
from dialogs.conversations.on_behalf import OnBehalf
from dialogs.conversations.person import PersonConversation
from dialogs.conversations.person_buttons import PersonButtons
from dialogs.conversations.rate_limit import RateLimiter
from dialogs.conversations.reports import Reports
from dialogs.conversations.responder import ResponderConversation
from dialogs.conversations.router import Router, Speakers
from dialogs.conversations.trouble import TroubleConversation
from dialogs.jobs.announce import Announce
from dialogs.jobs.handlers import TaskHandlers
from dialogs.jobs.list_monitor import ListMonitor
from dialogs.jobs.shared_look import SharedLook
from dialogs.jobs.traced import TracedHandlers
from dialogs.jobs.waking import WakingOutbox
from dialogs.jobs.worker import Runs, Worker, WorkerBounds
from services.domain.case.timers import Timers
from services.domain.case.timing import Timing
from services.domain.case.transition import ANNOUNCED, DECIDING, GATHERING, MESSAGES, PASSED_ON, SCHEDULED, SLOW
from services.ports.clock import Clock
from services.ports.doctor import Doctor
from services.ports.microsoft365 import Microsoft365
from services.ports.storage import Storage
from services.ports.teams import Teams
from services.ports.tracing import NO_TRACING, Tracing
from services.ports.webhook import Webhook


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The world, by neighbour, and the settings that rule us. `reference` makes what a person can quote to find a log
    line."""

    microsoft365: Microsoft365
    storage: Storage
    teams: Teams
    clock: Clock
    timing: Timing
    links: Links
    reference: Callable[[], str]
    call_code: Callable[[], str]
    """Makes a code of six digits for a telephone call."""
    doctor: Doctor | None = None
    """Looks what is missing; `None` where nobody can ask for it."""
    zone: tzinfo = UTC
    """Of times that Teams cannot write in each reader's own."""
    tracing: Tracing = NO_TRACING
    webhook: Webhook | None = None
    """Who outside is told of milestones; `None`: nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """Who hears first, the workers of the outbox, and the monitor of the restricted list. Nothing runs yet."""

    router: Router
    workers: tuple[Worker, ...]
    list_monitor: ListMonitor


@dataclass(frozen=True, slots=True, kw_only=True)
class _Casework:
    """What conversations and jobs share."""

    writer: CaseWriter
    lookups: Lookups
    case_cards: CaseCards
    channel_return: ChannelReturn
    first_cards: FirstCards


def build(ports: Ports) -> Built:
    """Wire conversations and jobs to their neighbours."""
    wake = _Wake()
    views = Views(
        clock=ports.clock,
        timing=ports.timing,
        links=ports.links,
        contains=ports.microsoft365.responders is not None,
        zone=ports.zone,
    )
    case_cards = CaseCards(storage=ports.storage, teams=ports.teams, views=views)
    shared = _Casework(
        writer=CaseWriter(
            cases=ports.storage.cases,
            clock=ports.clock,
            timing=ports.timing,
            wake=wake,
            announces=ports.webhook is not None,
        ),
        lookups=Lookups(microsoft365=ports.microsoft365, clock=ports.clock, timing=ports.timing),
        case_cards=case_cards,
        channel_return=ChannelReturn(
            storage=ports.storage, case_cards=case_cards, clock=ports.clock, lease=ports.timing.lease, wake=wake
        ),
        first_cards=FirstCards(
            outbox=ports.storage.outbox,
            case_cards=case_cards,
            clock=ports.clock,
            lease=ports.timing.lease,
            wake=wake,
        ),
    )
    wake.workers = _workers(ports, shared, wake)
    list_monitor = ListMonitor(
        writer=shared.writer,
        storage=ports.storage,
        microsoft365=ports.microsoft365,
        lookups=shared.lookups,
        case_cards=shared.case_cards,
        clock=ports.clock,
    )
    return Built(router=_router(ports, shared), workers=wake.workers, list_monitor=list_monitor)


class _Wake:
    """Ties the case writer to the workers, which are built after it."""

    def __init__(self) -> None:
        self.workers: tuple[Worker, ...] = ()

    def __call__(self, timers: Timers) -> None:
        for worker in self.workers:
            if mine := [due for kind, due in timers.items() if kind in worker.kinds]:
                worker.wake(min(mine))


def _workers(ports: Ports, shared: _Casework, wake: _Wake) -> tuple[Worker, ...]:
    """One for messages, one for what is asked of sources, one for intended approvals, one for what changes many, one
    for evidence, which takes minutes, one for what is told outside: none waits for another."""
    storage = replace(ports.storage, outbox=WakingOutbox(ports.storage.outbox, wake))
    handlers: Runs = TaskHandlers(
        writer=shared.writer,
        storage=storage,
        microsoft365=ports.microsoft365,
        lookups=shared.lookups,
        channel_return=shared.channel_return,
        clock=ports.clock,
    )
    announce: Runs = Announce(storage=storage, webhook=ports.webhook, clock=ports.clock)
    outbox = SharedLook(ports.storage.outbox, ports.clock)
    return tuple(
        Worker(
            kinds,
            outbox=outbox,
            handlers=TracedHandlers(runs, ports.tracing) if ports.tracing is not NO_TRACING else runs,
            clock=ports.clock,
            reference=ports.reference,
            bounds=WorkerBounds(lease=lease),
        )
        for kinds, lease, runs in (
            (MESSAGES, ports.timing.lease, handlers),
            ((SCHEDULED | PASSED_ON) - SLOW - GATHERING - DECIDING, ports.timing.lease, handlers),
            (DECIDING, ports.timing.decide_lease, handlers),
            (SLOW, ports.timing.lease, handlers),
            (GATHERING, ports.timing.gather_lease, handlers),
            (ANNOUNCED, ports.timing.lease, announce),
        )
    )


def _router(ports: Ports, shared: _Casework) -> Router:
    call_codes = CallCodes(
        approvals=_approvals(ports, shared),
        cases=ports.storage.cases,
        case_cards=shared.case_cards,
        make=ports.call_code,
    )
    person = _person(ports, shared)
    speakers = Speakers(
        person=person,
        answers=Answers(person=person, writer=shared.writer, case_cards=shared.case_cards),
        approver=_approver(ports, shared),
        call_codes=call_codes,
        known_approvers=KnownApprovers(ports.microsoft365.approvers, ports.clock),
        responder=ResponderConversation(
            writer=shared.writer,
            storage=ports.storage,
            microsoft365=ports.microsoft365,
            lookups=shared.lookups,
            case_cards=shared.case_cards,
            clock=ports.clock,
        ),
        installs=Installs(
            writer=shared.writer,
            storage=ports.storage,
            messenger=ports.teams.messenger,
            case_cards=shared.case_cards,
            clock=ports.clock,
            channel_return=shared.channel_return,
        ),
    )
    return Router(
        speakers=speakers,
        storage=ports.storage,
        messenger=ports.teams.messenger,
        case_cards=shared.case_cards,
        rate_limiter=RateLimiter(ports.timing.messages_a_minute, ports.clock),
        files=BouncesInFiles(ports.teams.files),
    )


def _person(ports: Ports, shared: _Casework) -> PersonConversation:
    return PersonConversation(
        storage=ports.storage,
        buttons=PersonButtons(
            lookups=shared.lookups,
            approvers=ports.microsoft365.approvers,
            traced=TracedMail(ports.microsoft365.mailbox_evidence, ports.clock, ports.timing.gather_within),
        ),
        troubles=TroubleConversation(
            writer=shared.writer,
            storage=ports.storage,
            lookups=shared.lookups,
            approvers=ports.microsoft365.approvers,
            case_cards=shared.case_cards,
            clock=ports.clock,
        ),
        case_cards=shared.case_cards,
        first_cards=shared.first_cards,
        checks=OwnChecks(lookups=shared.lookups, microsoft365=ports.microsoft365, clock=ports.clock),
    )


def _approvals(ports: Ports, shared: _Casework) -> Approvals:
    return Approvals(
        writer=shared.writer, lookups=shared.lookups, approvers=ports.microsoft365.approvers, clock=ports.clock
    )


def _approver(ports: Ports, shared: _Casework) -> ApproverConversation:
    return ApproverConversation(
        approvals=_approvals(ports, shared),
        storage=ports.storage,
        case_cards=shared.case_cards,
        on_behalf=OnBehalf(
            writer=shared.writer,
            storage=ports.storage,
            mailboxes=ports.microsoft365.mailboxes,
            lookups=shared.lookups,
            case_cards=shared.case_cards,
            clock=ports.clock,
        ),
        channel_return=shared.channel_return,
        reports=Reports(
            storage=ports.storage,
            policies=ports.microsoft365.policies,
            clock=ports.clock,
            zone=ports.zone,
            doctor=ports.doctor,
        ),
    )
