"""What can happen to a case, as values. Who did it was judged before an act is made."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, TypeAlias

from services.domain.case.workflow import Actor, Verb
from services.domain.containment.commands import ContainmentCommand
from services.domain.evidence.report import Report
from services.domain.limits.commands import LimitsByApprover, LimitsByClock
from services.domain.people import Person, TeamsUser
from services.domain.proofs.securing import Mailing, MfaProof, PasswordProof
from services.domain.proofs.shared_mailbox import SecuredHolder, SharedMailbox
from services.domain.restriction import Restriction
from services.domain.unknown import UnknownReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Secured:
    """The person answered a step; the proofs were just judged again."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.SECURE
    password: PasswordProof | None = None
    mfa: MfaProof | None = None
    mailing: Mailing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsWanted:
    """The person wants to see the steps of a case they did not ask for: from now on the card has its links."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.SECURE


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSent:
    """The person sent the request; open steps stay marked open."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.SEND
    note: str = ""
    sole_approver: bool = False
    other_senders: tuple[SecuredHolder, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrew:
    """The person takes the request back; the incident stays known. `typed`: by words, so the answer is a message."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.WITHDRAW
    typed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """The person answered the approver's question."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.REPLY
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidWorks:
    """The person sent a message and it arrived."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.WORKS


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidBouncing:
    """The person tried and it bounced again."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.BOUNCING


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """An approver said release. `by_another_route`: they reached the person not only through this account."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.APPROVE
    by: TeamsUser
    by_another_route: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """An approver said no. `reason` goes to the person, `internal` never does."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.DENY
    by: TeamsUser
    reason: str
    internal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An approver wants to know more from the person."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.ASK
    by: TeamsUser
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedReview:
    """A visible mark, not a lock."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.REVIEW
    by: TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """An approver asks for the release to be tried again."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.RETRY
    by: TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticketed:
    """A support request was opened at Microsoft."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.TICKET
    by: TeamsUser
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedByHand:
    """An approver ends the case without a result."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.CLOSE
    by: TeamsUser
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A look that had to wait has its answer: the entry found, or `None` from a complete list."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.LOOK
    person: Person
    restriction: Restriction | None
    snapshot: tuple[str, ...] | None
    password: PasswordProof
    mfa: MfaProof
    self_service_reset: bool | None = None
    earlier_unblocks: int = 0
    earlier_restrictions: int = 0
    mailbox: SharedMailbox | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockIntended:
    """Remove is about to be called: committed before the call, so that a crash is known for what it is."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.UNBLOCK


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockDone:
    """Exchange accepted the removal."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.UNBLOCK


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockRefused:
    """Exchange said no: never repeated without an approver."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.UNBLOCK
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockNotBegun:
    """The call did not reach Exchange: it is tried again, and counts as none."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.UNBLOCK
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockUnclear:
    """Nobody knows whether the call took effect; `error` says what was seen."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.UNBLOCK
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockGivenUp:
    """The last call allowed was unclear, its grace is over and the sender is still listed; or the sender was
    restricted anew (`restriction`) after the approval, which did not speak of that."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.UNBLOCK
    restriction: Restriction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBeforeUnblock:
    """The list was read again before Remove: `None` from a read that was complete for this sender."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.UNBLOCK
    restriction: Restriction | None
    read_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRead:
    """The case was compared with the list: `None` from a read that was complete for this sender."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.READ
    restriction: Restriction | None
    read_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """The approvers were owed a reminder."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.REMIND


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """Nobody said a word for too long. Silence never grants anything."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.EXPIRE


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchEnded:
    """The watch after the release ended without a word from the person."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.WATCH_END


@dataclass(frozen=True, slots=True, kw_only=True)
class LookFailed:
    """A look could not be finished yet; the case keeps looking."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.LOOK
    reason: UnknownReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Whether the person could be written to; `error` is Teams' own word where not."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.REACH
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """The case ended long ago: whose it was and what they wrote is deleted, what happened stays counted."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.FORGET


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """An approver sends the request in the person's place."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.ASK_FOR
    by: TeamsUser
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRequested:
    """An approver wants the evidence gathered anew."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.GATHER
    by: TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechecked:
    """The proofs were read again at the click on Approve: somebody may have been at the account since."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.RECHECK
    password: PasswordProof
    mfa: MfaProof
    other_senders: tuple[SecuredHolder, ...] | None = None

    def finds_otherwise(self, password: PasswordProof, mfa: MfaProof, others: tuple[SecuredHolder, ...] | None) -> bool:
        """Whether it differs from those proofs in more than when they were read."""
        return _undated(self.password, self.mfa, self.other_senders) != _undated(password, mfa, others)


def _undated(password: PasswordProof, mfa: MfaProof, others: tuple[SecuredHolder, ...] | None) -> list[object]:
    proofs = (password, mfa, *(proof for other in others or () for proof in (other.password, other.mfa)))
    return [replace(proof, checked_at=None) for proof in proofs]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The sources were asked; each answered, or said why not."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.GATHER
    report: Report


PersonCommand: TypeAlias = Secured | StepsWanted | RequestSent | Withdrew | Replied | SaidWorks | SaidBouncing
ApproverCommand: TypeAlias = Approved | Denied | Asked | StartedReview | Retried | Ticketed | ClosedByHand | AskedFor
ClockEvent: TypeAlias = (
    Looked
    | LookFailed
    | ReadBeforeUnblock
    | UnblockIntended
    | UnblockDone
    | UnblockRefused
    | UnblockUnclear
    | UnblockNotBegun
    | UnblockGivenUp
    | ListRead
    | Reminded
    | Expired
    | WatchEnded
)
NeutralByApprover: TypeAlias = EvidenceRequested | LimitsByApprover
BesideByClock: TypeAlias = Reached | Forgotten | Rechecked | Gathered | LimitsByClock
NeutralCommand: TypeAlias = NeutralByApprover | BesideByClock | ContainmentCommand
"""What moves nothing; see `table.BESIDE`."""
Command: TypeAlias = PersonCommand | ApproverCommand | ClockEvent | NeutralCommand
