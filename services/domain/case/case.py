"""A case: one person's restriction from the first look to verified sending."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from services.domain.containment.containment import Containment, keeps_out
from services.domain.evidence.report import Report
from services.domain.evidence.verdict import Judgement, Verdict, judge
from services.domain.limits.change import LimitChange
from services.domain.people import PersonId, SignOff
from services.domain.personal import ApproversOnly, Personal, loggable
from services.domain.proofs.securing import (
    ApprovalCondition,
    Mailing,
    MfaFinding,
    MfaProof,
    PasswordFinding,
    PasswordProof,
    Says,
    conditions_of_proofs,
)
from services.domain.proofs.shared_mailbox import SecuredHolder, SharedMailbox, all_proven
from services.domain.restriction import Restriction
from services.domain.unknown import Unknown, UnknownReason

CaseNumber = NewType("CaseNumber", int)


UNNUMBERED = CaseNumber(0)
"""The number of a case that is not yet saved."""


UNBLOCK_CALLS_AT_MOST = 3
"""Calls of Remove for one approval; each may spend one of the account's limited unblocks."""


class Status(StrEnum):
    """Where a case stands."""

    LOOKING = "looking"
    SECURING = "securing"
    WAITING = "waiting"
    NEEDS_INFO = "needs_info"
    APPROVED = "approved"
    FAILED = "failed"
    UNBLOCKED = "unblocked"
    OFF_LIST = "off_list"
    NEEDS_TICKET = "needs_ticket"
    WITH_MICROSOFT = "with_microsoft"
    WORKS = "works"
    ALREADY_LIFTED = "already_lifted"
    CLOSED_UNCONFIRMED = "closed_unconfirmed"
    CLOSED = "closed"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    RELAPSED = "relapsed"
    NOT_RESTRICTED = "not_restricted"

    @property
    def is_ended(self) -> bool:
        return self in _ENDED


_ENDED = frozenset(
    {
        Status.WORKS,
        Status.ALREADY_LIFTED,
        Status.CLOSED_UNCONFIRMED,
        Status.CLOSED,
        Status.DENIED,
        Status.WITHDRAWN,
        Status.EXPIRED,
        Status.RELAPSED,
        Status.NOT_RESTRICTED,
    }
)
OPEN = frozenset(Status) - _ENDED


