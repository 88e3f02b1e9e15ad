"""Which telephone numbers an entry of the directory's audit log changed."""

from collections.abc import Iterator, Mapping
from typing import Any

# https://learn.microsoft.com/graph/api/resources/modifiedproperty names no values. The directory calls the two numbers
# of an account by other names here than in Graph, and both are taken.
_NUMBERS = {
    "mobilephone": "mobile",
    "mobile": "mobile",
    "businessphones": "business",
    "telephonenumber": "business",
}
_ALL_NAMES = "includedupdatedproperties"
"""The property whose new value lists the names of the others."""


def changed_numbers(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The numbers that an "Update user" entry says were changed: "mobile", "business", both or none."""
    return tuple(sorted({_NUMBERS[name] for name in _names(row) if name in _NUMBERS}))


def _names(row: Mapping[str, Any]) -> Iterator[str]:
    for target in _dicts(row.get("targetResources")):
        for changed in _dicts(target.get("modifiedProperties")):
            name = _folded(changed.get("displayName"))
            if name == _ALL_NAMES:
                yield from (_folded(one) for one in str(changed.get("newValue")).split(","))
            elif changed.get("oldValue") is None or changed.get("oldValue") != changed.get("newValue"):
                yield name


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _folded(name: object) -> str:
    return "".join(char for char in str(name).casefold() if char.isalnum())
