"""The lines below an approvers' card: what happened that they should notice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from cards.approver.intended import dropped_sentence
from cards.approver.plan_lines import STEP_NAMES
from cards.facts import worse_sentences
from cards.text import user_text
from cards.view import View
from services.domain.case.case import Case
from services.domain.case.facts import what_is_worse
from services.domain.case.stall import Stall
from services.domain.case.standing_lines import LineKind, stands
from services.domain.case.status import Status
from services.domain.case.transition import HistoryEntry
from services.domain.case.workflow import Actor, Verb
from services.domain.containment.containment import ContainmentStep, StepOutcome
from services.domain.limits.change import Stage
from services.domain.unknown import UnknownReason

CLAIMS: Mapping[str, LineKind] = MappingProxyType(
    {
        "tell.reminder": LineKind.REMINDER,
        "tell.reminder_failed": LineKind.REMINDER,
        "tell.reminder_ticket": LineKind.REMINDER,
        "tell.reminder_digest": LineKind.REMINDER,
        "tell.trouble_reminder": LineKind.REMINDER,
        "tell.trouble_bouncing": LineKind.REMINDER,
        "tell.failed": LineKind.REMINDER,
        "tell.needs_ticket": LineKind.REMINDER,
        "tell.lapsed": LineKind.REMINDER,
        "tell.mention": LineKind.NOBODY_LOOKS,
        "tell.mention_digest": LineKind.NOBODY_LOOKS,
        "tell.one_of_two": LineKind.ONE_OF_TWO,
        "tell.stopped_earlier": LineKind.STOPPED_EARLIER,
        "tell.keeps_coming": LineKind.KEEPS_COMING,
        "tell.cannot_look": LineKind.CANNOT_LOOK,
        "tell.second_responder": LineKind.SECOND_RESPONDER,
        "tell.second_back": LineKind.SECOND_BACK,
        "tell.uncontained": LineKind.UNCONTAINED,
        "tell.released_and_stopped": LineKind.UNCONTAINED,
        "tell.limits_proposed": LineKind.LIMITS_PROPOSED,
        "tell.limits_failed": LineKind.LIMITS_FAILED,
        "tell.limits_ended": LineKind.LIMITS_ENDED,
        "stalled.unblock": LineKind.STALLED_UNBLOCK,
        "stalled.check": LineKind.STALLED_CHECK,
        "stalled.contain": LineKind.STALLED_CONTAIN,
        "stalled.limits": LineKind.STALLED_LIMITS,
    }
)
"""The sentences that say how something stands, and what of it. They are changed once it stands so no more; every other
sentence tells what happened, and stays."""
_ON_STATUS = {
    Status.FAILED: "tell.failed",
    Status.NEEDS_TICKET: "tell.needs_ticket",
}
_REMINDS_OF = {
    Status.FAILED: "tell.reminder_failed",
    Status.NEEDS_TICKET: "tell.reminder_ticket",
}
_SETTLED = {
    LineKind.REMINDER: "tell.waits_no_more",
    LineKind.STOPPED_EARLIER: "tell.waits_no_more",
    LineKind.NOBODY_LOOKS: "settled.nobody_looks",
    LineKind.ONE_OF_TWO: "settled.one_of_two",
    LineKind.SECOND_RESPONDER: "settled.second_responder",
    LineKind.SECOND_BACK: "settled.second_responder",
    LineKind.UNCONTAINED: "settled.uncontained",
    LineKind.LIMITS_PROPOSED: "settled.limits",
    LineKind.LIMITS_FAILED: "settled.limits",
    LineKind.LIMITS_ENDED: "settled.limits",
    LineKind.KEEPS_COMING: "settled.keeps_coming",
    LineKind.CANNOT_LOOK: "settled.cannot_look",
}
"""What is said once it stands so no more; of the others that nothing holds it up."""
_NAMED = 10


_OF_TROUBLES = {
    Verb.REMIND: "tell.trouble_reminder",
    Verb.REPLY: "tell.replied",
    Verb.BOUNCING: "tell.trouble_bouncing",
}
_OF_DIGESTS = {Verb.REMIND: "tell.reminder_digest", Verb.MENTION: "tell.mention_digest"}
_IN_WORK = (Status.REPORTED, Status.ASKED_BACK, Status.ESCALATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A line: the name of its sentence, and the sentence."""

    name: str
    text: str

    @property
    def claim(self) -> LineKind | None:
        """What it says of how the case stands; `None` where it tells what happened."""
        return CLAIMS.get(self.name)


