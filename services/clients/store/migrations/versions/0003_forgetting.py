"""A task to forget the details of each ended case. It is due at once, and sets its own due time when it runs."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ENDED = (
    "'already lifted', 'closed', 'closed unconfirmed', 'denied', 'expired', 'not restricted', 'relapsed', "
    "'withdrawn', 'works'"
)


def upgrade() -> None:
    op.execute(
        "INSERT INTO todos (case_number, duty, event, due, tries) "  # noqa: S608 - constants of this file
        f"SELECT number, 'forget', 0, opened_at, 0 FROM cases WHERE status IN ({_ENDED})"
    )
