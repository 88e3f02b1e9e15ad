"""Tests in which the database itself does not fail need no driver threads."""

from pathlib import Path

import pytest

from tests.databases import ON_POSTGRES, Databases, Files
from tests.on_loop import ON_LOOP


@pytest.fixture
def calm_databases(databases: Databases, tmp_path: Path) -> Databases:
    """SQLite on the event loop, unless the environment asks for PostgreSQL."""
    return databases if ON_POSTGRES else Files(tmp_path, ON_LOOP)