def told(case: Case, event: HistoryEntry, view: View) -> Told | None:
    """The line for an entry of the history; `None` where the case has changed since and the line would mislead."""
    view = view.about(case)
    line = (
        _of_the_trouble(case, event, view)
        if case.trouble
        else _of_the_release(case, event, view) or _of_who_asks(case, event, view) or _told(case, event, view)
    )
    return None if line is None or (line.claim and not stands(line.claim, case)) else line


def _line(case: Case, view: View, sentence: str, /, *more: str, **filled: object) -> Told:
    facts = {"number": str(case.number), "name": user_text(case.sender.name, 80)}
    return Told(name=sentence, text=" ".join([view.words(sentence, **{**facts, **filled}), *more]))


def _told(case: Case, event: HistoryEntry, view: View) -> Told | None:
    if event.verb is Verb.REMIND:
        name = "tell.reminder" if case.is_undecided else _REMINDS_OF.get(case.status)
        return _line(case, view, name, when=view.brief(_waits_since(case))) if name else None
    if event.verb is Verb.MENTION:
        return _nobody_looks(case, view)
    if event.verb is Verb.SEND:
        why = view.words(f"why_not.{(case.look_failed or UnknownReason.UNREACHABLE).name.lower()}")
        return _line(case, view, "tell.cannot_look", why=why, when=view.brief(event.at))
    if event.verb is Verb.LIMITS:
        return _limits(case, view)
    if event.verb in (Verb.CONTAIN, Verb.PUT_BACK, Verb.GATHER):
        return _contained(case, event, view)
    if event.verb in (Verb.APPROVE, Verb.RETRY, Verb.DECIDE) and case.first_approval is not None:
        return _line(case, view, "tell.one_of_two")
    if len(case.facts) > 1 and (event.verb is Verb.RECHECK or (event.verb is Verb.READ and case.is_undecided)):
        worse = worse_sentences(what_is_worse(case.facts[-2], case.facts[-1]), view)
        name = "tell.facts_worse" if event.verb is Verb.RECHECK else "tell.entries_worse"
        return _line(case, view, name, *worse) if worse else None
    if event.verb is Verb.UNBLOCK and case.is_undecided and case.lapsed is not None:
        worse = worse_sentences(case.lapsed.worse, view) or [view.words("lapsed.too_long")]
        return _line(case, view, "tell.lapsed", *worse)
    if case.status is Status.RELAPSED:
        return _line(case, view, "tell.relapsed", next=str(case.past.followed_by))
    return _line(case, view, _ON_STATUS[case.status]) if case.status in _ON_STATUS else None


def _nobody_looks(case: Case, view: View) -> Told | None:
    """For others than the approvers; nothing where it waits for a reply."""
    if case.status is not Status.WAITING:
        return None
    if case.first_approval is not None:
        return _line(case, view, "tell.one_of_two")
    return _line(case, view, "tell.mention", when=view.brief(_waits_since(case)))


def _waits_since(case: Case) -> datetime:
    """Since when the approvers are waited for."""
    if case.unresolved is not None:
        return case.unresolved.since
    return (case.lapsed.at if case.lapsed else case.request.sent_at) or case.opened_at


def _of_who_asks(case: Case, event: HistoryEntry, view: View) -> Told | None:
    """An answer of theirs, or that one of several took back what they asked for."""
    if event.verb is Verb.REPLY and case.is_undecided:
        return _line(case, view, "tell.replied")
    if event.verb is Verb.WITHDRAW and not case.status.is_ended:
        return _line(case, view, "tell.withdrew", who=user_text(event.name, 80))
    return None


def _of_the_trouble(case: Case, event: HistoryEntry, view: View) -> Told | None:
    name = _OF_TROUBLES.get(event.verb) if case.status in _IN_WORK else None
    who = user_text(event.name or case.sender.name, 80)
    return _line(case, view, name, name=who, when=view.brief(_waits_since(case))) if name else None


