"""A case is its mailbox's, whoever asked and by whichever address: one case of a mailbox is open at a time.

A mailbox that is not the asker's own gets the key of its main address; while it is not known which mailbox it is, the
key names its asker as well. Where several of its
cases are open, which the older index allowed, the newest has the key, and each older one a key of its own until it
ends."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_OPEN = (
    "status IN ('approved', 'failed', 'looking', 'needs_info', 'needs_ticket', 'off_list', 'securing', 'unblocked', "
    "'waiting', 'with_microsoft')"
)
_LONGEST = 320


def upgrade() -> None:
    op.drop_index("one_open_case", "cases")
    _rename_keys()
    is_open = sa.text(_OPEN)
    op.create_index("one_open_case", "cases", ["mailbox"], unique=True, sqlite_where=is_open, postgresql_where=is_open)
    op.create_index("ix_cases_mailbox", "cases", ["mailbox"])


def _rename_keys() -> None:
    number, person, mailbox = (
        sa.column("number", sa.Integer),
        sa.column("person", sa.String),
        sa.column("mailbox", sa.String),
    )
    cases = sa.table("cases", number, person, mailbox, sa.column("status", sa.String), sa.column("body", sa.JSON))
    # Read as text, so that a damaged body does not stop the migration of the others.
    body = sa.cast(cases.c.body, sa.Text).label("stored")
    is_open = sa.literal_column(f"({_OPEN})", sa.Boolean).label("open")
    rows = op.get_bind().execute(sa.select(number, person, mailbox, is_open, body).order_by(number.desc()))
    taken: set[str] = set()
    changed: list[dict[str, object]] = []
    for row in rows.all():
        own = row.mailbox == row.person
        key = row.mailbox if own else _main_address(row.stored) or f"{row.person} {row.mailbox}"
        key = key.lower()[:_LONGEST]
        if row.open and key in taken:
            key = f"{row.number} {key}"[:_LONGEST]
        if row.open:
            taken.add(key)
        if key != row.mailbox:
            changed.append({"of": row.number, "key": key})
    if changed:
        mine = cases.c.number == sa.bindparam("of")
        op.get_bind().execute(sa.update(cases).where(mine).values(mailbox=sa.bindparam("key")), changed)


def _main_address(stored: str | None) -> str | None:
    """The main address of the mailbox that the case is about; `None` for the person's own, and for a damaged body."""
    try:
        body: Any = json.loads(stored or "")
        mailbox = body.get("sender", body).get("mailbox")  # version 1 has no groups
        return str(mailbox["address"]) if mailbox else None
    except (ValueError, TypeError, AttributeError, LookupError):
        return None
