"""Troubles without a restriction have statuses of their own: their open cases belong in the index of open cases."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_OPEN = (
    "status IN ('approved', 'asked_back', 'escalated', 'failed', 'lagging', 'looking', 'mended', 'needs_info', "
    "'needs_ticket', 'off_list', 'reported', 'securing', 'unblocked', 'waiting', 'with_microsoft')"
)


def upgrade() -> None:
    op.drop_index("one_open_case", "cases")
    is_open = sa.text(_OPEN)
    op.create_index("one_open_case", "cases", ["mailbox"], unique=True, sqlite_where=is_open, postgresql_where=is_open)
