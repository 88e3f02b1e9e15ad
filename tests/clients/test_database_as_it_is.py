"""What the doctor says of a database before the first start: each step not taken yet is told apart."""

from pathlib import Path

import pytest

from services.clients.store.as_it_is import database_as_it_is
from services.clients.store.database import open_database
from services.clients.store.unusable import DatabaseUnusableError
from services.domain.doctor.facts import DatabaseState
from tests.databases import Postgres, sqlite_url


async def state_of(url: str) -> DatabaseState:
    async with database_as_it_is(url) as (state, _):
        return state


async def test_a_new_database_is_empty_and_not_an_older_versions(postgres_server: Postgres) -> None:
    url = postgres_server.empty()
    assert await state_of(url) is DatabaseState.EMPTY
    async with open_database(url):
        pass
    assert await state_of(url) is DatabaseState.CURRENT


async def test_a_database_that_was_not_made_yet_is_told_from_a_user_that_was_not(postgres_server: Postgres) -> None:
    url = postgres_server.empty()
    name = url.partition("?")[0].rpartition("/")[2]
    assert await state_of(url.replace(name, "not_there")) is DatabaseState.NOT_MADE
    assert await state_of(url.replace("//postgres:", "//nobody:")) is DatabaseState.REFUSED


@pytest.mark.parametrize("host", ["127.0.0.1:1", "nowhere.invalid"])
async def test_a_server_that_is_not_there_is_away(host: str) -> None:
    assert await state_of(f"postgresql+psycopg://sendwell:x@{host}/sendwell") is DatabaseState.AWAY


async def test_an_empty_file_is_empty(tmp_path: Path) -> None:
    (tmp_path / "sendwell.db").touch()
    assert await state_of(sqlite_url(tmp_path)) is DatabaseState.EMPTY


async def test_a_start_without_its_database_sends_nobody_to_a_backup() -> None:
    with pytest.raises(DatabaseUnusableError, match=r"python app\.py doctor") as refused:
        async with open_database("postgresql+psycopg://sendwell:keep-it@127.0.0.1:1/sendwell"):
            pass
    assert not {"backup", "keep-it"} & set(str(refused.value).replace(".", " ").split())
