"""The head of every case card: an icon and a word, never colour alone."""

from adaptivecards.baseobject import BareObject

from cards.bricks import columns, heading, line, run
from cards.view import View
from services.domain.case import Case, Status

_ICONS: dict[Status, tuple[str, str | None]] = {
    Status.LOOKING: ("🔎", "Accent"),
    Status.SECURING: ("🔐", "Accent"),
    Status.WAITING: ("⏳", "Warning"),
    Status.NEEDS_INFO: ("❓", "Warning"),
    Status.APPROVED: ("⚙️", "Accent"),
    Status.FAILED: ("⚠️", "Attention"),
    Status.RELEASED: ("🕓", "Accent"),
    Status.OFF_LIST: ("📤", "Good"),
    Status.NEEDS_TICKET: ("🆘", "Attention"),
    Status.WITH_MICROSOFT: ("🎫", "Accent"),
    Status.WORKS: ("✅", "Good"),
    Status.ALREADY_LIFTED: ("✅", "Good"),
    Status.CLOSED_UNCONFIRMED: ("☑️", None),
    Status.CLOSED: ("☑️", None),
    Status.DENIED: ("⛔", "Attention"),
    Status.WITHDRAWN: ("↩️", None),
    Status.EXPIRED: ("⌛", None),
    Status.RELAPSED: ("🔁", "Attention"),
    Status.NOT_RESTRICTED: ("🟢", "Good"),
}


def status_head(case: Case, words_for_whom: str, view: View) -> BareObject:
    """The status as icon and word, with the case number beside it."""
    icon, color = _ICONS[case.status]
    word = status_word(case, words_for_whom, view)
    # A case that is still being looked at, or ended without ever being one, has no number worth quoting.
    if case.status in (Status.LOOKING, Status.NOT_RESTRICTED):
        return heading(f"{icon} {word}", color=color)
    number = line(run(view.words("case.number", number=str(case.number)), subtle=True))
    return columns([heading(f"{icon} {word}", color=color)], [number], widths=["stretch", "auto"])


def status_word(case: Case, words_for_whom: str, view: View) -> str:
    """The status in the viewer's words: the person and the approver need different ones."""
    return view.words(f"{words_for_whom}.status.{case.status.name.lower()}")


def notice_lines(view: View) -> list[BareObject]:
    """What is meant for this viewer alone, on top of the picture."""
    return [line(run(view.notice, bold=True, color="Attention"))] if view.notice else []
