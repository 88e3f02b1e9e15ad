"""What a screen reader says of a card, in the order in which it says it; what a button unfolds or shows is indented."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from services.domain.card import Card


def spoken(card: Card) -> list[str]:
    """One line for each thing that is read."""
    return [f"card: {card.get('speak', '')}", *_inside(card)]


def _inside(card: Card) -> Iterator[str]:
    for element in [*card.get("body", []), *card.get("actions", [])]:
        yield from _said(element)


def _said(element: dict[str, Any]) -> Iterator[str]:
    match element["type"]:
        case "TextBlock":
            yield f"{'heading' if element.get('style') == 'heading' else 'text'}: {element['text']}"
        case "RichTextBlock":
            yield f"text: {''.join(run['text'] for run in element['inlines'])}"
        case "Image":
            yield f"picture: {element.get('altText', '')}"
        case "Container" if element.get("isVisible") is False:
            yield from (f"  {line}" for line in _said({**element, "isVisible": True}))
        case "Container" | "Column" | "ColumnSet" | "ActionSet":
            for inner in element.get("items") or element.get("columns") or element.get("actions") or []:
                yield from _said(inner)
        case "FactSet":
            yield from (f"text: {fact['title']} {fact['value']}" for fact in element["facts"])
        case kind if kind.startswith("Chart."):
            # A chart is drawn by Teams; whoever's Teams draws none is read the rows in its place.
            yield f"chart: {element['title']}"
            yield from (f"  {line}" for line in _said(element["fallback"]))
        case _:
            yield from _reached(element)


def _reached(element: dict[str, Any]) -> Iterator[str]:
    """What the keyboard reaches."""
    match element["type"]:
        case "Action.ShowCard":
            yield f"button that unfolds: {element['title']}"
            yield from (f"  {line}" for line in _inside(element["card"]))
        case "Action.ToggleVisibility":
            yield f"button that shows more: {element['title']}"
        case "Action.OpenUrl":
            yield f"link: {element['title']}"
        case "Action.Execute":
            yield f"button: {element['title']}"
        case kind if kind.startswith("Input."):
            yield f"{_field(element)}: {_label(element)}"
            yield from (f"  choice: {one['title']}" for one in element.get("choices", []))
        case kind:
            raise AssertionError(f"nobody has said how a screen reader reads a {kind}")


_FIELDS = {
    "Input.Text": "field",
    "Input.Toggle": "tick box",
    "Input.ChoiceSet": "choices",
    "Input.Date": "date",
}


def _field(element: dict[str, Any]) -> str:
    kind = _FIELDS[element["type"]]
    return f"required {kind}" if element.get("isRequired") else kind


def _label(element: dict[str, Any]) -> str:
    """A tick box is read by its title, and by its label where it has one."""
    return " ".join(part for part in (element.get("label"), element.get("title")) if part)


def symbols_in(text: str) -> str:
    """What a screen reader would spell out by its Unicode name."""
    return "".join(char for char in text if unicodedata.category(char) in ("So", "Sk", "Cn") or char == "\ufe0f")
