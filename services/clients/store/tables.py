"""The tables. A case's row holds all that is known of it; rows of `events` are added, and changed only to forget."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    false,
)
from sqlalchemy.engine import Dialect

from services.domain.case.status import OPEN


class Moment(TypeDecorator[datetime]):
    """A time in UTC that is read with its zone, which SQLite does not store."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Document(TypeDecorator[Any]):
    """JSON. Text that is not JSON is read as `None`, so that one damaged row does not make a whole query fail."""

    impl = JSON
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        decode = super().result_processor(dialect, coltype)
        if decode is None:
            return None  # the driver decodes, and its server accepts only valid JSON

        def decoded(value: Any) -> Any:
            try:
                return decode(value)
            except ValueError:
                return None

        return decoded


metadata = MetaData()

cases = Table(
    "cases",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("version", Integer, nullable=False),
    Column("person", String(64), nullable=False, index=True),
    Column("mailbox", String(320), nullable=False),
    Column("status", String(32), nullable=False, index=True),
    Column("opened_at", Moment, nullable=False, index=True),
    Column("sent_at", Moment, index=True),
    Column("unblocked_at", Moment),
    Column("restricted", Boolean, nullable=False),
    # What reports count (see `domain/reporting`); durations in seconds.
    Column("cause", String(32)),
    Column("restricted_at", Moment),
    Column("decided_after", Integer),
    Column("works_after", Integer),
    Column("body", Document, nullable=False),
    # A case number is never used again, not even after a deletion.
    sqlite_autoincrement=True,
)
_open = cases.c.status.in_(sorted(OPEN))
# PostgreSQL has the same condition from the migrations; to name it here would load its dialect for SQLite, too.
Index("one_open_case", cases.c.mailbox, unique=True, sqlite_where=_open)
Index("ix_cases_mailbox", cases.c.mailbox)
Index("ix_cases_open", cases.c.number, sqlite_where=_open)

events = Table(
    "events",
    metadata,
    Column("case_number", Integer, ForeignKey("cases.number"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("actor", String(16), nullable=False),
    Column("verb", String(16), nullable=False),
    Column("who", String(64)),
    Column("name", String(256), nullable=False),
    Column("facts", Document, nullable=False),
)
Index("ix_events_who_verb", events.c.who, events.c.verb)

outbox = Table(
    "outbox",
    metadata,
    Column("case_number", Integer, ForeignKey("cases.number"), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("event", Integer, primary_key=True),
    Column("due", Moment, nullable=False, index=True),
    Column("held_until", Moment, index=True),
    Column("tries", Integer, nullable=False),
    Column("trace", String(64)),
)
Index("ix_outbox_kind", outbox.c.kind, outbox.c.due)

cards = Table(
    "cards",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("case_number", Integer, ForeignKey("cases.number"), nullable=False),
    Column("audience", String(16), nullable=False),
    Column("current", Boolean, nullable=False),
    Column("conversation", String(512), nullable=False),
    Column("service_url", String(512), nullable=False),
    Column("locale", String(32), nullable=False),
    Column("activity", String(256), nullable=False),
    Column("facts", Integer),
    UniqueConstraint("case_number", "audience", "conversation", "activity", name="one_row_a_card"),
)
Index("ix_cards_audience", cards.c.audience, cards.c.id)
Index("ix_cards_place", cards.c.conversation, cards.c.activity, cards.c.audience)

conversations = Table(
    "conversations",
    metadata,
    Column("whose", String(64), primary_key=True),
    Column("conversation", String(512), nullable=False),
    Column("service_url", String(512), nullable=False),
    Column("locale", String(32), nullable=False),
    Column("team", String(512), nullable=False, server_default=""),
    Column("language", String(16)),
)

lost_channels = Table(
    "lost_channels",
    metadata,
    Column("conversation", String(512), primary_key=True),
    Column("why", String(256), nullable=False),
    Column("since", Moment, nullable=False),
)

watch = Table(
    "watch",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("due", Moment, nullable=False),
    Column("begun", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("told", Boolean, nullable=False),
    Column("why", String(64)),
    Column("whose_unread", Boolean, nullable=False, server_default=false()),
)

watched = Table(
    "watched",
    metadata,
    Column("address", String(320), primary_key=True),
    Column("since", Moment),
    Column("absent_at", Moment),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("due", Moment),
)

stalls = Table(
    "stalls",
    metadata,
    Column("case_number", Integer, ForeignKey("cases.number"), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("reason", String(32), nullable=False),
    Column("since", Moment, nullable=False),
    Column("again_by", Moment, nullable=False),
    Column("told_at", Moment),
)

seen = Table(
    "seen",
    metadata,
    Column("conversation", String(512), primary_key=True),
    Column("activity", String(256), primary_key=True),
    Column("at", Moment, nullable=False, index=True),
)
