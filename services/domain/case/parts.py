"""The values that a case is made of."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from services.domain.case.facts import Facts, Worse
from services.domain.people import Account, PersonId, SignOff
from services.domain.personal import ApproversOnly, Personal, Unseen
from services.domain.proofs.securing import Mailing, MfaProof, PasswordProof
from services.domain.proofs.shared_mailbox import SecuredHolder, SharedMailbox

CaseNumber = NewType("CaseNumber", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who asks, and whose sending the case is about. For a connector, its id stands for the person.

    `phone` and `manager` are those of the `account`."""

    person: Personal[PersonId]
    name: Personal[str]
    upn: Personal[str]
    addresses: Personal[tuple[str, ...]] = ()
    phone: Personal[str | None] = None
    """The mobile number. Of a case that was stored long ago it may be the business number."""
    business_phone: Personal[str | None] = None
    manager: Personal[str | None] = None
    self_service_reset: bool | None = None
    is_guest: bool = False
    """Of another organisation, which a look that took long found out: nothing is done for them."""
    mailbox_address: Personal[str] = ""
    """The mailbox the case is about, if it is not the person's own; `mailbox` holds its details once looked up."""
    mailbox: Personal[SharedMailbox | None] = None
    trouble_key: Personal[str] = ""
    """What the case of a trouble is known by, in place of a mailbox (see `trouble.key_of`)."""
    connector_id: Personal[str] = ""
    """The id of the restricted connector the case is about; then there is no person to write to."""

    @property
    def account(self) -> Account:
        """Whose account the case is about: the owner's, or, for a mailbox that nobody owns, that of who asks."""
        owner = self.mailbox.owner if self.mailbox else None
        return (
            Account(person=owner.person, name=owner.name, upn=owner.upn)
            if owner
            else Account(person=self.person, name=self.name, upn=self.upn)
        )

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Every account that is known to send from the mailbox, the one the case is about first."""
        asker = Account(person=self.person, name=self.name, upn=self.upn)
        holders = self.mailbox.holders if self.mailbox else ()
        others = (Account(person=one.person, name=one.name, upn=one.upn) for one in holders)
        once: dict[PersonId, Account] = {}
        for one in (self.account, asker, *others):
            once.setdefault(one.person, one)
        return tuple(once.values())

    @property
    def mailbox_keys(self) -> tuple[str, ...]:
        """What the mailbox of the case is known by, its identity first (see `SharedMailbox.keys`): one's own has the id
        of its person. Before another one was looked up it is not known which it is, nor whether they may ask for it:
        then the key is theirs alone."""
        if self.trouble_key:
            return (self.trouble_key.casefold(),)
        if self.mailbox:
            return self.mailbox.keys
        if self.mailbox_address:
            return (f"{self.person} {self.mailbox_address}".casefold(),)
        return tuple(dict.fromkeys(key.casefold() for key in (self.person, self.upn, *self.addresses) if key))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """When the person last wrote or clicked, and whether they can be written to."""

    person_spoke_at: datetime
    unreachable: Personal[str | None] = None
    """Teams' own error code, if they cannot be written to."""
    contacted_first: bool = False
    """Sendwell wrote to the person first: their card has no sign-in links until they ask for the steps."""
    found_by_monitor_at: datetime | None = None
    """When the list monitor found them; then the approvers have a card before any request is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What was before this case, from our own cases, and the case that follows it."""

    previous: CaseNumber | None = None
    followed_by: CaseNumber | None = None
    restrictions: int = 0
    unblocks: int = 0
    times_asked: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """What the person said and the directory shows of the account, and of others who can send from the mailbox."""

    password: PasswordProof = PasswordProof()
    mfa: MfaProof = MfaProof()
    mailing: Personal[Mailing | None] = None
    first_mailing: ApproversOnly[Personal[Mailing | None]] = None
    """The answer with which the request was sent, if it was changed since."""
    mailing_changed_at: ApproversOnly[datetime | None] = None
    other_senders: Personal[tuple[SecuredHolder, ...] | None] = None

    @property
    def mailing_answers(self) -> tuple[Mailing | None, ...]:
        """The present answer, and the first one if that was another."""
        return (self.mailing, self.first_mailing) if self.first_mailing else (self.mailing,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An approver's decision. `reason` is shown to the person, `internal` never is."""

    approved: bool
    by: Personal[PersonId]
    name: Personal[str]
    at: datetime
    reason: Personal[str] = ""
    internal: Personal[str] = ""
    by_another_route: bool = False
    facts: ApproversOnly[Facts | None] = None
    """What the decision was made on: nothing else may be unblocked on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LapsedApproval:
    """An approval that was not carried out: the facts got worse (`worse`), or it took too long (`worse` is empty)."""

    approved: Personal[SignOff]
    at: datetime
    worse: tuple[Worse, ...] = ()


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
    """When the approvers were notified of a case whose look is not finished."""
    reminded_at: datetime | None = None
    others_mentioned_at: ApproversOnly[datetime | None] = None
    """When those were mentioned whom the organisation's rules name, because no one had looked."""
    is_held_up: bool = False
    """The approvers' channel could not be posted to yet, and the person was told so."""
    requested_by: Personal[SignOff | None] = None
    """The approver who opened the case for the person, with their reason."""
    sole_approver: bool = False
    """The person is the only one who could decide."""
    question: Personal[Question | None] = None
    reviewing: ApproversOnly[Personal[SignOff | None]] = None
    """The approver who is looking into it. Others may still decide."""
    also_asked: ApproversOnly[Personal[tuple[SignOff, ...]]] = ()
    """Others who asked about the same mailbox while the case was open."""
    withdrew: ApproversOnly[Personal[tuple[SignOff, ...]]] = ()
    """Who took their own asking back while others ask on."""
    withdrawals: ApproversOnly[int] = 0
    """How often somebody did, those included who asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryProgress:
    """Calls of Remove for one of several entries, and their result. `ended`: it was refused or given up."""

    address: Personal[str]
    calls: int = 0
    tried_at: datetime | None = None
    unclear_at: datetime | None = None
    error: Personal[str | None] = None
    ended: bool = False
    done_at: datetime | None = None

    @property
    def is_settled(self) -> bool:
        return self.ended or self.done_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockProgress:
    """Calls of Remove since the decision, and their result. Of several entries one is in work at a time: `calls`,
    `tried_at`, `unclear_at` and `error` are about the one of `address`; `done_at` is about the one removed last."""

    calls: int = 0
    put_off: int = 0
    """How often a call did not reach Exchange, or was told to wait."""
    tried_at: datetime | None = None
    unclear_at: datetime | None = None
    """When the first call was made of which it is not known whether it took effect; `None` if there is none."""
    error: Personal[str | None] = None
    waits_until: datetime | None = None
    done_at: datetime | None = None
    address: Personal[str] = ""
    entries: tuple[EntryProgress, ...] = ()

    @property
    def may_have_released(self) -> bool:
        """Whether a call of Remove took effect, or may have."""
        return self.done_at is not None or self.first_unclear_at is not None

    @property
    def first_unclear_at(self) -> datetime | None:
        """When the first call of unknown outcome was made, for whichever entry."""
        calls = (self.unclear_at, *(one.unclear_at for one in self.entries))
        return min((at for at in calls if at), default=None)

    """The entries that are settled, and those set aside while another one is in work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unresolved:
    """Since when an approver has to find out what comes next, and when they were reminded of it last."""

    since: datetime
    reminded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReads:
    """What reads of the restricted list have shown. A sender counts as off the list only after two reads, far enough
    apart, that did not show them."""

    checks: Unseen[ApproversOnly[int]] = 0
    checked_at: Unseen[ApproversOnly[datetime | None]] = None
    """A card says how often and when as it was when it was drawn: one that is drawn anew closes the forms that
    somebody is filling in, and a counter is not worth that."""
    absent_at: datetime | None = None
    relisted_at: datetime | None = None
    missing: Personal[tuple[str, ...]] = ()
    """The lower-case addresses of those entries that the last read did not show, while it showed others."""
    missing_at: datetime | None = None
    """When a read first did not show exactly these."""
    off_list_at: datetime | None = None
