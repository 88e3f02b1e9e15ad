"""The head of every case card: an icon and a word, never colour alone."""

from adaptivecards.baseobject import BareObject

from cards.bounce import bounce_of
from cards.elements import box, columns, heading, line, run
from cards.headline import Headline, Said, headline_of
from cards.view import View
from services.domain.case.case import Case
from services.domain.case.status import Status
from services.domain.case.untold import is_untold

_ICONS: dict[Status, tuple[str, str]] = {
    Status.LOOKING: ("🔎", "accent"),
    Status.SECURING: ("🔐", "accent"),
    Status.WAITING: ("⏳", "warning"),
    Status.NEEDS_INFO: ("❓", "warning"),
    Status.APPROVED: ("⚙️", "accent"),
    Status.FAILED: ("⚠️", "attention"),
    Status.UNBLOCKED: ("🕓", "accent"),
    Status.OFF_LIST: ("📤", "good"),
    Status.NEEDS_TICKET: ("🆘", "attention"),
    Status.WITH_MICROSOFT: ("🎫", "accent"),
    Status.WORKS: ("✅", "good"),
    Status.ALREADY_LIFTED: ("✅", "good"),
    Status.CLOSED_UNCONFIRMED: ("☑️", "emphasis"),
    Status.CLOSED: ("☑️", "emphasis"),
    Status.DENIED: ("⛔", "attention"),
    Status.WITHDRAWN: ("↩️", "emphasis"),
    Status.EXPIRED: ("⌛", "emphasis"),
    Status.RELAPSED: ("🔁", "attention"),
    Status.NOT_RESTRICTED: ("🟢", "good"),
    Status.LAGGING: ("🕓", "accent"),
    Status.REPORTED: ("🛠️", "warning"),
    Status.ASKED_BACK: ("❓", "warning"),
    Status.MENDED: ("📤", "accent"),
    Status.ESCALATED: ("🎫", "accent"),
    Status.SOLVED: ("✅", "good"),
}

_UNTOLD = ("🔎", "accent")


def status_head(case: Case, words_for_whom: str, view: View, *below: BareObject) -> BareObject:
    """The status as icon, word and tint, with the case number beside it and what belongs to it below."""
    icon, tint = _look(case, words_for_whom)
    title = heading(status_word(case, words_for_whom, view), icon=icon)
    # A case that is still being looked at, or ended without ever being one, has no number worth quoting.
    if case.status in (Status.LOOKING, Status.NOT_RESTRICTED) or _hides(case, words_for_whom):
        return box([title, *below], style=tint, edge=True)
    number = line(run(view.words("case.number", number=str(case.number)), subtle=True))
    return box([columns([title], [number], widths=["stretch", "auto"]), *below], style=tint, edge=True)


def _look(case: Case, words_for_whom: str) -> tuple[str, str]:
    if _hides(case, words_for_whom) or (words_for_whom == "person" and is_not_theirs(case)):
        return _UNTOLD
    said = _said_of_the_bounce(case, words_for_whom)
    return (said.icon, said.tint) if said else status_look(case)


def _said_of_the_bounce(case: Case, words_for_whom: str) -> Said | None:
    """What the person's card says first where a look found no restriction and their bounce names a cause: that is no
    all-clear. `None` where the card says something else."""
    ended_clear = case.status is Status.NOT_RESTRICTED and not _goes_on(case) and not case.sender.is_guest
    if words_for_whom != "person" or not ended_clear or is_not_theirs(case):
        return None
    bounce = bounce_of(case)
    return headline_of(False, bounce) if bounce else None


def status_icon(status: Status) -> str:
    """The icon of a status."""
    return _ICONS[status][0]


def status_look(case: Case) -> tuple[str, str]:
    """The icon and the tint of a case as the approvers see it."""
    return _GOES_ON if _goes_on(case) else _ICONS[case.status]


def status_word(case: Case, words_for_whom: str, view: View) -> str:
    """The status in the viewer's words: the person and the approver need different ones."""
    view = view.about(case)
    if case.trouble and case.past.followed_by:
        return view.words(f"{words_for_whom}.status.superseded")
    said = _said_of_the_bounce(case, words_for_whom)
    if said and said.headline is Headline.ANOTHER_CAUSE:
        return view.words("answer.another_cause")
    status = "not_theirs" if words_for_whom == "person" and is_not_theirs(case) else status_name(case)
    return view.words(f"{words_for_whom}.status.{'untold' if _hides(case, words_for_whom) else status}")


def is_not_theirs(case: Case) -> bool:
    """Whether they asked for a mailbox that is not known as one they may send from: of their own nothing was asked."""
    return case.status is Status.NOT_RESTRICTED and bool(case.sender.mailbox_address) and case.sender.mailbox is None


def status_name(case: Case) -> str:
    """By what name the catalogue knows the status."""
    return "goes_on" if _goes_on(case) else case.status.name.lower()


def _hides(case: Case, words_for_whom: str) -> bool:
    """Whether the status itself would tell the person of a mailbox that may not be theirs to ask for. That a request
    waits is no news to whoever sent it."""
    return words_for_whom == "person" and case.status is not Status.WAITING and is_untold(case)


_GOES_ON = ("➡️", "accent")


def _goes_on(case: Case) -> bool:
    """Whether the look ended because the mailbox has an open case: that nothing limits it would be untrue."""
    return case.status is Status.NOT_RESTRICTED and case.past.followed_by is not None


def notice_lines(view: View) -> list[BareObject]:
    """What is meant for this viewer alone, on top of the card."""
    return [box([line(run(f"⚠️ {view.notice}", bold=True))], style="attention")] if view.notice else []
