"""What the sources say about an account. `Unknown` stands for what could not be read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from services.domain.proofs.shared_mailbox import Holder, SharedMailbox
from services.domain.unknown import NOT_ASKED, NOT_OFFERED, Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarding:
    """All mail of the mailbox is forwarded to `to`. `external`: outside the organisation, `None` if that is not
    known."""

    to: str
    keeps_copy: bool
    external: bool | None


class RuleDeed(StrEnum):
    """What an inbox rule does that is useful to a thief."""

    FORWARDS = "forwards"
    REDIRECTS = "redirects"
    DELETES = "deletes"
    HIDES = "hides"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRule:
    """One inbox rule with at least one of these deeds. `id` is its identity in Exchange."""

    id: str
    name: str
    enabled: bool
    hidden: bool
    deeds: tuple[RuleDeed, ...]
    targets: tuple[str, ...] = ()
    external: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """One interactive sign-in that succeeded or failed. `place` is the country code that the directory gives, `None` if
    it gives none. `stopped`: it failed although the password was right, for example by a policy."""

    at: datetime
    succeeded: bool
    stopped: bool = False
    place: str | None = None
    address: str | None = None
    app: str | None = None
    expected: bool = False
    """Whether the organisation's rules expected it when it was read. That says nothing about who it was."""


class RiskLevel(StrEnum):
    """How likely an account is in a stranger's hands, as Entra ID Protection says. `HIDDEN`: the licence does not show
    it."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskEvent:
    """One risk detection; `kind` is Entra's own name for it, such as `suspiciousSendingPatterns`."""

    at: datetime
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """Risk state and detections of an account. `dismissed`: an admin or a new password settled it."""

    level: RiskLevel
    dismissed: bool = False
    events: tuple[RiskEvent, ...] = ()


class Change(StrEnum):
    """What changed on an account."""

    METHOD_ADDED = "method_added"
    METHOD_REMOVED = "method_removed"
    APP_CONSENTED = "app_consented"
    PASSWORD_CHANGED = "password_changed"
    RULE_CHANGED = "rule_changed"
    NUMBER_CHANGED = "number_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChange:
    """One entry of the directory's audit log. `by` is the UPN or app that did it, `detail` names the method or app."""

    at: datetime
    what: Change
    by: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentHour:
    """Mail sent from the mailbox within one hour: `recipients` counts every delivery, `messages` distinct messages."""

    start: datetime
    recipients: int
    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SentByTool:
    """What a mailing tool of the organisation's rules sent: so many recipients, of those that the trace shows."""

    name: str
    recipients: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMail:
    """Mail sent over some days, from message trace; hours without mail are left out. `complete` is false if the trace
    was too long to read: then the numbers are lower bounds."""

    hours: tuple[SentHour, ...]
    subjects: int
    complete: bool = True
    by_tools: tuple[SentByTool, ...] = ()
    """A reason that there may be for a burst; it says nothing about who used the tool."""

    @property
    def recipients(self) -> int:
        return sum(hour.recipients for hour in self.hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The sender was put on the restricted list, or taken off it, as the unified audit log says."""

    at: datetime
    listed: bool
    reason: str = ""
    by: str | None = None


_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt(Generic[_Row]):
    """What a source shows of a list, the most dangerous first. `cut`: the list is longer, or could not be read to its
    end."""

    rows: tuple[_Row, ...]
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderEvidence:
    """Evidence about the account of somebody else who can send from the mailbox. `name`: see `name_of`."""

    name: str
    sign_ins: tuple[SignIn, ...] | Unknown
    risk: Risk | Unknown
    changes: tuple[AccountChange, ...] | Unknown
    sign_ins_cut: bool = False
    changes_cut: bool = False


def name_of(holder: Holder) -> str:
    """What the evidence about somebody who can send is known by."""
    return holder.upn or holder.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything gathered about a sender at one moment.

    Each source has a default: a report stored before Sendwell knew a source lacks it, and must read as not checked,
    never as clean."""

    gathered_at: datetime
    begun_at: datetime | None = None
    """When gathering began: nothing in it is older. `None` in a report of before this was kept."""
    forwarding: Forwarding | Unknown | None = NOT_ASKED
    rules: tuple[InboxRule, ...] | Unknown = NOT_ASKED
    sign_ins: tuple[SignIn, ...] | Unknown = NOT_ASKED
    risk: Risk | Unknown = NOT_ASKED
    changes: tuple[AccountChange, ...] | Unknown = NOT_ASKED
    sent: SentMail | Unknown = NOT_ASKED
    listings: tuple[Listing, ...] | Unknown = NOT_ASKED
    """Not of that moment: a search finds them, and they are kept when the rest is gathered again."""
    rules_cut: bool = False
    changes_cut: bool = False
    sign_ins_cut: bool = False
    """There are more than these, or more may be there: what these show stands, and the source is incomplete."""
    senders: SharedMailbox | Unknown = NOT_ASKED
    """Who can send from the mailbox."""
    others: tuple[SenderEvidence, ...] = ()
    """Their accounts, without the one that the rest of the report is about."""
    ask_again_at: datetime | None = None
    """When the source that could not say at that moment what was sent is asked again; `None`: it is not."""

    @property
    def read_from(self) -> datetime:
        """No source was read before this."""
        return self.begun_at or self.gathered_at


class Gap(StrEnum):
    """A source that should have answered and did not, or not to its end. `EVERYTHING`: none did in time."""

    FORWARDING = "forwarding"
    RULES = "rules"
    SIGN_INS = "sign_ins"
    RISK = "risk"
    CHANGES = "changes"
    SENT = "sent"
    EVERYTHING = "everything"


def gaps(report: Report) -> frozenset[Gap]:
    """The sources that the organisation has, and has allowed, and that did not answer or not to the end, for whichever
    account that can send. What it has no licence for or has not allowed is no gap: it would be one in every case."""
    accounts = _accounts(report)
    cut = {
        *([Gap.RULES] if report.rules_cut else []),
        *([Gap.SIGN_INS] if any(one.sign_ins_cut for one in accounts) else []),
        *([Gap.CHANGES] if any(one.changes_cut for one in accounts) else []),
    }
    return _failed(report) | cut


def _accounts(report: Report) -> tuple[Report | SenderEvidence, ...]:
    return (report, *report.others)


def _failed(report: Report) -> frozenset[Gap]:
    of_mailbox = [(Gap.FORWARDING, report.forwarding), (Gap.RULES, report.rules), (Gap.SENT, report.sent)]
    of_accounts = [
        asked
        for one in _accounts(report)
        for asked in ((Gap.SIGN_INS, one.sign_ins), (Gap.RISK, one.risk), (Gap.CHANGES, one.changes))
    ]
    unread = [(gap, one) for gap, one in (*of_mailbox, *of_accounts) if isinstance(one, Unknown) and one != NOT_ASKED]
    return frozenset(gap for gap, one in unread if one.reason not in NOT_OFFERED)


def may_be_completed(report: Report) -> bool:
    """Whether a source did not answer that may do so when it is asked again. A list that is too long stays so."""
    return bool(_failed(report))


EVIDENCE_OVER = timedelta(days=10)
"""How far back sign-ins, changes and sent mail are read: the most that one message trace query covers."""

HISTORY_OVER = timedelta(days=90)
"""How far back restrictions and unblocks are counted."""
