"""“Why is case 17 waiting?”, for an operator on the machine: plain lines, in which nobody is named unless that is asked
for, so that they can be passed on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from services.clients.store.trail import StallRow, TaskRow, TrailRow
from services.domain.case.case import Case
from services.domain.case.status import Status

_WAITS_FOR: Mapping[Status, str] = MappingProxyType(
    {
        Status.LOOKING: "for the first look at the restricted list, which goes on by itself",
        Status.SECURING: "for the sender, who secures the account and sends the request",
        Status.WAITING: "for an approver's decision",
        Status.NEEDS_INFO: "for the sender's reply to an approver's question; an approver may decide without it",
        Status.APPROVED: "for the removal, which goes on by itself",
        Status.FAILED: "for an approver: try again, a support ticket, or close; Exchange refused the removal",
        Status.UNBLOCKED: "for two reads of the list that do not show the sender any more, which go on by themselves",
        Status.OFF_LIST: "for the sender's word or a delivered message; it ends by itself",
        Status.NEEDS_TICKET: "for an approver: a support ticket at Microsoft, or close; still listed after the unblock",
        Status.WITH_MICROSOFT: "for Microsoft's support; the list is looked at on and on",
        Status.LAGGING: "for mail to flow again after the unblock; the sender is asked by itself",
        Status.REPORTED: "for an admin to work on it",
        Status.ASKED_BACK: "for the sender's word whether it works now",
        Status.MENDED: "for the sender's word or a delivered message",
        Status.ESCALATED: "for Microsoft's support",
    }
)
"""An ended case waits for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What the database has of a case at that moment."""

    case: Case
    tasks: Sequence[TaskRow]
    stalls: Sequence[StallRow]
    trail: Sequence[TrailRow]
    now: datetime


def report(read: Read, *, personal: bool) -> Iterator[str]:
    """The lines. `personal`: with names, addresses and Exchange's own words."""
    case = read.case
    yield f"case {case.number}: {case.status.value.replace('_', ' ')}, opened {_at(case.opened_at)}"
    if personal:
        yield f"sender: {case.sender.name} <{', '.join(case.sender.addresses)}>"
    yield "waits " + _WAITS_FOR.get(case.status, f"for nothing: it ended {_at(case.ended_at)}")
    yield from _conditions(case)
    yield from _removal(case, personal=personal)
    for stall in read.stalls:
        yield f"stalls: {_word(stall.kind)} fails since {_at(stall.since)}: {_word(stall.reason)}"
    yield from _tasks(read)
    yield "history:"
    yield from (_entry(row, personal=personal) for row in read.trail)


def _conditions(case: Case) -> Iterator[str]:
    if not case.is_undecided:
        return
    if case.intended:
        yield f"an approval is being checked since {_at(case.intended.at)}"
    if case.first_approval:
        yield f"one of two approvals is there since {_at(case.first_approval.at)}"
    elif case.needs_two:
        yield "two approvers are needed"
    for condition in case.conditions:
        yield f"condition: {_word(condition.value)}"
    for alarm in case.open_alarms:
        if alarm.found is not None:
            yield f"alarm: {_word(alarm.found.value)}"


def _removal(case: Case, *, personal: bool) -> Iterator[str]:
    unblock = case.unblock
    if unblock.calls or unblock.put_off:
        tried = f", the last {_at(unblock.tried_at)}" if unblock.tried_at else ""
        yield f"removal: {unblock.calls} calls, {unblock.put_off} put off{tried}"
    if unblock.waits_until and not unblock.done_at:
        yield f"removal: not before {_at(unblock.waits_until)}"
    if unblock.error and personal:
        yield f"removal: Exchange said: {' '.join(unblock.error.split())}"


def _tasks(read: Read) -> Iterator[str]:
    if not read.tasks:
        yield "tasks: none"
    for task in read.tasks:
        tries = f", tried {task.tries} times" if task.tries else ""
        yield f"task: {_word(task.kind)}, {_when(task, read.now)}{tries}"


def _when(task: TaskRow, now: datetime) -> str:
    if task.held_until is not None and task.held_until > now:
        return f"in work now, again at {_at(task.held_until)} if that process ends"
    if task.due <= now:
        return f"due since {_at(task.due)}, {_span(now - task.due)} ago"
    return f"next {_at(task.due)}, in {_span(task.due - now)}"


def _entry(row: TrailRow, *, personal: bool) -> str:
    entry = row.entry
    who = f" ({entry.name})" if personal and entry.name else ""
    status = entry.facts.get("status", "")
    return f"  {_at(entry.at)} {entry.actor.value}{who}: {_word(entry.verb.value)} → {_word(status)}"


def _word(identifier: str) -> str:
    return identifier.replace("_", " ")


def _at(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC") if moment else "at an unknown time"


def _span(span: timedelta) -> str:
    return str(timedelta(seconds=round(span.total_seconds())))
