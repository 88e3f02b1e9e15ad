"""What the clock does and finds out around a removal."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from services.domain.case.facts import Worse
from services.domain.case.rechecked import SeenOnList
from services.domain.case.workflow import Actor, Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockIntended:
    """Remove is about to be called for this address (empty: that of the entry that judges). Saved before the call, so
    that after a crash the call is known to be possible. The result is about the same address."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.UNBLOCK
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockDone:
    """Exchange accepted the removal."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.UNBLOCK


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockSettled(SeenOnList):
    """Nothing is left to remove of what is listed: each entry was removed, refused or given up before."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.UNBLOCK
    read_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockRefused:
    """Exchange refused the removal. It is not repeated until an approver asks for it."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.UNBLOCK
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockNotBegun:
    """The call did not reach Exchange. It is tried again, and is not counted. `wait` as of `UnblockUnclear`."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.UNBLOCK
    error: str
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockUnclear:
    """It is not known whether the call took effect; `error` says what happened. `wait`: how long Exchange asked us not
    to call again."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.UNBLOCK
    error: str
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockGivenUp:
    """The last allowed call for this address (see `UnblockIntended`) was unclear, or the approval is too old for
    another one; it is still listed."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.UNBLOCK
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalLapsed(SeenOnList):
    """The approval is not carried out: the facts are worse than those it was made on, or it took too long (then `worse`
    is empty, and the list was not read)."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.UNBLOCK
    worse: tuple[Worse, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBeforeUnblock(SeenOnList):
    """The list was read again before Remove."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.UNBLOCK
    read_at: datetime
