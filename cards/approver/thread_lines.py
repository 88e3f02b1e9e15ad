"""The lines below an approvers' card: what happened that they should notice."""

from collections.abc import Sequence

from cards.approver.intended import dropped_sentence
from cards.facts import worse_sentences
from cards.text import user_text
from cards.view import View
from services.domain.case.case import Case, Status
from services.domain.case.facts import what_is_worse
from services.domain.case.transition import HistoryEntry
from services.domain.case.workflow import Actor, Verb
from services.domain.limits.change import Stage
from services.domain.unknown import UnknownReason

_ON_STATUS = {
    Status.FAILED: "tell.failed",
    Status.NEEDS_TICKET: "tell.needs_ticket",
}
_STOPS = (Verb.UNBLOCK, Verb.READ, Verb.BOUNCING)
"""What brings a case to one of these; any other entry has a line about something else."""
_REMINDS_OF = {
    Status.FAILED: "tell.reminder_failed",
    Status.NEEDS_TICKET: "tell.reminder_ticket",
}
_NAMED = 10


_OF_TROUBLES = {
    Verb.REMIND: "tell.trouble_reminder",
    Verb.REPLY: "tell.replied",
    Verb.BOUNCING: "tell.trouble_bouncing",
}
_IN_WORK = (Status.REPORTED, Status.ASKED_BACK, Status.ESCALATED)


def told(case: Case, event: HistoryEntry, view: View) -> str | None:
    """The line for an entry of the history; `None` where the case has changed since and the line would mislead."""
    view = view.about(case)
    if case.trouble:
        return _of_the_trouble(case, event, view)
    return _of_the_release(case, event, view) or _of_who_asks(case, event, view) or _told(case, event, view)


def _told(case: Case, event: HistoryEntry, view: View) -> str | None:
    words = view.words
    facts = {"number": str(case.number), "name": user_text(case.sender.name, 80)}
    if event.verb is Verb.REMIND:
        name = "tell.reminder" if case.is_undecided else _REMINDS_OF.get(case.status)
        return words(name, **facts) if name else None
    if event.verb is Verb.MENTION:
        return _nobody_looks(case, view, facts)
    if event.verb is Verb.SEND:
        why = words(f"why_not.{(case.look_failed or UnknownReason.UNREACHABLE).name.lower()}")
        return words("tell.cannot_look", name=facts["name"], why=why)
    if event.verb is Verb.LIMITS:
        return _limits(case, view)
    if event.verb in (Verb.CONTAIN, Verb.PUT_BACK, Verb.GATHER):
        return _contained(case, event, view)
    if event.verb in (Verb.APPROVE, Verb.RETRY, Verb.DECIDE) and case.first_approval is not None:
        return words("tell.one_of_two", **facts)
    if len(case.facts) > 1 and (event.verb is Verb.RECHECK or (event.verb is Verb.READ and case.is_undecided)):
        worse = worse_sentences(what_is_worse(case.facts[-2], case.facts[-1]), view)
        name = "tell.facts_worse" if event.verb is Verb.RECHECK else "tell.entries_worse"
        return " ".join([words(name, **facts), *worse]) if worse else None
    if event.verb is Verb.UNBLOCK and case.is_undecided and case.lapsed is not None:
        worse = worse_sentences(case.lapsed.worse, view) or [words("lapsed.too_long")]
        return " ".join([words("tell.lapsed", **facts), *worse])
    if case.status is Status.RELAPSED:
        return words("tell.relapsed", **facts, next=str(case.past.followed_by))
    return words(_ON_STATUS[case.status], **facts) if case.status in _ON_STATUS else None


def _nobody_looks(case: Case, view: View, facts: dict[str, str]) -> str | None:
    """For others than the approvers: nothing where somebody looks by now."""
    if case.status is not Status.WAITING or case.request.reviewing is not None:
        return None
    if case.first_approval is not None:
        return view.words("tell.one_of_two", **facts)
    return view.words("tell.mention", **facts, when=view.brief(case.request.sent_at or case.opened_at))


def _of_who_asks(case: Case, event: HistoryEntry, view: View) -> str | None:
    """An answer of theirs, or that one of several took back what they asked for."""
    facts = {"number": str(case.number), "name": user_text(case.sender.name, 80)}
    if event.verb is Verb.REPLY and case.is_undecided:
        return view.words("tell.replied", **facts)
    if event.verb is Verb.WITHDRAW and not case.status.is_ended:
        return view.words("tell.withdrew", **facts, who=user_text(event.name, 80))
    return None


