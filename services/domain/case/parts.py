"""What a case is made of: the values that belong together, each with the marks of its fields."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from services.domain.people import PersonId, SignOff
from services.domain.personal import ApproversOnly, Personal
from services.domain.proofs.securing import Mailing, MfaProof, PasswordProof
from services.domain.proofs.shared_mailbox import SecuredHolder, SharedMailbox

CaseNumber = NewType("CaseNumber", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who asks, and whose sending it is about. A connector stands in a person's place."""

    person: Personal[PersonId]
    name: Personal[str]
    upn: Personal[str]
    addresses: Personal[tuple[str, ...]] = ()
    phone: Personal[str | None] = None
    manager: Personal[str | None] = None
    self_service_reset: bool | None = None
    mailbox_address: Personal[str] = ""
    """Whose sending it is about, where that is not the person's own mailbox; `mailbox` once it was looked up."""
    mailbox: Personal[SharedMailbox | None] = None
    connector_id: Personal[str] = ""
    """The id of the restricted connector it is about: nobody's mailbox, so nobody is asked or told in a chat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """When the person last spoke to us, and whether they can be written to."""

    person_spoke_at: datetime
    unreachable: Personal[str | None] = None
    """Teams' own error where they cannot be written to."""
    contacted_first: bool = False
    """The person did not ask: no sign-in links before they want to see the steps."""
    found_by_monitor_at: datetime | None = None
    """When the monitor of the list found them; the approvers have their card before any request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What was before this case, from our own records, and the case that follows it."""

    previous: CaseNumber | None = None
    followed_by: CaseNumber | None = None
    restrictions: int = 0
    unblocks: int = 0
    times_asked: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """What was said and checked of the account, and of others who can send from the mailbox. `snapshot`: the ids of the
    second factors at the first look, `None` where that look failed."""

    snapshot: Personal[tuple[str, ...] | None] = None
    password: PasswordProof = PasswordProof()
    mfa: MfaProof = MfaProof()
    mailing: Personal[Mailing | None] = None
    other_senders: Personal[tuple[SecuredHolder, ...] | None] = None


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
class Request:
    """The request to the approvers, from its sending to its decision."""

    note: Personal[str] = ""
    sent_at: datetime | None = None
    admins_told_at: datetime | None = None
    """When the admins were told of somebody who is still being looked up."""
    reminded_at: datetime | None = None
    requested_by: Personal[SignOff | None] = None
    """The approver who opened the case for the person, with their reason."""
    sole_approver: bool = False
    """The person is the only one who could decide."""
    question: Personal[Question | None] = None
    reviewing: ApproversOnly[Personal[SignOff | None]] = None
    """Who is looking into it: a visible mark, not a lock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockProgress:
    """Calls of Remove since the decision, and what came of them."""

    calls: int = 0
    tried_at: datetime | None = None
    error: Personal[str | None] = None
    waits_until: datetime | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReads:
    """What reads of the restricted list have shown. One absence is a hint; a second one, far enough apart, a fact."""

    checks: ApproversOnly[int] = 0
    checked_at: ApproversOnly[datetime | None] = None
    absent_at: datetime | None = None
    relisted_at: datetime | None = None
    off_list_at: datetime | None = None
