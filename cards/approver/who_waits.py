"""Around a decision: who asks and for whom, what was asked back, who looks into it, and whose word is needed."""

from collections.abc import Iterator

from adaptivecards.baseobject import BareObject

from cards.approver.mailing_tools import connector_tool_lines
from cards.elements import line, run
from cards.fit import Part
from cards.mailbox import who_asked_lines
from cards.text import user_text
from cards.view import View
from services.domain.case.case import Case
from services.domain.case.status import Status


def who_waits_lines(case: Case, view: View) -> list[BareObject]:
    """What an approver must not overlook before they decide; little once that is over."""
    if case.status.is_ended:
        return []
    return [
        *_connector(case, view),
        *who_asked_lines(case, view),
        *view.room.fit(Part.ANSWERS, list(_asked_back(case, view))),
        *_warnings(case, view),
        *_looked_at(case, view),
    ]


def _connector(case: Case, view: View) -> Iterator[BareObject]:
    if case.sender.connector_id:
        yield line(run(view.words("connector.named"), bold=True), f"  {user_text(case.sender.connector_id, 80)}")
        yield from connector_tool_lines(case, view)


def _asked_back(case: Case, view: View) -> Iterator[BareObject]:
    question, words = case.request.question, view.words
    if question is None or not case.is_undecided:
        return
    asked = words("approver.asked", name=user_text(question.asked.name, 80))
    yield line(run(f"{asked} ", bold=True), user_text(question.asked.text), spacing="Small")
    if question.reply:
        yield line(run(f"{words('approver.reply')} ", bold=True), user_text(question.reply), spacing="Small")


def _warnings(case: Case, view: View) -> Iterator[BareObject]:
    words, contact = view.words, case.contact
    if case.request.sole_approver and case.is_undecided:
        yield line(run(f"⚠️ {words('approver.nobody_left')}", bold=True, color="Attention"))
    if contact.found_by_monitor_at and case.request.sent_at is None:
        told = "noticed.not_told" if contact.unreachable else "noticed.told"
        yield line(run(f"👁 {words(told, when=view.brief(contact.found_by_monitor_at))}", color="Accent"))
    if contact.unreachable:
        unreachable = words("approver.unreachable", error=user_text(contact.unreachable, 120))
        yield line(run(f"📵 {unreachable}", color="Attention"))


def _looked_at(case: Case, view: View) -> Iterator[BareObject]:
    reviewing = case.request.reviewing
    if reviewing is not None and case.is_undecided:
        facts = {"name": user_text(reviewing.name, 80), "when": view.brief(reviewing.at)}
        yield line(run(f"👀 {view.words('approver.is_looking', **facts)}", color="Accent"))


def two_needed_lines(case: Case, view: View) -> list[BareObject]:
    """That one approver is not enough, and who of the two gave their word."""
    first = case.first_approval
    waits_for_another = case.needs_two or first is not None
    if not waits_for_another or not (case.is_undecided or case.status is Status.FAILED):
        return []
    said = view.words("approver.two_needed")
    if first is not None:
        said = view.words("approver.one_of_two", name=user_text(first.name, 80), when=view.brief(first.at))
    return [line(run(f"👥 {said}", bold=True, color="Attention"), spacing="Small")]
