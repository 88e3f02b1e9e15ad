"""A move: a case in, a new case out *and what it owes the world*. Pure; saved in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from services.domain.case.case import Case
from services.domain.case.workflow import Actor, Verb
from services.domain.people import PersonId


class TaskKind(StrEnum):
    """What is owed: the first four follow from a move, the others from where the case stands (see `timers`)."""

    UPDATE_PERSON_CARD = "show person"
    UPDATE_APPROVERS_CARD = "show approvers"
    NOTIFY_PERSON = "tell person"
    NOTIFY_APPROVERS = "tell approvers"
    LOOK = "look"
    RELEASE = "release"
    CHECK = "check"
    REMIND = "remind"
    EXPIRE = "expire"
    WATCH_END = "watch end"
    ASK_BACK = "ask back"
    FORGET = "forget"
    GATHER = "gather"
    REPOST_APPROVERS_CARD = "post approvers"
    CONTAIN = "contain"
    LIMITS = "limits"


MESSAGES = frozenset(
    {
        TaskKind.UPDATE_PERSON_CARD,
        TaskKind.UPDATE_APPROVERS_CARD,
        TaskKind.NOTIFY_PERSON,
        TaskKind.NOTIFY_APPROVERS,
        TaskKind.REPOST_APPROVERS_CARD,
    }
)
FOR_PERSON = frozenset({TaskKind.UPDATE_PERSON_CARD, TaskKind.NOTIFY_PERSON})
LATEST_IS_ENOUGH = frozenset({TaskKind.UPDATE_PERSON_CARD, TaskKind.UPDATE_APPROVERS_CARD, TaskKind.NOTIFY_PERSON})
"""Each shows the case as it is by then: of several owed at once one is enough."""
SCHEDULED = frozenset(TaskKind) - MESSAGES
SLOW = frozenset({TaskKind.GATHER, TaskKind.CONTAIN, TaskKind.LIMITS})
"""Asks many slow sources: no release or check waits for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a case's history: who did what, when, what was seen."""

    at: datetime
    actor: Actor
    verb: Verb
    who: PersonId | None = None
    name: str = ""
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """The case as it becomes, the line for its history, what is owed at once, and a case it opens."""

    case: Case
    event: Event
    effects: frozenset[TaskKind] = frozenset()
    creates: "Transition | None" = None


class Refusal(StrEnum):
    """Why something asked for was not done. `cards.words` turns it into a sentence."""

    ENDED = "ended"
    NOT_NOW = "not now"
    NO_SUCH_CASE = "no such case"
    NOT_YOUR_CASE = "not your case"
    OWN_CASE = "own case"
    NOT_APPROVER = "not an approver"
    ELIGIBLE = "eligible, not active"
    GUEST = "guest"
    DISABLED = "disabled"
    RIGHTS_NOT_CHECKED = "rights not checked"
    ANOTHER_ROUTE_NEEDED = "another route needed"
    REASON_NEEDED = "reason needed"
    WORDS_NEEDED = "words needed"
    ANSWER_NOT_UNDERSTOOD = "answer not understood"
    TOO_LONG = "too long"
    ALREADY_TOLD = "already told"
    ELSEWHERE = "elsewhere"
    TOO_SOON = "too soon"
    TOO_MANY = "too many"
    TOO_FAST = "too fast"
    NOT_UNDERSTOOD = "not understood"
    JUST_GATHERED = "just gathered"
    SECOND_APPROVER_NEEDED = "second approver needed"
    NOT_RESPONDER = "not a responder"
    CONTAINMENT_OFF = "containment off"
    SECOND_RESPONDER_NEEDED = "second responder needed"
    NO_STEP_CHOSEN = "no step chosen"
    NOT_HONEST = "not honest"
    SECOND_FOR_LIMITS = "second approver for limits"
    ALONE_TOO_SOON = "alone too soon"
    LIMIT_EMPTY = "limit empty"
    LIMIT_NOT_A_NUMBER = "limit not a number"
    LIMIT_SEPARATED = "limit separated"
    LIMIT_NEGATIVE = "limit negative"
    LIMIT_FRACTION = "limit fraction"
    LIMIT_TOO_HIGH = "limit too high"
    LIMIT_GROUP_ADDRESS = "limit group address"
    LIMIT_GROUP_WAY = "limit group way"


class Refused(Exception):  # noqa: N818 - a refusal is no error: it is the defined answer
    """A move the table or the rules do not allow. Nothing was changed."""

    def __init__(self, refusal: Refusal, *, until: datetime | None = None) -> None:
        super().__init__(refusal)
        self.refusal = refusal
        self.until = until
