"""What several rooms share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.databases import ON_POSTGRES, POSTGRESQL, SQLITE, Databases, Files, Postgres, postgres

# How long an example takes is no finding: the machine may be busy.
settings.register_profile("sendwell", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sendwell")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    with postgres() as server:
        yield server


@pytest.fixture
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Databases:
    """SQLite files; or a PostgreSQL server, where the test (`ON_BOTH`) or the environment says so."""
    if getattr(request, "param", POSTGRESQL if ON_POSTGRES else SQLITE) == SQLITE:
        return Files(tmp_path)
    server: Postgres = request.getfixturevalue("postgres_server")
    return server
