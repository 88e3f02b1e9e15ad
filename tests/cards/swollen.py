"""Cases in which every text is as long as it can be, and every list as full."""

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from services.domain.case.case import Case
from services.domain.containment.containment import StepResult

SCRIPTS = {
    "cyrillic": "Съешь же ещё этих мягких французских булок ",
    "japanese": "色は匂へど散りぬるを我が世誰ぞ常ならむ",
    "emoji": "💥👩‍👩‍👧‍👦🏳️‍🌈🇪🇸",
    "invisible": "\u202e\u200b",
    "marks": 'a\\"b ',
}
_LONG = 1_000
"""Characters: what a person may write, and more than any name has."""
_MANY = 20
_BOUNDED = ("id", "person", "by", "upn")
"""Ids are Microsoft's, and a UPN has 113 characters at most."""


def swollen(case: Case, script: str) -> Case:
    """The case with every text in this script at full length, and with twenty of whatever it has some of."""
    text = (SCRIPTS[script] * _LONG)[:_LONG]
    return replace(case, **{one.name: _swollen(getattr(case, one.name), text) for one in fields(case)})


def _told_apart(value: Any, at: int) -> Any:
    return replace(value, id=f"{value.id}-{at}") if hasattr(value, "id") else value


def _swollen(value: Any, text: str) -> Any:
    if type(value) is str:  # not the words of our own enums
        return text if value else value
    if isinstance(value, tuple) and value:
        several = not isinstance(value[0], Enum | StepResult)
        return tuple(
            _told_apart(_swollen(value[at % len(value)], text), at) for at in range(_MANY if several else len(value))
        )
    if is_dataclass(value) and not isinstance(value, type):
        kept = {one.name: getattr(value, one.name) for one in fields(value)}
        changed = {name: _swollen(one, text) for name, one in kept.items() if name not in _BOUNDED}
        return replace(value, **changed)
    return value
