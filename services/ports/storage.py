"""What is stored: cases, their outbox tasks, cards and conversations. A transition is saved in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from services.domain.case.case import Case
from services.domain.case.history import HistoryMark, Reached, SenderCount, SenderHistory
from services.domain.case.parts import CaseNumber
from services.domain.case.stall import Stall
from services.domain.case.standing_lines import LineKind
from services.domain.case.timers import Timers
from services.domain.case.transition import HistoryEntry, TaskKind, Transition
from services.domain.list_monitor import KnownEntry, MonitorState
from services.domain.people import PersonId
from services.domain.reporting.period import PeriodReport
from services.ports.activity import ActivityId as ActivityId  # noqa: PLC0414 - it is a part of this port, too
from services.ports.askers import Askers
from services.ports.teams import ConversationRef, Posted


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What is saved in one write with a case that somebody's words open.

    `chat`: theirs, where it is not stored as it is. `holds`: the messages that whoever saves sends themselves, claimed
    until then. `mark`: what was known of the mailbox's cases; `None` where that was read of all its keys."""

    chat: ConversationRef | None
    holds: Mapping[TaskKind, datetime]
    mark: HistoryMark | None = None


class CaseStore(Protocol):
    """The cases and their histories. Methods that return a case or its history raise `UnreadableCase` if this program
    cannot read it."""

    async def get(self, number: CaseNumber) -> Case | None: ...

    async def open_of(self, *mailbox: str) -> Case | None:
        """The open case of the mailbox that has one of these keys (see `Sender.mailbox_keys`), whoever asked; `None` if
        there is none."""
        ...

    async def latest_of(self, person: PersonId) -> Case | None:
        """Of the cases that the person asked for or joined, about any mailbox, the newest open one about a restriction,
        else the newest of all. An ended case that cannot be read is left out; an open one raises."""
        ...

    async def latest_about(self, *mailbox: str, before: CaseNumber | None = None) -> Case | None:
        """The newest case, open or ended, of the mailbox that has one of these keys, whoever asked; of those with a
        lower number than `before`, if one is given. One that cannot be read is treated as by `latest_of`."""
        ...

    async def save(
        self,
        transition: Transition,
        timers: Timers,
        *,
        created_timers: Timers | None = None,
        completes: "OutboxTask | None" = None,
        activity: ActivityId | None = None,
        opening: Opening | None = None,
    ) -> Case:
        """Write the case, its history entry, its effects and its timers in one transaction; in the same one, delete the
        task that it `completes` and remember that `activity` was processed.

        Returns the case as saved: with its number, and its version one higher. `timers` replaces every timed task of
        the case that is not claimed at the moment; a case that the transition creates is saved with `created_timers`.

        Raises `ChangedMeanwhile` if the case was saved by somebody else since it was read, if the mailbox of a
        new case already has an open one, if the task's lease is over, or if the mark of an `opening` is not that of the
        mailbox by now; `DuplicateActivity` if `activity` was processed before."""
        ...

    async def was_processed(self, activity: ActivityId) -> bool:
        """Whether an activity was processed before (Teams sends an activity again if the response was slow)."""
        ...

    async def history(self, number: CaseNumber) -> Sequence[HistoryEntry]:
        """Everything that happened to a case, oldest first."""
        ...


class CaseQueries(Protocol):
    """Queries over many cases. A case that cannot be read is left out of a list, and logged once."""

    async def open_cases(self, after: CaseNumber | None = None, most: int | None = None) -> Sequence[Case]:
        """The open cases, oldest first, at most a few hundred, or `most`; of those with a higher number than `after`,
        if one is given."""
        ...

    async def count_open(self, after: CaseNumber | None = None) -> int:
        """How many cases are open; of those with a higher number than `after`, if one is given."""
        ...

    async def history_of(self, person: PersonId, since: datetime, mailbox: Sequence[str] = ()) -> SenderHistory:
        """From our own cases since then: restrictions and unblocks of the mailbox that has one of these keys, whoever
        asked (without keys: of the person's own), and the episode of its newest case; and how often the person asked,
        for any mailbox. Raises what `newest_restricted` raises: without its episode, bad signs would be forgotten."""
        ...

    async def reached(self, person: PersonId, since: datetime, mailbox: Sequence[str] = ()) -> Reached:
        """How often this person, and whoever asks about that mailbox, reached the approvers since then."""
        ...

    async def newest_restricted(self, *mailbox: str) -> Case | None:
        """The newest case about a restriction of the mailbox that has one of these keys: the one that the next takes
        its episode from. A damaged one is passed over; raises `UnreadableCase` for one that a newer program wrote."""
        ...

    async def of_sender(
        self, *mailbox: str, before: CaseNumber | None = None, most: int | None = None
    ) -> Sequence[Case]:
        """The cases of the mailbox that has one of these keys, newest first, at most a few hundred, or `most`; of those
        with a lower number than `before`, if one is given."""
        ...

    async def count_of_sender(self, *mailbox: str, before: CaseNumber | None = None) -> SenderCount:
        """How many cases that mailbox has, and how many unblocks; of those with a lower number than `before`, if one is
        given."""
        ...

    async def came_since(self, since: datetime) -> int:
        """How many cases came to the approvers since then: requests that were sent, and what the list monitor found."""
        ...

    async def many(self, numbers: Sequence[CaseNumber]) -> Sequence[Case]:
        """These cases, in this order; one that does not exist is left out."""
        ...


