"""The table of statuses and transitions: who may do what to a case, and to which status it leads.

What the table does not list is refused. The state diagram in docs/how-it-decides.md is drawn from it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from services.domain.case.status import OPEN, TROUBLES, Status


class Actor(StrEnum):
    """Who gives a command. `CLOCK` stands for time and for the sources."""

    PERSON = "person"
    APPROVER = "approver"
    RESPONDER = "responder"
    CLOCK = "clock"


class Verb(StrEnum):
    """What a command does: the verbs of the history, of buttons and of typed commands."""

    OPEN = "open"
    SECURE = "secure"
    SEND = "send"
    WITHDRAW = "withdraw"
    REPLY = "reply"
    JOIN = "join"
    WORKS = "works"
    BOUNCING = "bouncing"
    APPROVE = "approve"
    DENY = "deny"
    ASK = "ask"
    REVIEW = "review"
    INTEND = "intend"
    TAKE_BACK = "take_back"
    RETRY = "retry"
    STOP = "stop"
    TICKET = "ticket"
    CLOSE = "close"
    LOOK = "look"
    UNBLOCK = "unblock"
    READ = "read"
    REMIND = "remind"
    MENTION = "mention"
    EXPIRE = "expire"
    WATCH_END = "watch_end"
    DECIDE = "decide"
    REACH = "reach"
    FORGET = "forget"
    GATHER = "gather"
    ASK_FOR = "ask_for"
    RECHECK = "recheck"
    RENAME = "rename"
    CONTAIN = "contain"
    PUT_BACK = "put_back"
    LIMITS = "limits"
    AUDIT = "audit"
    CALL = "call"
    PASS_ON = "pass_on"
    HOLD_UP = "hold_up"
    PROVE = "prove"
    DONE = "done"
    SUPERSEDE = "supersede"


Reachable = Mapping[tuple[Actor, Verb], frozenset[Status]]

_S = Status
_LIFTED = {(Actor.CLOCK, Verb.READ): {_S.ALREADY_LIFTED}}
_UNDECIDED: dict[tuple[Actor, Verb], set[Status]] = {
    (Actor.APPROVER, Verb.DENY): {_S.DENIED},
    # An approver who stops what was approved must not fail because the approval was not carried out meanwhile.
    (Actor.APPROVER, Verb.STOP): {_S.DENIED},
    (Actor.CLOCK, Verb.EXPIRE): {_S.EXPIRED},
    **_LIFTED,
}
_WATCHED = {(Actor.CLOCK, Verb.READ): {_S.RELAPSED}}
_HANDED_OVER: dict[tuple[Actor, Verb], set[Status]] = {
    (Actor.APPROVER, Verb.CLOSE): {_S.CLOSED},
    # Restricted anew after the release is no matter for Microsoft's support.
    (Actor.CLOCK, Verb.READ): {_S.OFF_LIST, _S.RELAPSED},
}


def _reported(status: Status) -> dict[tuple[Actor, Verb], set[Status]]:
    """What may happen to a trouble that the admins know of. Of several who have it one may be done with it while it
    stays as it is for the others."""
    return {
        (Actor.APPROVER, Verb.CLOSE): {_S.CLOSED},
        (Actor.PERSON, Verb.WORKS): {_S.SOLVED, status},
        (Actor.PERSON, Verb.WITHDRAW): {_S.WITHDRAWN, status},
        (Actor.CLOCK, Verb.SUPERSEDE): {_S.CLOSED},
        (Actor.CLOCK, Verb.EXPIRE): {_S.EXPIRED},
        (Actor.CLOCK, Verb.PROVE): {_S.SOLVED},
    }


def _worked_on(status: Status) -> dict[tuple[Actor, Verb], set[Status]]:
    """What may happen to a trouble that is an admin's to work on."""
    return {
        (Actor.APPROVER, Verb.REVIEW): {status},
        (Actor.APPROVER, Verb.DONE): {_S.MENDED},
        (Actor.APPROVER, Verb.TICKET): {_S.ESCALATED},
        (Actor.CLOCK, Verb.REMIND): {status},
        (Actor.PERSON, Verb.BOUNCING): {status},
        **_reported(status),
    }


