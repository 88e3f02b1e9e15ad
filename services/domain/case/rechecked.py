"""What was read of the list, and at a click of the proofs too."""

from dataclasses import dataclass
from typing import ClassVar

from services.domain.case.workflow import Actor, Verb
from services.domain.proofs.securing import MfaProof, PasswordProof
from services.domain.proofs.shared_mailbox import SecuredHolder
from services.domain.restriction import Restriction


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenOnList:
    """What a read of the list shows of the mailbox: the entry that judges, `None` if a read that is complete for all of
    its addresses shows none, and the entries of its other addresses."""

    restriction: Restriction | None = None
    also_listed: tuple[Restriction, ...] = ()

    @property
    def entries(self) -> tuple[Restriction, ...]:
        return (self.restriction, *self.also_listed) if self.restriction else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechecked(SeenOnList):
    """The list and the proofs were read again at the click of a decision. A proof that could not be read is not
    checked; an entry that the list does not show is not gone, which takes two reads."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.RECHECK
    password: PasswordProof
    mfa: MfaProof
    other_senders: tuple[SecuredHolder, ...] | None = None
