"""What an approver's button or typed command means."""

import re
from collections.abc import Callable

from dialogs.conversations.forms import is_ticked
from dialogs.conversations.inbound import Clicked
from dialogs.conversations.limits_form import limits_wanted, typed_limits
from services.domain.case.commands import (
    Approved,
    ApproverCommand,
    Asked,
    AskedFor,
    ClosedByHand,
    Denied,
    EvidenceRequested,
    NeutralByApprover,
    Retried,
    StartedReview,
    Ticketed,
)
from services.domain.case.transition import Refusal, Refused
from services.domain.intent import AboutCase
from services.domain.limits.commands import LimitsApproved, LimitsDismissed, LimitsRevertRequested
from services.domain.people import TeamsUser

_CALLED = re.compile(r"(?i)called\s*:\s*")
"""With its colon: "called twice, no answer" is the opposite."""


def command_of_click(clicked: Clicked) -> ApproverCommand | NeutralByApprover:
    """The act a button stands for. Raises `RefusedMove` for an unknown one."""
    make = _COMMANDS.get(clicked.verb)
    if make is None:
        raise Refused(Refusal.NOT_UNDERSTOOD)
    return make(clicked)


def command_of_text(by: TeamsUser, wish: AboutCase) -> ApproverCommand | NeutralByApprover:
    """The act of `approve 17 …`, `deny 17 …` or `limits 17 …`. A reason that begins with "called:" says that the
    person was reached by another route."""
    if wish.verb == "limits":
        return typed_limits(by, wish.text)
    if wish.verb == "approve":
        called = _CALLED.match(wish.text)
        reason = wish.text[called.end() :] if called else wish.text
        return Approved(by=by, by_another_route=called is not None, reason=reason)
    return Denied(by=by, reason=wish.text)


def _approve(clicked: Clicked) -> ApproverCommand:
    return Approved(
        by=clicked.by,
        by_another_route=is_ticked(clicked.inputs, "by_another_route"),
        reason=clicked.inputs.get("ground", ""),
    )


def _deny(clicked: Clicked) -> ApproverCommand:
    return Denied(by=clicked.by, reason=clicked.inputs.get("reason", ""), internal=clicked.inputs.get("internal", ""))


_COMMANDS: dict[str, Callable[[Clicked], ApproverCommand | NeutralByApprover]] = {
    "approve": _approve,
    "deny": _deny,
    "ask": lambda clicked: Asked(by=clicked.by, text=clicked.inputs.get("words", "")),
    "looking": lambda clicked: StartedReview(by=clicked.by),
    "retry": lambda clicked: Retried(by=clicked.by),
    "ticket": lambda clicked: Ticketed(by=clicked.by, reference=clicked.inputs.get("reference", "")),
    "gather": lambda clicked: EvidenceRequested(by=clicked.by),
    "limits": lambda clicked: limits_wanted(clicked.by, clicked.inputs),
    "limits_apply": lambda clicked: LimitsApproved(by=clicked.by),
    "limits_dismiss": lambda clicked: LimitsDismissed(by=clicked.by),
    "limits_back": lambda clicked: LimitsRevertRequested(by=clicked.by),
    "ask_for": lambda clicked: AskedFor(by=clicked.by, reason=clicked.inputs.get("for_reason", "")),
    "close": lambda clicked: ClosedByHand(by=clicked.by, reason=clicked.inputs.get("close_reason", "")),
}

OPEN_CASE = "open_case"
"""Moves nothing: the case's own card is wanted."""

APPROVER_VERBS = frozenset({*_COMMANDS, OPEN_CASE})
