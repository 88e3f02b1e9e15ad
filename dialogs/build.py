"""All conversations wired together: ports in, a front desk and its loops out. The same for the bot and its tests."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from cards.view import Links
from dialogs.casework.case_cards import Showing
from dialogs.casework.case_writer import Desk
from dialogs.casework.lookups import Evidence
from dialogs.conversations.approver import Approval
from dialogs.conversations.installs import Comings
from dialogs.conversations.on_behalf import AskingFor
from dialogs.conversations.person import HelpToSend
from dialogs.conversations.person_buttons import PersonActs
from dialogs.conversations.rate_limit import Pace
from dialogs.conversations.responder import Responding
from dialogs.conversations.router import FrontDesk
from dialogs.jobs.containment import ContainmentWork
from dialogs.jobs.evidence import Gathering
from dialogs.jobs.handlers import Duties
from dialogs.jobs.limits import LimitsDuty
from dialogs.jobs.list_monitor import Watch
from dialogs.jobs.worker import LEASE, FollowUp
from services.domain.case.case import Limits
from services.domain.case.timers import Timers
from services.domain.case.transition import SLOW, SPOKEN, TIMED
from services.ports.clock import Clock
from services.ports.microsoft365 import (
    AccountTraces,
    Approvers,
    AuditLog,
    Containing,
    Directory,
    Mailboxes,
    MailboxTraces,
    MailSystem,
    OutboundPolicies,
)
from services.ports.storage import Addresses, Cards, Cases, ChannelWatch, Digests, Register, Todos, WatchBook
from services.ports.teams import Installer, Messenger


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The world, as the conversations need it. `reference` makes what a person can quote to find a log line."""

    mail: MailSystem
    connectors: MailSystem
    directory: Directory
    approvers: Approvers
    messenger: Messenger
    cases: Cases
    register: Register
    todos: Todos
    addresses: Addresses
    channel: ChannelWatch
    cards: Cards
    digests: Digests
    clock: Clock
    limits: Limits
    links: Links
    reference: Callable[[], str]
    mailboxes: Mailboxes
    mailbox_traces: MailboxTraces
    account_traces: AccountTraces
    audit_log: AuditLog
    watch_book: WatchBook
    installer: Installer
    watch_every: timedelta | None
    policies: OutboundPolicies
    containing: Containing
    responders: Approvers | None
    """Who may contain accounts; nobody where there is no such group."""
    lease: timedelta = LEASE
    """How long a claimed task is this process's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversations:
    """Who hears first, and the loops that pay what is owed."""

    front_desk: FrontDesk
    loops: tuple[FollowUp, ...]
    watch: Watch


def converse(ports: Ports) -> Conversations:
    """Wire the conversations; nothing runs yet."""
    wake = _Wake()
    desk = Desk(cases=ports.cases, clock=ports.clock, limits=ports.limits, nudge=wake)
    evidence = Evidence(mail=ports.mail, directory=ports.directory, mailboxes=ports.mailboxes, clock=ports.clock)
    showing = _showing(ports)
    loops = _loops(ports, desk, evidence, showing)
    wake.loops = loops
    watch = Watch(
        every=ports.watch_every,
        book=ports.watch_book,
        mail=ports.mail,
        mailboxes=ports.mailboxes,
        evidence=evidence,
        cases=ports.cases,
        register=ports.register,
        desk=desk,
        showing=showing,
        clock=ports.clock,
    )
    return Conversations(front_desk=_front_desk(ports, desk, evidence, showing), loops=loops, watch=watch)


class _Wake:
    """Ties the desk to the loops, which are built after it."""

    def __init__(self) -> None:
        self.loops: tuple[FollowUp, ...] = ()

    def __call__(self, owed: Timers) -> None:
        for loop in self.loops:
            if mine := [due for duty, due in owed.items() if duty in loop.among]:
                loop.nudge(min(mine))


def _showing(ports: Ports) -> Showing:
    return Showing(
        messenger=ports.messenger,
        addresses=ports.addresses,
        cards=ports.cards,
        clock=ports.clock,
        limits=ports.limits,
        links=ports.links,
        register=ports.register,
        digests=ports.digests,
        installer=ports.installer,
        contains=ports.responders is not None,
    )


def _loops(ports: Ports, desk: Desk, evidence: Evidence, showing: Showing) -> tuple[FollowUp, ...]:
    """For what is said, for what is asked of sources, for what asks many slow ones: none waits for another."""
    duties = Duties(
        desk=desk,
        cases=ports.cases,
        register=ports.register,
        todos=ports.todos,
        mail=ports.mail,
        connectors=ports.connectors,
        evidence=evidence,
        showing=showing,
        channel=ports.channel,
        clock=ports.clock,
        gathering=Gathering(
            desk=desk,
            mailbox=ports.mailbox_traces,
            account=ports.account_traces,
            audit=ports.audit_log,
            clock=ports.clock,
        ),
        containment=ContainmentWork(desk=desk, containing=ports.containing),
        limits=LimitsDuty(desk=desk, policies=ports.policies, clock=ports.clock),
    )
    return tuple(
        FollowUp(
            among,
            todos=ports.todos,
            duties=duties,
            clock=ports.clock,
            reference=ports.reference,
            lease=ports.lease,
        )
        for among in (SPOKEN, TIMED - SLOW, SLOW)
    )


def _front_desk(ports: Ports, desk: Desk, evidence: Evidence, showing: Showing) -> FrontDesk:
    person = HelpToSend(
        desk=desk,
        cases=ports.cases,
        register=ports.register,
        acts=PersonActs(evidence=evidence, approvers=ports.approvers),
        evidence=evidence,
        showing=showing,
        clock=ports.clock,
    )
    approval = Approval(
        desk=desk,
        cases=ports.cases,
        register=ports.register,
        approvers=ports.approvers,
        mail=ports.mail,
        connectors=ports.connectors,
        addresses=ports.addresses,
        showing=showing,
        evidence=evidence,
        asking_for=AskingFor(
            desk=desk,
            cases=ports.cases,
            register=ports.register,
            mailboxes=ports.mailboxes,
            connectors=ports.connectors,
            evidence=evidence,
            showing=showing,
            clock=ports.clock,
        ),
    )
    comings = Comings(
        desk=desk,
        cases=ports.cases,
        addresses=ports.addresses,
        channel=ports.channel,
        messenger=ports.messenger,
        showing=showing,
        clock=ports.clock,
    )
    return FrontDesk(
        pace=Pace(ports.limits.messages_a_minute, ports.clock),
        person=person,
        approval=approval,
        comings=comings,
        responding=Responding(
            desk=desk,
            cases=ports.cases,
            responders=ports.responders,
            containing=ports.containing,
            showing=showing,
        ),
        cases=ports.cases,
        addresses=ports.addresses,
        messenger=ports.messenger,
        showing=showing,
    )
