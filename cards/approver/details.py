"""What the approvers' card shows behind "More": whose mailbox it is, why it is restricted, what its owner and the
directory say, what was found, and what else may be done."""

from collections.abc import Iterator, Sequence

from adaptivecards.baseobject import BareObject

from cards.approver.contain_results import containment_details
from cards.approver.containment import contain_form, wants_containment
from cards.approver.episode import alarm_lines
from cards.approver.evidence import evidence_fold, verdict_lines
from cards.approver.limits_form import limits_form
from cards.approver.still_open import offers_again
from cards.approver.suggestion import gathering_line, named_signs
from cards.approver.trouble_card import bounce_said
from cards.approver.unblock import execution_lines, support_pack
from cards.approver.who_to_call import who_to_call
from cards.elements import actions, line, run, unfold
from cards.entries import also_listed_lines
from cards.facts import unblocks_sentence
from cards.fit import Part
from cards.mailbox import others_lines
from cards.proofs import mailing_sentence, proof_lines
from cards.restriction import (
    addresses_of,
    cause_sentence,
    changed_sentence,
    since_sentence,
    until_sentence,
    was_sentence,
)
from cards.status_head import status_word
from cards.text import moment, user_text
from cards.view import View
from services.domain.case.case import Case
from services.domain.case.history import times_restricted
from services.domain.case.status import Status
from services.domain.restriction import Cause, Restriction
from services.domain.unknown import Unknown, UnknownReason

_LEFT_THE_LIST = (Status.OFF_LIST, Status.WORKS, Status.ALREADY_LIFTED, Status.CLOSED_UNCONFIRMED, Status.RELAPSED)
_BUTTONS_IN_A_ROW = 6
"""Teams shows no more than six buttons of a set."""


def details(case: Case, view: View, others: Sequence[BareObject]) -> list[BareObject]:
    """Everything that is not seen at once. `others`: the buttons that are not."""
    folds = [*_looked_into(case, view), *others]
    return [
        *_status(case, view),
        *view.room.fit(Part.EXECUTION, execution_lines(case, view)),
        *_found_so_far(case, view),
        *view.room.fit(Part.CONTAINMENT, containment_details(case, view)),
        *_who(case, view),
        *_why(case, view),
        *bounce_said(case, view),
        *([] if case.sender.connector_id else _request(case, view)),
        *_past(case, view),
        *(actions(*row) for row in _rows_of(folds)),
    ]


def _status(case: Case, view: View) -> list[BareObject]:
    """The status by the name that lists and notifications have for it; while it waits the title says it."""
    if case.status is Status.WAITING:
        return []
    return [line(run(status_word(case, "approver", view), bold=True))]


def contains_first(case: Case) -> bool:
    """Whether the button that contains stands first, and not behind "More"."""
    decides = case.is_undecided or case.status is Status.FAILED
    return decides and wants_containment(case) and not offers_again(case)


def _rows_of(buttons: Sequence[BareObject]) -> Iterator[Sequence[BareObject]]:
    for start in range(0, len(buttons), _BUTTONS_IN_A_ROW):
        yield buttons[start : start + _BUTTONS_IN_A_ROW]


def _looked_into(case: Case, view: View) -> list[BareObject]:
    """What was found out, and what responders can do about it."""
    pack = [unfold(view.words("button.support_pack"), support_pack(case, view))] if case.status in _WITH_PACK else []
    return [
        *view.room.fit(Part.EVIDENCE, evidence_fold(case, view)),
        *view.room.fit(Part.EXECUTION, pack),
        *([] if contains_first(case) else contain_form(case, view)),
        *limits_form(case, view),
    ]


_WITH_PACK = (Status.FAILED, Status.NEEDS_TICKET)


def _found_so_far(case: Case, view: View) -> list[BareObject]:
    if case.status.is_ended:
        return []
    return [*verdict_lines(case, view), *gathering_line(case, view), *alarm_lines(case, view, named_signs(case, view))]


def _who(case: Case, view: View) -> list[BareObject]:
    if case.sender.connector_id:
        return []
    whose = case.sender.mailbox.name if case.sender.mailbox else case.sender.name
    named = line(run(user_text(whose, 80), bold=True), f"  {addresses_of(case)}", separator=True)
    return [named, *who_to_call(case, view)]


