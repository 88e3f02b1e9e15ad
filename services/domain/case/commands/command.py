"""What may be done to a case: every command, by who gives it."""

from typing import TypeAlias

from services.domain.case.commands.approver import (
    Approved,
    Asked,
    AskedFor,
    CallCodeMade,
    ClosedByHand,
    Denied,
    EvidenceRequested,
    Retried,
    StartedReview,
    Stopped,
    Ticketed,
)
from services.domain.case.commands.clock import (
    AddressesRead,
    EvidenceIsLate,
    Expired,
    Forgotten,
    Gathered,
    ListRead,
    Looked,
    LookedTwice,
    LookFailed,
    OthersMentioned,
    PassedOn,
    Reached,
    Reminded,
    RequestHeldUp,
    WatchEnded,
)
from services.domain.case.commands.intention import (
    ApprovalHeldUp,
    ApprovalIntended,
    IntentionChecked,
    IntentionDropped,
    IntentionTakenBack,
)
from services.domain.case.commands.person import (
    CallCodeWritten,
    Joined,
    Replied,
    RequestSent,
    SaidBouncing,
    SaidWorks,
    Secured,
    StepsWanted,
    Withdrew,
)
from services.domain.case.commands.unblocking import (
    ApprovalLapsed,
    ReadBeforeUnblock,
    UnblockDone,
    UnblockGivenUp,
    UnblockIntended,
    UnblockNotBegun,
    UnblockRefused,
    UnblockSettled,
    UnblockUnclear,
)
from services.domain.case.rechecked import Rechecked
from services.domain.containment.commands import ContainmentCommand
from services.domain.delivery.commands import DeliveryTraced
from services.domain.evidence.audit import AuditCommand
from services.domain.limits.commands import LimitsByApprover, LimitsByClock
from services.domain.trouble.commands import Mended, TroubleCommand

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
