"""Where the database itself is not in trouble, its threads prove nothing."""

from pathlib import Path

import pytest

from tests.databases import ON_POSTGRES, Databases, Files
from tests.on_loop import ON_LOOP


@pytest.fixture
def calm_databases(databases: Databases, tmp_path: Path) -> Databases:
    """SQLite on the event loop, where the whole room is not asked to play on PostgreSQL."""
    return databases if ON_POSTGRES else Files(tmp_path, ON_LOOP)