def _why(case: Case, view: View) -> list[BareObject]:
    if case.restriction is None:
        return [line(view.words("why.not_listed"))]
    lines = [
        line(run(_cause(case, case.restriction, view), bold=True), separator=True),
        line(_how_long(case, case.restriction, view), spacing="Small"),
    ]
    if changed := changed_sentence(case.restriction, view):
        lines.append(line(run(changed, subtle=True), spacing="Small"))
    if case.restriction.cause is Cause.UNKNOWN and case.restriction.reason:
        raw = user_text(case.restriction.reason, 300)
        lines.append(line(run(view.words("why.raw", reason=raw), subtle=True), spacing="Small"))
    return [*lines, *also_listed_lines(case, view, with_start=True)]


def _cause(case: Case, restriction: Restriction, view: View) -> str:
    return view.words("why.connector") if case.sender.connector_id else cause_sentence(restriction, view)


def _how_long(case: Case, restriction: Restriction, view: View) -> str:
    """Of what has left the list only that it was there; of what was unblocked not that it stays until somebody does."""
    if _has_left(case):
        return was_sentence(restriction, view)
    since = since_sentence(restriction, view)
    return since if case.unblock.done_at else f"{since} {until_sentence(restriction, view)}"


def _has_left(case: Case) -> bool:
    gone = case.list_reads.off_list_at or case.episode.ended_at
    return gone is not None or case.status in _LEFT_THE_LIST


def _request(case: Case, view: View) -> list[BareObject]:
    """What the directory and the person say."""
    return [
        *proof_lines(case, view),
        *view.room.fit(Part.OTHERS, others_lines(case, view)),
        *view.room.fit(Part.ANSWERS, _words_of_the_person(case, view)),
    ]


def _words_of_the_person(case: Case, view: View) -> list[BareObject]:
    words = view.words
    rows = [(words("topic.mailing"), mailing_sentence(case.proofs.mailing, view)), *_first_answer(case, view)]
    if case.request.note:
        rows.append((words("approver.note"), user_text(case.request.note)))
    if case.open_steps and case.is_undecided:
        steps = ", ".join(words(f"topic.{step.value}") for step in case.open_steps)
        rows.append((words("approver.open_steps"), steps))
    return [line(run(f"{label} ", bold=True), said, spacing="Small") for label, said in rows]


def _first_answer(case: Case, view: View) -> list[tuple[str, str]]:
    """The mailing answer that the request was sent with, where it is another one now."""
    first, changed_at = case.proofs.first_mailing, case.proofs.mailing_changed_at
    if first is None or changed_at is None:
        return []
    changed = view.words("approver.answer_changed", when=moment(changed_at))
    return [(f"⚠️ {changed}", mailing_sentence(first, view))]


def _past(case: Case, view: View) -> list[BareObject]:
    words = view.words
    said = [words("past.first")]
    times = times_restricted(case, view.now)
    if times > 1 or case.past.unblocks:
        said = [words.count("past.times", times), unblocks_sentence(case.past.unblocks, view)]
    if case.past.previous:
        said.append(words("past.linked", number=str(case.past.previous)))
    said += _searched(case, view)
    lines = [*_asked(case, view), line(run(" ".join(said), subtle=True), spacing="Small", separator=True)]
    if case.is_undecided and case.needs_word and not case.sender.connector_id:
        lines.append(line(run(words("suggest.checklist"), subtle=True), spacing="Small"))
    return lines


def _asked(case: Case, view: View) -> list[BareObject]:
    """When it was asked for; while it waits the title says it."""
    if case.is_undecided or case.request.sent_at is None:
        return []
    asked = view.words("approver.asked_at", when=moment(case.request.sent_at))
    return [line(run(asked, subtle=True), spacing="Small")]


def _searched(case: Case, view: View) -> list[str]:
    """Whether the count of earlier restrictions is still without the audit log's."""
    listings = case.evidence.listings if case.evidence else ()
    if not isinstance(listings, Unknown):
        return []
    if listings.reason is UnknownReason.NOT_YET:
        return [view.words("past.searching")] if case.request.sent_at else []  # nobody searches before a request
    return [view.words("past.not_searched", why=view.words(f"why_not.{listings.reason.name.lower()}"))]
