"""Whom to reach by another route, the most trustworthy first: the manager, the number that admins set, and the number
that its holder can change."""

from adaptivecards.baseobject import BareObject

from cards.elements import line, run
from cards.text import user_text
from cards.view import View
from services.domain.case.case import Case
from services.domain.evidence.findings import Found

_NUMBER_AT_MOST, _NAME_AT_MOST = 60, 80


def who_to_call(case: Case, view: View) -> list[BareObject]:
    """A line for each that the directory knows, with what speaks against it."""
    words, sender = view.words, case.sender
    manager = user_text(sender.manager, _NAME_AT_MOST) if sender.manager else words("directory.no_manager")
    rows = [words("call.manager", manager=manager)]
    if sender.business_phone:
        rows.append(words("call.business", phone=user_text(sender.business_phone, _NUMBER_AT_MOST)))
    if sender.phone:
        rows.append(words("call.mobile", phone=user_text(sender.phone, _NUMBER_AT_MOST)))
    if not sender.business_phone and not sender.phone:
        rows.append(words("directory.no_phone"))
    lines = [line(run("☎ "), f"{_whose(case, view)}{' · '.join(rows)}", spacing="Small")]
    if any(finding.found is Found.NUMBER_CHANGED for finding in case.judgement.findings):
        lines.append(line(run(f"⚠️ {words('call.changed')}", bold=True, color="Attention"), spacing="None"))
    return lines


def _whose(case: Case, view: View) -> str:
    """Before numbers that are not obviously those of the person named above them."""
    if case.sender.mailbox is None:
        return ""
    return view.words("approver.contact_of", name=user_text(case.sender.account.name, _NAME_AT_MOST)) + " "


def another_route(case: Case, view: View) -> str:
    """What an approver says who reached the person by another route."""
    if case.sender.connector_id:
        return view.words("input.connector_secured")
    return view.words("input.another_route", name=user_text(case.sender.account.name, _NAME_AT_MOST))
