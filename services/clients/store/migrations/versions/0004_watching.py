"""The list monitor: its lease and state, and the entries that it knows."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "watch",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("due", moment, nullable=False),
        sa.Column("begun", sa.Boolean, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("told", sa.Boolean, nullable=False),
    )
    op.create_table(
        "watched",
        sa.Column("address", sa.String(320), primary_key=True),
        sa.Column("since", moment),
        sa.Column("absent_at", moment),
    )
