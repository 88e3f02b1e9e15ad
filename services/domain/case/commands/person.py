"""Commands of the person who asks, and of those who joined them."""

from dataclasses import dataclass, field
from typing import ClassVar

from services.domain.case.workflow import Actor, Verb
from services.domain.people import TeamsUser
from services.domain.proofs.securing import Mailing, MfaProof, PasswordProof
from services.domain.proofs.shared_mailbox import SecuredHolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Secured:
    """The person answered a securing step; the proofs were just read and judged again."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.SECURE
    password: PasswordProof | None = None
    mfa: MfaProof | None = None
    mailing: Mailing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsWanted:
    """The person wants to see the steps of a case that Sendwell opened: from now on the card has the sign-in links."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.SECURE


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSent:
    """The person sent the request to the approvers. Steps without an answer stay open."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.SEND
    note: str = ""
    sole_approver: bool = False
    other_senders: tuple[SecuredHolder, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrew:
    """Somebody takes their asking back; the case goes on while others ask, and stays in the history. `typed`: by a
    typed command, which is answered with a message. `by`: one who joined, `None` for the person of the case."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.WITHDRAW
    by: TeamsUser | None = None
    typed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Somebody else asks about the mailbox of the case, and may. What is not sent yet is sent by that: else one who
    asked first and then does nothing would keep the others from being heard."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.JOIN
    by: TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """The approver's question is answered. `by`: one who joined, `None` for the person of the case."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.REPLY
    by: TeamsUser | None = None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidWorks:
    """A message was sent and it arrived. `by`: who is left of those who joined, `None` for the person of the case."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.WORKS
    by: TeamsUser | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidBouncing:
    """A message was sent and it bounced again. `by`: as of `SaidWorks`."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.BOUNCING
    by: TeamsUser | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCodeWritten:
    """Whoever is called, the owner of the mailbox if somebody else asked for it, wrote a code in their chat."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.CALL
    by: TeamsUser
    code: str = field(repr=False)
