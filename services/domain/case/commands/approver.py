"""Commands of an approver. Whoever makes one has checked the sender's rights before."""

from dataclasses import dataclass, field
from typing import ClassVar

from services.domain.case.rechecked import Rechecked
from services.domain.case.workflow import Actor, Verb
from services.domain.people import TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """An approver approved the unblock. `by_another_route`: they also reached the person outside this account.

    `facts`: the number of the facts that their card showed, `None` for a typed command, which speaks of the latest.
    `fresh`: what was read at the click. `first_stands`: whether who approved first is still an approver. `needs_code`:
    their word alone is not enough, the person must have written their code (see `call_codes`)."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar[Verb] = Verb.APPROVE
    by: TeamsUser
    by_another_route: bool = False
    reason: str = ""
    facts: int | None = None
    fresh: Rechecked | None = None
    first_stands: bool = True
    needs_code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """An approver stops what was approved, or says of what was released that it should not have been.

    `reason` is for other approvers: a thief may be reading the person's chat."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.STOP
    by: TeamsUser
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """An approver denied the request. `reason` is shown to the person, `internal` never is."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.DENY
    by: TeamsUser
    reason: str
    internal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An approver asked the person a question."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.ASK
    by: TeamsUser
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedReview:
    """An approver is looking into the case. Others see this on the card and may still decide."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.REVIEW
    by: TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried(Approved):
    """An approver wants a failed unblock to be tried again: an approval like the first."""

    verb: ClassVar[Verb] = Verb.RETRY


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticketed:
    """A support request was opened at Microsoft."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.TICKET
    by: TeamsUser
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedByHand:
    """An approver ends the case without a result."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.CLOSE
    by: TeamsUser
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """An approver sends the request for the person."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.ASK_FOR
    by: TeamsUser
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRequested:
    """An approver wants the evidence gathered again."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.GATHER
    by: TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCodeMade:
    """An approver asked for a code to tell the person on the telephone."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.CALL
    by: TeamsUser
    code: str = field(repr=False)
