"""Commands of people and events of the clock, as values. Whoever makes one has checked the sender's rights before."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, TypeAlias

from services.domain.case.episode import Episode
from services.domain.case.facts import Worse
from services.domain.case.parts import CaseNumber
from services.domain.case.rechecked import Rechecked, SeenOnList
from services.domain.case.transition import Refusal
from services.domain.case.workflow import Actor, Verb
from services.domain.containment.commands import ContainmentCommand
from services.domain.delivery.commands import DeliveryTraced
from services.domain.evidence.audit import AuditCommand
from services.domain.evidence.report import Report
from services.domain.limits.commands import LimitsByApprover, LimitsByClock
from services.domain.people import Person, PersonId, SignOff, TeamsUser
from services.domain.proofs.securing import Mailing, MfaProof, PasswordProof
from services.domain.proofs.shared_mailbox import SecuredHolder, SharedMailbox
from services.domain.trouble.commands import Mended, TroubleCommand
from services.domain.unknown import UnknownReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Secured:
    """The person answered a securing step; the proofs were just read and judged again."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.SECURE
    password: PasswordProof | None = None
    mfa: MfaProof | None = None
    mailing: Mailing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsWanted:
    """The person wants to see the steps of a case that Sendwell opened: from now on the card has the sign-in links."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.SECURE


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSent:
    """The person sent the request to the approvers. Steps without an answer stay open."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.SEND
    note: str = ""
    sole_approver: bool = False
    other_senders: tuple[SecuredHolder, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrew:
    """Somebody takes their asking back; the case goes on while others ask, and stays in the history. `typed`: by a
    typed command, which is answered with a message. `by`: one who joined, `None` for the person of the case."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.WITHDRAW
    by: TeamsUser | None = None
    typed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Somebody else asks about the mailbox of the case, and may. What is not sent yet is sent by that: else one who
    asked first and then does nothing would keep the others from being heard."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.JOIN
    by: TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """The approver's question is answered. `by`: one who joined, `None` for the person of the case."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.REPLY
    by: TeamsUser | None = None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidWorks:
    """A message was sent and it arrived. `by`: who is left of those who joined, `None` for the person of the case."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.WORKS
    by: TeamsUser | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidBouncing:
    """A message was sent and it bounced again. `by`: as of `SaidWorks`."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.BOUNCING
    by: TeamsUser | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """An approver approved the unblock. `by_another_route`: they also reached the person outside this account.

    `facts`: the number of the facts that their card showed, `None` for a typed command, which speaks of the latest.
    `fresh`: what was read at the click. `first_stands`: whether who approved first is still an approver. `needs_code`:
    their word alone is not enough, the person must have written their code (see `call_codes`)."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar[Verb] = Verb.APPROVE
    by: TeamsUser
    by_another_route: bool = False
    reason: str = ""
    facts: int | None = None
    fresh: Rechecked | None = None
    first_stands: bool = True
    needs_code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalIntended:
    """An approver approved, and what that is judged on needs longer than a click may wait.

    `facts`: the number of the facts that their card showed. `gathers`: the evidence is too old, or not complete."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.INTEND
    by: TeamsUser
    facts: int | None
    by_another_route: bool = False
    reason: str = ""
    gathers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentionTakenBack:
    """An approver takes back the approval that is being checked. Any of them may: nothing is given by it."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.TAKE_BACK
    by: TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentionChecked:
    """What the intended approval is judged on is there: it is decided as if it were clicked now. `intended_at` says
    which one it is."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.DECIDE
    approval: Approved
    intended_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentionDropped:
    """The intended approval is not taken. `fresh`: what was read, if it was."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.DECIDE
    intended_at: datetime
    why: Refusal
    worse: tuple[Worse, ...] = ()
    fresh: Rechecked | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalHeldUp:
    """An approval was refused at its click, and nothing of it is kept but why."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.HOLD_UP
    worse: tuple[Worse, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """An approver stops what was approved, or says of what was released that it should not have been.

    `reason` is for other approvers: a thief may be reading the person's chat."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.STOP
    by: TeamsUser
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOn:
    """What was said and done on the card of an older case of the mailbox after that had ended: who stopped its release,
    and everybody who made way for one."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.PASS_ON
    stopped: SignOff | None
    made_way: frozenset[PersonId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """An approver denied the request. `reason` is shown to the person, `internal` never is."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.DENY
    by: TeamsUser
    reason: str
    internal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An approver asked the person a question."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.ASK
    by: TeamsUser
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedReview:
    """An approver is looking into the case. Others see this on the card and may still decide."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.REVIEW
    by: TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried(Approved):
    """An approver wants a failed unblock to be tried again: an approval like the first."""

    verb: ClassVar[Verb] = Verb.RETRY


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
class AskedFor:
    """An approver sends the request for the person."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.ASK_FOR
    by: TeamsUser
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRequested:
    """An approver wants the evidence gathered again."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.GATHER
    by: TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCodeMade:
    """An approver asked for a code to tell the person on the telephone."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.CALL
    by: TeamsUser
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCodeWritten:
    """Whoever is called, the owner of the mailbox if somebody else asked for it, wrote a code in their chat."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.CALL
    by: TeamsUser
    code: str = field(repr=False)


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


PersonCommand: TypeAlias = Secured | StepsWanted | RequestSent | Withdrew | Replied | SaidWorks | SaidBouncing | Joined
ApproverCommand: TypeAlias = (
    Approved | Denied | Asked | StartedReview | Retried | Stopped | Ticketed | ClosedByHand | AskedFor
)
ClockEvent: TypeAlias = (
    Looked
    | LookedTwice
    | LookFailed
    | ReadBeforeUnblock
    | UnblockIntended
    | UnblockDone
    | UnblockRefused
    | UnblockUnclear
    | UnblockNotBegun
    | UnblockGivenUp
    | UnblockSettled
    | ApprovalLapsed
    | ListRead
    | IntentionChecked
    | IntentionDropped
    | Reminded
    | OthersMentioned
    | Expired
    | WatchEnded
)
IntentionByApprover: TypeAlias = ApprovalIntended | IntentionTakenBack
EvidenceCommand: TypeAlias = EvidenceRequested | EvidenceIsLate | Gathered
NeutralByApprover: TypeAlias = (
    EvidenceRequested | CallCodeMade | ApprovalIntended | IntentionTakenBack | LimitsByApprover
)
NeutralByClock: TypeAlias = (
    Reached
    | RequestHeldUp
    | Forgotten
    | Rechecked
    | Gathered
    | EvidenceIsLate
    | AddressesRead
    | LimitsByClock
    | PassedOn
    | ApprovalHeldUp
)
NeutralCommand: TypeAlias = NeutralByApprover | CallCodeWritten | NeutralByClock | ContainmentCommand | AuditCommand
"""Commands that leave the status as it is; see `workflow.NEUTRAL`."""
FromApprovers: TypeAlias = ApproverCommand | NeutralByApprover | Mended
"""Whatever a button or a typed command of an approver stands for."""
Command: TypeAlias = PersonCommand | ApproverCommand | ClockEvent | NeutralCommand | DeliveryTraced | TroubleCommand
