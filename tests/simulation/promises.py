"""The promises, as rules over a case before and after a change, and over a call of Remove."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from services.domain.case.case import Case
from services.domain.case.episode import alarm_of
from services.domain.case.facts import Facts
from services.domain.case.status import Status
from services.domain.evidence.report import Report, RiskLevel
from services.domain.restriction import Cause, Restriction
from services.domain.unknown import Unknown
from tests.simulation.outside import TIMING, Outside
from tests.simulation.tenant import Call

_SLACK = timedelta(minutes=11)
"""How far the clocks of two processes may be apart, and some time for a call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a history."""

    at: datetime
    actor: str
    verb: str
    who: str | None
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A change of a case, and what is around it."""

    before: Case | None
    after: Case
    lines: Sequence[Line]
    cases: Mapping[int, Case]
    outside: Outside

    @property
    def becomes(self) -> Status | None:
        """The status that it has now and had not before."""
        return None if self.before is not None and self.before.status is self.after.status else self.after.status


def broken_by(kept: Kept) -> Iterator[str]:
    """What this change does not keep."""
    if kept.becomes is Status.APPROVED:
        yield from _approval(kept)
    if kept.becomes in (Status.ALREADY_LIFTED, Status.OFF_LIST):
        yield from _absence(kept)
    if kept.before is None or kept.before.status is Status.LOOKING:
        yield from _goes_on(kept)
    else:
        yield from _stays(kept.before, kept.after)
    yield from _noted(kept)
    if kept.lines[-1].verb == "stop" and kept.before and kept.before.status in _STOPPABLE and not kept.becomes:
        yield "a stop that stops nothing"
    if kept.lines[-1].verb == "join" and not _asks(kept.after, kept.lines[-1].who):
        yield "somebody who asked as well is lost"


def _noted(kept: Kept) -> Iterator[str]:
    """What a change must leave behind beside the change itself."""
    case, line = kept.after, kept.lines[-1]
    if line.actor == "approver" and kept.before is not None and _asks(kept.before, line.who):
        yield f"somebody had a part in deciding their own case: {line.verb}"
    if kept.becomes is Status.RELAPSED and case.past.followed_by is None:
        yield "listed again, and no case follows"
    thief = case.evidence is not None and _shows_a_thief(case.evidence)
    if thief and case.restriction is not None and case.sender.person and not case.episode.looked_stolen:
        yield "it looks stolen, and that is not noted"


_STOPPABLE = (Status.APPROVED, Status.FAILED)
"""What a stop denies at once."""


def _asks(case: Case, who: str | None) -> bool:
    return who in {case.sender.person, *(one.by for one in case.request.also_asked)}


def _approval(kept: Kept) -> Iterator[str]:
    case, line, decision = kept.after, kept.lines[-1], kept.after.decision
    if decision is None or not decision.approved or decision.facts is None:
        yield "approved without a decision"
        return
    if decision.at != line.at or line.verb not in ("approve", "retry", "decide"):
        yield "approved on an older decision"
    if _asks(case, decision.by):
        yield "somebody decided their own case"
    two, first = _needs_two(case), kept.before.first_approval if kept.before else None
    if two and (first is None or first.by == decision.by):
        yield f"one approver alone, though {two}"
    saw = kept.before.first_approval_on if kept.before and first and first.by != decision.by else None
    if two and saw is not None and (worse := _worse(saw, decision.facts)):
        yield f"the first approver saw better facts: {worse}"
    number = kept.outside.pressed.get((case.number, decision.by, line.verb == "decide"))
    shown = next((facts for facts in case.facts if facts.number == number), None)
    if shown is not None and (worse := _worse(shown, decision.facts)):
        yield f"approved on worse facts than the card showed: {worse}"


def _needs_two(case: Case) -> str:
    """Why one approver is not enough; empty if one is. A contained account is left to the product."""
    decider = case.decision.by if case.decision else ""
    if any(denial.by != decider for denial in case.episode.denials):
        return "somebody else denied it"
    if case.containment is not None:
        return ""
    if case.episode.looked_stolen or (case.evidence and _shows_a_thief(case.evidence)):
        return "it looks stolen"
    return ""


def _shows_a_thief(report: Report) -> bool:
    forwarding, risk = report.forwarding, report.risk
    outside = forwarding is not None and not isinstance(forwarding, Unknown) and bool(forwarding.external)
    return outside or (not isinstance(risk, Unknown) and risk.level is RiskLevel.HIGH)


def _worse(shown: Facts, present: Facts) -> str:
    known = {entry.address: entry for entry in shown.entries}
    for entry in present.entries:
        before = known.get(entry.address)
        if before is None:
            return "another entry"
        if before.since and entry.since and entry.since > before.since:
            return "a later start"
        if entry.cause is Cause.SPAM and before.cause is Cause.POLICY_LIMIT:
            return "a worse cause"
    return "another alarm" if set(present.alarms) - set(shown.alarms) else ""


