"""What is wrong with a database as a whole, for whoever starts a program on it."""


class DatabaseUnusableError(Exception):
    """The database cannot be used. The message says why, and what to do."""
