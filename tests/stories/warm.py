"""What a bot imports by the time it listens; see `process`."""

import aiosqlite
import alembic.command
import psycopg

import app

__all__ = ["aiosqlite", "alembic", "app", "psycopg"]
