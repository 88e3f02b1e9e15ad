"""A table of the file of rules, read key by key; every mistake becomes one sentence."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

from services.rules.lines import Path, line_of

T = TypeVar("T")


class Faults:
    """The mistakes of one file, by the lines on which its keys stand."""

    def __init__(self, lines: Mapping[Path, int]) -> None:
        self._lines = lines
        self._found: list[tuple[int, str]] = []

    def add(self, path: Path, said: str) -> None:
        self._found.append((line_of(path, self._lines), said))

    def sentences(self) -> list[str]:
        """In the order of the file."""
        return [f"line {line}: {said}" for line, said in sorted(self._found)]


class Table:
    """One table. Its `keys` are all that may stand in it."""

    def __init__(self, given: object, path: Path, faults: Faults, keys: Sequence[str]) -> None:
        self._path, self._faults = path, faults
        self._given: Mapping[str, Any] = given if isinstance(given, dict) else {}
        if not isinstance(given, dict):
            faults.add(path, f"{self._name} must be a table, with its keys below it.")
        for strange in [key for key in self._given if key not in keys]:
            faults.add((*path, strange), self._has_no(strange, keys))

    def has(self, key: str) -> bool:
        return key in self._given

    def table(self, key: str, keys: Sequence[str]) -> "Table | None":
        """A table in this one; `None` where there is none."""
        return Table(self._given[key], (*self._path, key), self._faults, keys) if self.has(key) else None

    def tables(self, key: str, keys: Sequence[str]) -> "Iterator[Table]":
        """Each of an array of tables."""
        given = self._given.get(key, [])
        if not isinstance(given, list):
            self._faults.add(
                (*self._path, key), f"the rules' {key} must stand in double brackets, once for each: [[{key}]]."
            )
            return
        for number, one in enumerate(given):
            yield Table(one, (*self._path, key, str(number)), self._faults, keys)

    def required(self, key: str, parse: Callable[[Any], T]) -> T | None:
        """`None` where it is missing or wrong. `parse` raises `ValueError` with what the value must be."""
        if not self.has(key):
            self._faults.add(self._path, f"{self._name} has no {key}, which it needs.")
            return None
        return self.optional(key, parse)

    def optional(self, key: str, parse: Callable[[Any], T]) -> T | None:
        if not self.has(key):
            return None
        try:
            return parse(self._given[key])
        except ValueError as wrong:
            self.fault(key, f"must be {wrong}")
            return None

    def each(self, key: str, parse: Callable[[Any], T]) -> tuple[T, ...]:
        """The values of a list, each once; those that are wrong are left out."""
        given = self._given.get(key, [])
        if not isinstance(given, list):
            self.fault(key, "must be a list, in brackets")
            return ()
        found: dict[T, None] = {}
        for number, one in enumerate(given, start=1):
            try:
                found[parse(one)] = None
            except ValueError as wrong:
                self.fault(key, f"number {number} must be {wrong}")
        return tuple(found)

    def fault(self, key: str, said: str) -> None:
        self._faults.add((*self._path, key), f"{self._name} {key} {said}.")

    @property
    def _name(self) -> str:
        named = ".".join(part for part in self._path if not part.isdecimal())
        return f"[[{named}]]" if self._path and self._path[-1].isdecimal() else f"[{named}]"

    def _has_no(self, strange: str, keys: Sequence[str]) -> str:
        what = f"{self._name} has no key {strange!r}" if self._path else f"there is no {strange!r} in the rules"
        nearest = get_close_matches(strange, keys, n=1, cutoff=0.5)
        known = f"{what}, only {', '.join(keys)}"
        return f"{known}; is {nearest[0]!r} meant?" if nearest else f"{known}."