class ReportStore(Protocol):
    """What reports are made from: counted by the database, whatever it holds."""

    async def of(self, spans: Sequence[datetime], until: datetime) -> PeriodReport:
        """What happened from the first of these begins until then, and what is open now. At least one begin."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxTask:
    """One task of a case, claimed until `due`. `event` is the version of the case that made it, 0 for a timed task."""

    case: CaseNumber
    kind: TaskKind
    event: int
    due: datetime
    tries: int
    trace: str = ""
    """The span that made it, if traces are made (see `ports/tracing.py`)."""


class Outbox(Protocol):
    """The tasks that are due now or later."""

    async def claim(
        self, now: datetime, lease: timedelta, most: int, kinds: frozenset[TaskKind]
    ) -> Sequence[OutboxTask]:
        """At most `most` due tasks of these kinds. Claiming postpones each by `lease`, so that it is due again if the
        process that claimed it crashes. A claim that lies so far ahead that only a wrong clock can have made it counts
        for nothing: `lease` is therefore the same for all who claim these kinds."""
        ...

    async def complete(self, task: OutboxTask, shown: int = 0) -> None:
        """Delete a task that was run, if its lease is still ours. `shown`: the version of the case that its message
        showed in the end; updates that ask for no later one are deleted with it, but for what another process holds."""
        ...

    async def postpone(self, task: OutboxTask, due: datetime) -> None:
        """Make a task due at that time again, if its lease is still ours."""
        ...

    async def restart(
        self, *, at_once: frozenset[TaskKind], without: frozenset[TaskKind], now: datetime, lease: timedelta
    ) -> Sequence[CaseNumber]:
        """Make every task of these kinds due now and delete those `without`, but for what a process holds; `lease` as
        in `claim`. Returns the cases of the first."""
        ...

    async def next_due(self, kinds: frozenset[TaskKind]) -> datetime | None:
        """When the earliest task of these kinds is due; `None` if there is none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingLine:
    """A line in the channel that says how a case stands, and where it was posted."""

    kind: LineKind
    posted: Posted


@dataclass(frozen=True, slots=True, kw_only=True)
class Settles:
    """A task that is completed in the write that records its card, if nothing is left to do for it: the case is still
    at the version that is `shown`, this is the current card, and no other stands beside it."""

    task: OutboxTask
    shown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedCards:
    """The posted cards of a case for one audience: the current one, and superseded ones that are not collapsed yet."""

    current: Posted | None
    superseded: tuple[Posted, ...]
    facts: int | None = None
    """The number of the facts that the current card shows, if it shows any and that is known."""
    in_digest: bool = False
    """Whether the case stands in a digest too."""
    lines: tuple[StandingLine, ...] = ()
    """Of the approvers: the lines that speak of the case, oldest first."""
    is_settled: bool = False
    """Whether the task that this was to settle is completed, or somebody else's by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One card for many cases, in the order in which they joined it."""

    posted: Posted
    cases: tuple[CaseNumber, ...]


class Audience(StrEnum):
    """Whom a card was posted for. `DIGEST`: the approvers, as part of a digest. `OTHERS`: who asked as well, or owns
    the mailbox, and is told how it ended."""

    PERSON = "person"
    APPROVERS = "approvers"
    DIGEST = "digest"
    OTHERS = "others"


class ConversationStore(Protocol):
    """The conversation references of people and of the approvals channel."""

    async def person(self, person: PersonId) -> ConversationRef | None: ...

    async def remember(self, person: PersonId, conversation: ConversationRef) -> ConversationRef:
        """Store the person's 1:1 chat, as their latest activity gives it. Returns it with the language they chose, if
        they chose one."""
        ...

    async def forget(self, person: PersonId) -> None:
        """Delete the person's chat and the language they chose: they took the app out."""
        ...

    async def speak(self, person: PersonId, language: str) -> None:
        """Store the person's language, which is used instead of the one their Teams gives."""
        ...

    async def channel(self) -> ConversationRef | None:
        """The approvals channel, as set in Teams or by the settings."""
        ...

    async def use_channel(self, conversation: ConversationRef) -> None:
        """Make this the approvals channel."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelLoss:
    """The approvals channel cannot be posted to since then; `reason` is Teams' own error code."""

    reason: str
    since: datetime


