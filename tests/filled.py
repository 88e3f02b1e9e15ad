"""Values built from their types, with recognisable text in every field that takes text."""

import re
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NewType, Union, get_args, get_origin, get_type_hints

from tests.cases import HOUR, NOW

_PLAIN: Mapping[Any, Any] = {bool: True, int: 7, datetime: NOW, timedelta: HOUR}


def filled(kind: Any, which: int = 0, *, path: str = "") -> Any:
    """Returns a value of this type with no field empty; each text names its field: `<closed.words>`.

    Where a union or an enum has several members, `which` selects one; call it with each number to cover all."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return filled(arguments[0], which, path=path)
    if origin in (Union, UnionType):
        offered = [one for one in arguments if one is not NoneType]
        return filled(offered[which % len(offered)], which, path=path)
    if origin is Literal:
        return arguments[0]
    if origin in (tuple, frozenset):
        return origin([filled(arguments[0], which, path=path)])
    if isinstance(kind, NewType):
        return filled(kind.__supertype__, which, path=path)
    if is_dataclass(kind):
        return _filled_dataclass(kind, which, path)
    if issubclass(kind, Enum):
        return list(kind)[which % len(list(kind))]
    return f"<{path}>" if kind is str else _PLAIN[kind]


def _filled_dataclass(kind: Any, which: int, path: str) -> Any:
    hints = get_type_hints(kind, include_extras=True)
    inside = f"{path}." if path else ""
    return kind(**{one.name: filled(hints[one.name], which, path=f"{inside}{one.name}") for one in fields(kind)})


def fields_shown(value: Any) -> set[str]:
    """Returns the names of the fields whose recognisable text occurs in a value or in its printed form."""
    written = repr(asdict(value)) if is_dataclass(value) and not isinstance(value, type) else str(value)
    return set(re.findall(r"<([a-z_.]+)>", written))
