"""What the conversations and jobs need of Microsoft 365, in our words. Clients and fakes keep these promises."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from services.domain.containment.containment import ContainmentStep, StepResult
from services.domain.evidence.report import AccountChange, Forwarding, InboxRule, Listing, Risk, SentMail, SignIn
from services.domain.limits.outbound_policy import PolicySnapshot
from services.domain.limits.policy_plan import Plan
from services.domain.people import AuthenticationMethod, PasswordChange, Person, PersonId, Registration, Standing
from services.domain.proofs.shared_mailbox import SharedMailbox
from services.domain.restriction import RestrictedList


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalDone:
    """Exchange accepted the removal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalRefused:
    """Exchange said no, in its own words. Never repeated without an approver."""

    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalUnclear:
    """No answer, or one that does not say whether the removal took effect."""

    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalNotBegun:
    """The call did not reach Exchange, or was turned away at its door: nothing was spent."""

    error: str


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
        """Ask for the removal of one entry, once; never repeated beneath this call. `note` is kept by Microsoft 365
        where it keeps any."""
        ...

    async def ping(self) -> None:
        """Prove that we may read *and* that the release would be permitted. Raises `Unavailable`."""
        ...


class Directory(Protocol):
    """What the directory knows of a person's account."""

    async def person(self, person: PersonId) -> Person:
        """Raises `Unavailable`; `NotFound` where the directory knows no such person."""
        ...

    async def methods(self, person: PersonId) -> tuple[AuthenticationMethod, ...]:
        """Registered sign-in methods. Raises `Unavailable`; `NotFound` where nothing is kept of this person."""
        ...

    async def registration(self, person: PersonId) -> Registration:
        """The registration report (needs a premium licence). Raises `Unavailable`; `NotFound` where it has no line for
        this person."""
        ...

    async def password_changes(self, person: PersonId, since: datetime) -> tuple[PasswordChange, ...]:
        """Changes and resets in the audit log. Raises `Unavailable`; `NotFound` where there is no such log."""
        ...

    async def ping(self) -> None:
        """Prove that we may read people. Raises `Unavailable`."""
        ...


class Approvers(Protocol):
    """Who may decide, asked at every click."""

    async def standing(self, person: PersonId) -> Standing:
        """As the directory says at this moment. Raises `Unavailable`."""
        ...

    async def anybody_but(self, person: PersonId) -> bool:
        """Whether at least one other active member of the group could decide. Raises `Unavailable`."""
        ...


class ContainmentSteps(Protocol):
    """Account and mailbox of a person, to be closed to whoever got in. All of it is safe to repeat.

    Where a call raises `Unavailable` it may or may not have taken effect: repeat it. A service that says no is not
    unavailable; that is a `StepResult` that `FAILED`."""

    async def privileged(self, person: PersonId) -> bool:
        """Whether the person holds any directory role at this moment, activated ones included. Raises `Unavailable`."""
        ...

    async def before(
        self, step: ContainmentStep, person: PersonId, address: str, rules: tuple[str, ...]
    ) -> tuple[str, ...]:
        """What `StepResult.was` would be if the step were taken now; nothing where nothing would change, or where the
        service does not let us look. To be saved before the step is taken, since an answer that gets lost takes its
        `was` with it. Raises `Unavailable`."""
        ...

    async def contain(
        self, step: ContainmentStep, person: PersonId, address: str, rules: tuple[str, ...]
    ) -> StepResult:
        """Take one step; `address` is the mailbox, `rules` are the ids of the inbox rules to be switched off. Raises
        `Unavailable`."""
        ...

    async def put_back(self, result: StepResult, person: PersonId, address: str) -> StepResult:
        """Undo what `result.was` holds; where that is nothing it is `ALREADY_SO`. Raises `Unavailable`."""
        ...


class MailboxEvidence(Protocol):
    """What a mailbox shows: where its mail goes, and how much left it. Each raises `Unavailable`."""

    async def forwarding(self, address: str) -> Forwarding | None:
        """Forwarding of the whole mailbox."""
        ...

    async def inbox_rules(self, address: str) -> tuple[InboxRule, ...]:
        """The rules, hidden ones too, that forward, redirect, delete or hide."""
        ...

    async def sent(self, address: str, since: datetime, until: datetime) -> SentMail:
        """What left the mailbox, from message trace; at most ten days, at most ninety days back."""
        ...


class AccountEvidence(Protocol):
    """What the directory recorded of an account. Each raises `Unavailable`."""

    async def sign_ins(self, person: PersonId, since: datetime) -> tuple[SignIn, ...]:
        """Interactive sign-ins, failed ones too, newest first (Entra ID P1)."""
        ...

    async def risk(self, person: PersonId) -> Risk:
        """Risk state and detections (Entra ID P2)."""
        ...

    async def changes(self, person: PersonId, since: datetime) -> tuple[AccountChange, ...]:
        """Methods added or removed, apps consented, passwords changed, newest first."""
        ...


class AuditLog(Protocol):
    """The unified audit log."""

    async def listings(self, addresses: tuple[str, ...], since: datetime) -> tuple[Listing, ...]:
        """When these addresses came onto the restricted list and left it, newest first. Raises `Unavailable`."""
        ...


class Mailboxes(Protocol):
    """Mailboxes and who may send from them."""

    async def mailbox(self, address: str) -> SharedMailbox:
        """The mailbox with everybody who can send from it, groups expanded; what could not be read is named in it.

        Raises `Unavailable`; `NotFound` where no mailbox has this address."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyApplied:
    """Done, and read back. `differs` names what changed besides: policies and rules that others changed meanwhile, and
    the policy that governs the sender where that is not the planned one."""

    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRefused:
    """Exchange said no, in its own words; or, when taking back, what is not as we left it any more. What was begun was
    taken back but for the objects named in `left_behind`."""

    error: str
    left_behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedMeanwhileByOthers:
    """What the plan rests on is not what it was: plan again. Nothing was done, or what was begun was taken back but for
    the objects named in `left_behind`."""

    left_behind: tuple[str, ...] = ()


PolicyOutcome: TypeAlias = PolicyApplied | PolicyRefused | ChangedMeanwhileByOthers


class OutboundPolicies(Protocol):
    """The outbound spam policies of the organisation."""

    async def snapshot(self, addresses: Sequence[str], person: PersonId | None, group: str = "") -> PolicySnapshot:
        """Everything that decides what governs a sender, and whether they belong to `group`, where one is asked about;
        `person` is `None` for a mailbox without one. Raises `Unavailable` also where a part is missing."""
        ...

    async def apply(self, plan: Plan, note: str) -> PolicyOutcome:
        """Take the steps that are not taken yet; `note` says on new objects whose they are.

        Raises `Unavailable` where the outcome is not known: repeat it, as after a crash at any point."""
        ...

    async def revert(self, plan: Plan) -> PolicyOutcome:
        """Undo the steps, last first, where everything still is as the plan left it; else refuse and do nothing.

        Raises `Unavailable` where the outcome is not known: repeat it, as after a crash at any point."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Microsoft365:
    """Everything we need of one tenant. `senders` and `connectors` are its two restricted lists."""

    senders: MailSystem
    connectors: MailSystem
    directory: Directory
    mailboxes: Mailboxes
    approvers: Approvers
    responders: Approvers | None
    """Who may contain accounts; nobody where there is no such group."""
    mailbox_evidence: MailboxEvidence
    account_evidence: AccountEvidence
    audit_log: AuditLog
    policies: OutboundPolicies
    containment: ContainmentSteps
