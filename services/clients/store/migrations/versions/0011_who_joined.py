"""An index on who did something: "status" of somebody who joined a case is found by their joining in its history."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_events_who", "events", ["who"])
