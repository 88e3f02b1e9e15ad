"""A person's language, a channel's team, and channels that cannot be posted to."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("team", sa.String(512), nullable=False, server_default=""))
    op.add_column("conversations", sa.Column("language", sa.String(16)))
    op.create_table(
        "lost_channels",
        sa.Column("conversation", sa.String(512), primary_key=True),
        sa.Column("why", sa.String(256), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )
