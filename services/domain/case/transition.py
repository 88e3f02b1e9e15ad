"""A transition: a case in, a new case out *and its effects*. Pure; both are saved in one database transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from services.domain.case.case import Case
from services.domain.case.facts import Worse
from services.domain.case.workflow import Actor, Verb
from services.domain.people import PersonId


class TaskKind(StrEnum):
    """The kinds of outbox tasks. Those in `MESSAGES`, `PASS_ON` and `WEBHOOK` are effects of a transition, the others
    follow from the case (see `timers`)."""

    UPDATE_PERSON_CARD = "update_person_card"
    UPDATE_APPROVERS_CARD = "update_approvers_card"
    NOTIFY_PERSON = "notify_person"
    NOTIFY_APPROVERS = "notify_approvers"
    NOTIFY_JOINED = "notify_joined"
    LOOK = "look"
    UNBLOCK = "unblock"
    DECIDE = "decide"
    CHECK = "check"
    REMIND = "remind"
    MENTION = "mention"
    EXPIRE = "expire"
    WATCH_END = "watch_end"
    ASK_BACK = "ask_back"
    FORGET = "forget"
    GATHER = "gather"
    EVIDENCE_LATE = "evidence_late"
    REPOST_APPROVERS_CARD = "repost_approvers_card"
    CONTAIN = "contain"
    LIMITS = "limits"
    AUDIT = "audit"
    PASS_ON = "pass_on"
    PROVE = "prove"
    WEBHOOK = "webhook"


MESSAGES = frozenset(
    {
        TaskKind.UPDATE_PERSON_CARD,
        TaskKind.UPDATE_APPROVERS_CARD,
        TaskKind.NOTIFY_PERSON,
        TaskKind.NOTIFY_APPROVERS,
        TaskKind.NOTIFY_JOINED,
        TaskKind.REPOST_APPROVERS_CARD,
    }
)
FOR_PERSON = frozenset({TaskKind.UPDATE_PERSON_CARD, TaskKind.NOTIFY_PERSON})
LATEST_IS_ENOUGH = frozenset({TaskKind.UPDATE_PERSON_CARD, TaskKind.UPDATE_APPROVERS_CARD, TaskKind.NOTIFY_PERSON})
"""Each sends the case as it is when the task runs: of several that are due the newest is enough."""
SHOWS: Mapping[TaskKind, TaskKind] = MappingProxyType(
    {
        TaskKind.UPDATE_PERSON_CARD: TaskKind.UPDATE_PERSON_CARD,
        TaskKind.NOTIFY_PERSON: TaskKind.UPDATE_PERSON_CARD,
        TaskKind.UPDATE_APPROVERS_CARD: TaskKind.UPDATE_APPROVERS_CARD,
    }
)
"""The update that is pointless once a message of this kind has shown the case as it is by then."""
PASSED_ON = frozenset({TaskKind.PASS_ON})
ANNOUNCED = frozenset({TaskKind.WEBHOOK})
"""What the world outside is told; nothing waits for it."""
SCHEDULED = frozenset(TaskKind) - MESSAGES - PASSED_ON - ANNOUNCED
GATHERING = frozenset({TaskKind.GATHER, TaskKind.AUDIT, TaskKind.PROVE})
DECIDING = frozenset({TaskKind.DECIDE})
SLOW = frozenset({TaskKind.CONTAIN, TaskKind.LIMITS})
"""Tasks that ask slow sources. They have workers of their own, so that no unblock or check waits for them."""


Effects: TypeAlias = frozenset[TaskKind]
"""The outbox tasks that a transition makes, due at once."""

NO_MESSAGE: Effects = frozenset()
TELL_PERSON: Effects = frozenset({TaskKind.NOTIFY_PERSON})
TELL_APPROVERS: Effects = frozenset({TaskKind.NOTIFY_APPROVERS})
TELL_BOTH = TELL_PERSON | TELL_APPROVERS
TELL_JOINED: Effects = frozenset({TaskKind.NOTIFY_JOINED})
"""Tells those who joined the case of a trouble how it stands, and of a restriction how it ended."""
REPOST: Effects = frozenset({TaskKind.REPOST_APPROVERS_CARD})
"""Posts the approvers' card again, now as a request: Teams notifies of a new message, not of an update."""