class ChannelHealth(Protocol):
    """Whether the approvals channel can be posted to, as far as is known."""

    async def loss(self) -> ChannelLoss | None:
        """Why and since when the channel cannot be posted to; `None` if nothing is known against it."""
        ...

    async def lost(self, reason: str, now: datetime) -> bool:
        """Record that the channel cannot be posted to; an earlier reason stays. Returns whether this was not known."""
        ...

    async def found(self) -> bool:
        """Record that the channel can be posted to (again). Returns whether it was lost; to one replica alone."""
        ...


class DigestStore(Protocol):
    """The posted digests."""

    async def latest(self) -> Digest | None: ...

    async def of(self, number: CaseNumber) -> Digest | None:
        """The digest that this case joined; `None` if it joined none."""
        ...

    async def join(self, number: CaseNumber, posted: Posted) -> None:
        """Record that the case is part of the digest posted there."""
        ...

    async def move(self, digest: Digest, posted: Posted) -> None:
        """Record that the digest was reposted there, with all its cases."""
        ...


class CardStore(Protocol):
    """Where the cards of a case were posted."""

    async def shown(self, number: CaseNumber, audience: Audience) -> PostedCards: ...

    async def record(
        self,
        number: CaseNumber,
        audience: Audience,
        posted: Posted,
        facts: int | None = None,
        *,
        settles: Settles | None = None,
    ) -> PostedCards:
        """Record a card for this audience, with the number of the facts that it shows. It is current, and the one
        before is superseded; but where another was recorded that stands below it, that one stays current. Returns the
        cards as they stand then."""
        ...

    async def updated(
        self,
        number: CaseNumber,
        audience: Audience,
        posted: Posted,
        facts: int | None,
        *,
        settles: Settles | None = None,
    ) -> PostedCards:
        """Record which facts the card that was posted there shows by now. Returns the cards as they stand then."""
        ...

    async def record_line(self, number: CaseNumber, line: StandingLine) -> None:
        """Record a line that speaks of the case. Several may stand at once."""
        ...

    async def spoken_of(self, posted: Posted) -> Sequence[CaseNumber]:
        """The cases that the line posted there speaks of."""
        ...

    async def forget(self, number: CaseNumber, posted: Posted) -> None:
        """Delete the record of a card that is collapsed, or gone from the conversation."""
        ...


class MonitorStore(Protocol):
    """The state of the list monitor, shared by all replicas."""

    async def claim(self, now: datetime, lease: timedelta, every: timedelta) -> MonitorState | None:
        """The state, if a read is due and no other replica claimed it; else `None`. For the others the next read is
        then due after `lease`. Reads lie `every` apart: one that is due far later than that was planned by a clock
        that was ahead, and is due now."""
        ...

    async def settle(self, state: MonitorState, due: datetime) -> MonitorState | None:
        """Store the state, and when the next read is due; with a time ahead it keeps the read ours until then. Returns
        the state with that lease; `None`, and nothing is stored, where its lease is another replica's by now."""
        ...

    async def state(self) -> MonitorState | None:
        """The state as it was stored last; `None` before the first read."""
        ...

    async def known(self) -> Mapping[str, KnownEntry]:
        """The known entries, by lower-case address."""
        ...

    async def remember(self, known: Sequence[KnownEntry], gone: Sequence[str]) -> None:
        """Store these entries as known, and delete the addresses that are gone."""
        ...


class StallStore(Protocol):
    """The cases that cannot go on for now, shared by all replicas."""

    async def failed(self, stall: Stall) -> None:
        """Store the stall. If the step failed before, and was tried again in time, it lasts since then."""
        ...

    async def over(self, number: CaseNumber, kind: TaskKind) -> None:
        """Delete the stall of that step, if there is one."""
        ...

    async def present(self, now: datetime) -> Sequence[Stall]:
        """The stalls that are not over."""
        ...

    async def tell(self, present: Sequence[Stall], now: datetime) -> bool:
        """Record that the approvers are told of these. `False` if another replica did so meanwhile."""
        ...

    async def tell_later(self, present: Sequence[Stall]) -> None:
        """They could not be told: record of each when it was told before."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """An earlier announcement of the same case that is not told yet: when it is due, and whether it is in hand."""

    due: datetime
    is_held: bool


class AnnouncementStore(Protocol):
    """What is still to be told to the webhook."""

    async def ahead_of(self, task: OutboxTask) -> Ahead | None:
        """The nearest announcement of the task's case that comes before it; `None` if it is the next."""
        ...

    async def untold_since(self, now: datetime) -> datetime | None:
        """When the oldest happened that is not told, if that is a quarter of an hour ago or more; `None` if all is
        told in time."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """The stores of one database."""

    cases: CaseStore
    queries: CaseQueries
    outbox: Outbox
    conversations: ConversationStore
    channel_health: ChannelHealth
    cards: CardStore
    digests: DigestStore
    monitor: MonitorStore
    stalls: StallStore
    reports: ReportStore
    announcements: AnnouncementStore
    askers: Askers
