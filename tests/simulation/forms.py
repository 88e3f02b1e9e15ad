"""The buttons of a card as a hand finds them: what each carries, and the fields that are sent with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

_WORDS = {"recipients": "2100", "to_whom": "customers", "how_often": "once", "until": "today", "reference": "26112400"}
_OFTEN = 0.7
"""How often a box is ticked that need not be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button with the fields of its form, and of what that form is unfolded in."""

    verb: str
    data: Mapping[str, Any]
    fields: tuple[Mapping[str, Any], ...]

    def filled(self, chance: Random, *, every_box: bool = False) -> dict[str, str]:
        """What a person fills in: whatever is required, and some of the boxes beside, or every one."""
        return {field["id"]: _filled(field, chance, 1.0 if every_box else _OFTEN) for field in self.fields}


def _filled(field: Mapping[str, Any], chance: Random, often: float) -> str:
    required = bool(field.get("isRequired"))
    match field["type"]:
        case "Input.Toggle":
            return "true" if required or chance.random() < often else "false"
        case "Input.ChoiceSet":
            return str(field.get("value") or chance.choice(field["choices"])["value"])
        case _:
            return _WORDS.get(field["id"], "because" if required else "")


def buttons_on(part: Any, fields: tuple[Mapping[str, Any], ...] = ()) -> Iterator[Button]:
    """Every button within a part of a card that speaks of a case, those of unfolded forms too."""
    if isinstance(part, list):
        for one in part:
            yield from buttons_on(one, fields)
    if not isinstance(part, dict):
        return
    if part.get("type") == "AdaptiveCard":
        fields = (*fields, *_inputs_in(part.get("body", [])))
    if part.get("type") == "Action.Execute":
        if "case" in part.get("data", {}):
            sent = () if part.get("associatedInputs") == "none" else fields
            yield Button(verb=part["verb"], data=part["data"], fields=sent)
        return
    for value in part.values():
        yield from buttons_on(value, fields)


def _inputs_in(part: Any) -> Iterator[Mapping[str, Any]]:
    """The fields of a card, without those of forms that are folded within it."""
    if isinstance(part, list):
        for one in part:
            yield from _inputs_in(one)
    if not isinstance(part, dict) or part.get("type") == "AdaptiveCard":
        return
    if str(part.get("type", "")).startswith("Input."):
        yield part
    for value in part.values():
        yield from _inputs_in(value)
