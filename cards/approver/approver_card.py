"""The approver's card: status first, then who, why, what the person and the directory say, then what may be done."""

from dataclasses import replace

from adaptivecards.baseobject import BareObject

from cards.approver.buttons import approver_buttons
from cards.approver.containment import contain_form, containment_lines
from cards.approver.episode import alarm_lines, denial_lines
from cards.approver.evidence import evidence_fold, verdict_lines
from cards.approver.intended import intended_lines
from cards.approver.limits import limits_lines
from cards.approver.limits_form import limits_form
from cards.approver.stop import stopped_lines
from cards.approver.suggestion import gathering_line, head_line
from cards.approver.trouble_card import bounce_said, trouble_card
from cards.approver.unblock import execution_lines, lapsed_lines, support_pack
from cards.approver.who_to_call import who_to_call
from cards.elements import Card15, actions, box, line, run, timed_line, to_json, unfold
from cards.entries import also_listed_lines
from cards.facts import unblocks_sentence
from cards.fit import Part, fitted
from cards.mailbox import others_lines, who_asked_lines
from cards.proofs import mailing_sentence, proof_lines
from cards.restriction import addresses_of, cause_sentence, changed_sentence, since_sentence, until_sentence
from cards.status_head import notice_lines, status_head, status_word
from cards.text import moment, user_text
from cards.view import View
from services.domain.card import Card
from services.domain.case.case import Case, Status
from services.domain.case.history import times_restricted
from services.domain.restriction import Cause, Restriction
from services.domain.unknown import Unknown, UnknownReason

_LEFT_THE_LIST = (Status.OFF_LIST, Status.WORKS, Status.ALREADY_LIFTED, Status.CLOSED_UNCONFIRMED)


def approver_card(case: Case, view: View) -> Card:
    """The case as the approvers see it, as much of it as Teams takes."""
    return fitted(lambda room: _drawn(case, replace(view, room=room)))


def _drawn(case: Case, view: View) -> Card:
    view = view.about(case)
    if case.trouble:
        return trouble_card(case, case.trouble, view)
    words = view.words
    headline = status_word(case, "approver", view)
    speak = words("approver.speak", number=str(case.number), status=headline, name=user_text(case.sender.name, 80))
    body = [
        status_head(case, "approver", view, _asked(case, view), *denial_lines(case, view)),
        *notice_lines(view),
        *view.room.fit(Part.EXECUTION, execution_lines(case, view)),
        *lapsed_lines(case, view),
        *intended_lines(case, view),
        *stopped_lines(case, view),
        *head_line(case, view),
        *([] if case.status.is_ended else _found_so_far(case, view)),
        *view.room.fit(Part.CONTAINMENT, containment_lines(case, view)),
        *view.room.fit(Part.LIMITS, limits_lines(case, view)),
        *_who(case, view),
        *_why(case, view),
        *bounce_said(case, view),
        *_about_the_person(case, view),
        *_not_shown(view),
    ]
    return to_json(Card15(body=body, actions=approver_buttons(case, view), fallback=speak, speak=speak))


def _found_so_far(case: Case, view: View) -> list[BareObject]:
    return [*verdict_lines(case, view), *gathering_line(case, view), *alarm_lines(case, view)]


def _not_shown(view: View) -> list[BareObject]:
    """What there was no room for."""
    words, said = view.words, []
    for name, parts in (("fit.left_out", view.room.left_out), ("fit.shortened", view.room.shortened)):
        if parts:
            named = ", ".join(words(f"fit.part.{part.value}") for part in parts)
            said.append(words(name, parts=named))
    return [line(run(f"✂ {' '.join(said)}", color="Warning"))] if said else []


def _about_the_person(case: Case, view: View) -> list[BareObject]:
    if case.sender.connector_id:
        return _past(case, view)
    return _request(case, view) if case.is_undecided else [_more(case, view)]


def _more(case: Case, view: View) -> BareObject:
    """Once decided the request is history: one button away, not in the way."""
    unfolding = [unfold(view.words("button.request"), _request(case, view)), *_looked_into(case, view)]
    if case.status is Status.FAILED:
        unfolding += view.room.fit(Part.EXECUTION, [unfold(view.words("support.title"), support_pack(case, view))])
    return actions(*unfolding)


def _request(case: Case, view: View) -> list[BareObject]:
    return [
        box(
            [*proof_lines(case, view), *view.room.fit(Part.OTHERS, others_lines(case, view))],
            style="emphasis",
            spacing="Medium",
        ),
        *view.room.fit(Part.ANSWERS, _words_of_the_person(case, view)),
        *_past(case, view),
        *_evidence(case, view),
    ]


