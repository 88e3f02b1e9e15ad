"""What was looked up for somebody who is not restricted and showed no bounce: found, not found, or not checked."""

from collections import defaultdict

from adaptivecards.baseobject import BareObject

from cards.bounce import report_button
from cards.elements import line, quiet_execute, run, timed_line
from cards.text import moment, user_text
from cards.view import View
from services.domain.bounce.cause import Fixer
from services.domain.bounce.table import NAMED
from services.domain.checks.checks import CameBack, Check, Finding, OwnReads, findings, judge
from services.domain.checks.mailbox_state import OwnForwarding
from services.domain.unknown import PASSING, Unknown, UnknownReason

LOOK_AGAIN = "look_again"
"""The verb of the button that looks once more, with more time; it belongs to no case."""
_RECIPIENTS_SHOWN = 3
SILENT_WHERE_CLEAR = (Check.FORWARDING, Check.SMTP_AUTH)
"""Few have what these look for: that there is nothing is no news."""
_NAMES_A_TARGET = (Finding.FORWARDING_OFF, Finding.FORWARDING_AUTOMATIC)


def found_lines(own: OwnReads, view: View) -> list[BareObject]:
    """What was found, who can put it right, and the next step."""
    return [element for finding in findings(own) for element in _found(finding, own, view)]


def other_lines(own: OwnReads, view: View) -> list[BareObject]:
    """What was looked up and is no obstacle, and what could not be looked up: each reason once."""
    words, clear = view.words, []
    unread: dict[UnknownReason, list[Check]] = defaultdict(list)
    for one in judge(own):
        if isinstance(one.found, Unknown):
            unread[one.found.reason].append(one.check)
        elif isinstance(one.found, Finding) and one.found.is_aside:
            clear.append(line(run(words(f"check.{one.found}.found"), subtle=True), spacing="Small"))
        elif one.found is None and one.check not in SILENT_WHERE_CLEAR:
            clear.append(line(run(words(f"check.{one.check}.clear"), subtle=True), spacing="Small"))
    return [*clear, *(_not_checked(reason, checks, view) for reason, checks in unread.items())]


def tell_buttons(own: OwnReads, view: View) -> list[BareObject]:
    """The way to the admins for what was found first; none where only a bounce can tell."""
    told = next((finding.told_as for finding in findings(own) if finding.told_as), None)
    return report_button(NAMED[told], "", view) if told else []


def look_again_buttons(own: OwnReads, view: View) -> list[BareObject]:
    """A button where another look may show what this one did not."""
    passing = any(isinstance(one.found, Unknown) and one.found.reason in PASSING for one in judge(own))
    return [look_again_button(view)] if passing else []


def look_again_button(view: View) -> BareObject:
    """A look of its own, at what the list says now and at everything beside it."""
    return quiet_execute(view.words("button.look_again"), LOOK_AGAIN, 0)


def _found(finding: Finding, own: OwnReads, view: View) -> list[BareObject]:
    if finding is Finding.CAME_BACK:
        return _came_back(own.came_back, view) if isinstance(own.came_back, CameBack) else []
    words = view.words
    to = user_text(own.forwarding.to, 80) if isinstance(own.forwarding, OwnForwarding) else ""
    return [
        line(words(f"check.{finding}.found", to=to) if finding in _NAMES_A_TARGET else words(f"check.{finding}.found")),
        *_who(finding.fixer, view),
        line(run(f"{words('label.next_step')} ", bold=True), words(f"check.{finding}.next"), spacing="Small"),
    ]


def _who(fixer: Fixer, view: View) -> list[BareObject]:
    who = view.words(f"bounce.who.{fixer.name.lower()}")
    return [line(run(f"{view.words('label.who_can_fix')} ", bold=True), who, spacing="Small")]


def _came_back(found: CameBack, view: View) -> list[BareObject]:
    """How many, the newest with its recipients, and where its bounce does not tell the cause, the wish to see it."""
    words, newest = view.words, found.mail.messages[-1]
    counted = "check.came_back.found" if found.mail.complete else "check.came_back.at_least"
    shown, more = newest.recipients[:_RECIPIENTS_SHOWN], len(newest.recipients) - _RECIPIENTS_SHOWN
    to = ", ".join(user_text(one, 80) for one in shown)
    if more > 0:
        to = words("returned.to_more", to=to, n=more)
    untold = [] if found.bounce else [line(words("check.came_back.next"), spacing="Small")]
    return [
        line(words.count(counted, len(found.mail.messages))),
        timed_line(words.timed("check.came_back.newest", when=moment(newest.at)), spacing="Small"),
        line(words("check.came_back.to", to=to), spacing="Small"),
        *untold,
        line(run(words("check.came_back.late"), subtle=True), spacing="Small"),
    ]


def _not_checked(reason: UnknownReason, checks: list[Check], view: View) -> BareObject:
    words = view.words
    what = ", ".join(words(f"check.{check}.name") for check in checks)
    said = words("check.not_checked", what=what, why=words(f"why_not.{reason.name.lower()}"))
    return line(run(said, subtle=True), spacing="Small")
