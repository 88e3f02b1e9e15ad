"""A backup that was made while the bot ran, restored later into an empty database: what happened meanwhile is
looked up, and nothing is done twice."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.databases import ON_BOTH, Databases, Postgres, file_of
from tests.stories.world import SHORT_LEASE, World


async def backed_up(url: str, copy: Path, databases: Databases) -> None:
    """As docs/deploy.md says, without stopping anything."""
    if isinstance(databases, Postgres):
        await databases.uses("pg_dump", "--format=custom", f"--file={copy}", plain(url))
        return
    with closing(sqlite3.connect(file_of(url))) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


async def restored(copy: Path, databases: Databases) -> str:
    """The URL of a database that holds the backup and nothing else."""
    url = databases.empty()
    if isinstance(databases, Postgres):
        await databases.uses("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={plain(url)}", str(copy))
    else:
        file_of(url).write_bytes(copy.read_bytes())
    return url


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


@ON_BOTH
async def test_a_restored_backup_finds_out_what_happened_meanwhile(
    unstarted: World, databases: Databases, tmp_path: Path
) -> None:
    world, url = unstarted, databases.fresh()
    await world.start(SENDWELL_DATABASE_URL=url, **SHORT_LEASE)  # a task in hand at the backup waits for its lease
    await world.ana_has_sent()
    await backed_up(url, tmp_path / "backup", databases)
    await world.bo_approves()
    await world.until_off_list()
    await world.stop()

    await world.start(SENDWELL_DATABASE_URL=await restored(tmp_path / "backup", databases), **SHORT_LEASE)
    await world.until(lambda: all(see("Not restricted any more") for see in (world.person_sees, world.approvers_see)))
    assert world.removals() == ["done"]
    # A new day is served as ever.
    world.tenant.restrict("ana", "limit")
    await world.ana_asks()
    await world.ana_secures()
    await world.ana_sends()
