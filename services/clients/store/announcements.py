"""What is still to be told to the webhook."""

from datetime import datetime, timedelta

from sqlalchemy import and_, func, select

from services.clients.store.database import Database
from services.clients.store.tables import events, outbox
from services.domain.case.transition import TaskKind
from services.ports.storage import Ahead, OutboxTask

_LATE = timedelta(minutes=15)


class SqlAnnouncementStore:
    """Implements the port `AnnouncementStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ahead_of(self, task: OutboxTask) -> Ahead | None:
        of_case = and_(outbox.c.case_number == task.case, outbox.c.kind == task.kind, outbox.c.event < task.event)
        query = select(outbox.c.due, outbox.c.held_until).where(of_case).order_by(outbox.c.event.desc()).limit(1)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else Ahead(due=row.due, is_held=row.held_until is not None)

    async def untold_since(self, now: datetime) -> datetime | None:
        happened = and_(events.c.case_number == outbox.c.case_number, events.c.seq == outbox.c.event)
        late = and_(outbox.c.kind == TaskKind.WEBHOOK.value, events.c.at <= now - _LATE)
        query = select(func.min(events.c.at)).select_from(outbox.join(events, happened)).where(late)
        async with self._database.reading() as connection:
            since: datetime | None = (await connection.execute(query)).scalar()
        return since
