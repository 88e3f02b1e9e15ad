"""A form that was sent and could not be taken: the card that answers shows it open, with all that was typed and with
what is wrong beside its field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias

from cards.elements import Inputs, actions, line, reveal, run, to_json
from cards.view import View
from services.domain.card import Card
from services.domain.case.transition import Refusal

Fields: TypeAlias = Mapping[str, Mapping[Refusal, str]]
"""By the verb of a form's button: of which of its fields a refusal speaks. A name that ends with a colon begins those
of several fields; the verb of another button of the form stands for that button."""

_FORM = "asked_again"
_FOLDED, _HIDDEN = "Action.ShowCard", "isVisible"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A form that is folded in a card: the place of its part in the body, and the button that unfolds it."""

    place: int
    button: Card


def with_form(draw: Callable[[View], Card], view: View) -> Card:
    """The card; with the form that is asked for again, if the card has it by now. Else the refusal is its notice."""
    if view.asked_again is None:
        return draw(view)
    return _asking(draw(replace(view, notice="")), view) or draw(view)


def _asking(card: Card, view: View) -> Card | None:
    found = _folded(card, view)
    if found is None:
        return _in_the_open(card, view)
    inner = found.button["card"]
    view = _without_ticks_on_others(view, inner)
    fields = _beside(inner["body"], view)
    if fields is None:
        return None
    back = to_json(actions(reveal(view.words("button.back"), _FORM)))["actions"]
    buttons = {"type": "ActionSet", "actions": [*inner["actions"], *back]}
    # Nothing is required of an open form: Teams would let no other form of the card be sent before it is filled in, and
    # whoever refuses must not be held up. What is missing is found out as it was now.
    items = [*map(_optional, fields), buttons]
    form = {"type": "Container", "id": _FORM, "style": "emphasis", "spacing": "Medium", "items": items}
    card = _with_toggle(card, found.button)
    body = card["body"]
    return {**card, "body": [*body[: found.place], form, *body[found.place :]]}


def _without_ticks_on_others(view: View, form: Card) -> View:
    """A tick was made for what the button carried then (which facts, which plan): it is not kept over what the form's
    button carries by now, however soon after the click that came to be."""
    asked = view.asked_again
    if asked is None:
        return view
    button = next(one for one in form["actions"] if one.get("verb") == asked.verb)
    carries = {name: str(value) for name, value in button.get("data", {}).items() if name != "case"}
    if carries.items() <= asked.typed.items():
        return view
    ticks = {one["id"] for item in form["body"] for one in (item, *item.get("items", [])) if _is_tick(one)}
    typed = {name: value for name, value in asked.typed.items() if name not in ticks}
    return replace(view, asked_again=replace(asked, typed=typed))


def _is_tick(element: Card) -> bool:
    return bool(element["type"] == "Input.Toggle")


def _in_the_open(card: Card, view: View) -> Card | None:
    """The card whose own fields are the form."""
    asked = view.asked_again
    if asked is None or not any(button.get("verb") == asked.verb for button in card.get("actions", [])):
        return None
    body = _beside(card["body"], view)
    return {**card, "body": body} if body else None


def _folded(card: Card, view: View) -> _Found | None:
    """Where the open form goes: below the part of the body that has its button, or above it where that is hidden."""
    verb = view.asked_again.verb if view.asked_again else ""
    for at, part in enumerate(card["body"]):
        if (button := _form_in(part, verb)) is not None:
            return _Found(place=at if part.get(_HIDDEN) is False else at + 1, button=button)
    button = _form_in(card.get("actions", []), verb)
    return _Found(place=len(card["body"]), button=button) if button else None


def _form_in(part: Any, verb: str) -> Card | None:
    """The button that unfolds the form which this verb sends."""
    if isinstance(part, list):
        return next((found for item in part if (found := _form_in(item, verb))), None)
    if not isinstance(part, dict):
        return None
    if part.get("type") == _FOLDED and any(one.get("verb") == verb for one in part["card"].get("actions", [])):
        return part
    return _form_in([value for value in part.values() if isinstance(value, list | dict)], verb)


def _with_toggle(part: Any, button: Card) -> Any:
    """The card whose button shows and hides the open form, which it would else hold a second time."""
    if part is button:
        kept = {key: value for key, value in button.items() if key not in ("card", "type")}
        return {"type": "Action.ToggleVisibility", **kept, "targetElements": [_FORM]}
    if isinstance(part, list):
        return [_with_toggle(item, button) for item in part]
    return {key: _with_toggle(value, button) for key, value in part.items()} if isinstance(part, dict) else part


def _beside(items: list[Card], view: View) -> list[Card] | None:
    """The elements with what was typed, and what is wrong beside each such field: above a box to tick, which may be the
    first of several, and below any other. `None` where the first of them is not there."""
    asked = view.asked_again
    if asked is None or not any(_is_named(item, asked.field) for item in items):
        return _within(items, view)
    filled = [_filled(item, asked.typed) for item in items]
    for name, wrong in {asked.field: asked.wrong, **asked.also}.items():
        filled = _with_said(filled, name, wrong, asked.typed)
    return filled


def _with_said(items: list[Card], name: str, wrong: str, typed: Inputs) -> list[Card]:
    """The elements with what is wrong beside the field of that name; as they are where there is none."""
    at = next((place for place, item in enumerate(items) if _is_named(item, name)), None)
    if at is None:
        return items
    field = items[at]
    if field["type"] == "Input.ChoiceSet" and not _takes(field, typed.get(field["id"], "")):
        wrong = field["errorMessage"]  # the refusal is one of a button that nobody understands
    said = to_json(line(run(f"✖ {wrong}", bold=True, color="Attention"), spacing="Small"))
    at += field["type"] not in ("Input.Toggle", "ActionSet")
    return [*items[:at], said, *items[at:]]


def _within(items: list[Card], view: View) -> list[Card] | None:
    """As `_beside`, where one of the elements holds the field."""
    for at, item in enumerate(items):
        if inner := _beside(item.get("items", []), view):
            return [*items[:at], {**item, "items": inner}, *items[at + 1 :]]
    return None


def _is_named(item: Card, name: str) -> bool:
    if item["type"] == "ActionSet":
        return any(str(button.get("verb")) == name for button in item["actions"])
    own = str(item.get("id", ""))
    return own.startswith(name) if name.endswith(":") else own == name


def _filled(field: Card, typed: Inputs) -> Card:
    value = typed.get(str(field.get("id", "")))
    if value is None or not _takes(field, value):
        return field
    return {**field, "value": value[: field["maxLength"]] if "maxLength" in field else value}


def _takes(field: Card, value: str) -> bool:
    """Whether a field can hold what was sent: an older card's may have been of another kind."""
    match field["type"]:
        case "Input.Toggle":
            return value in ("true", "false")
        case "Input.ChoiceSet":
            return value in [choice["value"] for choice in field["choices"]]
        case "Input.Date":
            return _is_day(value)
        case kind:
            return bool(kind == "Input.Text")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _optional(field: Card) -> Card:
    return {key: value for key, value in field.items() if key not in ("isRequired", "errorMessage")}
