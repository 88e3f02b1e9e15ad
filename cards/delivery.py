"""Whether mail flows again: proven by a delivered message, by word, or not seen yet, which says nothing."""

from adaptivecards.baseobject import BareObject

from cards.elements import line, run, timed_line
from cards.text import moment
from cards.view import View
from services.domain.case.case import Case
from services.domain.case.status import Status


def delivery_lines_for_person(case: Case, view: View) -> list[BareObject]:
    """The proof, or that it is their own word; nothing while neither is there."""
    if case.delivery.proven_at is not None:
        return [timed_line(view.words.timed("delivery.proven_to_you", when=moment(case.delivery.proven_at)))]
    return [line(view.words("delivery.by_your_word"))] if case.status is Status.WORKS else []


def trouble_delivery(case: Case, view: View, *, for_approver: bool) -> list[BareObject]:
    """What ended a trouble: a delivered message, or word alone; and while it is open, that message trace, which would
    show the one, cannot be read. A message may be somebody else's who has the same."""
    words, delivery = view.words, case.delivery
    if delivery.proven_at is not None:
        return [timed_line(words.timed("delivery.proven", when=moment(delivery.proven_at)), bold=True, spacing="Small")]
    if case.status is Status.SOLVED:
        return [line(run(words("trouble.by_word"), subtle=True), spacing="Small")]
    if delivery.unread is None or case.status.is_ended:
        return []
    why = words(f"why_not.{delivery.unread.name.lower()}")
    said = words("trouble.word_alone", why=why) if for_approver else words("person.trouble.word_alone")
    return [line(run(said, subtle=True), spacing="Small")]


def delivery_lines(case: Case, view: View) -> list[BareObject]:
    """The proof, or what there is in its place, for the approvers. A connector's mail is not looked for."""
    words, delivery = view.words, case.delivery
    if case.list_reads.off_list_at is None or case.sender.connector_id:
        return []
    if delivery.proven_at is not None:
        return [line(run(words("delivery.proven", when=moment(delivery.proven_at)), bold=True), spacing="Small")]
    if case.status not in (Status.OFF_LIST, Status.WORKS):
        return []
    seen = "delivery.by_word" if case.status is Status.WORKS else "delivery.not_seen"
    lines = [line(words(seen), spacing="Small")]
    if delivery.unread is not None:
        why = words(f"why_not.{delivery.unread.name.lower()}")
        lines.append(line(run(words("delivery.not_checked", why=why), subtle=True), spacing="Small"))
    return lines