def _absence(kept: Kept) -> Iterator[str]:
    """Off the list takes two reads apart: not one that was empty by mistake."""
    tenant, now = kept.outside.tenant, kept.outside.clock.now()
    for address in kept.after.sender.addresses:
        entry = tenant.entries.get(address)
        seen_by = max(tenant.late.get(address, entry.since), entry.since) if entry and entry.since else now
        mistakes = [at for at in tenant.empty_at if at > now - 2 * TIMING.check_every]
        if now - seen_by > timedelta(minutes=30) and len(mistakes) < 2:
            yield f"believed to be off the list, and {address} is listed"


def _goes_on(kept: Kept) -> Iterator[str]:
    """A new case of a mailbox that never left the list knows what the one before knew."""
    case = kept.after
    former = [one for number, one in kept.cases.items() if number < case.number and _same_mailbox(one, case)]
    if not former or case.restriction is None or case.status is Status.LOOKING:
        return
    last = max(former, key=lambda one: one.number)
    entry = kept.outside.tenant.entries.get(case.restriction.address)
    if last.restriction is None or entry is None or entry.since is None or entry.since > last.opened_at:
        return
    if last.episode.ended_at is not None or last.status is Status.RELAPSED:
        return
    yield from _stays(last, case)


def _same_mailbox(one: Case, other: Case) -> bool:
    return bool(set(one.sender.mailbox_keys[:1]) & set(other.sender.mailbox_keys[:1]))


def _stays(before: Case, after: Case) -> Iterator[str]:
    """Alarms, denials and the baseline of one restriction are for ever."""
    if before.restriction is None or after.sender.person == "":
        return
    if {alarm_of(one) for one in before.episode.alarms} - {alarm_of(one) for one in after.episode.alarms}:
        yield "an alarm is lost"
    if before.episode.looked_stolen and not after.episode.looked_stolen:
        yield "it looked stolen, and that is forgotten"
    if set(before.episode.denials) - set(after.episode.denials):
        yield "a denial is lost"
    for one in fields(before.episode.baseline):
        was, now = (getattr(case.episode.baseline, one.name) for case in (before, after))
        if was not in (now, one.default) and not isinstance(was, Unknown):
            yield f"the baseline's {one.name} was overwritten"


def broken_by_call(case: Case, lines: Sequence[Line], call: Call, calls: Sequence[Call]) -> Iterator[str]:
    """What a call of Remove does not keep. `calls` are all for this case, this one the last."""
    decided = [line for line in lines if _approves(line)]
    if not decided:
        yield "a removal without an approval"
        return
    since = decided[-1].at
    stops = [line for line in lines if line.verb in ("stop", "deny") and line.at >= since]
    intents = [line for line in lines if line.verb == "unblock" and line.at >= since]
    if not intents or case.unblock.first_unclear_at is None:
        yield "a removal whose intent was not committed"
    elif stops and max(line.at for line in intents) > max(line.at for line in stops) + timedelta(seconds=1):
        yield "a removal after it was stopped"
    if call.at - since > TIMING.approval_lasts + _SLACK:
        yield "a removal on an approval that had lapsed"
    yield from _for_decided(case, call)
    yield from _sparing(call, [one for one in calls if one.at >= since and one.address == call.address])


def _approves(line: Line) -> bool:
    return line.verb in ("approve", "retry", "decide") and line.facts.get("status") == "approved"


def _for_decided(case: Case, call: Call) -> Iterator[str]:
    decision = case.decision
    if decision is None or decision.facts is None or not decision.approved:
        return  # stopped meanwhile: the approval that it was called for is gone from the case
    known = {entry.address for entry in decision.facts.entries}
    if call.address.casefold() not in known:
        yield "a removal of an entry that nobody decided about"
    for entry in call.read or ():
        if entry.address.casefold() == call.address.casefold() and (worse := later_than(entry, decision.facts)):
            yield f"a removal on an old decision: {worse}"


def later_than(entry: Restriction, decided: Facts) -> str:
    """In what an entry that the process had read is worse than what was decided about."""
    for one in decided.entries:
        if one.address == entry.address.casefold():
            if one.since and entry.since and entry.since > one.since:
                return "it began later"
            if entry.cause is Cause.SPAM and one.cause is Cause.POLICY_LIMIT:
                return "its cause is worse"
    return ""


def _sparing(call: Call, calls: Sequence[Call]) -> Iterator[str]:
    """Each call may use up one of the account's limited unblocks."""
    if sum(one.effective for one in calls) > 1:
        yield "two effective removals on one decision"
    spent = [one for one in calls if one.way != "not begun"]
    if len(spent) > 3:
        yield "more than three calls on one decision"
    for one in spent[:-1]:
        if call.at - one.at < TIMING.unblock_grace - _SLACK:
            yield "called again within the grace"