def _evidence(case: Case, view: View) -> list[BareObject]:
    fold = _looked_into(case, view) if case.is_undecided else []
    return [actions(*fold)] if fold else []


def _looked_into(case: Case, view: View) -> list[BareObject]:
    """What was found out, and what responders can do about it."""
    evidence = view.room.fit(Part.EVIDENCE, evidence_fold(case, view))
    return [*evidence, *contain_form(case, view), *limits_form(case, view)]


def _asked(case: Case, view: View) -> BareObject:
    """How long it waits, by the reader's own clock; once decided it is a time among others, by theirs."""
    when, times = moment(case.request.sent_at or case.opened_at), case.past.times_asked
    if case.is_undecided:
        asked = view.words.count_timed("approver.asked_at.yours", times, when=when)
        return timed_line(asked, subtle=True, spacing="None")
    return line(run(view.words.count("approver.asked_at", times, when=when), subtle=True), spacing="None")


def _who(case: Case, view: View) -> list[BareObject]:
    words = view.words
    whose = case.sender.mailbox.name if case.sender.mailbox else case.sender.name
    if case.sender.connector_id:
        named = line(
            run(words("connector.named"), bold=True), f"  {user_text(case.sender.connector_id, 80)}", separator=True
        )
        return [named, *who_asked_lines(case, view), *_looked_at(case, view)]
    lines = [
        line(run(user_text(whose, 80), bold=True), f"  {addresses_of(case)}", separator=True),
        *who_asked_lines(case, view),
        *who_to_call(case, view),
    ]
    if case.request.sole_approver and case.is_undecided:
        lines.append(line(run(f"⚠️ {words('approver.nobody_left')}", bold=True, color="Attention")))
    if case.contact.found_by_monitor_at and case.request.sent_at is None and not case.status.is_ended:
        told = "noticed.not_told" if case.contact.unreachable else "noticed.told"
        lines.append(line(run(f"👁 {words(told, when=moment(case.contact.found_by_monitor_at))}", color="Accent")))
    if case.contact.unreachable and not case.status.is_ended:
        unreachable = words("approver.unreachable", error=user_text(case.contact.unreachable, 120))
        lines.append(line(run(f"📵 {unreachable}", color="Attention")))
    waits_for_another = case.needs_two or case.first_approval is not None
    if waits_for_another and (case.is_undecided or case.status is Status.FAILED):
        lines.append(line(run(f"👥 {_two_needed(case, view)}", bold=True, color="Attention")))
    return [*lines, *_looked_at(case, view)]


def _looked_at(case: Case, view: View) -> list[BareObject]:
    if case.request.reviewing is None or not case.is_undecided:
        return []
    mark = view.words(
        "approver.is_looking", name=user_text(case.request.reviewing.name, 80), when=moment(case.request.reviewing.at)
    )
    return [line(run(f"👀 {mark}", color="Accent"))]


def _two_needed(case: Case, view: View) -> str:
    """Who of the two approvers gave their word."""
    first = case.first_approval
    if first is None:
        return view.words("approver.two_needed")
    return view.words("approver.one_of_two", name=user_text(first.name, 80), when=moment(first.at))


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
    since = since_sentence(restriction, view)
    # What has left the list does not stay on it until anybody does anything.
    return since if case.status in _LEFT_THE_LIST else f"{since} {until_sentence(restriction, view)}"


def _words_of_the_person(case: Case, view: View) -> list[BareObject]:
    words = view.words
    rows = [(words("topic.mailing"), mailing_sentence(case.proofs.mailing, view)), *_first_answer(case, view)]
    if case.request.note:
        rows.append((words("approver.note"), user_text(case.request.note)))
    if case.request.question:
        rows.append(
            (
                words("approver.asked", name=user_text(case.request.question.asked.name, 80)),
                user_text(case.request.question.asked.text),
            )
        )
        if case.request.question.reply:
            rows.append((words("approver.reply"), user_text(case.request.question.reply)))
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
    lines = [line(run(" ".join(said), subtle=True), spacing="Small", separator=True)]
    if case.is_undecided and case.needs_word and not case.sender.connector_id:
        lines.append(line(run(words("suggest.checklist"), subtle=True), spacing="Small"))
    return lines


def _searched(case: Case, view: View) -> list[str]:
    """Whether the count of earlier restrictions is still without the audit log's."""
    listings = case.evidence.listings if case.evidence else ()
    if not isinstance(listings, Unknown):
        return []
    if listings.reason is UnknownReason.NOT_YET:
        return [view.words("past.searching")] if case.request.sent_at else []  # nobody searches before a request
    return [view.words("past.not_searched", why=view.words(f"why_not.{listings.reason.name.lower()}"))]
