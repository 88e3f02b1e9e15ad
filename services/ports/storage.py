"""What is kept: cases, what is owed on them, cards, conversations. One transaction a transition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from services.domain.case.case import Case
from services.domain.case.history import SenderHistory
from services.domain.case.parts import CaseNumber
from services.domain.case.timers import Timers
from services.domain.case.transition import HistoryEntry, TaskKind, Transition
from services.domain.list_monitor import KnownEntry, MonitorState
from services.domain.people import PersonId
from services.ports.teams import ConversationRef, Posted


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityId:
    """One activity of Teams. Its id is unique only within its conversation."""

    conversation_id: str
    activity_id: str


class CaseStore(Protocol):
    """The cases and their histories. Whatever returns a case or its history raises `UnreadableCase` where this
    program cannot read it."""

    async def get(self, number: CaseNumber) -> Case | None: ...

    async def open_of(self, person: PersonId, mailbox: str = "") -> Case | None:
        """The person's open case about their own mailbox, or about this other one, if there is one."""
        ...

    async def latest_of(self, person: PersonId, mailbox: str | None = None) -> Case | None:
        """The person's newest case, open or ended: of any mailbox, their own (`""`), or this other one. An ended one
        that cannot be read is left out, an open one never."""
        ...

    async def save(
        self,
        transition: Transition,
        timers: Timers,
        *,
        opened_timers: Timers | None = None,
        completes: "OutboxTask | None" = None,
        activity: "ActivityId | None" = None,
    ) -> Case:
        """Write the case, its event, its todos and its timers in one transaction, settle `paid`, remember `heard`.

        Returns the case as saved (numbered, one version on). `timers` replaces every timed todo of the case that
        no one else holds; a case that `move.opens` is saved with it and with `opened_timers`.

        Raises `ChangedMeanwhile` where the case is no longer the one the move was made from, or (for a new
        case) where the person already has an open one; `HeardBefore` where `heard` was already acted on."""
        ...

    async def was_processed(self, activity: "ActivityId") -> bool:
        """Whether an activity was already acted on (Teams re-sends what it thinks unanswered)."""
        ...

    async def history(self, number: CaseNumber) -> Sequence[HistoryEntry]:
        """Everything that happened to a case, oldest first."""
        ...


class CaseQueries(Protocol):
    """Questions over many cases. One that cannot be read is left out of a list, and named in the log once."""

    async def open_cases(self) -> Sequence[Case]:
        """Every open case, oldest first, at most a few hundred."""
        ...

    async def history_of(self, person: PersonId, since: datetime, mailbox: str = "") -> SenderHistory:
        """Restrictions and releases of the person's own mailbox, or of this other one whoever asked, in our own
        records since then; and how often the person asked, whatever for."""
        ...

    async def of_sender(self, person: PersonId | None, mailbox: str) -> Sequence[Case]:
        """The cases of this person's own mailbox and of the mailbox of that address, newest first."""
        ...

    async def sent_since(self, since: datetime) -> int:
        """How many requests were sent since then."""
        ...

    async def many(self, numbers: Sequence[CaseNumber]) -> Sequence[Case]:
        """These cases, in this order; one that does not exist is left out."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxTask:
    """One duty, claimed until `due`."""

    case: CaseNumber
    kind: TaskKind
    event: int
    due: datetime
    tries: int


class Outbox(Protocol):
    """What we owe, and its payment."""

    async def claim(
        self, now: datetime, lease: timedelta, most: int, kinds: frozenset[TaskKind]
    ) -> Sequence[OutboxTask]:
        """Due todos among these duties, each postponed by `lease` for us alone: whoever crashes leaves it due again."""
        ...

    async def complete(self, task: OutboxTask) -> None:
        """It is done."""
        ...

    async def postpone(self, task: OutboxTask, due: datetime) -> None:
        """Try again then."""
        ...

    async def next_due(self, kinds: frozenset[TaskKind]) -> datetime | None:
        """When the earliest todo among these duties is due."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedCards:
    """The posted cards of a case for one audience: the living one, and older ones still to be folded."""

    current: Posted | None
    superseded: tuple[Posted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One card that stands for many cases, in the order in which they joined it."""

    posted: Posted
    cases: tuple[CaseNumber, ...]


class Audience(StrEnum):
    """For whom a card was posted."""

    PERSON = "person"
    APPROVERS = "approvers"
    DIGEST = "digest"


class ConversationStore(Protocol):
    """Where people and the approvals channel can be written to."""

    async def person(self, person: PersonId) -> ConversationRef | None: ...

    async def remember(self, person: PersonId, conversation: ConversationRef) -> ConversationRef:
        """The person's 1:1 chat, as the latest activity from it said; returned in the language they chose."""
        ...

    async def speak(self, person: PersonId, language: str) -> None:
        """From now on this is the person's language, whatever their Teams says."""
        ...

    async def channel(self) -> ConversationRef | None:
        """The approvals channel, as set in Teams or by the settings."""
        ...

    async def use_channel(self, conversation: ConversationRef) -> None:
        """From now on this is the approvals channel."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelLoss:
    """The approvals channel cannot be posted to; `why` is Teams' own word."""

    reason: str
    since: datetime


class ChannelHealth(Protocol):
    """Whether the approvals channel can be posted to, as far as anything was heard of it."""

    async def loss(self) -> ChannelLoss | None:
        """What is known to keep requests from the channel."""
        ...

    async def lost(self, why: str, now: datetime) -> bool:
        """It cannot be posted to; the first reason stands. Whether this is news."""
        ...

    async def found(self) -> None:
        """It can be posted to (again)."""
        ...


class DigestStore(Protocol):
    """The cards that stand for many cases at once."""

    async def latest(self) -> Digest | None: ...

    async def of(self, number: CaseNumber) -> Digest | None:
        """The digest this case joined."""
        ...

    async def join(self, number: CaseNumber, posted: Posted) -> None:
        """The case is part of the digest posted there."""
        ...

    async def move(self, digest: Digest, posted: Posted) -> None:
        """The digest was posted anew: its cases go with it."""
        ...


class CardStore(Protocol):
    """Where the posted cards of a case live."""

    async def shown(self, number: CaseNumber, audience: Audience) -> PostedCards: ...

    async def record(self, number: CaseNumber, audience: Audience, posted: Posted) -> None:
        """The living card of this audience; the former living one, if any, becomes outdated."""
        ...

    async def forget(self, number: CaseNumber, posted: Posted) -> None:
        """The card is folded, or gone."""
        ...


class MonitorStore(Protocol):
    """What the watch remembers, for all replicas together."""

    async def claim(self, now: datetime, lease: timedelta) -> MonitorState | None:
        """The state, if a read is due and nobody else is at it: the next one is `lease` away for everybody else."""
        ...

    async def settle(self, state: MonitorState, due: datetime) -> None:
        """The read is over; the next one is due then."""
        ...

    async def known(self) -> Mapping[str, KnownEntry]:
        """The entries known, by lower-case address."""
        ...

    async def remember(self, known: Sequence[KnownEntry], gone: Sequence[str]) -> None:
        """From now on these are known, and those are not."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """Everything that is kept, in one database."""

    cases: CaseStore
    queries: CaseQueries
    outbox: Outbox
    conversations: ConversationStore
    channel_health: ChannelHealth
    cards: CardStore
    digests: DigestStore
    monitor: MonitorStore
