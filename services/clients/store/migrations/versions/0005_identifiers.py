"""Stored enum values become identifiers, and columns and the outbox table get the names that the code uses.

The bodies of cases are not changed: each has the version of its schema, and is upgraded when it is read.

The renamed table and columns also keep out an older program that still runs beside newer ones, which would look for and
write values that are no longer used. It can now read no case and claim no task, and its saves are rolled back."""

import json
from collections.abc import Iterator, Mapping

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_STATUS = {
    "needs info": "needs_info",
    "released": "unblocked",
    "off list": "off_list",
    "needs ticket": "needs_ticket",
    "with Microsoft": "with_microsoft",
    "already lifted": "already_lifted",
    "closed unconfirmed": "closed_unconfirmed",
    "not restricted": "not_restricted",
}
_VERB = {
    "looking": "review",
    "release": "unblock",
    "watch end": "watch_end",
    "ask for": "ask_for",
    "put back": "put_back",
}
_KIND = {
    "show person": "update_person_card",
    "show approvers": "update_approvers_card",
    "tell person": "notify_person",
    "tell approvers": "notify_approvers",
    "post approvers": "repost_approvers_card",
    "release": "unblock",
    "watch end": "watch_end",
    "ask back": "ask_back",
}
_STEP = {
    "revoke sessions": "revoke_sessions",
    "new password": "new_password",
    "rules off": "rules_off",
    "forwarding off": "forwarding_off",
    "disable account": "disable_account",
}
_FACTS = {
    "status": _STATUS,
    "cause": {"spam verdict": "spam", "policy limit": "policy_limit", "service rate limit": "service_rate"},
    "password": {
        "changed since": "changed_since",
        "changed before": "changed_before",
        "on-premises": "on_premises",
        "not checked": "not_checked",
    },
    "mfa": {
        "registered before": "registered_before",
        "registered, date unknown": "registered_undated",
        "none found": "none",
        "not checked": "not_checked",
    },
    "step": _STEP,
    "steps": _STEP,
    "outcome": {"already so": "already_so", "on-premises": "on_premises"},
    "limits": {"wanted": "requested", "back": "revert_requested"},
}
_OPEN = (
    "status IN ('approved', 'failed', 'looking', 'needs_info', 'needs_ticket', 'off_list', 'securing', "
    "'unblocked', 'waiting', 'with_microsoft')"
)


def upgrade() -> None:
    # Dropped before the values change: the old index does not know the new values of the open statuses.
    op.drop_index("one_open_case", "cases")
    _rename_words("cases", "status", _STATUS)
    is_open = sa.text(_OPEN)
    columns = ["person", "mailbox"]
    op.create_index("one_open_case", "cases", columns, unique=True, sqlite_where=is_open, postgresql_where=is_open)
    op.execute("ALTER TABLE cases RENAME COLUMN released_at TO unblocked_at")
    op.execute('ALTER TABLE cards RENAME COLUMN living TO "current"')
    _rename_words("events", "verb", _VERB)
    op.execute("ALTER TABLE events RENAME COLUMN seen TO facts")
    _rename_facts()
    op.drop_index("ix_todos_due", "todos")
    op.rename_table("todos", "outbox")
    op.execute("ALTER TABLE outbox RENAME COLUMN duty TO kind")
    op.create_index("ix_outbox_due", "outbox", ["due"])
    _rename_words("outbox", "kind", _KIND)


def _rename_words(table: str, column: str, words: Mapping[str, str]) -> None:
    stored = sa.table(table, sa.column(column))
    where = stored.c[column]
    op.execute(sa.update(stored).where(where.in_(words)).values({column: sa.case(words, value=where)}))


def _rename_facts() -> None:
    facts = sa.column("facts", sa.JSON)
    events = sa.table("events", sa.column("case_number", sa.Integer), sa.column("seq", sa.Integer), facts)
    key = (events.c.case_number, events.c.seq)
    # Read as text, so that a damaged row is left as it is and does not stop the migration of the others.
    rows = op.get_bind().execute(sa.select(*key, sa.cast(facts, sa.Text).label("stored"))).all()
    changed = [{"number": row[0], "of": row[1], "now": now} for row in rows for now in _renamed(row.stored)]
    if changed:
        mine = sa.and_(key[0] == sa.bindparam("number"), key[1] == sa.bindparam("of"))
        op.get_bind().execute(sa.update(events).where(mine).values(facts=sa.bindparam("now", type_=sa.JSON)), changed)


def _renamed(stored: str) -> Iterator[dict[str, str]]:
    """The facts with identifiers, if that changes any of them; nothing for a damaged row."""
    try:
        facts = json.loads(stored)
        now = {name: _identifiers(value, _FACTS.get(name, {})) for name, value in facts.items()}
    except (ValueError, TypeError, AttributeError):
        return
    if now != facts:
        yield now


def _identifiers(value: str, words: Mapping[str, str]) -> str:
    """The identifier of a value, or the identifiers of several steps that are joined by commas."""
    return words.get(value) or ", ".join(words.get(word, word) for word in value.split(", "))
