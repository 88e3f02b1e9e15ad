"""In which form figures and histories are written."""

from enum import StrEnum


class Format(StrEnum):
    """Of a file."""

    CSV = "csv"
    JSON = "json"
