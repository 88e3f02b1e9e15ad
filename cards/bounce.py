"""What a bounce of somebody who is not restricted means."""

from collections.abc import Collection

from adaptivecards.baseobject import BareObject

from cards.elements import line, quiet_execute, run
from cards.headline import headline_of
from cards.text import user_text
from cards.view import View
from services.domain.bounce.bounce import Bounce, Trouble
from services.domain.bounce.cause import Cause, Fixer
from services.domain.bounce.meaning import Meaning
from services.domain.bounce.table import NAMED
from services.domain.bounce.whose import Whose, whose
from services.domain.case.case import Case
from services.domain.trouble.trouble import TroubleKind, kind_of

_TROUBLES_AT_MOST = 5
_NAMES_AT_MOST = 3


def bounce_of(case: Case) -> Bounce | None:
    """What a case keeps of its bounce: the code and the cause; `None` where nobody sent one."""
    cause = NAMED.get(case.bounce_cause)
    return Bounce(troubles=(Trouble(code=case.bounce_code, cause=cause),)) if cause else None


def bounce_lines(bounce: Bounce | None, addresses: Collection[str], view: View) -> list[BareObject]:
    """What a bounce means, who can fix it, and the next step; without one, a wish to see it.

    `addresses` are the asker's own: a bounce that is not about their own message says so."""
    if bounce is None:
        return [line(view.words("answer.send_code"))]
    sender, about = user_text(bounce.sender or "", 120), whose(bounce, addresses)
    first, *others = bounce.troubles
    if headline_of(False, bounce, about).replaces_the_bounce:
        return _over(first, view)
    if about is Whose.INCOMING:
        return [
            line(view.words("bounce.about.incoming", sender=sender)),
            _means(first, view),
            *_advice(Fixer.SENDER_SIDE_ADMIN_ELSEWHERE, view.words("bounce.incoming_next", sender=sender), view),
        ]
    ours = [line(view.words("bounce.about.someone_else", sender=sender))] if about is Whose.SOMEBODY_ELSES else []
    return [
        *ours,
        _means(first, view, named=bool(others)),
        *_advice(first.cause.fixer, view.words(f"bounce.{first.cause.name}.next"), view),
        *(element for trouble in others[:_TROUBLES_AT_MOST] for element in _other(trouble, view)),
    ]


def _over(trouble: Trouble, view: View) -> list[BareObject]:
    """A bounce that speaks of a restriction, of somebody whom the list does not show."""
    sure = trouble.cause.meaning is Meaning.RESTRICTED_SENDER
    name = "not_listed.over" if sure else "not_listed.perhaps_over"
    code = run(f"{user_text(trouble.code, 20)}  ", bold=True) if trouble.code else run("")
    return [
        line(code, view.words(f"{name}.means")),
        *_advice(Fixer.WAIT if sure else trouble.cause.fixer, view.words(f"{name}.next"), view),
    ]


def report_buttons(bounce: Bounce | None, addresses: Collection[str], view: View) -> list[BareObject]:
    """The way to the admins, where one of them can do something about it. The button says no more than the person's
    own words did; it is judged when it is pressed."""
    if bounce is None or whose(bounce, addresses) is not Whose.ASKERS:
        return []
    return report_button(bounce.cause, bounce.code or "", view)


def report_button(cause: Cause, code: str, view: View) -> list[BareObject]:
    """The button that tells the admins of this cause; none where no admin can do anything about it."""
    kind = kind_of(cause)
    if kind is None:
        return []
    name = "button.still_bouncing" if kind is TroubleKind.STILL_BOUNCING else "button.tell_admins"
    return [quiet_execute(view.words(name), REPORT, 0, shown={"cause": cause.name, "code": code})]


REPORT = "report"
"""The verb of the button that tells the admins; it belongs to no case yet."""


def _means(trouble: Trouble, view: View, *, named: bool = False) -> BareObject:
    """The code and its meaning; `named`: with the recipients, since others met with something else."""
    code = user_text(trouble.code, 20) if trouble.code else ""
    means = view.words(f"bounce.{trouble.cause.name}.means")
    lead = _lead(trouble, code, view) if named and trouble.recipients else code
    return line(run(f"{lead}  ", bold=True), means) if lead else line(means)


def _lead(trouble: Trouble, code: str, view: View) -> str:
    names = ", ".join(user_text(one, 80) for one in trouble.recipients[:_NAMES_AT_MOST])
    left = len(trouble.recipients) - _NAMES_AT_MOST
    recipients = view.words("bounce.and_more", names=names, n=left) if left > 0 else names
    return view.words("bounce.also" if code else "bounce.also_no_code", code=code, recipients=recipients)


def _advice(fixer: Fixer, next_step: str, view: View) -> list[BareObject]:
    who = view.words(f"bounce.who.{fixer.name.lower()}")
    return [
        line(run(f"{view.words('label.who_can_fix')} ", bold=True), who, spacing="Small"),
        line(run(f"{view.words('label.next_step')} ", bold=True), next_step, spacing="Small"),
    ]


def _other(trouble: Trouble, view: View) -> list[BareObject]:
    next_step = view.words(f"bounce.{trouble.cause.name}.next")
    return [_means(trouble, view, named=True), line(run(next_step, subtle=True), spacing="Small")]
