"""On which line of a TOML file a key stands, which the standard library's parser does not tell."""

from collections import Counter
from collections.abc import Mapping
from typing import TypeAlias

Path: TypeAlias = tuple[str, ...]
"""A table and its key; of an array of tables with the number of the table, from 0, between them."""


def lines_of(text: str) -> Mapping[Path, int]:
    """The line (the first is 1) of every table and key that stands at the beginning of a line."""
    found: dict[Path, int] = {}
    arrays: Counter[str] = Counter()
    table: Path = ()
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if line.startswith("[["):
            name = line[2:].partition("]")[0]
            table = (*_split(name), str(arrays[name]))
            arrays[name] += 1
            found.setdefault(table, number)
        elif _is_header(line):
            table = _split(line[1:].partition("]")[0])
            found.setdefault(table, number)
        elif "=" in line and not line.startswith("#"):
            found.setdefault((*table, *_split(line.partition("=")[0])), number)
    return found


def line_of(path: Path, lines: Mapping[Path, int]) -> int:
    """The line of a key, or of the nearest table around it."""
    return next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), 1)


def _is_header(line: str) -> bool:
    """A line of an array's values begins with a bracket, too, but has commas or goes on."""
    name, end, rest = line.removeprefix("[").partition("]")
    return line.startswith("[") and bool(end) and "," not in name and (not rest.strip() or rest.strip()[0] == "#")


def _split(name: str) -> Path:
    return tuple(part.strip().strip("'\"") for part in name.split("."))
