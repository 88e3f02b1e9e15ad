"""PostgreSQL with as few round trips as can be: each costs both sides a wake-up, and a case asks hundreds of times."""

import select
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine

AUTOCOMMIT = "AUTOCOMMIT"
"""The isolation level of the engine: a question is one statement, without BEGIN before it and COMMIT after it. Each
statement sees what is committed by then, as it does inside a transaction of PostgreSQL's own level. A writer begins its
transaction itself; the driver commits or rolls back what was begun."""
_TRUSTED_FOR = 30.0
"""Seconds without use after which a connection is tried: what lies between may have dropped it without a word."""
_LEFT_AT = "left at"


def save_round_trips(engine: AsyncEngine, monotonic: Callable[[], float] = time.monotonic) -> None:
    """Only a connection that may be broken is tried before its use.

    `monotonic`: seconds, of a clock that never jumps."""

    @event.listens_for(engine.sync_engine, "checkin")
    def _left(_dbapi: object, record: Any) -> None:
        record.info[_LEFT_AT] = monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def _taken(dbapi: Any, record: Any, _proxy: object) -> None:
        if not _is_at_rest(dbapi):
            raise DisconnectionError("left in the middle of something")
        left_at = record.info.get(_LEFT_AT)
        if left_at is None or not _is_doubtful(dbapi, monotonic() - left_at):
            return
        try:
            engine.sync_engine.dialect.do_ping(dbapi)
        except engine.sync_engine.dialect.loaded_dbapi.Error as broken:
            # The others were broken by the same thing: each is replaced before its next use.
            raise InvalidatePoolError from broken


def _is_at_rest(dbapi: Any) -> bool:
    """Whether whoever used the connection last left nothing unfinished, even if they were cancelled: inside a pipeline
    nothing would be carried out, and inside a transaction of theirs nothing kept."""
    connection = dbapi.driver_connection.pgconn
    return not connection.pipeline_status and not connection.transaction_status


def _is_doubtful(dbapi: Any, unused_for: float) -> bool:
    """Whether the connection has stood unused for long, or its server has said something that nobody asked for, which
    it does when it ends the connection."""
    if unused_for > _TRUSTED_FOR:
        return True
    heard = select.poll()
    heard.register(dbapi.driver_connection.fileno(), select.POLLIN)
    return bool(heard.poll(0))
