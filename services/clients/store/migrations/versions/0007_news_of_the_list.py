"""The list monitor keeps what it could not take in yet, and why it cannot read."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("watch", sa.Column("why", sa.String(64)))
    op.add_column("watch", sa.Column("whose_unread", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("watched", sa.Column("tries", sa.Integer, nullable=False, server_default="0"))
    op.add_column("watched", sa.Column("due", sa.DateTime(timezone=True)))