_TRANSITIONS: dict[Status, dict[tuple[Actor, Verb], set[Status]]] = {
    _S.LOOKING: {
        (Actor.CLOCK, Verb.LOOK): {_S.SECURING, _S.NOT_RESTRICTED, _S.WAITING},
        # The look could not be finished and the person wants the approvers to know: the case goes on looking.
        (Actor.PERSON, Verb.SEND): {_S.LOOKING},
        # Who is not the last to ask takes back their own asking alone.
        (Actor.PERSON, Verb.WITHDRAW): {_S.WITHDRAWN, _S.LOOKING},
        (Actor.CLOCK, Verb.EXPIRE): {_S.EXPIRED},
    },
    _S.SECURING: {
        (Actor.PERSON, Verb.SECURE): {_S.SECURING},
        (Actor.PERSON, Verb.SEND): {_S.WAITING},
        # Somebody else asks about the same mailbox.
        (Actor.PERSON, Verb.JOIN): {_S.WAITING},
        (Actor.PERSON, Verb.WITHDRAW): {_S.WITHDRAWN, _S.WAITING},
        # An approver may ask in the name of somebody who cannot.
        (Actor.APPROVER, Verb.ASK_FOR): {_S.WAITING},
        # "That was the thief", of the release before this case.
        (Actor.APPROVER, Verb.STOP): {_S.SECURING},
        (Actor.CLOCK, Verb.EXPIRE): {_S.EXPIRED},
        **_LIFTED,
    },
    _S.WAITING: {
        **_UNDECIDED,
        (Actor.PERSON, Verb.WITHDRAW): {_S.WITHDRAWN, _S.WAITING},
        # An account that looks stolen needs two approvers: the first approval leaves the status as it is.
        (Actor.APPROVER, Verb.APPROVE): {_S.APPROVED, _S.WAITING},
        (Actor.CLOCK, Verb.DECIDE): {_S.APPROVED, _S.WAITING},
        (Actor.APPROVER, Verb.ASK): {_S.NEEDS_INFO},
        (Actor.APPROVER, Verb.REVIEW): {_S.WAITING},
        (Actor.PERSON, Verb.SECURE): {_S.WAITING},
        (Actor.CLOCK, Verb.REMIND): {_S.WAITING},
        # No one has looked for as long as the organisation's rules allow.
        (Actor.CLOCK, Verb.MENTION): {_S.WAITING},
    },
    _S.NEEDS_INFO: {
        **_UNDECIDED,
        (Actor.PERSON, Verb.WITHDRAW): {_S.WITHDRAWN, _S.NEEDS_INFO},
        (Actor.APPROVER, Verb.APPROVE): {_S.APPROVED, _S.NEEDS_INFO},
        (Actor.CLOCK, Verb.DECIDE): {_S.APPROVED, _S.NEEDS_INFO},
        (Actor.PERSON, Verb.REPLY): {_S.WAITING},
        (Actor.CLOCK, Verb.REMIND): {_S.NEEDS_INFO},
    },
    _S.APPROVED: {
        (Actor.APPROVER, Verb.STOP): {_S.DENIED},
        (Actor.CLOCK, Verb.UNBLOCK): {_S.APPROVED, _S.UNBLOCKED, _S.OFF_LIST, _S.FAILED, _S.WAITING, _S.RELAPSED},
    },
    _S.FAILED: {
        (Actor.APPROVER, Verb.RETRY): {_S.APPROVED, _S.FAILED},
        (Actor.CLOCK, Verb.DECIDE): {_S.APPROVED, _S.FAILED},
        (Actor.APPROVER, Verb.STOP): {_S.DENIED},
        (Actor.APPROVER, Verb.TICKET): {_S.WITH_MICROSOFT},
        **_HANDED_OVER,
        (Actor.CLOCK, Verb.REMIND): {_S.FAILED},
    },
    _S.UNBLOCKED: {
        (Actor.APPROVER, Verb.STOP): {_S.UNBLOCKED},
        (Actor.CLOCK, Verb.READ): {_S.OFF_LIST, _S.NEEDS_TICKET, _S.RELAPSED},
    },
    _S.OFF_LIST: {
        (Actor.APPROVER, Verb.STOP): {_S.OFF_LIST},
        # A case that an approver stopped is not closed by its person's word.
        (Actor.PERSON, Verb.WORKS): {_S.WORKS, _S.OFF_LIST},
        (Actor.PERSON, Verb.BOUNCING): {_S.OFF_LIST, _S.NEEDS_TICKET},
        (Actor.CLOCK, Verb.WATCH_END): {_S.CLOSED_UNCONFIRMED},
        # A delivered message says that it works, whether or not its person does.
        (Actor.CLOCK, Verb.PROVE): {_S.WORKS},
        **_WATCHED,
    },
    _S.NEEDS_TICKET: {
        (Actor.APPROVER, Verb.TICKET): {_S.WITH_MICROSOFT},
        (Actor.APPROVER, Verb.STOP): {_S.NEEDS_TICKET},
        (Actor.CLOCK, Verb.REMIND): {_S.NEEDS_TICKET},
        **_HANDED_OVER,
    },
    _S.WITH_MICROSOFT: {(Actor.APPROVER, Verb.STOP): {_S.WITH_MICROSOFT}, **_HANDED_OVER},
    _S.WORKS: {(Actor.APPROVER, Verb.STOP): {_S.WORKS}, (Actor.CLOCK, Verb.PROVE): {_S.WORKS}, **_WATCHED},
    _S.LAGGING: {
        (Actor.PERSON, Verb.SEND): {_S.REPORTED},
        (Actor.PERSON, Verb.WORKS): {_S.SOLVED, _S.LAGGING},
        (Actor.PERSON, Verb.BOUNCING): {_S.LAGGING},
        (Actor.PERSON, Verb.WITHDRAW): {_S.WITHDRAWN, _S.LAGGING},
        (Actor.CLOCK, Verb.SUPERSEDE): {_S.CLOSED},
        (Actor.CLOCK, Verb.EXPIRE): {_S.EXPIRED},
        (Actor.CLOCK, Verb.PROVE): {_S.SOLVED},
    },
    _S.REPORTED: {**_worked_on(_S.REPORTED), (Actor.APPROVER, Verb.ASK): {_S.ASKED_BACK}},
    _S.ASKED_BACK: {**_worked_on(_S.ASKED_BACK), (Actor.PERSON, Verb.REPLY): {_S.REPORTED}},
    _S.MENDED: {
        (Actor.PERSON, Verb.BOUNCING): {_S.REPORTED},
        (Actor.APPROVER, Verb.TICKET): {_S.ESCALATED},
        **_reported(_S.MENDED),
    },
    _S.ESCALATED: {
        (Actor.APPROVER, Verb.DONE): {_S.MENDED},
        (Actor.CLOCK, Verb.REMIND): {_S.ESCALATED},
        **_reported(_S.ESCALATED),
    },
    # What came of a removal that was under way when an approver stopped it.
    _S.DENIED: {(Actor.CLOCK, Verb.UNBLOCK): {_S.DENIED}},
    **{
        status: {(Actor.APPROVER, Verb.STOP): {status}, (Actor.CLOCK, Verb.UNBLOCK): {status}}
        for status in (_S.CLOSED, _S.WITHDRAWN, _S.EXPIRED)
    },
    # Nothing puts a sender back on the list, but the cases that follow know of it.
    **{
        status: {(Actor.APPROVER, Verb.STOP): {status}}
        for status in (_S.ALREADY_LIFTED, _S.CLOSED_UNCONFIRMED, _S.RELAPSED)
    },
}

