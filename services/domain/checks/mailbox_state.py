"""What of a mailbox itself can keep mail from going: it is full, its forwarding is not allowed, or programs may not
sign in to send."""

from dataclasses import dataclass
from enum import StrEnum

from services.domain.limits.outbound_policy import AutoForwarding


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxFill:
    """Bytes in the mailbox, and from how many on it may not send; `None` for no such bound."""

    used: int
    sends_below: int | None

    @property
    def is_full(self) -> bool:
        return self.sends_below is not None and self.used >= self.sends_below


class SmtpAuth(StrEnum):
    """Whether a program may sign in with the mailbox's password to send (SMTP AUTH)."""

    ON = "on"
    OFF_HERE = "off_here"
    """Switched off for the mailbox."""
    OFF_EVERYWHERE = "off_everywhere"
    """Switched off for the organisation, and the mailbox is no exception."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnForwarding:
    """Where the mailbox forwards all mail outside (empty: nowhere), and what the policy in effect says of that."""

    to: str = ""
    policy: AutoForwarding = AutoForwarding.ON
