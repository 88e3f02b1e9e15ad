"""Buttons and forms on a card, as a Teams client understands them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_INPUTS = ("Input.Text", "Input.Toggle", "Input.ChoiceSet", "Input.Number", "Input.Date", "Input.Time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Execute:
    """A button with the inputs of its own form and of the cards around it."""

    action: dict[str, Any]
    inputs: tuple[dict[str, Any], ...]


def executes(card: Mapping[str, Any], outer: tuple[dict[str, Any], ...] = ()) -> Iterator[Execute]:
    """Every `Action.Execute` anywhere on the card, unfolded forms included."""
    inputs = (*outer, *_of_type(card.get("body"), _INPUTS))
    actions = [*_items(card.get("actions")), *_of_type(card.get("body"), ("Action.Execute", "Action.ShowCard"))]
    for action in actions:
        if action.get("type") == "Action.Execute":
            yield Execute(action=action, inputs=() if action.get("associatedInputs") == "none" else inputs)
        if action.get("type") == "Action.ShowCard":
            yield from executes(action.get("card", {}), inputs)


def collected(button: Execute, given: Mapping[str, str]) -> dict[str, Any]:
    """The button's data with its form's values, refused as a client refuses an incomplete form."""
    known = {str(field.get("id")): field for field in button.inputs}
    if strange := set(given) - set(known):
        raise ValueError(f"the form has no {', '.join(sorted(strange))}; it has {', '.join(sorted(known))}")
    values = {name: str(given.get(name, field.get("value", ""))) for name, field in known.items()}
    for name, field in known.items():
        if field.get("type") == "Input.Toggle":
            values[name] = values[name] or "false"
        empty = values[name] == "false" if field.get("type") == "Input.Toggle" else not values[name].strip()
        if field.get("isRequired") and empty:
            raise ValueError(f"{name} is required: {field.get('errorMessage')}")
        if len(values[name]) > int(field.get("maxLength", 100_000)):
            raise ValueError(f"{name} is too long for its field")
    data = button.action.get("data")
    # An empty field is not sent at all: that is how Microsoft's renderer hands a form over.
    return {**(data if isinstance(data, dict) else {}), **{name: value for name, value in values.items() if value}}


def _of_type(element: Any, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    """Elements of these types below, not looking into unfolding forms."""
    if isinstance(element, list):
        return [hit for item in element for hit in _of_type(item, kinds)]
    if not isinstance(element, dict):
        return []
    if element.get("type") in kinds:
        return [element]
    if element.get("type") == "Action.ShowCard":
        return []
    children = ("items", "columns", "actions", "rows", "cells")
    return [hit for name in children for hit in _of_type(element.get(name), kinds)]


def _items(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
