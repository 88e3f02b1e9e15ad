"""Fixtures that several test folders share."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import HealthCheck, settings

from tests.databases import ON_POSTGRES, POSTGRESQL, SQLITE, Databases, Files, Postgres, postgres

# No deadline for an example: the machine may be busy.
settings.register_profile("sendwell", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sendwell")

_MEMORY, _ROOM = Path("/dev/shm"), 4_000_000_000
if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM:
    # Thousands of short-lived databases: they are kept in memory where that is possible.
    tempfile.tempdir = os.environ["TMPDIR"] = str(_MEMORY)

_LONGEST = (
    "test_crash_matrix",
    "test_machine",
    "test_simulation",
    "page/test_accessible",
    "page/test_evidence",
    "stories/test_kill",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a parallel run, mixes tests that wait with tests that compute, in the same order every time, longest first."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: (not any(name in item.nodeid for name in _LONGEST), crc32(item.nodeid.encode())))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    with postgres() as server:
        yield server


@pytest.fixture
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Databases:
    """SQLite files, or a PostgreSQL server where the test (`ON_BOTH`) or the environment says so."""
    if getattr(request, "param", POSTGRESQL if ON_POSTGRES else SQLITE) == SQLITE:
        return Files(tmp_path)
    server: Postgres = request.getfixturevalue("postgres_server")
    return server
