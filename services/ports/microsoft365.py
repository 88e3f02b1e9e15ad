"""What the conversations and jobs need from Microsoft 365, in our words. Clients and fakes keep these promises."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from services.domain.checks.checks import MailboxHome
from services.domain.checks.mailbox_state import MailboxFill, SmtpAuth
from services.domain.checks.replies import ServerReply
from services.domain.containment.after_steps import AccountRead
from services.domain.containment.containment import ContainmentStep, StepResult
from services.domain.delivery.traced import Traced, TracedRow
from services.domain.evidence.report import (
    AccountChange,
    Excerpt,
    Forwarding,
    InboxRule,
    Listing,
    Risk,
    SentMail,
    SignIn,
)
from services.domain.limits.outbound_policy import PolicySnapshot
from services.domain.limits.policy_plan import Plan
from services.domain.limits.tenant_limit import TenantLimit
from services.domain.people import AuthenticationMethod, PasswordChange, Person, PersonId, Registration, Standing
from services.domain.proofs.shared_mailbox import SharedMailbox
from services.domain.restriction import RestrictedList
from services.domain.unknown import UnknownReason


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalDone:
    """Exchange accepted the removal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalRefused:
    """Exchange refused the removal; `error` is its own text. It is not repeated until an approver asks for it."""

    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalUnclear:
    """No response, or one that does not say whether the removal took effect. `wait`: how long Exchange asked us not to
    call again."""

    error: str
    wait: timedelta | None = None
    reason: UnknownReason = UnknownReason.UNREACHABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalNotBegun:
    """The call did not reach Exchange, or was not accepted (throttled, for example): no unblock was used up.
    `wait`: how long Exchange asked us not to call again."""

    error: str
    wait: timedelta | None = None
    reason: UnknownReason = UnknownReason.UNREACHABLE


Removal: TypeAlias = RemovalDone | RemovalRefused | RemovalUnclear | RemovalNotBegun


class MailSystem(Protocol):
    """One of Microsoft 365's restricted lists: of senders, or of connectors (an entry's address is then its id)."""

    async def restricted(self) -> RestrictedList:
        """One read of the whole list. Raises `Unavailable`."""
        ...

    async def restricted_among(self, addresses: Sequence[str]) -> RestrictedList:
        """One read for these addresses alone, complete for them. Raises `Unavailable`."""
        ...

    async def unblock(self, address: str, note: str) -> Removal:
        """Ask once for the removal of one entry; an implementation must not repeat the call. `note` is stored with the
        removal if Microsoft 365 takes one."""
        ...

    async def ping(self) -> None:
        """Prove that we may read the list. Raises `Unavailable`. Whether Remove is permitted shows only on a call."""
        ...


class Directory(Protocol):
    """A person's account in the directory."""

    async def person(self, person: PersonId) -> Person:
        """Raises `Unavailable`; `NotFound` if the directory has no such person."""
        ...

    async def methods(self, person: PersonId) -> tuple[AuthenticationMethod, ...]:
        """All registered sign-in methods. Raises `Unavailable`, also if the directory knows no such person."""
        ...

    async def registration(self, person: PersonId) -> Registration:
        """The registration report (needs a premium licence). Raises `Unavailable`; `NotFound` if this person is not in
        it."""
        ...

    async def password_changes(self, person: PersonId, since: datetime) -> tuple[PasswordChange, ...]:
        """All changes and resets in the audit log. Raises `Unavailable`, also if there is no such log."""
        ...

    async def ping(self) -> None:
        """Prove that we may read people. Raises `Unavailable`."""
        ...


class Approvers(Protocol):
    """Members of one group: the approvers, or the responders. Asked at every click."""

    async def standing(self, person: PersonId) -> Standing:
        """The person's standing at this moment, as the directory says. Raises `Unavailable`."""
        ...

    async def anybody_but(self, person: PersonId) -> bool:
        """Whether the group has at least one other member who may decide. Raises `Unavailable`, and `NotFound` where
        there is no such group."""
        ...


class ContainmentSteps(Protocol):
    """The steps that contain a person's account and mailbox, and reading the account after them. Every call is safe to
    repeat.

    If a call raises `Unavailable` it may have taken effect: repeat it. A refusal by the service is no `Unavailable` but
    a `StepResult` with the outcome `FAILED`."""

    async def privileged(self, person: PersonId) -> bool:
        """Whether the person holds any directory role at this moment, activated ones and those of groups included.
        Raises `Unavailable`."""
        ...

    async def before(
        self, step: ContainmentStep, person: PersonId, address: str, rules: tuple[str, ...]
    ) -> tuple[str, ...]:
        """What `StepResult.was` would be if the step were taken now; empty if nothing would change, or if the service
        does not let us read it. Save it before the step is taken: if the step's response is lost, so is its `was`.
        Raises `Unavailable`."""
        ...

    async def contain(
        self, step: ContainmentStep, person: PersonId, address: str, rules: tuple[str, ...]
    ) -> StepResult:
        """Take one step; `address` is the mailbox, `rules` are the ids of the inbox rules to be switched off. Raises
        `Unavailable`."""
        ...

    async def account(self, person: PersonId) -> AccountRead:
        """What the directory says of the account at this moment. Raises `Unavailable`, also if it knows no such
        person."""
        ...

    async def put_back(self, result: StepResult, person: PersonId, address: str) -> StepResult:
        """Put back what `result.was` holds. If that is empty the outcome is `ALREADY_SO`. Raises `Unavailable`."""
        ...


