"""What an error of the database's driver means: the database is away, the row exists already, or there is a bug.

an error of the driver
├── the connection broke, or cannot be made ..... away
├── a code of the tables below .................. away
├── a row of that key exists already ............ `is_duplicate`: the caller decides what it means
└── anything else: no such table or column, a
    value missing, too long or of a wrong type .. a bug, `DatabaseMisusedError`
"""

import sqlite3

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError

# https://www.sqlite.org/rescode.html: primary codes. SQLITE_ERROR (no such table or column, a mistake in a statement)
# comes as the same `OperationalError` as these, but is a bug.
_SQLITE_AWAY = frozenset(
    {
        sqlite3.SQLITE_PERM,  # the file's rights were taken from us
        sqlite3.SQLITE_BUSY,  # another process writes
        sqlite3.SQLITE_LOCKED,  # another connection of this process does
        sqlite3.SQLITE_READONLY,  # file or disk may not be written to
        sqlite3.SQLITE_INTERRUPT,  # stopped from outside
        sqlite3.SQLITE_IOERR,  # the disk fails
        sqlite3.SQLITE_CORRUPT,  # the file is damaged: an operator restores a backup
        sqlite3.SQLITE_FULL,  # no room on the disk
        sqlite3.SQLITE_CANTOPEN,  # the file was moved, or no more files may be opened
        sqlite3.SQLITE_PROTOCOL,  # the locks of the write-ahead log cannot be had
        sqlite3.SQLITE_NOTADB,  # the file was overwritten: an operator restores a backup
    }
)
_SQLITE_DUPLICATE = (sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE)

# https://www.postgresql.org/docs/current/errcodes-appendix.html: classes (two characters) and single codes
_POSTGRESQL_AWAY = (
    "08",  # the connection
    "25006",  # read-only: a standby, or a server whose disk is nearly full
    "25P03",  # closed because a transaction stood still
    "25P04",  # closed because a transaction took too long
    "40001",  # another transaction was first: the same again succeeds
    "40003",  # nobody can say whether the statement was completed
    "40P01",  # deadlock: the same again succeeds
    "53",  # no memory, no disk, too many connections
    "55P03",  # a lock was not to be had in time
    "57",  # cancelled, shutting down, starting, crashed, dropped
    "58",  # the server's own disk
    "XX001",  # damaged data: an operator restores a backup
    "XX002",  # a damaged index
)
_POSTGRESQL_DUPLICATE, _POSTGRESQL_DEADLOCK = "23505", "40P01"


class DatabaseMisusedError(Exception):
    """The database rejected a statement: a bug. The message contains no value of the statement or the row."""


def is_away(error: DBAPIError) -> bool:
    """Whether the error goes away by itself or when the operator repairs the database, so that trying again helps."""
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.Error):
        # An error without a code comes from the Python module, which is used wrongly.
        return _sqlite_code(error.orig) & 0xFF in _SQLITE_AWAY
    if state := _state(error.orig):
        return state.startswith(_POSTGRESQL_AWAY)
    # No server could be reached to give a code. Faults that psycopg finds in a statement are of another class.
    return isinstance(error, OperationalError)


def is_deadlock(error: DBAPIError) -> bool:
    """Whether two transactions waited for each other, and PostgreSQL ended this one."""
    return _state(error.orig) == _POSTGRESQL_DEADLOCK


def is_duplicate(error: IntegrityError) -> bool:
    """Whether a row with that key or unique value exists already."""
    if isinstance(error.orig, sqlite3.Error):
        return _sqlite_code(error.orig) in _SQLITE_DUPLICATE
    return _state(error.orig) == _POSTGRESQL_DUPLICATE


def misused(error: DBAPIError) -> DatabaseMisusedError:
    """The error to raise in place of the driver's, without values.

    PostgreSQL's message shows the rejected row below its first line, and a value that it cannot read in the first line
    itself. These may be what people wrote, which must not be logged."""
    driver = error.orig
    code = getattr(driver, "sqlite_errorname", None) or _state(driver) or "without a code"
    sentence = "a value it cannot take" if isinstance(error, DataError) else str(driver).partition("\n")[0]
    return DatabaseMisusedError(f"{type(driver).__name__}, {code}: {sentence}").with_traceback(error.__traceback__)


def _sqlite_code(driver: sqlite3.Error) -> int:
    code: int = getattr(driver, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return code


def _state(driver: BaseException | None) -> str:
    """The SQLSTATE of psycopg's error, where the server gave one."""
    return getattr(driver, "sqlstate", None) or ""
