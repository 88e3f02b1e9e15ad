"""Which of Exchange's management roles a cmdlet takes, for an approver to hand on to an administrator."""

from cards.view import View
from services.domain.exchange_roles import role_with
from services.domain.unknown import UnknownReason

LACKING = (UnknownReason.NO_PERMISSION, UnknownReason.NO_LICENCE)
"""The reasons for which it helps to say what is missing."""


def needs_cmdlet(cmdlet: str, view: View) -> str:
    role = role_with(cmdlet)
    return view.words("needs.cmdlet", cmdlet=cmdlet, role=role.name, parent=role.parent) if role else ""