class MailboxEvidence(Protocol):
    """Evidence in a mailbox: where its mail goes, and how much was sent. Each method raises `Unavailable`."""

    async def forwarding(self, address: str) -> Forwarding | None:
        """Forwarding of the whole mailbox; `None` if there is none."""
        ...

    async def inbox_rules(self, address: str) -> Excerpt[InboxRule]:
        """The rules, hidden ones too, that forward, redirect, delete or hide; of many those that send outside first."""
        ...

    async def sent(
        self, addresses: Sequence[str], since: datetime, until: datetime, *, urgent: bool = False
    ) -> SentMail:
        """Mail sent from all addresses of the mailbox, from message trace: ten days at most, and ninety days back at
        most. Mail may show hours after it was sent. `urgent`: somebody waits for it; the few calls that the service
        takes are theirs first. Raises `Unavailable` with `NOT_SET_UP` where the organisation still has to allow it."""
        ...

    async def messages(
        self, addresses: Sequence[str], since: datetime, until: datetime, *, urgent: bool = False
    ) -> Traced:
        """Each message sent from all addresses of the mailbox, as `sent` reads them. Raises as that does."""
        ...

    async def reply(self, row: TracedRow) -> ServerReply | None:
        """What the server said that did not take the message of this row; `None` where the trace does not show it. One
        of the few calls that the service takes, for somebody who waits."""
        ...


class AccountEvidence(Protocol):
    """Evidence about an account in the directory. Each method raises `Unavailable`."""

    async def sign_ins(self, person: PersonId, since: datetime) -> Excerpt[SignIn]:
        """Interactive sign-ins, failed ones too, newest first (Entra ID P1)."""
        ...

    async def risk(self, person: PersonId) -> Risk:
        """Risk state and detections (Entra ID P2)."""
        ...

    async def changes(self, person: PersonId, since: datetime) -> Excerpt[AccountChange]:
        """Methods added or removed, apps consented, passwords or telephone numbers changed, newest first."""
        ...


class AuditLog(Protocol):
    """The unified audit log, which is searched by a job of minutes. Each method raises `Unavailable`."""

    async def begin(self, name: str, addresses: tuple[str, ...], since: datetime, until: datetime) -> str:
        """Begin a search for what happened to these addresses, and return its id; if there is a search of that name,
        the id of that one. The reason is `THROTTLED` if too many are running."""
        ...

    async def listings(self, search: str, addresses: tuple[str, ...]) -> tuple[Listing, ...] | None:
        """When these addresses were put on the restricted list and taken off it, newest first; `None` while the search
        has not ended."""
        ...

    async def end(self, search: str) -> None:
        """Delete a search, whatever became of it. It may be gone already."""
        ...


class Mailboxes(Protocol):
    """Mailboxes and who may send from them."""

    async def mailbox(self, address: str) -> SharedMailbox:
        """The mailbox with everybody who can send from it, groups expanded; `unread` names what could not be read.

        Raises `Unavailable`; `NotFound` if no mailbox has this address."""
        ...

    async def addresses(self, address: str) -> tuple[str, ...]:
        """Every address of the mailbox, its UPN first. Raises `Unavailable`; `NotFound` if no mailbox has this
        address."""
        ...

    async def home(self, address: str) -> MailboxHome:
        """Where the mailbox of this address is. Raises `Unavailable`."""
        ...

    async def fill(self, address: str) -> MailboxFill:
        """How full the mailbox is. Raises `Unavailable`."""
        ...

    async def smtp_auth(self, address: str) -> SmtpAuth:
        """Whether programs may sign in to send from the mailbox. Raises `Unavailable`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyApplied:
    """Applied or reverted, and read back. `differs` names what else changed: policies and rules that others changed
    meanwhile, and the sender's effective policy if it is not the planned one."""

    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRefused:
    """Exchange refused, with its own text; or, when reverting, the objects that are not as we left them any more. Steps
    taken before were undone, except for the objects named in `left_behind`."""

    error: str
    left_behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedMeanwhileByOthers:
    """The policies are not those that the plan was made for: plan again. Steps taken before were undone, except for the
    objects named in `left_behind`."""

    left_behind: tuple[str, ...] = ()


PolicyOutcome: TypeAlias = PolicyApplied | PolicyRefused | ChangedMeanwhileByOthers


class OutboundPolicies(Protocol):
    """The outbound spam policies of the organisation."""

    async def snapshot(self, addresses: Sequence[str], person: PersonId | None, group: str = "") -> PolicySnapshot:
        """Everything that decides a sender's effective policy, and whether they belong to `group`, if one is given.
        `person` is `None` for a mailbox without a person. Raises `Unavailable`, also if a part of it is missing."""
        ...

    async def tenant_limit(self) -> TenantLimit:
        """How much of the organisation's own limit for recipients outside is used. Raises `Unavailable`."""
        ...

    async def apply(self, plan: Plan, note: str) -> PolicyOutcome:
        """Apply the steps that are not applied yet; `note` is the description of new objects.

        Raises `Unavailable` if the outcome is not known. It is safe to repeat then, and after a crash at any point."""
        ...

    async def revert(self, plan: Plan) -> PolicyOutcome:
        """Undo the steps, the last one first, if all objects are as the plan left them; else refuse and do nothing.

        Raises `Unavailable` if the outcome is not known. It is safe to repeat then, and after a crash at any point."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Microsoft365:
    """The ports to one tenant. `senders` and `connectors` are its two restricted lists."""

    senders: MailSystem
    connectors: MailSystem
    directory: Directory
    mailboxes: Mailboxes
    approvers: Approvers
    responders: Approvers | None
    """Who may contain accounts; `None` if there is no such group."""
    mailbox_evidence: MailboxEvidence
    account_evidence: AccountEvidence
    audit_log: AuditLog
    policies: OutboundPolicies
    containment: ContainmentSteps
    unhurried: "Microsoft365 | None" = None
    """The same for what nobody waits for: each source may take `Timing.slow_read`. `None`: there is no difference."""