CaseAndEffects: TypeAlias = tuple[Case, Effects]
"""The case after a command, and the messages it asks for besides card updates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One entry of a case's history: who did what and when, and the facts at that time."""

    at: datetime
    actor: Actor
    verb: Verb
    who: PersonId | None = None
    name: str = ""
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """The new case, its history entry, its effects, and the transition of a case that it opens."""

    case: Case
    event: HistoryEntry
    effects: Effects = NO_MESSAGE
    creates: "Transition | None" = None


class Refusal(StrEnum):
    """Why a command was refused. `cards.words` has the sentence for each."""

    ENDED = "ended"
    NOT_NOW = "not_now"
    NO_SUCH_CASE = "no_such_case"
    NOT_YOUR_CASE = "not_your_case"
    OWN_CASE = "own_case"
    NOT_APPROVER = "not_approver"
    ELIGIBLE = "eligible"
    GUEST = "guest"
    DISABLED = "disabled"
    RIGHTS_NOT_CHECKED = "rights_not_checked"
    FACTS_WORSE = "facts_worse"
    LATER_CASE = "later_case"
    NOT_SHOWN = "not_shown"
    IN_DOUBT = "in_doubt"
    ALREADY_CHECKING = "already_checking"
    NOTHING_INTENDED = "nothing_intended"
    CHECKED_TOO_LATE = "checked_too_late"
    ASKED_MEANWHILE = "asked_meanwhile"
    EVIDENCE_PENDING = "evidence_pending"
    PLAN_CHANGED = "plan_changed"
    RESTRICTED_YOURSELF = "restricted_yourself"
    YOUR_MAILBOX = "your_mailbox"
    LIST_NOT_READ = "list_not_read"
    ANOTHER_ROUTE_NEEDED = "another_route_needed"
    CALL_CODE_NEEDED = "call_code_needed"
    REASON_NEEDED = "reason_needed"
    WORDS_NEEDED = "words_needed"
    ANSWER_NOT_UNDERSTOOD = "answer_not_understood"
    TOO_LONG = "too_long"
    ALREADY_TOLD = "already_told"
    ELSEWHERE = "elsewhere"
    TOO_SOON = "too_soon"
    TOO_MANY = "too_many"
    TOO_FAST = "too_fast"
    NOT_UNDERSTOOD = "not_understood"
    JUST_GATHERED = "just_gathered"
    SECOND_APPROVER_NEEDED = "second_approver_needed"
    NOT_RESPONDER = "not_responder"
    CONTAINMENT_OFF = "containment_off"
    SECOND_RESPONDER_NEEDED = "second_responder_needed"
    NO_STEP_CHOSEN = "no_step_chosen"
    NOTHING_TO_SIGN = "nothing_to_sign"
    ACCOUNT_NEEDED = "account_needed"
    ANOTHER_ACCOUNT = "another_account"
    NOT_HONEST = "not_honest"
    SECOND_FOR_LIMITS = "second_for_limits"
    ALONE_TOO_SOON = "alone_too_soon"
    LIMIT_EMPTY = "limit_empty"
    LIMIT_NOT_A_NUMBER = "limit_not_a_number"
    LIMIT_SEPARATED = "limit_separated"
    LIMIT_NEGATIVE = "limit_negative"
    LIMIT_FRACTION = "limit_fraction"
    LIMIT_TOO_HIGH = "limit_too_high"
    LIMIT_GROUP_ADDRESS = "limit_group_address"
    LIMIT_GROUP_WAY = "limit_group_way"


class Refused(Exception):  # noqa: N818 - a refusal is no error: it is the defined answer
    """A command that is not allowed. Nothing was changed. `until`: when it will be allowed, if that is known.

    `worse`: in what the facts are worse than those that the command speaks of. `also`: what else it lacks, so that
    nobody mends one thing only to be told the next."""

    def __init__(
        self,
        refusal: Refusal,
        *,
        until: datetime | None = None,
        worse: tuple[Worse, ...] = (),
        also: tuple[Refusal, ...] = (),
    ) -> None:
        super().__init__(refusal)
        self.refusal = refusal
        self.until = until
        self.worse = worse
        self.also = also
