"""What reads made after the steps of a containment show: that an account is contained is never taken from our own deed
alone."""

from dataclasses import dataclass
from datetime import datetime

from services.domain.evidence.report import Forwarding, InboxRule
from services.domain.people import AuthenticationMethod, PersonId
from services.domain.unknown import PASSING, Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRead:
    """What the directory says of an account. A date is `None` where it gives none."""

    enabled: bool
    synchronised: bool = False
    """Whether it comes from a local directory, where its password and its disabling are kept."""
    sessions_valid_from: datetime | None = None
    """Sessions that began before are signed out."""
    password_changed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegate:
    """Somebody else who can send from the mailbox."""

    person: PersonId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterSteps:
    """Each source at one moment after the steps; `Unknown` where it could not be read."""

    read_at: datetime
    account: AccountRead | Unknown
    methods: tuple[AuthenticationMethod, ...] | Unknown
    forwarding: Forwarding | Unknown | None
    rules: tuple[InboxRule, ...] | Unknown
    delegates: tuple[Delegate, ...] | Unknown
    rules_cut: bool = False
    """Whether there are more rules than these."""

    @property
    def may_be_read_soon(self) -> bool:
        """Whether a source failed for a reason that may pass by itself."""
        sources = (self.account, self.methods, self.forwarding, self.rules, self.delegates)
        return any(isinstance(source, Unknown) and source.reason in PASSING for source in sources)