def _of_the_trouble(case: Case, event: HistoryEntry, view: View) -> str | None:
    name = _OF_TROUBLES.get(event.verb) if case.status in _IN_WORK else None
    facts = {"number": str(case.number), "name": user_text(event.name or case.sender.name, 80)}
    return view.words(name, **facts) if name else None


def _of_the_release(case: Case, event: HistoryEntry, view: View) -> str | None:
    """An intended approval that was not taken, or what happens to a release that was stopped."""
    facts = {"number": str(case.number), "name": user_text(case.sender.name, 80)}
    if event.verb is Verb.DECIDE:
        return view.words("tell.dropped", **facts, why=dropped_sentence(case.dropped, view)) if case.dropped else None
    if event.verb is Verb.HOLD_UP:
        return view.words("tell.keeps_coming", **facts)
    if event.verb in (Verb.PASS_ON, Verb.STOP) and case.stopped is None and case.episode.denials:
        who = user_text(case.episode.denials[-1].name, 80)
        return view.words("tell.stopped_earlier", **facts, who=who)
    if case.stopped is None:
        return None
    if event.verb is Verb.STOP:
        return view.words("tell.stopped", **facts, who=user_text(event.name, 80))
    if event.verb is Verb.WORKS:
        return view.words("tell.works_of_stopped", **facts)
    released = event.verb is Verb.UNBLOCK and case.unblock.done_at is not None
    return view.words("tell.released_and_stopped", **facts) if released else None


def reminder_of_many(cases: Sequence[Case], view: View) -> str:
    """One line for several cases in the same status, which is one that is reminded of. The first ten are named."""
    return view.words.count(f"{_REMINDS_OF[cases[0].status]}.many", len(cases), cases=_named(cases))


def waits_no_more(cases: Sequence[Case], view: View) -> str:
    """What a line says that these cases wait, once they do not."""
    return view.words.count("tell.waits_no_more", len(cases), cases=_named(cases))


def _named(cases: Sequence[Case]) -> str:
    names = ", ".join(f"{case.number} ({user_text(case.sender.name, 80)})" for case in cases[:_NAMED])
    return f"{names}, …" if len(cases) > _NAMED else names


def is_passing(case: Case, event: HistoryEntry) -> bool:
    """Whether the line is true only for as long as the case waits, and is changed afterwards; what happened stays."""
    if event.verb in (Verb.REMIND, Verb.MENTION) or (
        case.first_approval is not None and asks_for_a_decision(case, event)
    ):
        return True
    if case.trouble:
        return event.verb is Verb.BOUNCING
    lapsed = event.verb is Verb.UNBLOCK and case.is_undecided
    return lapsed or (case.status in _ON_STATUS and event.verb in _STOPS)


def asks_for_a_decision(case: Case, event: HistoryEntry) -> bool:
    """Whether the line waits for an approver to decide, rather than tells what has happened."""
    if case.status is Status.REPORTED:
        return event.verb in _OF_TROUBLES
    if event.verb in (Verb.REMIND, Verb.MENTION):
        return True
    return case.is_undecided and event.verb in (Verb.REPLY, Verb.APPROVE, Verb.DECIDE)


def _contained(case: Case, event: HistoryEntry, view: View) -> str | None:
    """A second responder is needed still, or not every step worked, or the account is contained no more."""
    facts = {"number": str(case.number), "name": user_text(case.sender.name, 80)}
    if event.verb is Verb.GATHER or event.facts.get("outcome") == "checked":
        return _uncontained(case, view)
    if event.actor is Actor.CLOCK:
        return view.words("tell.not_put_back" if event.facts.get("outcome") == "held" else "tell.step_failed", **facts)
    if case.containment is None:
        return None
    if event.verb is Verb.PUT_BACK:
        half = bool(case.containment.wanted_back)
        return view.words("tell.second_back", who=user_text(event.name, 80), **facts) if half else None
    waits = case.containment.confirmed is None
    return view.words("tell.second_responder", who=user_text(event.name, 80), **facts) if waits else None


def _uncontained(case: Case, view: View) -> str | None:
    if case.is_contained:
        return None
    return view.words("tell.uncontained", number=str(case.number), name=user_text(case.sender.name, 80))


def _limits(case: Case, view: View) -> str | None:
    """A proposal to look at, a failure, or an end date that has come; nothing where it has changed since."""
    work = case.limit_change
    if work is None:
        return None
    name = {Stage.PROPOSED: "tell.limits_proposed", Stage.FAILED: "tell.limits_failed"}.get(work.stage)
    if work.stage is Stage.APPLIED and work.has_ended:
        name = "tell.limits_ended"
    return view.words(name, number=str(case.number), name=user_text(case.sender.name, 80)) if name else None
