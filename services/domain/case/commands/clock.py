"""Events of the clock."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.domain.case.episode import Episode
from services.domain.case.parts import CaseNumber
from services.domain.case.rechecked import SeenOnList
from services.domain.case.workflow import Actor, Verb
from services.domain.evidence.report import Report
from services.domain.people import Person, PersonId, SignOff
from services.domain.proofs.securing import MfaProof, PasswordProof
from services.domain.proofs.shared_mailbox import SharedMailbox
from services.domain.unknown import UnknownReason


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOn:
    """What was said and done on the card of an older case of the mailbox after that had ended: who stopped its release,
    and everybody who made way for one."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.PASS_ON
    stopped: SignOff | None
    made_way: frozenset[PersonId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked(SeenOnList):
    """A look that could not be finished at once has its result.

    `episode`: the one that the entry belongs to, with the baseline as far as it is known by now."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.LOOK
    person: Person
    password: PasswordProof
    mfa: MfaProof
    episode: Episode = Episode()
    self_service_reset: bool | None = None
    earlier_unblocks: int = 0
    earlier_restrictions: int = 0
    mailbox: SharedMailbox | None = None
    owner: Person | None = None
    """The account of the mailbox's owner, if it has one that could be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedTwice:
    """The look found that the mailbox has an open case, which goes on instead of this one."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.LOOK
    goes_on_in: CaseNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRead(SeenOnList):
    """The case was compared with the list."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.READ
    read_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """A reminder to the approvers is due. `quietly`: another case's reminder speaks for this one too."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.REMIND
    quietly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OthersMentioned:
    """No one has looked at the request for as long as the organisation's rules allow: those they name are mentioned."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.MENTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """Nothing happened for too long: the case ends without an unblock."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.EXPIRE


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchEnded:
    """The watch after the unblock ended, and the person has not said whether mail works."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.WATCH_END


@dataclass(frozen=True, slots=True, kw_only=True)
class LookFailed:
    """A look could not be finished yet; the case keeps looking."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.LOOK
    reason: UnknownReason


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressesRead:
    """Every address of the mailbox, as the directory and Exchange say now: it may have been renamed."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.RENAME
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Whether the person could be written to; `error` is Teams' own error code if not."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.REACH
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestHeldUp:
    """Whether the approvers' channel cannot take the request, which nobody could see yet."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.REACH
    held_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """The case ended long ago: its personal fields are deleted, and what happened stays for the counts."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.FORGET


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The evidence sources were asked, all or those that had to wait. What could not be read is `Unknown` in the
    report."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.GATHER
    report: Report


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceIsLate:
    """The evidence that was asked for did not come in time. It is no longer waited for, and still gathered."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.GATHER
