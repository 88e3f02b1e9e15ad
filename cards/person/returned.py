"""The person's own messages that came back while they were restricted, to send again."""

from adaptivecards.baseobject import BareObject

from cards.elements import box, columns, line, run, timed_line
from cards.text import moment, user_text
from cards.view import View
from services.domain.delivery.traced import ReturnedMail, ReturnedMessage
from services.domain.unknown import Unknown

_SHOWN = 15
_RECIPIENTS_SHOWN = 3


def returned_lines(view: View) -> list[BareObject]:
    """What was found for this viewer, who asked for it; nothing where nobody did."""
    found, words = view.returned, view.words
    if found is None:
        return []
    if isinstance(found, Unknown):
        why = words(f"why_not.{found.reason.name.lower()}")
        return [box([line(words("returned.unread", why=why))], style="emphasis")]
    if not found.messages:
        return [box([line(words("returned.none")), *_late(found, view)], style="emphasis")]
    shown, more = found.messages[:_SHOWN], len(found.messages) - _SHOWN
    lines = [line(run(words.count("returned.title", len(found.messages)), bold=True)), *(_one(m, view) for m in shown)]
    if more > 0:
        lines.append(line(run(words("returned.more", n=more), subtle=True)))
    return [box([*lines, *_late(found, view)], style="emphasis")]


def _one(message: ReturnedMessage, view: View) -> BareObject:
    shown, more = message.recipients[:_RECIPIENTS_SHOWN], len(message.recipients) - _RECIPIENTS_SHOWN
    to = ", ".join(user_text(one, 80) for one in shown)
    if more > 0:
        to = view.words("returned.to_more", to=to, n=more)
    subject = user_text(message.subject, 100) or view.words("returned.no_subject")
    when = timed_line(view.words.timed("returned.at", when=moment(message.at)))
    return columns([when], [line(subject), line(run(to, subtle=True), spacing="None")], widths=["auto", "stretch"])


def _late(found: ReturnedMail, view: View) -> list[BareObject]:
    name = "returned.late" if found.complete else "returned.incomplete"
    return [line(run(view.words(name), subtle=True))]
