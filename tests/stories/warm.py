"""Imports and reads what every bot needs before it listens, whatever its settings; see `process`."""

import aiosqlite
import alembic.command
import psycopg

import app
import bot.composition
from cards.words import words_for

words_for("en")

__all__ = ["aiosqlite", "alembic", "app", "bot", "psycopg"]
