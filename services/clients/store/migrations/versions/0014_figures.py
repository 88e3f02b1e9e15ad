"""What a report counts stands in columns, so that it is counted by the database; and cases are found by their begin.

The columns of older cases are filled from their bodies, of whichever version; of a body that cannot be read they stay
empty."""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_CAUSES = {"spam verdict": "spam", "policy limit": "policy_limit", "service rate limit": "service_rate"}
"""As version 1 wrote them."""


def upgrade() -> None:
    op.add_column("cases", sa.Column("cause", sa.String(32)))
    op.add_column("cases", sa.Column("restricted_at", sa.DateTime(timezone=True)))
    op.add_column("cases", sa.Column("decided_after", sa.Integer))
    op.add_column("cases", sa.Column("works_after", sa.Integer))
    _fill()
    op.create_index("ix_cases_opened_at", "cases", ["opened_at"])


def _fill() -> None:
    cases = sa.table(
        "cases",
        *(sa.column("number", sa.Integer), sa.column("body", sa.JSON), sa.column("cause", sa.String)),
        sa.column("restricted_at", sa.DateTime(timezone=True)),
        *(sa.column("decided_after", sa.Integer), sa.column("works_after", sa.Integer)),
    )
    # Read as text, so that a damaged body does not stop the migration of the others.
    rows = op.get_bind().execute(sa.select(cases.c.number, sa.cast(cases.c.body, sa.Text).label("stored"))).all()
    filled = [{"of": row.number, **figures} for row in rows if (figures := _figures(row.stored))]
    if filled:
        names = ("cause", "restricted_at", "decided_after", "works_after")
        values = {name: sa.bindparam(f"new_{name}", type_=cases.c[name].type) for name in names}
        mine = cases.c.number == sa.bindparam("of")
        op.get_bind().execute(sa.update(cases).where(mine).values(values), filled)


def _figures(stored: str | None) -> dict[str, Any]:
    """Empty for a damaged body."""
    try:
        body: Any = json.loads(stored or "")
        if not isinstance(body, dict):
            return {}
        opened = _time(body["opened_at"])
        # Version 1 has no groups.
        begun = _time(_in(body, "request", "sent_at") or body.get("sent_at")) or opened
        works = _in(body, "delivery", "proven_at") or (body.get("ended_at") if body.get("status") == "works" else None)
        cause = _in(body, "restriction", "cause")
        seen = _time(_in(body, "episode", "began_at")) or opened
        return {
            "new_cause": _cause(cause) if cause else None,
            "new_restricted_at": seen if cause else None,
            "new_decided_after": _after(begun, _time(_in(body, "decision", "at"))),
            "new_works_after": _after(begun, _time(works)) if cause else None,
        }
    except (ValueError, TypeError, LookupError):
        return {}


def _in(body: dict[str, Any], group: str, name: str) -> Any:
    part = body.get(group)
    return part.get(name) if isinstance(part, dict) else None


def _cause(stored: str) -> str:
    cause = _CAUSES.get(stored, stored)
    return cause if cause in _CAUSES.values() else "unknown"


def _time(stored: str | None) -> datetime | None:
    if not stored:
        return None
    at = datetime.fromisoformat(stored)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _after(begun: datetime | None, at: datetime | None) -> int | None:
    return max(int((at - begun).total_seconds()), 0) if begun and at else None
