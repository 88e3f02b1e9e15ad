"""What the models of `microsoft-teams-cards` say about a card, loaded strictly: each element with the model of its
own `type`, nothing left over, nothing converted, nothing missing."""

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args, get_origin

import microsoft_teams.cards as models
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tests.judges.required_properties import required_of

Json = dict[str, Any]
Model = type[BaseModel]

_NEWEST = (1, 5)
_DRAWN = ("https://", "data:image/png;base64,", "data:image/jpeg;base64,", "data:image/gif;base64,")
"""https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format"""
_FAMILIES: tuple[Model, ...] = (models.CardElement, models.Action, models.ContainerLayout)
"""Base classes that only declare which elements a property accepts; an element's `type` names its model."""


def complaints_of_the_models(card: Json) -> list[str]:
    """Everything wrong with the card and with what it contains."""
    if card.get("type") != "AdaptiveCard":
        return [f"card: type is {card.get('type')!r}, not 'AdaptiveCard'"]
    version_missing = [] if "version" in card else ["card: version is missing"]
    return [*version_missing, *_faults(card, models.AdaptiveCard, "card"), *_ids_used_twice(card)]


def _faults(raw: Json, expected: Model, where: str) -> Iterator[str]:
    model = _model_of(raw, expected)
    if model is None:
        yield f"{where}: unknown type {raw.get('type')!r}"
        return
    properties = _properties(model)
    yield from (f"{where}: unknown property {name!r}" for name in raw if name not in properties)
    # The models declare everything optional; an empty string counts as missing.
    yield from (f"{where}: {name} is missing" for name in required_of(model) if raw.get(name) in (None, ""))
    yield from _own_faults(raw, model, where)
    if model is models.Image and not str(raw.get("url")).startswith(_DRAWN):
        yield f"{where}: Teams does not draw {str(raw.get('url'))[:40]!r}"
    if model is models.AdaptiveCard and _is_too_new(raw.get("version")):
        yield f"{where}: version {raw['version']!r} is newer than 1.5"
    for name, value in raw.items():
        if inner := properties.get(name):
            for path, child in _children(value, f"{where}.{name}"):
                yield from _faults(child, inner, path)


def _own_faults(raw: Json, model: Model, where: str) -> Iterator[str]:
    """The faults of this element only. Its children are judged separately, so minimal models replace them here."""
    properties = _properties(model)
    shallow = {name: _with_stand_ins(value, properties.get(name)) for name, value in raw.items() if name in properties}
    try:
        model.model_validate(shallow, strict=True)
    except ValidationError as wrong:
        for error in wrong.errors(include_url=False):
            if not _differs_in_case_only(error):
                yield f"{where}: {'.'.join(map(str, error['loc']))}: {error['msg']}"


def _differs_in_case_only(error: ErrorDetails) -> bool:
    """Card hosts read a choice of words in any case (`large`, `Large`), but not the name of a type."""
    given = error["input"]
    if error["type"] != "literal_error" or error["loc"] == ("type",) or not isinstance(given, str):
        return False
    return f"'{given}'".lower() in error["ctx"]["expected"].lower()


def _with_stand_ins(value: Any, inner: Model | None) -> Any:
    if inner is None:
        return value
    if isinstance(value, list):
        return [_with_stand_ins(item, inner) for item in value]
    return (_model_of(value, inner) or inner).model_construct() if isinstance(value, dict) else value


def _children(value: Any, where: str) -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        yield where, value
    if isinstance(value, list):
        yield from ((f"{where}[{index}]", item) for index, item in enumerate(value) if isinstance(item, dict))


def _model_of(raw: Json, expected: Model) -> Model | None:
    return _models_by_type().get(str(raw.get("type"))) if expected in _FAMILIES else expected


@cache
def _models_by_type() -> dict[str, Model]:
    all_models = (value for value in vars(models).values() if isinstance(value, type) and issubclass(value, _FAMILIES))
    # Several models share the type "Component": their name tells them apart, and no card of ours needs one.
    return {
        model.model_fields["type"].default: model
        for model in all_models
        if model not in _FAMILIES and model.model_fields["type"].default != "Component"
    }


@cache
def _properties(model: Model) -> dict[str, Model | None]:
    """The JSON names this model knows, each with the model of what stands there, if it is more than a plain value.

    Not asked of pydantic: it also takes the Python name of a field (`is_subtle`), which Teams ignores.
    """
    known = {str(field.validation_alias): _inner(field.annotation) for field in model.model_fields.values()}
    if model is models.AdaptiveCard:
        known["$schema"] = None  # the model calls it `schema`
        del known["schema"]
    if model is models.MentionedEntity:
        known["type"] = None  # as the documentation of mentions calls `mentionType`
    del known["key"]  # added by the package, not part of the schema
    return known


def _inner(annotation: Any) -> Model | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    parts = get_args(annotation)
    # Where any dictionary is allowed (`data`, `requires`), its contents are not checked.
    if any(get_origin(part) is dict for part in (annotation, *parts)):
        return None
    return next((found for part in parts if (found := _inner(part))), None)


def _is_too_new(version: object) -> bool:
    major, _, minor = str(version).partition(".")
    return major.isdigit() and minor.isdigit() and (int(major), int(minor)) > _NEWEST


def _ids_used_twice(card: Json) -> list[str]:
    """Teams sends one value an id, whichever form it is in."""
    ids = [str(element["id"]) for element in _everything_in(card) if _is_an_input(element) and "id" in element]
    return [f"card: input id {name!r} is used twice" for name in sorted(set(ids)) if ids.count(name) > 1]


def _is_an_input(element: Json) -> bool:
    return str(element.get("type")).startswith("Input.")


def _everything_in(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _everything_in(child)
