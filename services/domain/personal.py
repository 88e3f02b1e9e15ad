"""Annotations for fields that hold personal data, and for fields that the person of a case does not see.

A field is annotated where it is declared (`name: Personal[str]`). Forgetting, comparing and logging use the annotation,
so that a new field needs no other line anywhere."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from enum import Enum
from functools import cache
from typing import Annotated, Any, TypeVar, get_type_hints

_Field = TypeVar("_Field")
_Value = TypeVar("_Value")


class Privacy(Enum):
    """How a field is protected."""

    PERSONAL = "personal"
    APPROVERS_ONLY = "approvers only"
    UNSEEN = "unseen"


Personal = Annotated[_Field, Privacy.PERSONAL]
"""Names, addresses, telephone numbers, sign-in methods, what people wrote, and values that hold any of these. They are
deleted after a time and never logged. A field without a default must be text."""

ApproversOnly = Annotated[_Field, Privacy.APPROVERS_ONLY]
"""Shown on the approvers' card only: when it changes, the person's card is not updated."""

Unseen = Annotated[_Field, Privacy.UNSEEN]
"""When only it changes, no card is updated: it is shown on none, or as it was when the card was drawn."""


def without(value: _Value, privacy: Privacy) -> _Value:
    """The value with every field of that privacy emptied, also in the dataclasses and tuples that it holds."""
    if isinstance(value, tuple):
        return tuple(without(one, privacy) for one in value)  # type: ignore[return-value]  # a tuple of the same
    if not is_dataclass(value) or isinstance(value, type):
        return value
    empty = _empty_fields(type(value), privacy)
    held = {field.name: getattr(value, field.name) for field in fields(value) if field.name not in empty}
    changes: dict[str, Any] = {**empty, **{name: without(one, privacy) for name, one in held.items()}}
    return replace(value, **changes)


def same_without(one: Any, other: Any, privacy: Privacy) -> bool:
    """Whether both are equal but for fields of that privacy: what `without` says of both, and builds neither.

    What two versions of a case share, which is nearly all of it, is not looked into."""
    if one is other:
        return True
    if isinstance(one, tuple) and isinstance(other, tuple):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(same_without(left, right, privacy) for left, right in pairs)
    kind: Any = type(one)
    if kind is not type(other) or not is_dataclass(kind):
        return bool(one == other)
    kept = _kept_fields(kind, privacy)
    return all(same_without(getattr(one, name), getattr(other, name), privacy) for name in kept)


def loggable(value: Any) -> str:
    """The `repr` of a dataclass with every personal field emptied."""
    bare = without(value, Privacy.PERSONAL)
    shown = ", ".join(f"{field.name}={getattr(bare, field.name)!r}" for field in fields(bare))
    return f"{type(value).__name__}({shown})"


@cache
def _kept_fields(kind: Any, privacy: Privacy) -> tuple[str, ...]:
    """The names of the fields that are not of that privacy."""
    empty = _empty_fields(kind, privacy)
    return tuple(field.name for field in fields(kind) if field.name not in empty)


@cache
def _empty_fields(kind: type[Any], privacy: Privacy) -> Mapping[str, object]:
    """The fields of that privacy, each with its empty value: its default, or an empty text."""
    hints = get_type_hints(kind, include_extras=True)
    marked = (field for field in fields(kind) if privacy in getattr(hints[field.name], "__metadata__", ()))
    return {field.name: "" if field.default is MISSING else field.default for field in marked}
