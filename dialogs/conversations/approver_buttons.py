"""What an approver's button or typed command means."""

import re
from collections.abc import Callable

from cards.approver.buttons import read_approval, read_asking_for, read_closing, read_denial, read_question, read_ticket
from cards.approver.limits_form import read_limits_form
from dialogs.conversations.inbound import Clicked
from dialogs.conversations.typed_limits import typed_limits
from services.domain.case.commands import (
    Approved,
    ApproverCommand,
    Denied,
    EvidenceRequested,
    NeutralByApprover,
    Retried,
    StartedReview,
)
from services.domain.case.transition import Refusal, Refused
from services.domain.intent import AboutCase
from services.domain.limits.commands import LimitsApproved, LimitsDismissed, LimitsRevertRequested
from services.domain.people import TeamsUser

_CALLED = re.compile(r"(?i)called\s*:\s*")
"""With its colon: "called twice, no answer" is the opposite."""


def command_of_click(clicked: Clicked) -> ApproverCommand | NeutralByApprover:
    """The command a button stands for. Raises `Refused` for an unknown one."""
    make = _COMMANDS.get(clicked.verb)
    if make is None:
        raise Refused(Refusal.NOT_UNDERSTOOD)
    return make(clicked)


def command_of_text(by: TeamsUser, wish: AboutCase) -> ApproverCommand | NeutralByApprover:
    """The command of `approve 17 …`, `deny 17 …` or `limits 17 …`. A reason that begins with "called:" says that the
    person was reached by another route."""
    if wish.verb == "limits":
        return typed_limits(by, wish.text)
    if wish.verb == "approve":
        called = _CALLED.match(wish.text)
        reason = wish.text[called.end() :] if called else wish.text
        return Approved(by=by, by_another_route=called is not None, reason=reason)
    return Denied(by=by, reason=wish.text)


_COMMANDS: dict[str, Callable[[Clicked], ApproverCommand | NeutralByApprover]] = {
    "approve": lambda clicked: read_approval(clicked.by, clicked.inputs),
    "deny": lambda clicked: read_denial(clicked.by, clicked.inputs),
    "ask": lambda clicked: read_question(clicked.by, clicked.inputs),
    "looking": lambda clicked: StartedReview(by=clicked.by),
    "retry": lambda clicked: Retried(by=clicked.by),
    "ticket": lambda clicked: read_ticket(clicked.by, clicked.inputs),
    "gather": lambda clicked: EvidenceRequested(by=clicked.by),
    "limits": lambda clicked: read_limits_form(clicked.by, clicked.inputs),
    "limits_apply": lambda clicked: LimitsApproved(by=clicked.by),
    "limits_dismiss": lambda clicked: LimitsDismissed(by=clicked.by),
    "limits_back": lambda clicked: LimitsRevertRequested(by=clicked.by),
    "ask_for": lambda clicked: read_asking_for(clicked.by, clicked.inputs),
    "close": lambda clicked: read_closing(clicked.by, clicked.inputs),
}

OPEN_CASE = "open_case"
"""Moves nothing: the case's own card is wanted."""

APPROVER_VERBS = frozenset({*_COMMANDS, OPEN_CASE})
