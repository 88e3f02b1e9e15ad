"""People as the directory knows them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from services.domain.personal import Personal

PersonId = NewType("PersonId", str)
"""An Entra object id. Unlike a name or an address it never changes, and the person cannot choose it."""


class PasswordHome(StrEnum):
    """Where a person's password is kept, which decides whether its change date in Entra can be believed."""

    CLOUD = "cloud"
    ON_PREMISES = "on_premises"
    FEDERATED = "federated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What the directory says of a person at one moment."""

    id: PersonId
    name: str
    upn: str
    addresses: tuple[str, ...]
    enabled: bool = True
    guest: bool = False
    phone: str | None = None
    """The mobile number, which its holder can change."""
    business_phone: str | None = None
    """The business number, which only admins set."""
    manager: str | None = None
    password_home: PasswordHome = PasswordHome.CLOUD
    password_changed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChange:
    """One change or reset of a password, from the directory's audit log."""

    at: datetime
    by: str | None
    from_where: str | None


class MethodKind(StrEnum):
    """Sign-in methods, as far as they matter here."""

    AUTHENTICATOR = "authenticator"
    PASSKEY = "passkey"
    PHONE = "phone"
    ONE_TIME_CODE = "one_time_code"
    WINDOWS_HELLO = "windows_hello"
    PLATFORM = "platform"
    EXTERNAL = "external"
    QR_CODE = "qr_code"
    TEMPORARY_PASS = "temporary_pass"
    PASSWORD = "password"
    EMAIL = "email"
    OTHER = "other"


SECOND_FACTORS = frozenset(MethodKind) - {
    MethodKind.PASSWORD,
    MethodKind.EMAIL,  # serves self-service reset only
    MethodKind.QR_CODE,  # a badge and a PIN, which Entra ID counts as one factor
    MethodKind.TEMPORARY_PASS,  # gone within hours, or weeks at most: it proves nothing lasting
    MethodKind.OTHER,  # may be one; `judge_mfa` takes it for not known
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationMethod:
    """A registered sign-in method. Most kinds carry no date.

    `id` is the same for every mobile number of everybody, so for a telephone `number_hash` says which one it is."""

    id: str
    kind: MethodKind
    added_at: datetime | None = None
    number_hash: str | None = None

    @property
    def is_second_factor(self) -> bool:
        return self.kind in SECOND_FACTORS

    @property
    def fingerprint(self) -> str:
        """What a snapshot holds of the method: another number under the same id has another fingerprint."""
        return f"{self.id}#{self.number_hash}" if self.number_hash else self.id

    def is_in(self, snapshot: tuple[str, ...]) -> bool:
        """Whether a snapshot holds the method. One taken before numbers were hashed, or when Graph gave no number,
        holds the id alone, and then every number under it counts as the one that was there."""
        return self.fingerprint in snapshot or self.id in snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """The directory's registration report for one person; it may lag by a day."""

    mfa_registered: bool
    self_service_reset: bool


class Standing(StrEnum):
    """Whether somebody may decide requests, as the directory says at this moment. `ELIGIBLE`: only after
    activating their membership of the group."""

    APPROVER = "approver"
    ELIGIBLE = "eligible"
    NOT_APPROVER = "not_approver"
    GUEST = "guest"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsUser:
    """Who clicked or wrote. The id comes from the signed activity; the name is for display only."""

    id: PersonId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account by its id, with its names for people."""

    person: PersonId
    name: str
    upn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """Who did something and when, with the text they gave."""

    by: Personal[PersonId]
    name: Personal[str]
    at: datetime
    text: Personal[str] = ""
