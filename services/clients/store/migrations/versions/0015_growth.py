"""Indexes for a database of a million cases: the open ones in the order in which they are listed, however many there
are, and who joined a case, however much else they did."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_OPEN = (
    "status IN ('approved', 'asked_back', 'escalated', 'failed', 'lagging', 'looking', 'mended', 'needs_info', "
    "'needs_ticket', 'off_list', 'reported', 'securing', 'unblocked', 'waiting', 'with_microsoft')"
)


def upgrade() -> None:
    is_open = sa.text(_OPEN)
    op.create_index("ix_cases_open", "cases", ["number"], sqlite_where=is_open, postgresql_where=is_open)
    op.create_index("ix_events_who_verb", "events", ["who", "verb"])
    op.drop_index("ix_events_who", "events")
