"""What was read at a click, as an event of its own and as a part of the decision that was clicked."""

from dataclasses import dataclass
from typing import ClassVar

from services.domain.case.workflow import Actor, Verb
from services.domain.proofs.securing import MfaProof, PasswordProof
from services.domain.proofs.shared_mailbox import SecuredHolder
from services.domain.restriction import Restriction


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechecked:
    """The list and the proofs were read again at the click of an approval. A proof that could not be read is not
    checked; `restriction` is `None` if the list shows no entry, which one read alone does not prove."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.RECHECK
    password: PasswordProof
    mfa: MfaProof
    other_senders: tuple[SecuredHolder, ...] | None = None
    restriction: Restriction | None = None
