"""The approver's card: status first, then who, why, what the person and the directory say, then what may be done."""

from adaptivecards.baseobject import BareObject

from cards.approver_buttons import approver_buttons
from cards.bricks import Card15, box, columns, line, picture, run
from cards.execution_lines import execution_lines
from cards.proof_lines import mailing_sentence, proof_lines
from cards.status_head import notice_lines, status_head, status_word
from cards.text import moment, theirs
from cards.view import View
from cards.why_lines import addresses_of, cause_sentence, since_sentence, until_sentence
from services.domain.case import Case, Status
from services.domain.restriction import Cause
from services.ports import Card

_UNDECIDED = (Status.WAITING, Status.NEEDS_INFO)


def case_card(case: Case, view: View) -> Card:
    """The picture of the case for the approvers."""
    words = view.words
    headline = status_word(case, "approver", view)
    speak = words("approver.speak", number=str(case.number), status=headline, name=theirs(case.name, 80))
    body = [
        status_head(case, "approver", view),
        *notice_lines(view),
        *_who(case, view),
        *execution_lines(case, view),
        *_why(case, view),
        box(proof_lines(case, view), style="emphasis", spacing="Medium"),
        *_words_of_the_person(case, view),
        *_past(case, view),
        *(_advice(case, view) if case.status in _UNDECIDED else []),
    ]
    return picture(Card15(body=body, actions=approver_buttons(case, view), fallback=speak, speak=speak))


def _who(case: Case, view: View) -> list[BareObject]:
    words = view.words
    phone = theirs(case.phone, 60) if case.phone else words("directory.no_phone")
    manager = theirs(case.manager, 80) if case.manager else words("directory.no_manager")
    sent = case.sent_at or case.opened_at
    lines = [
        line(run(theirs(case.name, 80), bold=True), f" · {addresses_of(case)}"),
        line(
            run(words("approver.directory_contact", phone=phone, manager=manager), subtle=True),
            spacing="Small",
        ),
        line(run(words("approver.asked_at", when=moment(sent)), subtle=True), spacing="None"),
    ]
    if case.nobody_else and case.status in _UNDECIDED:
        lines.append(line(run(f"⚠️ {words('approver.nobody_left')}", bold=True, color="Attention")))
    if case.unreachable and not case.status.is_ended:
        unreachable = words("approver.unreachable", error=theirs(case.unreachable, 120))
        lines.append(line(run(f"📵 {unreachable}", color="Attention")))
    if case.looking and case.status in _UNDECIDED:
        mark = words("approver.is_looking", name=theirs(case.looking.name, 80), when=moment(case.looking.at))
        lines.append(line(run(f"👀 {mark}", color="Accent")))
    return lines


def _why(case: Case, view: View) -> list[BareObject]:
    if case.restriction is None:
        return [line(view.words("why.not_listed"))]
    lines = [
        line(run(cause_sentence(case.restriction, view), bold=True), separator=True),
        line(f"{since_sentence(case.restriction, view)} {until_sentence(case.restriction, view)}", spacing="Small"),
    ]
    if case.restriction.cause is Cause.UNKNOWN and case.restriction.reason:
        raw = theirs(case.restriction.reason, 300)
        lines.append(line(run(view.words("why.raw", reason=raw), subtle=True), spacing="Small"))
    return lines


def _words_of_the_person(case: Case, view: View) -> list[BareObject]:
    words = view.words
    rows = [(words("topic.mailing"), mailing_sentence(case, view))]
    if case.note:
        rows.append((words("approver.note"), theirs(case.note)))
    if case.question:
        rows.append(
            (words("approver.asked", name=theirs(case.question.asked.name, 80)), theirs(case.question.asked.words))
        )
        if case.question.reply:
            rows.append((words("approver.reply"), theirs(case.question.reply)))
    if case.open_steps and case.status in _UNDECIDED:
        steps = ", ".join(words(f"topic.{step.value}") for step in case.open_steps)
        rows.append((words("approver.open_steps"), steps))
    return [line(run(f"{label} ", bold=True), said, spacing="Small") for label, said in rows]


def _past(case: Case, view: View) -> list[BareObject]:
    words = view.words
    restrictions = words.count("past.restrictions", case.earlier_restrictions)
    releases = words.count("past.releases", case.earlier_releases)
    asked = words.count("past.asked", case.times_asked)
    lines = [line(run(f"{restrictions} {releases} {asked}", subtle=True), spacing="Small")]
    if case.previous:
        lines.append(line(run(words("past.linked", number=str(case.previous)), subtle=True), spacing="None"))
    return lines


def _advice(case: Case, view: View) -> list[BareObject]:
    words = view.words
    checklist = [line(f"☐ {words(f'advice.{name}')}", spacing="None") for name in _CHECKLIST]
    return [
        line(run(f"💡 {_suggestion(case, view)}", bold=True), separator=True),
        line(run(words("advice.title"), subtle=True), spacing="Small"),
        columns(checklist[:3], checklist[3:]),
    ]


_CHECKLIST = ("password", "sessions", "methods", "apps", "forwarding", "rules")
"""Microsoft's own list for a compromised account.
https://learn.microsoft.com/defender-office-365/responding-to-a-compromised-email-account"""


def _suggestion(case: Case, view: View) -> str:
    """One line with its ground; the first that fits."""
    words, restriction = view.words, case.restriction
    if restriction is None or restriction.cause is Cause.UNKNOWN:
        return words("suggest.unknown")
    if restriction.cause is Cause.SPAM:
        return words("suggest.spam")
    if restriction.cause is Cause.SERVICE_RATE:
        return words("suggest.rate")
    lifts_at = restriction.lifts_at(view.now)
    if lifts_at is not None and lifts_at - view.now <= view.limits.expire_after / 12:
        return words("suggest.soon", when=moment(lifts_at))
    return words("suggest.grounds") if case.grounds else words("suggest.release")
