"""All that a first look needs to know of whoever asks, in one read: of somebody new it is one statement."""

from collections.abc import Awaitable
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Row, and_, bindparam, exists, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.clients.store.cases import SqlCaseStore
from services.clients.store.conversations import CHAT_OF, place, spoken
from services.clients.store.database import Database
from services.clients.store.tables import cases, conversations, events, seen
from services.domain.case.history import HistoryMark, SenderHistory
from services.domain.case.parts import CaseNumber
from services.domain.case.workflow import Verb
from services.domain.people import PersonId
from services.ports.activity import ActivityId
from services.ports.askers import Asker, Clicker
from services.ports.errors import UnreadableCase
from services.ports.teams import ConversationRef

_Read = TypeVar("_Read")
_NOTHING_YET = SenderHistory(unblocks=0, requests=0)


class SqlAskers:
    """Implements the port `Askers`."""

    def __init__(self, database: Database, cases: SqlCaseStore) -> None:
        self._database, self._cases = database, cases

    async def of(self, person: PersonId, conversation: ConversationRef, activity: ActivityId, since: datetime) -> Asker:
        given = {
            "person": person,
            "mailbox": person.casefold(),
            "conversation": activity.conversation_id,
            "activity": activity.activity_id,
        }
        async with self._database.reading() as connection:
            row = (await connection.execute(_at_once(), given)).one()
            chat, mark = _chat(row), HistoryMark(cases=row.about, versions=row.versions)
            known = Asker(
                conversation=spoken(conversation, row.language),
                unstored=None if chat == conversation else conversation,
                was_processed=row.processed,
                newest=None,
                open=None,
                last=None,
                history=_NOTHING_YET,
                mark=mark,
                is_new=not (row.about or row.asked or row.joined),
            )
            return known if known.is_new else await self._with_cases(connection, known, person, since)

    async def clicker(self, person: PersonId, conversation: ConversationRef, number: CaseNumber | None) -> Clicker:
        async with self._database.reading() as connection:
            row = (await connection.execute(CHAT_OF, {"whose": person})).first()
            case = await _found(self._cases.on(connection).get(number)) if number else None
        is_stored = row is not None and place(row) == conversation
        return Clicker(
            conversation=spoken(conversation, row.language if row else None),
            unstored=None if is_stored else conversation,
            case=case,
        )

    async def _with_cases(self, connection: AsyncConnection, known: Asker, person: PersonId, since: datetime) -> Asker:
        on = self._cases.on(connection)
        return Asker(
            conversation=known.conversation,
            unstored=known.unstored,
            was_processed=known.was_processed,
            newest=await _found(on.latest_of(person)),
            open=await _found(on.open_of(person)),
            last=await _found(on.latest_about(person)),
            history=await _found(on.history_of(person, since)),
            mark=known.mark,
            is_new=False,
        )


@cache
def _at_once() -> Any:
    """Their chat, whether what they wrote was processed, and how many cases there are: about their mailbox, of their
    asking, and whether they joined one."""
    person: Any = bindparam("person")
    mailbox: Any = bindparam("mailbox")
    processed = exists().where(
        seen.c.conversation == bindparam("conversation"), seen.c.activity == bindparam("activity")
    )
    about = select(func.count()).where(cases.c.mailbox == mailbox).scalar_subquery()
    versions = select(func.coalesce(func.sum(cases.c.version), 0)).where(cases.c.mailbox == mailbox).scalar_subquery()
    joined = exists().where(and_(events.c.who == person, events.c.verb == Verb.JOIN.value))
    one = select(literal(1).label("one")).subquery()
    return select(
        conversations,
        processed.label("processed"),
        about.label("about"),
        versions.label("versions"),
        exists().where(cases.c.person == person).label("asked"),
        joined.label("joined"),
    ).select_from(one.outerjoin(conversations, conversations.c.whose == person))


def _chat(row: Row[Any]) -> ConversationRef | None:
    return place(row) if row.whose is not None else None


async def _found(question: Awaitable[_Read]) -> _Read | UnreadableCase:
    try:
        return await question
    except UnreadableCase as unreadable:
        return unreadable
