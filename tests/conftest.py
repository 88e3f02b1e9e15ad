"""What several rooms share."""

from collections.abc import Iterator

import pytest

from tests.databases import Postgres, postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    with postgres() as server:
        yield server
