"""What may stand in the way of calling an account contained, and the steps that close it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.domain.containment.containment import ContainmentStep
from services.domain.unknown import UnknownReason


class OpenKind(StrEnum):
    """What may stand in the way."""

    NOTHING_TAKEN = "nothing_taken"
    NOT_READ_YET = "not_read_yet"
    ENABLED = "enabled"
    SESSIONS = "sessions"
    PASSWORD = "password"
    SESSIONS_NOT_SEEN = "sessions_not_seen"
    PASSWORD_NOT_SEEN = "password_not_seen"
    PASSWORD_ON_PREMISES = "password_on_premises"
    PASSWORD_CHANGED = "password_changed"
    ACCOUNT = "account"
    METHOD = "method"
    FORWARDING = "forwarding"
    RULE = "rule"
    CONSENT = "consent"
    DELEGATE = "delegate"
    SIGN_IN = "sign_in"
    OTHER_ACCOUNT = "other_account"
    """Somebody else who can send from the mailbox has an account that looks stolen: the steps are about one account."""


_NOT_TO_BE_SIGNED = frozenset(
    {
        OpenKind.NOTHING_TAKEN,
        OpenKind.NOT_READ_YET,
        OpenKind.ENABLED,
        OpenKind.SESSIONS,
        OpenKind.PASSWORD,
        OpenKind.OTHER_ACCOUNT,
    }
)
STEP_AGAINST = {
    OpenKind.ENABLED: ContainmentStep.DISABLE,
    OpenKind.SESSIONS: ContainmentStep.REVOKE_SESSIONS,
    OpenKind.PASSWORD: ContainmentStep.NEW_PASSWORD,
    OpenKind.FORWARDING: ContainmentStep.FORWARDING_OFF,
    OpenKind.RULE: ContainmentStep.RULES_OFF,
}
"""What a step can close. A sign-in or a password after the steps takes both of the steps against an intruder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """One thing that stands in the way. `key` tells it from others of its kind; `not_checked`: it could not be read;
    `since`: the step after which it was found, or the reading that failed, so that who answered for an earlier one did
    not answer for this."""

    kind: OpenKind
    key: str = ""
    names: tuple[str, ...] = ()
    at: datetime | None = None
    not_checked: UnknownReason | None = None
    since: datetime | None = None

    @property
    def id(self) -> str:
        """The same for the same thing whenever it is read; it names nobody."""
        told = f"{self.kind}|{self.key.casefold()}|{self.not_checked or ''}"
        told += f"|{self.since}" if self.since else ""
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def may_be_signed(self) -> bool:
        """Whether a responder may answer for it instead of a step or a read."""
        return self.kind not in _NOT_TO_BE_SIGNED


def steps_against(items: Iterable[OpenItem]) -> tuple[frozenset[ContainmentStep], frozenset[str]]:
    """The steps that close what a step can close, and the ids of the inbox rules."""
    shut_out = (OpenKind.SIGN_IN, OpenKind.PASSWORD_CHANGED, OpenKind.PASSWORD_NOT_SEEN, OpenKind.SESSIONS_NOT_SEEN)
    steps: set[ContainmentStep] = set()
    rules: set[str] = set()
    for item in items:
        if item.kind in shut_out:
            steps |= {ContainmentStep.NEW_PASSWORD, ContainmentStep.REVOKE_SESSIONS}
        elif item.not_checked is None and (step := STEP_AGAINST.get(item.kind)):
            steps.add(step)
            rules |= {item.key.partition("|")[0]} if item.kind is OpenKind.RULE else set()
    return frozenset(steps), frozenset(rules)
