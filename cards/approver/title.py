"""The title of the approvers' card: who wants what, or what became of it."""

import re

from adaptivecards.baseobject import BareObject

from cards.elements import box, columns, heading, line, run, timed_line
from cards.status_head import status_look, status_name
from cards.text import user_text
from cards.view import View
from services.domain.case.case import Case
from services.domain.case.status import Status

_STOLEN = ("🚨", "attention")
_NAME_AT_MOST = 80
_PLAIN = re.compile(r"[^\W\d_]++(?:\.?[ '’-][^\W\d_]++|[.]$)*+")
"""Words of letters alone: no markdown, and no address that Teams would make a link of."""


def whose(case: Case, view: View) -> str:
    """Whose sending the case is about: a mailbox's, a connector's, or the person's own."""
    if case.sender.connector_id:
        return view.words("title.connector")
    name = case.sender.mailbox.name if case.sender.mailbox else case.sender.name
    return user_text(name, _NAME_AT_MOST) or view.words("person.unnamed")


def title_box(case: Case, view: View) -> BareObject:
    """The title, tinted, with the case's number; red for an account that looks stolen and is still to be decided on.

    A heading, unless the name in it, which is somebody's own word, holds signs that Teams could read as markdown."""
    warns = looks_stolen_now(case)
    icon, tint = _STOLEN if warns else status_look(case)
    who, color = whose(case, view), "Attention" if warns else None
    title = view.words(f"title.{status_name(case)}", who=who)
    if _PLAIN.fullmatch(who):
        head = heading(title, icon=icon, color=color)
    else:
        head = line(run(f"{icon} {title}", bold=True, size="Large", color=color))
    below = _asked(case, view) if case.is_undecided else []
    # A look that found nothing, or has not ended yet, has no number worth quoting.
    if case.status in (Status.LOOKING, Status.NOT_RESTRICTED):
        return box([head, *below], style=tint, edge=True)
    number = line(run(view.words("case.number", number=str(case.number)), subtle=True))
    return box([columns([head], [number], widths=["stretch", "auto"]), *below], style=tint, edge=True)


def looks_stolen_now(case: Case) -> bool:
    """Whether an approver is about to decide on an account that looks stolen."""
    return (case.is_undecided or case.status is Status.FAILED) and (case.looks_stolen or case.alarms_keep_coming)


def _asked(case: Case, view: View) -> list[BareObject]:
    """Since when it waits."""
    when = view.brief(case.request.sent_at or case.opened_at)
    name = "approver.waits" if case.status is Status.WAITING else "approver.asked_at"
    return [timed_line(view.words.timed(name, when=when), subtle=True, spacing="None")]
