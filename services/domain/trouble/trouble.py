"""A trouble that somebody reports to the admins: what kind it is, who has it, and who is waiting to hear of it.

The case of a trouble has statuses of its own. None of them leads to an approval, and there is nothing to remove."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.domain.bounce.cause import Cause, Fixer
from services.domain.bounce.meaning import Meaning
from services.domain.people import PersonId, SignOff, TeamsUser
from services.domain.personal import ApproversOnly, Personal, Unseen


class TroubleKind(StrEnum):
    """What kind of trouble: each has its own steps for the admins."""

    STILL_BOUNCING = "still_bouncing"
    """The bounce speaks of a restriction, and the list shows none."""
    BANNED = "banned"
    TENANT_BLOCKED = "tenant_blocked"
    TENANT_LIMIT = "tenant_limit"
    CONNECTOR = "connector"
    SEND_RIGHT = "send_right"
    SMTP_AUTH = "smtp_auth"
    FORWARDING = "forwarding"
    UNCLEAR = "unclear"
    """A code that the table lacks, or one that only an admin can look into."""

    @property
    def is_shared(self) -> bool:
        """Whether everybody who meets with it has the same one: then there is one case, which they join."""
        return self in _SHARED


_SHARED = frozenset(
    {TroubleKind.TENANT_BLOCKED, TroubleKind.TENANT_LIMIT, TroubleKind.CONNECTOR, TroubleKind.SMTP_AUTH}
)
_BY_MEANING: Mapping[Meaning, TroubleKind] = {
    Meaning.RESTRICTED_SENDER: TroubleKind.STILL_BOUNCING,
    Meaning.MAYBE_RESTRICTED: TroubleKind.STILL_BOUNCING,
    Meaning.BANNED_FOR_ABUSE: TroubleKind.BANNED,
    Meaning.TENANT_BLOCKED: TroubleKind.TENANT_BLOCKED,
    Meaning.ADDRESS_RANGE_BLOCKED: TroubleKind.TENANT_BLOCKED,
    Meaning.TENANT_RECIPIENTS: TroubleKind.TENANT_LIMIT,
    Meaning.CONNECTOR_RESTRICTED: TroubleKind.CONNECTOR,
    Meaning.NO_SEND_RIGHT: TroubleKind.SEND_RIGHT,
    Meaning.NOT_SIGNED_IN: TroubleKind.SMTP_AUTH,
    Meaning.DIRECT_SEND: TroubleKind.SMTP_AUTH,
    Meaning.FORWARDING_BLOCKED: TroubleKind.FORWARDING,
}
_ADMINS = (Fixer.YOUR_ADMIN, Fixer.MICROSOFT, Fixer.UNCLEAR)


def kind_of(cause: Cause) -> TroubleKind | None:
    """The kind of trouble that a cause is; `None` where no admin of the sender's can do anything about it."""
    if kind := _BY_MEANING.get(cause.meaning):
        return kind
    return TroubleKind.UNCLEAR if cause.fixer in _ADMINS and cause.meaning is not Meaning.PHISHING else None


def key_of(kind: TroubleKind, person: PersonId) -> str:
    """What the case of a trouble is known by, in place of a mailbox. It cannot be confused with an id or an address."""
    return f"trouble {kind}" if kind.is_shared else f"trouble {kind} {person}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One person's report. `code` and `cause` are what their bounce says; `times`: how often they told of it."""

    person: Personal[PersonId]
    name: Personal[str]
    at: datetime
    code: str = ""
    cause: str = ""
    addresses: Personal[tuple[str, ...]] = ()
    """Where their mail is looked for; those of the first stand with the case."""
    last_at: datetime | None = None
    times: int = 1
    settled_at: datetime | None = None
    """When they said that mail works, or took their report back."""
    told: Unseen[str] = ""
    """The status that they were told of last, for those who joined: the first has a card."""

    @property
    def is_open(self) -> bool:
        return self.settled_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What was reported, by whom, and what was done about it. The owner stands in the request (`reviewing`)."""

    kind: TroubleKind
    reports: ApproversOnly[Personal[tuple[Report, ...]]] = ()
    """The first is that of the case's own person."""
    checked_at: datetime | None = None
    """When the restricted list was read, and did not show the mailbox; `None`: it could not be read."""
    done: Personal[SignOff | None] = None
    """What an admin did, in words for those who wait."""
    moved_at: Unseen[datetime | None] = None
    """When anybody last said or did something."""

    def of(self, person: PersonId) -> Report | None:
        """The report of somebody; `None` if they made none."""
        return next((one for one in self.reports if one.person == person), None)

    @property
    def joined(self) -> tuple[Report, ...]:
        """Those who met with the same trouble later, and wait for it too."""
        return tuple(one for one in self.reports[1:] if one.is_open)

    @property
    def is_settled(self) -> bool:
        """Whether nobody waits any more."""
        return not any(one.is_open for one in self.reports)

    def with_report(
        self, by: TeamsUser, code: str, cause: str, now: datetime, addresses: tuple[str, ...] = ()
    ) -> "Trouble":
        """The trouble told of once more, or by one more person."""
        known = self.of(by.id)
        if known is None:
            new = Report(person=by.id, name=by.name, at=now, code=code, cause=cause, addresses=addresses)
            return replace(self, reports=(*self.reports, new), moved_at=now)
        told = replace(known, times=known.times + 1, last_at=now, code=code or known.code, cause=cause or known.cause)
        return self._with(replace(told, settled_at=None), now)

    def settled(self, person: PersonId, now: datetime) -> "Trouble":
        """The trouble without this person waiting."""
        known = self.of(person)
        return self if known is None else self._with(replace(known, settled_at=now), now)

    def reopened(self, person: PersonId, now: datetime) -> "Trouble":
        """The trouble with this person waiting again: mail still comes back."""
        known = self.of(person)
        return self if known is None else self._with(replace(known, settled_at=None, last_at=now), now)

    def was_told(self, person: PersonId, status: str) -> "Trouble":
        """The trouble with it noted what somebody was told."""
        return replace(
            self, reports=tuple(replace(one, told=status) if one.person == person else one for one in self.reports)
        )

    def _with(self, report: Report, now: datetime) -> "Trouble":
        reports = tuple(report if one.person == report.person else one for one in self.reports)
        return replace(self, reports=reports, moved_at=now)
