"""What happens to the case of a trouble and to no other. The rest of its commands are those of every case."""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from services.domain.case.parts import CaseNumber
from services.domain.case.workflow import Actor, Verb
from services.domain.people import PersonId, TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleTold:
    """Somebody tells of the trouble: one more who has it, or one who told of it before."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.JOIN
    by: TeamsUser
    code: str = ""
    cause: str = ""
    addresses: tuple[str, ...] = ()
    """Those of their own mailbox, where it was looked up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinerSaysWorks:
    """Mail works for somebody who joined."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.WORKS
    by: TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinerSaysBouncing:
    """Mail still comes back to somebody who joined."""

    actor: ClassVar = Actor.PERSON
    verb: ClassVar = Verb.BOUNCING
    by: TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """An approver did something about it. `text` is told to everybody who waits."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.DONE
    by: TeamsUser
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Superseded:
    """The mailbox is restricted by now: the case about that goes on instead."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.SUPERSEDE
    goes_on_in: CaseNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinerTold:
    """Somebody who joined was told of this status."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.REACH
    person: PersonId
    status: str


TroubleByPerson: TypeAlias = TroubleTold | JoinerSaysWorks | JoinerSaysBouncing
TroubleCommand: TypeAlias = TroubleByPerson | Mended | Superseded | JoinerTold