class SecuringStep(StrEnum):
    """The steps of securing an account."""

    PASSWORD = "password"
    MFA = "mfa"
    MAILING = "mailing"
    SEND = "send"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The durations that rule a case, and when many cases at once become one card; each is a setting."""

    check_after: tuple[timedelta, ...]
    check_every: timedelta
    support_after: timedelta
    lag_window: timedelta
    unblock_grace: timedelta
    remind_after: timedelta
    expire_after: timedelta
    watch_for: timedelta
    ask_again_after: timedelta
    digest_over: int
    digest_within: timedelta
    requests_a_day: int
    messages_a_minute: int
    keep_details_for: timedelta
    watch_every: timedelta | None
    """How often the restricted list is watched; `None`: not at all."""
    lease: timedelta
    """How long a claimed task is one process's own."""

    @property
    def reads_apart(self) -> timedelta:
        """How far apart two reads must lie to be two: the list is served by replicas that lag."""
        return self.check_after[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An approver's decision. `reason` is shown to the person, `internal` never."""

    approved: bool
    by: Personal[PersonId]
    name: Personal[str]
    at: datetime
    reason: Personal[str] = ""
    internal: Personal[str] = ""
    by_another_route: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What an approver asked the person, and the reply."""

    asked: SignOff
    reply: str | None = None
    replied_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The only memory of a conversation. Every change is a move (see `moves`)."""

    number: CaseNumber = UNNUMBERED
    version: int = 0
    person: Personal[PersonId]
    name: Personal[str]
    upn: Personal[str]
    addresses: Personal[tuple[str, ...]] = ()
    phone: Personal[str | None] = None
    manager: Personal[str | None] = None
    self_service_reset: bool | None = None
    status: Status
    bounce_code: str | None = None
    restriction: Restriction | None = None
    look_failed: UnknownReason | None = None
    snapshot: Personal[tuple[str, ...] | None] = None
    password: PasswordProof = PasswordProof()
    mfa: MfaProof = MfaProof()
    mailing: Personal[Mailing | None] = None
    note: Personal[str] = ""
    previous: CaseNumber | None = None
    followed_by: CaseNumber | None = None
    earlier_restrictions: int = 0
    earlier_unblocks: int = 0
    times_asked: int = 1
    sole_approver: bool = False
    unreachable: Personal[str | None] = None
    opened_at: datetime
    person_spoke_at: datetime
    admins_told_at: datetime | None = None
    sent_at: datetime | None = None
    reminded_at: datetime | None = None
    reviewing: ApproversOnly[Personal[SignOff | None]] = None
    question: Personal[Question | None] = None
    decision: Decision | None = None
    unblock_calls: int = 0
    unblock_tried_at: datetime | None = None
    unblock_error: Personal[str | None] = None
    unblock_waits_until: datetime | None = None
    unblocked_at: datetime | None = None
    checks: ApproversOnly[int] = 0
    checked_at: ApproversOnly[datetime | None] = None
    absent_at: datetime | None = None
    relisted_at: datetime | None = None
    off_list_at: datetime | None = None
    bouncing_at: datetime | None = None
    ticket: Personal[str | None] = None
    closed: SignOff | None = None
    ended_at: datetime | None = None
    evidence_wanted_at: ApproversOnly[Personal[datetime | None]] = None
    evidence: ApproversOnly[Personal[Report | None]] = None
    contacted_first: bool = False
    """The person did not ask: no sign-in links before they want to see the steps."""
    found_by_monitor_at: datetime | None = None
    """When the watch opened it; the approvers have its card before any request."""
    mailbox_address: Personal[str] = ""
    """Whose sending it is about, where that is not the person's own mailbox; `mailbox` once it was looked up."""
    mailbox: Personal[SharedMailbox | None] = None
    other_senders: Personal[tuple[SecuredHolder, ...] | None] = None
    first_approval: ApproversOnly[Personal[SignOff | None]] = None
    """The first of the two approvers whom an account that looks stolen needs."""
    requested_by: Personal[SignOff | None] = None
    """The approver who opened the case for the person, with their reason."""
    containment: ApproversOnly[Personal[Containment | None]] = None
    limit_change: ApproversOnly[Personal[LimitChange | None]] = None
    """Other sending limits for the sender, from the wish to the taking back."""
    connector_id: Personal[str] = ""
    """The id of the restricted connector it is about: nobody's mailbox, so nobody is asked or told in a chat."""

    def __repr__(self) -> str:
        return loggable(self)

    @property
    def is_undecided(self) -> bool:
        """Whether an approver is still to decide."""
        return self.status in (Status.WAITING, Status.NEEDS_INFO)

    @property
    def since(self) -> datetime | None:
        """When the restriction began, as far as the list says."""
        return self.restriction.since if self.restriction else None

    @property
    def is_restricted_anew(self) -> bool:
        """Whether the restriction began after the approval and nobody tried to lift it since."""
        if self.decision is None or self.since is None or self.since < self.decision.at:
            return False
        return self.unblock_tried_at is None or self.unblock_tried_at < self.since

    @property
    def open_steps(self) -> tuple[SecuringStep, ...]:
        """The securing steps without an answer, or with one that the directory contradicts. A connector has none."""
        if self.connector_id:
            return ()
        answered = {
            SecuringStep.PASSWORD: _is_answered(
                self.password.says, self.password.finding is PasswordFinding.CHANGED_BEFORE
            ),
            SecuringStep.MFA: _is_answered(self.mfa.says, self.mfa.finding is MfaFinding.NONE),
            SecuringStep.MAILING: self.mailing is not None,
        }
        return tuple(step for step, done in answered.items() if not done)

    @property
    def step(self) -> SecuringStep:
        """The first securing step that is open."""
        return next(iter(self.open_steps), SecuringStep.SEND)

    @property
    def conditions(self) -> tuple[ApprovalCondition, ...]:
        """Why an approval needs word by another route; empty where it does not."""
        if self.connector_id:
            return (ApprovalCondition.CONNECTOR,)
        looks = (ApprovalCondition.LOOKS_STOLEN,) if self.looks_stolen else ()
        proofs = conditions_of_proofs(self.restriction, self.password, self.mfa)
        return (*looks, *proofs, *self._conditions_of_others())

    @property
    def looks_stolen(self) -> bool:
        """Whether the evidence looks like a stolen account."""
        return self.judgement.verdict is Verdict.STOLEN

    @property
    def is_contained(self) -> bool:
        """Whether responders put whoever was at the account out of it."""
        return self.containment is not None and keeps_out(self.containment, self.evidence)

    @property
    def needs_two(self) -> bool:
        """Whether one approver is not enough."""
        return self.looks_stolen and not self.is_contained

    def _conditions_of_others(self) -> tuple[ApprovalCondition, ...]:
        if self.mailbox is None:
            return ()
        grounds = (
            () if all_proven(self.mailbox, self.person, self.other_senders) else (ApprovalCondition.OTHERS_NOT_PROVEN,)
        )
        unsure = isinstance(self.mailbox.right_of(self.person), Unknown)
        return (*grounds, ApprovalCondition.RIGHT_NOT_CHECKED) if unsure else grounds

    @property
    def is_evidence_wanted(self) -> bool:
        """Whether evidence was asked for that is not there yet."""
        wanted, report = self.evidence_wanted_at, self.evidence
        return wanted is not None and (report is None or report.gathered_at < wanted)

    @property
    def judgement(self) -> Judgement:
        """What the evidence gathered so far looks like."""
        return judge(self.evidence, self.restriction, self.mailing)


def _is_answered(says: Says, contradicted: bool) -> bool:
    return says is Says.CANNOT or (says is Says.DONE and not contradicted)
