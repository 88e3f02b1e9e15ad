"""What an approver's button or typed command means."""

import re

from cards.approver import buttons, evidence, intended, limits, limits_form, stop, trouble_card
from dialogs.conversations.inbound import Clicked
from dialogs.conversations.typed_limits import typed_limits
from services.domain.case.commands.approver import Approved, Denied, Stopped
from services.domain.case.commands.command import FromApprovers
from services.domain.case.transition import Refusal, Refused
from services.domain.intent import AboutCase
from services.domain.people import TeamsUser

_CALLED = re.compile(r"(?i)called\s*+(?:[:,;.–—-]++\s*+|$)")
"""With a sign after it: "called twice, no answer" is the opposite."""
_NOT_REACHED = re.compile(
    r"(?i)\b(?:no (?:answer|reply|one|luck)|nobody|voice ?mail|unreachable|busy|den(?:ies|ied)|"
    r"not (?:reach|answer|pick|confirm|know|there|her\b|him\b|them\b)\w*|\w+n['’]t|could not|did not|was not|"
    r"nicht|niemand|keine Antwort|besetzt|Mailbox)\b"
)
"""Whoever was called and not reached has confirmed nothing: the form asks."""


def command_of_click(clicked: Clicked) -> FromApprovers:
    """The command a button stands for. Raises `Refused` for an unknown one."""
    read = _READERS.get(clicked.verb)
    if read is None:
        raise Refused(Refusal.NOT_UNDERSTOOD)
    return read(clicked.by, clicked.inputs)


def command_of_text(by: TeamsUser, wish: AboutCase) -> FromApprovers:
    """The command of `approve 17 …`, `deny 17 …`, `stop 17 …` or `limits 17 …`. A reason that begins with "called:"
    or "called," says that they were reached by another route. Raises `Refused` for any other verb: what is not known
    decides nothing."""
    if wish.verb == "limits":
        return typed_limits(by, wish.text)
    if wish.verb == "approve":
        called = None if _NOT_REACHED.search(wish.text) else _CALLED.match(wish.text)
        reason = wish.text[called.end() :] if called else wish.text
        return Approved(by=by, by_another_route=called is not None, reason=reason)
    if wish.verb == "stop":
        return Stopped(by=by, reason=wish.text)
    if wish.verb == "deny":
        return Denied(by=by, reason=wish.text)
    raise Refused(Refusal.NOT_UNDERSTOOD)


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
