"""All conversations wired together: ports in, a front desk and its loops out. The same for the bot and its tests."""

from collections.abc import Callable
from dataclasses import dataclass

from cards.view import Links
from dialogs.approval import Approval
from dialogs.comings import Comings
from dialogs.desk import Desk
from dialogs.duties import Duties
from dialogs.evidence import Evidence
from dialogs.follow_up import FollowUp
from dialogs.front_desk import FrontDesk
from dialogs.help_to_send import HelpToSend
from dialogs.pace import Pace
from dialogs.person_acts import PersonActs
from dialogs.showing import Showing
from services.domain.case import Limits
from services.domain.moves import SPOKEN, TIMED
from services.ports import (
    Addresses,
    Approvers,
    Cards,
    Cases,
    ChannelWatch,
    Clock,
    Digests,
    Directory,
    MailSystem,
    Messenger,
    Register,
    Todos,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The world, as the conversations need it. `reference` makes what a person can quote to find a log line."""

    mail: MailSystem
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversations:
    """Who hears first, and the loops that pay what is owed."""

    front_desk: FrontDesk
    loops: tuple[FollowUp, ...]


def converse(ports: Ports) -> Conversations:
    """Wire the conversations; nothing runs yet."""
    wake = _Wake()
    desk = Desk(cases=ports.cases, clock=ports.clock, limits=ports.limits, nudge=wake)
    evidence = Evidence(mail=ports.mail, directory=ports.directory, clock=ports.clock)
    showing = _showing(ports)
    loops = _loops(ports, desk, evidence, showing)
    wake.wakes = [loop.nudge for loop in loops]
    return Conversations(front_desk=_front_desk(ports, desk, evidence, showing), loops=loops)


class _Wake:
    """Ties the desk to the loops, which are built after it."""

    def __init__(self) -> None:
        self.wakes: list[Callable[[], None]] = []

    def __call__(self) -> None:
        for wake in self.wakes:
            wake()


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
    )


def _loops(ports: Ports, desk: Desk, evidence: Evidence, showing: Showing) -> tuple[FollowUp, ...]:
    """One for what is said and one for what is asked of sources: the one never waits for the other."""
    duties = Duties(
        desk=desk,
        cases=ports.cases,
        register=ports.register,
        todos=ports.todos,
        mail=ports.mail,
        evidence=evidence,
        showing=showing,
        channel=ports.channel,
        clock=ports.clock,
    )
    return tuple(
        FollowUp(among, todos=ports.todos, duties=duties, clock=ports.clock, reference=ports.reference)
        for among in (SPOKEN, TIMED)
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
        addresses=ports.addresses,
        showing=showing,
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
        cases=ports.cases,
        addresses=ports.addresses,
        messenger=ports.messenger,
        showing=showing,
    )
