"""What is written of a case, each within a transaction of its caller's. Statements are built once: building one takes
longer than SQLite does to carry it out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, insert, or_, select, union_all, update
from sqlalchemy import case as case_of
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.clients.store.case_schema import read, write
from services.clients.store.database import upsert
from services.clients.store.faults import is_duplicate
from services.clients.store.outbox import drop
from services.clients.store.tables import cases, conversations, events, outbox, seen
from services.clients.store.which_cases import mailbox_key, newest_of, open_about_mailbox
from services.domain.case.case import UNNUMBERED, Case
from services.domain.case.history import HistoryMark
from services.domain.case.parts import CaseNumber
from services.domain.case.timers import Timers
from services.domain.case.transition import SCHEDULED, TaskKind, Transition
from services.domain.case.workflow import Verb
from services.domain.reporting.case_figures import CaseFigures, figures_of
from services.ports.errors import ChangedMeanwhile, DuplicateActivity
from services.ports.storage import ActivityId, OutboxTask
from services.ports.tracing import TRACE

NOTHING_HELD: Mapping[TaskKind, datetime] = MappingProxyType({})

_REMEMBERED_FOR, _FORGOTTEN_EVERY = timedelta(hours=1), timedelta(minutes=1)
_TELLS_WHICH_MAILBOX = (Verb.LOOK, Verb.FORGET)
"""The only changes of a saved case that may give it another key: it is known now which mailbox it is, or no longer."""

_FORGET_SEEN = delete(seen).where(seen.c.at < bindparam("before"))
_INSERT_SEEN = insert(seen)
_MARK = select(func.count(), func.coalesce(func.sum(cases.c.version), 0)).where(
    cases.c.mailbox.in_(bindparam("keys", expanding=True))
)
_INSERT_CASE = insert(cases).returning(cases.c.number)
_UPDATE_CASE = update(cases).where(
    cases.c.number == bindparam("that_number"), cases.c.version == bindparam("that_version")
)
_INSERT_EVENT = insert(events)
_DELETE_OBSOLETE = delete(outbox).where(
    outbox.c.case_number == bindparam("number"), outbox.c.kind.in_(bindparam("kinds", expanding=True))
)


class Processed:
    """The activities that were processed. The old ones are forgotten once in a while, and not in each write."""

    def __init__(self) -> None:
        self._forgot_at: datetime | None = None

    async def note(self, connection: AsyncConnection, activity: ActivityId, at: datetime) -> None:
        """Note that it was processed. Raises `DuplicateActivity` if it was before."""
        if self._forgot_at is None or not timedelta() <= at - self._forgot_at < _FORGOTTEN_EVERY:
            await connection.execute(_FORGET_SEEN, {"before": at - _REMEMBERED_FOR})
            self._forgot_at = at
        row = {"conversation": activity.conversation_id, "activity": activity.activity_id, "at": at}
        try:
            await connection.execute(_INSERT_SEEN, row)
        except IntegrityError as refused:
            if not is_duplicate(refused):
                raise
            raise DuplicateActivity from None


async def require(connection: AsyncConnection, mark: HistoryMark, mailbox: Sequence[str]) -> None:
    """Raise `ChangedMeanwhile` where the mailbox's cases, by any of its keys, are not those that were read."""
    row = (await connection.execute(_MARK, {"keys": [mailbox_key(key) for key in mailbox]})).one()
    if HistoryMark(cases=row[0], versions=row[1]) != mark:
        raise ChangedMeanwhile


async def write_transition(
    connection: AsyncConnection,
    transition: Transition,
    timers: Timers,
    completes: OutboxTask | None,
    holds: Mapping[TaskKind, datetime] = NOTHING_HELD,
) -> Case:
    """The case as it was saved, with its event, its tasks and its timers.

    Raises:
        ChangedMeanwhile: it, or the task that this completes, is another by now.
    """
    # The case first, then its tasks: two writers that lock them in different orders could wait for each other for ever.
    body = write(transition.case)
    number, version = await _write_case(connection, transition.case, body, transition.event.verb)
    if completes is not None and not await drop(connection, completes):
        raise ChangedMeanwhile  # its lease is over: another process may be running it
    event = transition.event
    row = {
        "case_number": number,
        "seq": version,
        "at": event.at,
        "actor": event.actor,
        "verb": event.verb,
        "who": event.who,
        "name": event.name[:256],
        "facts": dict(event.facts),
    }
    await connection.execute(_INSERT_EVENT, row)
    if transition.case.number != UNNUMBERED:  # of a new case nothing is planned
        obsolete = {"number": number, "kinds": sorted(SCHEDULED - set(timers))}
        await connection.execute(_DELETE_OBSOLETE, obsolete)
    effects = [
        _task(number, kind, version, holds.get(kind, event.at), held_until=holds.get(kind))
        for kind in sorted(transition.effects)
    ]
    planned = [_task(number, kind, 0, due) for kind, due in sorted(timers.items())]
    await _write_tasks(connection, [*effects, *planned], event.at)
    return read(body, number, version)


