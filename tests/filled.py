"""Values made from their types alone, with recognisable text in every place that takes text."""

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
    """A value of this type; nothing in it is left out or empty, and each text says where it stands: `<closed.words>`.

    Where a type or an enum offers several, the one at `which`: whoever wants to see all takes one after the other."""
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
    """Where the recognisable texts stood that are still to be found in a value, or in what was written of it."""
    written = repr(asdict(value)) if is_dataclass(value) and not isinstance(value, type) else str(value)
    return set(re.findall(r"<([a-z_.]+)>", written))
