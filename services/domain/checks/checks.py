"""The checks for "my mail does not go": each with its finding, nothing found, or not checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.domain.bounce.bounce import Bounce
from services.domain.bounce.cause import Fixer
from services.domain.checks.mailbox_state import MailboxFill, OwnForwarding, SmtpAuth
from services.domain.delivery.traced import ReturnedMail
from services.domain.limits.outbound_policy import AutoForwarding
from services.domain.limits.tenant_limit import TenantLimit
from services.domain.proofs.shared_mailbox import SendRight
from services.domain.unknown import Unknown


class MailboxHome(StrEnum):
    """Where the mailbox of an account is."""

    HERE = "here"
    """In Exchange Online."""
    ELSEWHERE = "elsewhere"
    """Exchange Online knows the account, and its mail is kept on other servers."""
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBack:
    """The person's own messages of the last day that came back. `bounce`: what was said of the newest ones, as far as
    the trace shows it."""

    mail: ReturnedMail
    bounce: Bounce | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReads:
    """What was read of the person's own account, mailbox and messages; `None` is what nobody asked."""

    enabled: bool | Unknown | None = None
    mailbox: MailboxHome | Unknown | None = None
    came_back: CameBack | Unknown | None = None
    tenant: TenantLimit | Unknown | None = None
    fill: MailboxFill | Unknown | None = None
    forwarding: OwnForwarding | Unknown | None = None
    smtp_auth: SmtpAuth | Unknown | None = None
    right: SendRight | None = None
    """To send from another mailbox, of somebody who has it: who has none is told nothing of that mailbox."""

    @property
    def bounce(self) -> Bounce | None:
        """What the trace says of the newest messages that came back."""
        return self.came_back.bounce if isinstance(self.came_back, CameBack) else None


class Finding(StrEnum):
    """What keeps mail from going out. `check.NAME.found` and `check.NAME.next` are its sentences."""

    ACCOUNT_DISABLED = "account_disabled"
    NO_MAILBOX = "no_mailbox"
    MAILBOX_ELSEWHERE = "mailbox_elsewhere"
    TENANT_LIMIT = "tenant_limit"
    MAILBOX_FULL = "mailbox_full"
    FORWARDING_OFF = "forwarding_off"
    FORWARDING_AUTOMATIC = "forwarding_automatic"
    """The policy leaves it to Microsoft 365, which blocks it in most organisations."""
    SMTP_AUTH_HERE = "smtp_auth_off_here"
    SMTP_AUTH_EVERYWHERE = "smtp_auth_off_everywhere"
    CAME_BACK = "came_back"

    @property
    def fixer(self) -> Fixer:
        """Who can put it right; `UNCLEAR` where the bounce has to say it."""
        return _FIXERS[self]

    @property
    def is_aside(self) -> bool:
        """It keeps no message of a person from going, only those of a printer or a program."""
        return self in (Finding.SMTP_AUTH_HERE, Finding.SMTP_AUTH_EVERYWHERE)

    @property
    def told_as(self) -> str:
        """The cause, by its name in the table of bounces, as which the admins are told of it; empty where a bounce has
        to say it."""
        return _TOLD_AS.get(self, "")


_FIXERS: Mapping[Finding, Fixer] = {
    Finding.ACCOUNT_DISABLED: Fixer.YOUR_ADMIN,
    Finding.NO_MAILBOX: Fixer.YOUR_ADMIN,
    Finding.MAILBOX_ELSEWHERE: Fixer.YOUR_ADMIN,
    Finding.TENANT_LIMIT: Fixer.YOUR_ADMIN,
    Finding.MAILBOX_FULL: Fixer.YOU,
    Finding.FORWARDING_OFF: Fixer.YOUR_ADMIN,
    Finding.FORWARDING_AUTOMATIC: Fixer.YOUR_ADMIN,
    Finding.SMTP_AUTH_HERE: Fixer.YOUR_ADMIN,
    Finding.SMTP_AUTH_EVERYWHERE: Fixer.YOUR_ADMIN,
    Finding.CAME_BACK: Fixer.UNCLEAR,
}