async def forget(connection: AsyncConnection, number: CaseNumber) -> None:
    """Delete people and error texts from a case's history, and the chat of a person of whom no other case tells. What
    happened, when and why stays."""
    person = (await connection.execute(select(cases.c.person).where(cases.c.number == number))).scalar()
    others = select(cases.c.number).where(cases.c.person == person, cases.c.number != number).exists()
    await connection.execute(delete(conversations).where(conversations.c.whose == person, ~others))
    mine = events.c.case_number == number
    await connection.execute(update(events).where(mine).values(who=None, name=""))
    for row in (await connection.execute(select(events.c.seq, events.c.facts).where(mine))).all():
        if row.facts and "error" in row.facts:
            kept = {name: value for name, value in row.facts.items() if name != "error"}
            await connection.execute(update(events).where(mine, events.c.seq == row.seq).values(facts=kept))


async def open_number(connection: AsyncConnection, case: Case) -> CaseNumber | None:
    """The number of a case that was opened for its mailbox meanwhile, which is used instead of a new one; `None` if
    there is none."""
    number = (await connection.execute(newest_of(open_about_mailbox(case.sender.mailbox_keys)))).scalar()
    return None if number is None else CaseNumber(number)


async def follow(connection: AsyncConnection, case: Case, number: CaseNumber) -> Case:
    """Store in the older case the number of the one that follows it, which is known only after that was saved."""
    case = replace(case, past=replace(case.past, followed_by=number))
    await connection.execute(update(cases).where(cases.c.number == case.number).values(body=write(case)))
    return case


async def _write_case(connection: AsyncConnection, case: Case, body: object, verb: Verb) -> tuple[CaseNumber, int]:
    row = {
        "version": case.version + 1,
        "person": case.sender.person,
        "mailbox": mailbox_key(case.sender.mailbox_keys[0]) if case.sender.mailbox_keys else "",
        "status": case.status,
        "opened_at": case.opened_at,
        "sent_at": case.request.sent_at,
        "unblocked_at": case.unblock.done_at,
        "restricted": case.restriction is not None,
        **_counted(figures_of(case)),
        "body": body,
    }
    try:
        if case.number == UNNUMBERED:
            return CaseNumber((await connection.execute(_INSERT_CASE, row)).scalar_one()), 1
        if verb not in _TELLS_WHICH_MAILBOX:
            del row["mailbox"]
        which = {"that_number": case.number, "that_version": case.version}
        changed = await connection.execute(_UPDATE_CASE, {**row, **which})
    except IntegrityError as refused:
        if not is_duplicate(refused):
            raise  # a bug and not a second open case: repeating the command would fail again, for ever
        raise ChangedMeanwhile from None
    if changed.rowcount != 1:
        raise ChangedMeanwhile
    return case.number, case.version + 1


def _counted(figures: CaseFigures) -> dict[str, Any]:
    decided, works = figures.decided_after, figures.works_after
    return {
        "cause": figures.cause,
        "restricted_at": figures.restricted_at,
        "decided_after": None if decided is None else int(decided.total_seconds()),
        "works_after": None if works is None else int(works.total_seconds()),
    }


def _task(
    number: int, kind: TaskKind, event: int, due: datetime, *, held_until: datetime | None = None
) -> dict[str, Any]:
    tries = 0 if held_until is None else 1
    row = {"case_number": number, "kind": kind, "event": event, "due": due, "held_until": held_until, "tries": tries}
    return {**row, "trace": TRACE.get() or None}


async def _write_tasks(connection: AsyncConnection, tasks: Sequence[dict[str, Any]], now: datetime) -> None:
    """Write what a change causes, and replace the timed tasks of its case. A task that is claimed keeps its due time: a
    worker is running it. A look at the list or at message trace that is due sooner stays so: it counts from the last
    look, and not from whatever else is saved, such as a reminder of the same minute."""
    if tasks:
        given = {f"{name}_of_{at}": value for at, row in enumerate(tasks) for name, value in row.items()}
        await connection.execute(_upsert_tasks(connection.dialect.name, len(tasks)), {**given, "now": now})


@cache
def _upsert_tasks(dialect: str, number: int) -> Any:
    """One statement for so many tasks. Given as a list of rows, each would be carried out by itself; as rows of VALUES,
    SQLAlchemy would build its text anew each time, which takes longer than all else that is done for it."""
    rows = [
        select(*(bindparam(f"{column.name}_of_{at}", type_=column.type) for column in outbox.c)) for at in range(number)
    ]
    statement = upsert(dialect, outbox).from_select(outbox.c.keys(), union_all(*rows))
    replaced = statement.excluded
    changes = {name: replaced[name] for name in ("held_until", "tries", "trace")}
    return statement.on_conflict_do_update(
        index_elements=[outbox.c.case_number, outbox.c.kind, outbox.c.event],
        set_={"due": _sooner_for_looks(replaced.due), **changes},
        where=or_(outbox.c.held_until.is_(None), outbox.c.held_until <= bindparam("now")),
    )


def _sooner_for_looks(due: Any) -> Any:
    is_look = or_(outbox.c.kind == TaskKind.CHECK.value, outbox.c.kind == TaskKind.PROVE.value)
    return case_of((and_(is_look, outbox.c.due < due), outbox.c.due), else_=due)
