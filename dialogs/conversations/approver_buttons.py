"""What an approver's button or typed command means."""

import re

from cards.approver import buttons, evidence, intended, limits, limits_form, stop, trouble_card
from dialogs.conversations.inbound import Clicked
from dialogs.conversations.typed_limits import typed_limits
from services.domain.case.commands import (
    Approved,
    Denied,
    FromApprovers,
    Stopped,
)
from services.domain.case.transition import Refusal, Refused
from services.domain.intent import AboutCase
from services.domain.people import TeamsUser

_CALLED = re.compile(r"(?i)called\s*:\s*")
"""With its colon: "called twice, no answer" is the opposite."""


def command_of_click(clicked: Clicked) -> FromApprovers:
    """The command a button stands for. Raises `Refused` for an unknown one."""
    read = _READERS.get(clicked.verb)
    if read is None:
        raise Refused(Refusal.NOT_UNDERSTOOD)
    return read(clicked.by, clicked.inputs)


def command_of_text(by: TeamsUser, wish: AboutCase) -> FromApprovers:
    """The command of `approve 17 …`, `deny 17 …`, `stop 17 …` or `limits 17 …`. A reason that begins with "called:"
    says that the person was reached by another route."""
    if wish.verb == "limits":
        return typed_limits(by, wish.text)
    if wish.verb == "approve":
        called = _CALLED.match(wish.text)
        reason = wish.text[called.end() :] if called else wish.text
        return Approved(by=by, by_another_route=called is not None, reason=reason)
    if wish.verb == "stop":
        return Stopped(by=by, reason=wish.text)
    return Denied(by=by, reason=wish.text)


_READERS = {
    **buttons.READERS,
    **evidence.READERS,
    **limits.READERS,
    **limits_form.READERS,
    **intended.READERS,
    **stop.READERS,
    **trouble_card.READERS,
}

OPEN_CASE = "open_case"
"""Changes nothing: the case's own card is wanted."""

APPROVER_VERBS = frozenset({*_READERS, OPEN_CASE})
