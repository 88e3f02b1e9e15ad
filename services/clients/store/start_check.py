"""What a start looks at before it trusts a SQLite file."""

from collections.abc import Sequence

from sqlalchemy.engine import Connection

_WHOLE_UP_TO = 256 * 1_024 * 1_024
"""Bytes. A check reads every page: of a file of gigabytes, minutes in which nobody is answered."""
_ALWAYS = ("outbox", "conversations", "lost_channels", "watch", "watched", "stalls")
"""What the work rests on and stays small, however many cases there were."""


def damage(connection: Connection, whole_up_to: int = _WHOLE_UP_TO) -> str | None:
    """What SQLite finds wrong with its file; `None` if nothing. Of a larger file the small tables alone are looked at:
    a damaged case is refused when it is read. https://www.sqlite.org/pragma.html#pragma_quick_check"""
    for pragma in _pragmas(connection, whole_up_to):
        found = str(connection.exec_driver_sql(pragma).scalar())
        if found != "ok":
            return found
    return None


def _pragmas(connection: Connection, whole_up_to: int) -> Sequence[str]:
    pages, size = (connection.exec_driver_sql(f"pragma {name}").scalar_one() for name in ("page_count", "page_size"))
    if pages * size <= whole_up_to:
        return ["pragma quick_check(1)"]
    there = set(connection.exec_driver_sql("select name from sqlite_master where type = 'table'").scalars())
    return [f"pragma quick_check({table})" for table in _ALWAYS if table in there]
