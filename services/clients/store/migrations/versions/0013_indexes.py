"""Indexes where whole tables were read: who came to the approvers of late, where a card stands, what a kind has due."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_cases_sent_at", "cases", ["sent_at"])
    op.create_index("ix_events_at", "events", ["at"])
    op.create_index("ix_outbox_held_until", "outbox", ["held_until"])
    op.create_index("ix_outbox_kind", "outbox", ["kind", "due"])
    op.create_index("ix_cards_audience", "cards", ["audience", "id"])
    op.create_index("ix_cards_place", "cards", ["conversation", "activity", "audience"])
