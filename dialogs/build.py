"""All conversations wired together: ports in, a front desk and its loops out. The same for the bot and its tests."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from cards.view import Links
from dialogs.casework.case_cards import CaseCards
from dialogs.casework.case_writer import CaseWriter
from dialogs.casework.lookups import Lookups
from dialogs.conversations.approver import ApproverConversation
from dialogs.conversations.installs import Installs
from dialogs.conversations.on_behalf import OnBehalf
from dialogs.conversations.person import PersonConversation
from dialogs.conversations.person_buttons import PersonButtons
from dialogs.conversations.rate_limit import RateLimiter
from dialogs.conversations.responder import ResponderConversation
from dialogs.conversations.router import Router
from dialogs.jobs.containment import ContainAccount
from dialogs.jobs.evidence import GatherEvidence
from dialogs.jobs.handlers import TaskHandlers
from dialogs.jobs.limits import ChangeLimits
from dialogs.jobs.list_monitor import ListMonitor
from dialogs.jobs.worker import Worker
from services.domain.case.case import Timing
from services.domain.case.timers import Timers
from services.domain.case.transition import MESSAGES, SCHEDULED, SLOW
from services.ports.clock import Clock
from services.ports.microsoft365 import (
    AccountEvidence,
    Approvers,
    AuditLog,
    Containing,
    Directory,
    Mailboxes,
    MailboxEvidence,
    MailSystem,
    OutboundPolicies,
)
from services.ports.storage import (
    CardStore,
    CaseQueries,
    CaseStore,
    ChannelHealth,
    ConversationStore,
    DigestStore,
    MonitorStore,
    Outbox,
)
from services.ports.teams import Installer, Messenger


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The world, as the conversations need it. `reference` makes what a person can quote to find a log line."""

    mail: MailSystem
    connectors: MailSystem
    directory: Directory
    approvers: Approvers
    messenger: Messenger
    cases: CaseStore
    queries: CaseQueries
    outbox: Outbox
    conversations: ConversationStore
    channel_health: ChannelHealth
    cards: CardStore
    digests: DigestStore
    clock: Clock
    timing: Timing
    links: Links
    reference: Callable[[], str]
    mailboxes: Mailboxes
    mailbox_evidence: MailboxEvidence
    account_evidence: AccountEvidence
    audit_log: AuditLog
    monitor_store: MonitorStore
    installer: Installer
    watch_every: timedelta | None
    policies: OutboundPolicies
    containing: Containing
    responders: Approvers | None
    """Who may contain accounts; nobody where there is no such group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversations:
    """Who hears first, and the loops that pay what is owed."""

    router: Router
    loops: tuple[Worker, ...]
    watch: ListMonitor


def build(ports: Ports) -> Conversations:
    """Wire the conversations; nothing runs yet."""
    wake = _Wake()
    writer = CaseWriter(cases=ports.cases, clock=ports.clock, timing=ports.timing, wake=wake)
    lookups = Lookups(mail=ports.mail, directory=ports.directory, mailboxes=ports.mailboxes, clock=ports.clock)
    case_cards = _case_cards(ports)
    loops = _loops(ports, writer, lookups, case_cards)
    wake.loops = loops
    watch = ListMonitor(
        every=ports.watch_every,
        book=ports.monitor_store,
        mail=ports.mail,
        mailboxes=ports.mailboxes,
        lookups=lookups,
        cases=ports.cases,
        queries=ports.queries,
        writer=writer,
        case_cards=case_cards,
        clock=ports.clock,
    )
    return Conversations(router=_router(ports, writer, lookups, case_cards), loops=loops, watch=watch)


class _Wake:
    """Ties the desk to the loops, which are built after it."""

    def __init__(self) -> None:
        self.loops: tuple[Worker, ...] = ()

    def __call__(self, owed: Timers) -> None:
        for loop in self.loops:
            if mine := [due for kind, due in owed.items() if kind in loop.kinds]:
                loop.wake(min(mine))


def _case_cards(ports: Ports) -> CaseCards:
    return CaseCards(
        messenger=ports.messenger,
        conversations=ports.conversations,
        cards=ports.cards,
        clock=ports.clock,
        timing=ports.timing,
        links=ports.links,
        queries=ports.queries,
        digests=ports.digests,
        installer=ports.installer,
        contains=ports.responders is not None,
    )


def _loops(ports: Ports, writer: CaseWriter, lookups: Lookups, case_cards: CaseCards) -> tuple[Worker, ...]:
    """For what is said, for what is asked of sources, for what asks many slow ones: none waits for another."""
    handlers = TaskHandlers(
        writer=writer,
        cases=ports.cases,
        queries=ports.queries,
        outbox=ports.outbox,
        mail=ports.mail,
        connectors=ports.connectors,
        lookups=lookups,
        case_cards=case_cards,
        channel=ports.channel_health,
        clock=ports.clock,
        gathering=GatherEvidence(
            writer=writer,
            mailbox=ports.mailbox_evidence,
            account=ports.account_evidence,
            audit=ports.audit_log,
            clock=ports.clock,
        ),
        containment=ContainAccount(writer=writer, containing=ports.containing),
        limits=ChangeLimits(writer=writer, policies=ports.policies, clock=ports.clock),
    )
    return tuple(
        Worker(kinds, outbox=ports.outbox, handlers=handlers, clock=ports.clock, reference=ports.reference)
        for kinds in (MESSAGES, SCHEDULED - SLOW, SLOW)
    )


def _router(ports: Ports, writer: CaseWriter, lookups: Lookups, case_cards: CaseCards) -> Router:
    person = PersonConversation(
        writer=writer,
        cases=ports.cases,
        queries=ports.queries,
        commands=PersonButtons(lookups=lookups, approvers=ports.approvers),
        lookups=lookups,
        case_cards=case_cards,
        clock=ports.clock,
    )
    approver = ApproverConversation(
        writer=writer,
        cases=ports.cases,
        queries=ports.queries,
        approvers=ports.approvers,
        mail=ports.mail,
        connectors=ports.connectors,
        conversations=ports.conversations,
        case_cards=case_cards,
        lookups=lookups,
        on_behalf=OnBehalf(
            writer=writer,
            cases=ports.cases,
            queries=ports.queries,
            mailboxes=ports.mailboxes,
            connectors=ports.connectors,
            lookups=lookups,
            case_cards=case_cards,
            clock=ports.clock,
        ),
    )
    installs = Installs(
        writer=writer,
        cases=ports.cases,
        conversations=ports.conversations,
        channel=ports.channel_health,
        messenger=ports.messenger,
        case_cards=case_cards,
        clock=ports.clock,
    )
    return Router(
        rate_limiter=RateLimiter(ports.timing.messages_a_minute, ports.clock),
        person=person,
        approver=approver,
        installs=installs,
        responder=ResponderConversation(
            writer=writer,
            cases=ports.cases,
            responders=ports.responders,
            containing=ports.containing,
            case_cards=case_cards,
        ),
        cases=ports.cases,
        conversations=ports.conversations,
        messenger=ports.messenger,
        case_cards=case_cards,
    )
