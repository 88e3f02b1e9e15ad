"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_OPEN = (
    "status IN ('approved', 'failed', 'looking', 'needs info', 'needs ticket', 'off list', 'released', "
    "'securing', 'waiting', 'with Microsoft')"
)


def _moment(name: str, *, nullable: bool = False, index: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, index=index)


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("person", sa.String(64), nullable=False, index=True),
        sa.Column("mailbox", sa.String(320), nullable=False),
        sa.Column("status", sa.String(32), nullable=False, index=True),
        _moment("opened_at"),
        _moment("sent_at", nullable=True),
        _moment("released_at", nullable=True),
        sa.Column("restricted", sa.Boolean, nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "one_open_case",
        "cases",
        ["person", "mailbox"],
        unique=True,
        sqlite_where=sa.text(_OPEN),
        postgresql_where=sa.text(_OPEN),
    )
    op.create_table(
        "events",
        sa.Column("case_number", sa.Integer, sa.ForeignKey("cases.number"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        _moment("at"),
        sa.Column("actor", sa.String(16), nullable=False),
        sa.Column("verb", sa.String(16), nullable=False),
        sa.Column("who", sa.String(64)),
        sa.Column("name", sa.String(256), nullable=False),
        sa.Column("seen", sa.JSON, nullable=False),
    )
    op.create_table(
        "todos",
        sa.Column("case_number", sa.Integer, sa.ForeignKey("cases.number"), primary_key=True),
        sa.Column("duty", sa.String(32), primary_key=True),
        sa.Column("event", sa.Integer, primary_key=True),
        _moment("due", index=True),
        _moment("held_until", nullable=True),
        sa.Column("tries", sa.Integer, nullable=False),
    )
    op.create_table(
        "cards",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("case_number", sa.Integer, sa.ForeignKey("cases.number"), nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("living", sa.Boolean, nullable=False),
        *_where(),
        sa.Column("activity", sa.String(256), nullable=False),
        sa.UniqueConstraint("case_number", "audience", "conversation", "activity", name="one_row_a_card"),
    )
    op.create_table("conversations", sa.Column("whose", sa.String(64), primary_key=True), *_where())
    op.create_table(
        "seen",
        sa.Column("conversation", sa.String(512), primary_key=True),
        sa.Column("activity", sa.String(256), primary_key=True),
        _moment("at", index=True),
    )


def _where() -> tuple[sa.Column[str], ...]:
    return (
        sa.Column("conversation", sa.String(512), nullable=False),
        sa.Column("service_url", sa.String(512), nullable=False),
        sa.Column("locale", sa.String(32), nullable=False),
    )