_TOLD_AS: Mapping[Finding, str] = {
    Finding.ACCOUNT_DISABLED: "account_disabled",
    Finding.NO_MAILBOX: "no_mailbox",
    Finding.TENANT_LIMIT: "tenant_recipients_reached",
}


class Check(StrEnum):
    """What is looked up, the most certain obstacle first. `check.NAME.clear` says that nothing was found,
    `check.NAME.name` is what it is called where it was not checked."""

    ACCOUNT = "account"
    MAILBOX = "mailbox"
    TENANT = "tenant"
    FILL = "fill"
    FORWARDING = "forwarding"
    SMTP_AUTH = "smtp_auth"
    MESSAGES = "messages"
    SEND_RIGHT = "send_right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One check with what it found: a finding, `None` for nothing, or why it was not checked."""

    check: Check
    found: Finding | Unknown | None


def judge(reads: OwnReads) -> tuple[Checked, ...]:
    """Every check that was asked for, in the order of the table."""
    return tuple(
        Checked(check=check, found=read if isinstance(read, Unknown) else finding(read))
        for check, (of, finding) in _TABLE.items()
        if (read := of(reads)) is not None
    )


def findings(reads: OwnReads) -> tuple[Finding, ...]:
    """What keeps their mail from going, the most certain obstacle first."""
    return tuple(found for found in _found(reads) if not found.is_aside)


def asides(reads: OwnReads) -> tuple[Finding, ...]:
    """What was found and keeps nothing of theirs from going."""
    return tuple(found for found in _found(reads) if found.is_aside)


def _found(reads: OwnReads) -> tuple[Finding, ...]:
    return tuple(one.found for one in judge(reads) if isinstance(one.found, Finding))


def _account(enabled: object) -> Finding | None:
    return Finding.ACCOUNT_DISABLED if enabled is False else None


def _mailbox(home: object) -> Finding | None:
    wrong = {MailboxHome.NONE: Finding.NO_MAILBOX, MailboxHome.ELSEWHERE: Finding.MAILBOX_ELSEWHERE}
    return wrong.get(home) if isinstance(home, MailboxHome) else None


def _tenant(limit: object) -> Finding | None:
    return Finding.TENANT_LIMIT if isinstance(limit, TenantLimit) and limit.is_used_up else None


def _fill(fill: object) -> Finding | None:
    return Finding.MAILBOX_FULL if isinstance(fill, MailboxFill) and fill.is_full else None


def _forwarding(own: object) -> Finding | None:
    if not isinstance(own, OwnForwarding) or not own.to:
        return None
    blocks = {
        AutoForwarding.OFF: Finding.FORWARDING_OFF,
        AutoForwarding.AUTOMATIC: Finding.FORWARDING_AUTOMATIC,
    }
    return blocks.get(own.policy)


def _smtp_auth(auth: object) -> Finding | None:
    off = {SmtpAuth.OFF_HERE: Finding.SMTP_AUTH_HERE, SmtpAuth.OFF_EVERYWHERE: Finding.SMTP_AUTH_EVERYWHERE}
    return off.get(auth) if isinstance(auth, SmtpAuth) else None


def _messages(came_back: object) -> Finding | None:
    return Finding.CAME_BACK if isinstance(came_back, CameBack) and came_back.mail.messages else None


_TABLE: Mapping[Check, tuple[Callable[[OwnReads], object], Callable[[object], Finding | None]]] = {
    Check.ACCOUNT: (lambda reads: reads.enabled, _account),
    Check.MAILBOX: (lambda reads: reads.mailbox, _mailbox),
    Check.TENANT: (lambda reads: reads.tenant, _tenant),
    Check.FILL: (lambda reads: reads.fill, _fill),
    Check.FORWARDING: (lambda reads: reads.forwarding, _forwarding),
    Check.SMTP_AUTH: (lambda reads: reads.smtp_auth, _smtp_auth),
    Check.MESSAGES: (lambda reads: reads.came_back, _messages),
    Check.SEND_RIGHT: (lambda reads: reads.right, lambda _: None),
}
