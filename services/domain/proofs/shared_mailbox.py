"""A mailbox that is not the person's own: who may send from it, and how their accounts are secured."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from services.domain.people import PersonId
from services.domain.proofs.securing import MfaProof, PasswordProof, is_proven
from services.domain.unknown import Unknown, UnknownReason


class SendRight(StrEnum):
    """How somebody may send from a mailbox. Full access to a mailbox does not include the right to send."""

    OWNER = "owner"
    SEND_AS = "send_as"
    ON_BEHALF = "on_behalf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A human with a right to send. `through` names the group that gives it."""

    person: PersonId
    name: str
    upn: str
    right: SendRight
    through: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedMailbox:
    """A mailbox with everybody known to have the right to send from it.

    `unread` names the permissions and groups that could not be read: there may be more people behind them. `identity`
    is its object id, empty where Exchange gives none."""

    address: str
    name: str
    addresses: tuple[str, ...]
    holders: tuple[Holder, ...]
    unread: tuple[str, ...] = ()
    identity: str = ""

    @property
    def owner(self) -> Holder | None:
        """Whose personal mailbox it is."""
        return next((holder for holder in self.holders if holder.right is SendRight.OWNER), None)

    @property
    def keys(self) -> tuple[str, ...]:
        """What it is known by, whoever asks and by whichever address: its identity first, or its address where it has
        none, then every address, in lower case."""
        identity = self.identity or (self.owner.person if self.owner else "")
        return tuple(dict.fromkeys(key.casefold() for key in (identity, self.address, *self.addresses) if key))

    def right_of(self, person: PersonId) -> Holder | Unknown | None:
        """The person's right to send; `None` only if everything was read, else `Unknown`."""
        mine = next((holder for holder in self.holders if holder.person == person), None)
        return mine or (Unknown(reason=UnknownReason.INCOMPLETE) if self.unread else None)

    def other_senders(self, person: PersonId) -> tuple[Holder, ...]:
        """Everybody else who can send, each person once."""
        return tuple({holder.person: holder for holder in self.holders if holder.person != person}.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class SecuredHolder:
    """The proofs of somebody else who can send from the mailbox."""

    holder: Holder
    password: PasswordProof
    mfa: MfaProof

    @property
    def is_proven(self) -> bool:
        return is_proven(self.password, self.mfa)


HOLDERS_AT_MOST = 8
"""How many other senders are checked; the rest is named as not checked."""


def not_proven(
    mailbox: SharedMailbox, asker: PersonId, secured: Iterable[SecuredHolder] | None
) -> tuple[PersonId, ...]:
    """Everybody else who is known to send, and whose account is not proven."""
    proven = {other.holder.person for other in secured or () if other.is_proven}
    return tuple(sorted(other.person for other in mailbox.other_senders(asker) if other.person not in proven))


def all_proven(mailbox: SharedMailbox, asker: PersonId, secured: Iterable[SecuredHolder] | None) -> bool:
    """Whether everybody else who can send is known and has a proven account."""
    return secured is not None and not mailbox.unread and not not_proven(mailbox, asker, secured)
