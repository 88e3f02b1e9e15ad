"""Cards that Teams takes: measured in bytes, shortened and left out section by section where they are too large."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from adaptivecards.baseobject import BareObject

from cards.elements import to_json
from services.domain.card import Card

CARD_AT_MOST = 23 * 1024
"""Bytes of a card as JSON in UTF-8. Teams takes messages of 28 KB by its older documents and of 100 KB by its newer
ones; what is left is for the line that mentions approvers, the notification's text and the envelope."""
MESSAGE_AT_MOST = 27 * 1024
"""Bytes of a card with its line of mentions."""
ROWS_AT_MOST = 16 * 1024
"""Bytes of the rows of a list."""
_SHORT, *_SHORTER = 240, 90, 60
"""Bytes of one text that was shortened: by a section, and of all texts where that is not enough."""


class Part(StrEnum):
    """A section of the approvers' card, the least important first."""

    TIMELINE = "timeline"
    LIMITS = "limits"
    OTHERS = "others"
    ANSWERS = "answers"
    EVIDENCE = "evidence"
    EXECUTION = "execution"
    CONTAINMENT = "containment"


_NEVER_LEFT_OUT = (Part.EXECUTION, Part.CONTAINMENT)
"""What was done, and what a responder confirms, is shortened at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much room there is: which sections are shortened, and which are left out."""

    shortened: tuple[Part, ...] = ()
    left_out: tuple[Part, ...] = ()

    def fit(self, part: Part, items: Sequence[BareObject]) -> list[BareObject]:
        """The section as there is room for it."""
        if part in self.left_out:
            return []
        return [_cut(to_json(item), _SHORT) for item in items] if part in self.shortened else list(items)

    def shorten(self, part: Part, items: Sequence[BareObject]) -> list[BareObject]:
        """What stays of a section, though the rest of it be left out."""
        is_short = part in self.shortened or part in self.left_out
        return [_cut(to_json(item), _SHORT) for item in items] if is_short else list(items)


def fitted(draw: Callable[[Room], Card]) -> Card:
    """The card, drawn with as much as Teams takes."""
    card = draw(Room())
    for room in _rooms():
        if size_of(card) <= CARD_AT_MOST:
            return card
        card = draw(room)
    return bounded(card)


def bounded(card: Card) -> Card:
    """The card as it is or, where it is too large, with all its texts cut."""
    for most in (_SHORT, *_SHORTER):
        if size_of(card) <= CARD_AT_MOST:
            break
        card = _cut(card, most)
    return card


def rows_within(rows: Sequence[BareObject], most: int = ROWS_AT_MOST) -> list[BareObject]:
    """The first rows of a list, as many as there is room for."""
    left, fitting = most, []
    for row in rows:
        left -= size_of(to_json(row))
        if left < 0:
            break
        fitting.append(row)
    return fitting


def size_of(card: Mapping[str, Any]) -> int:
    """Bytes of the card as it is sent."""
    return len(json.dumps(card, ensure_ascii=False).encode("utf-8", errors="replace"))


def _rooms() -> Iterator[Room]:
    """Less and less room."""
    parts = tuple(Part)
    for end in range(1, len(parts) + 1):
        yield Room(shortened=parts[:end])
    out = tuple(part for part in parts if part not in _NEVER_LEFT_OUT)
    for end in range(1, len(out) + 1):
        yield Room(shortened=parts[end:], left_out=out[:end])


def _cut(element: Any, most: int) -> Any:
    """The element with every text that is somebody's words cut to so many bytes; forms and buttons stay whole."""
    if isinstance(element, list):
        return [_cut(item, most) for item in element]
    if not isinstance(element, dict):
        return element
    cut = {key: _cut(value, most) for key, value in element.items()}
    if element.get("type") == "TextRun":
        cut["text"] = in_bytes(cut["text"], most)
    return cut


def in_bytes(text: str, most: int) -> str:
    """The text in at most so many bytes, and a mark where that is less than all."""
    raw = text.encode("utf-8", errors="replace")
    return text if len(raw) <= most else raw[:most].decode("utf-8", errors="ignore").rstrip() + " …"