def _of_the_release(case: Case, event: HistoryEntry, view: View) -> Told | None:
    """An intended approval that was not taken, or what happens to a release that was stopped."""
    if event.verb is Verb.DECIDE:
        return _line(case, view, "tell.dropped", why=dropped_sentence(case.dropped, view)) if case.dropped else None
    if event.verb is Verb.HOLD_UP:
        return _line(case, view, "tell.keeps_coming")
    if event.verb in (Verb.PASS_ON, Verb.STOP) and case.stopped is None and case.episode.denials:
        who = user_text(case.episode.denials[-1].name, 80)
        return _line(case, view, "tell.stopped_earlier", who=who)
    if case.stopped is None:
        return None
    if event.verb is Verb.STOP:
        return _line(case, view, "tell.stopped", who=user_text(event.name, 80))
    if event.verb is Verb.WORKS:
        return _line(case, view, "tell.works_of_stopped")
    released = event.verb is Verb.UNBLOCK and case.unblock.done_at is not None
    return _line(case, view, "tell.released_and_stopped") if released else None


def reminder_of_many(cases: Sequence[Case], view: View) -> Told:
    """One line for several cases in the same status, which is one that is reminded of. The first ten are named."""
    name = _REMINDS_OF[cases[0].status]
    when = view.brief(min(map(_waits_since, cases)))
    return Told(name=name, text=view.words.count(f"{name}.many", len(cases), cases=_named(cases), when=when))


def line_of_digest(event: HistoryEntry, view: View) -> Told | None:
    """One line for the cases of a digest that wait, if that is what the entry is about."""
    name = _OF_DIGESTS.get(event.verb)
    return Told(name=name, text=view.words(name)) if name else None


def stalled(stalls: Sequence[Stall], cases: Sequence[Case], view: View) -> Told:
    """One line for steps of one kind that the same reason holds up, of these cases. The first ten are named."""
    name = f"stalled.{stalls[0].kind.name.lower()}"
    why = view.words(f"why_not.{stalls[0].reason.name.lower()}")
    when = view.brief(min(stall.since for stall in stalls))
    return Told(name=name, text=view.words(name, cases=_named(cases), why=why, when=when))


def settled(kind: LineKind, cases: Sequence[Case], view: View) -> str:
    """What stands in place of a line once what it said is true of none of these cases. It stays for good, and so it has
    their numbers and nobody's name."""
    numbers = ", ".join(str(case.number) for case in cases)
    return view.words.count(_SETTLED.get(kind, "settled.stall"), len(cases), cases=numbers)


def _named(cases: Sequence[Case]) -> str:
    names = ", ".join(f"{case.number} ({user_text(case.sender.name, 80)})" for case in cases[:_NAMED])
    return f"{names}, …" if len(cases) > _NAMED else names


def asks_for_a_decision(case: Case, event: HistoryEntry) -> bool:
    """Whether the line waits for an approver to decide, rather than tells what has happened."""
    if case.status is Status.REPORTED:
        return event.verb in _OF_TROUBLES
    if event.verb in (Verb.REMIND, Verb.MENTION):
        return True
    return case.is_undecided and event.verb in (Verb.REPLY, Verb.APPROVE, Verb.DECIDE)


def _contained(case: Case, event: HistoryEntry, view: View) -> Told | None:
    """A second responder is needed still, or not every step worked, or the account is contained no more."""
    if event.verb is Verb.GATHER or event.facts.get("outcome") == "checked":
        return _line(case, view, "tell.uncontained")
    if event.actor is Actor.CLOCK:
        if event.facts.get("outcome") == "held":
            return _line(case, view, "tell.not_put_back")
        step = event.facts.get("step", "")
        if event.verb is Verb.CONTAIN and event.facts.get("outcome") == StepOutcome.UNCLEAR and step in STEP_NAMES:
            named = view.words(f"contain.step.{STEP_NAMES[ContainmentStep(step)]}")
            return _line(case, view, "tell.gave_up", step=named, when=view.brief(event.at))
        return _line(case, view, "tell.step_failed")
    who = user_text(event.name, 80)
    return _line(case, view, "tell.second_back" if event.verb is Verb.PUT_BACK else "tell.second_responder", who=who)


def _limits(case: Case, view: View) -> Told | None:
    """A proposal to look at, a failure, or an end date that has come; nothing where it has changed since."""
    work = case.limit_change
    if work is None:
        return None
    name = {Stage.PROPOSED: "tell.limits_proposed", Stage.FAILED: "tell.limits_failed"}.get(work.stage)
    if work.stage is Stage.APPLIED and work.has_ended:
        name = "tell.limits_ended"
    return _line(case, view, name) if name else None
