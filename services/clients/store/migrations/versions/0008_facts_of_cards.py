"""Which facts an approvers' card shows. Of a card that was posted before this is not known."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cards", sa.Column("facts", sa.Integer))