TRANSITIONS: Mapping[Status, Reachable] = MappingProxyType(
    {status: {cell: frozenset(to) for cell, to in _TRANSITIONS.get(status, {}).items()} for status in Status}
)


_ENDED = frozenset(status for status in Status if status.is_ended)
_KNOWN = (OPEN - TROUBLES - {_S.LOOKING}) | {_S.WORKS}
"""The statuses in which a restriction was found and the case is not over, or still watched."""

_DECIDABLE = frozenset({_S.WAITING, _S.NEEDS_INFO, _S.FAILED})
"""The statuses in which somebody may approve."""
FOLLOWED = frozenset({_S.DENIED, _S.WITHDRAWN, _S.EXPIRED, _S.CLOSED})
"""Ended with the sender still listed: the list goes on being compared, until the end of the restriction was seen."""

NEUTRAL: Mapping[tuple[Actor, Verb], frozenset[Status]] = MappingProxyType(
    {
        (Actor.CLOCK, Verb.REACH): frozenset(Status),
        (Actor.CLOCK, Verb.FORGET): _ENDED,
        # Limits and what containment changed are decided about after a case too.
        (Actor.CLOCK, Verb.RECHECK): frozenset(Status) - TROUBLES - {_S.LOOKING, _S.NOT_RESTRICTED},
        (Actor.CLOCK, Verb.READ): FOLLOWED,
        (Actor.CLOCK, Verb.RENAME): _KNOWN,
        (Actor.PERSON, Verb.JOIN): OPEN - {_S.SECURING},
        (Actor.APPROVER, Verb.CALL): _DECIDABLE,
        (Actor.PERSON, Verb.CALL): _DECIDABLE,
        (Actor.APPROVER, Verb.INTEND): _DECIDABLE,
        (Actor.APPROVER, Verb.TAKE_BACK): _DECIDABLE,
        (Actor.APPROVER, Verb.GATHER): _KNOWN,
        # Limits that are approved after the end of a case rest on recent evidence, too.
        (Actor.CLOCK, Verb.GATHER): frozenset(Status) - {_S.LOOKING, _S.NOT_RESTRICTED},
        # The account may be in a thief's hands whatever became of the request.
        (Actor.RESPONDER, Verb.CONTAIN): frozenset(Status) - TROUBLES - {_S.LOOKING, _S.NOT_RESTRICTED},
        (Actor.RESPONDER, Verb.PUT_BACK): frozenset(Status) - TROUBLES,
        (Actor.CLOCK, Verb.CONTAIN): frozenset(Status) - TROUBLES,
        (Actor.CLOCK, Verb.PUT_BACK): frozenset(Status) - TROUBLES,
        (Actor.APPROVER, Verb.LIMITS): frozenset(Status) - TROUBLES - {_S.LOOKING, _S.NOT_RESTRICTED},
        (Actor.CLOCK, Verb.LIMITS): frozenset(Status) - TROUBLES,
        # A search that has begun is deleted, whatever became of the case.
        (Actor.CLOCK, Verb.AUDIT): frozenset(Status) - TROUBLES,
        (Actor.CLOCK, Verb.PASS_ON): frozenset(Status) - TROUBLES,
        (Actor.CLOCK, Verb.HOLD_UP): _DECIDABLE,
    }
)
"""Commands that leave the status as it is, with the statuses in which they are allowed."""


def allows(status: Status, actor: Actor, verb: Verb) -> bool:
    """Whether the command is allowed in this status, as a transition or as a neutral command."""
    return (actor, verb) in TRANSITIONS[status] or status in NEUTRAL.get((actor, verb), frozenset())
