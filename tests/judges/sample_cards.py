"""Cards to try the judges on: rich ones they must pass, broken ones with the judge that must refuse them."""

from typing import Any

Json = dict[str, Any]


def card(*body: Any, actions: list[Json] | None = None, **more: Any) -> Json:
    return {"type": "AdaptiveCard", "version": "1.5", "body": list(body), "actions": actions or [], **more}


def columns(*items: Json) -> Json:
    return {"type": "ColumnSet", "columns": [{"type": "Column", "width": "auto", "items": list(items)}]}


def rich_text(**run: Any) -> Json:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", **run}]}


def table(*cell: Json) -> Json:
    row = {"type": "TableRow", "cells": [{"type": "TableCell", "items": list(cell)}]}
    return {"type": "Table", "columns": [{"width": 1}], "rows": [row]}


def choices(*choices: Any, **more: Any) -> Json:
    return {"type": "Input.ChoiceSet", "id": "choice", "label": "Choose", "choices": list(choices), **more}


def form(*body: Json, **more: Any) -> Json:
    return {"type": "Action.ShowCard", "title": "Open", "card": {**card(*body, actions=[EXECUTE]), **more}}


def refresh(**action: Any) -> Json:
    return {"action": {"type": "Action.Execute", **action}, "userIds": ["29:ana"]}


def without(name: str, element: Json) -> Json:
    return {key: value for key, value in element.items() if key != name}


TEXT: Json = {"type": "TextBlock", "text": "hello", "wrap": True, "size": "Large", "weight": "bolder"}
EXECUTE: Json = {"type": "Action.Execute", "title": "Go", "verb": "go", "data": {"case": 1}, "style": "positive"}
LINK: Json = {"type": "Action.OpenUrl", "title": "Open", "url": "https://example.com"}
NOTE: Json = {"type": "Input.Text", "id": "note", "label": "Note", "isMultiline": True, "maxLength": 500}
TICK: Json = {
    "type": "Input.Toggle",
    "id": "tick",
    "title": "Yes",
    "label": "Sure?",
    "isRequired": True,
    "errorMessage": "Tick it",
}
YES: Json = {"title": "Yes", "value": "yes"}
FACT: Json = {"title": "Since", "value": "14:02"}
CHART: Json = {"type": "Chart.Donut", "data": [{"legend": "sent", "value": 3}]}

GOOD: dict[str, Json] = {
    "texts": card(TEXT, rich_text(text="a", weight="Bolder"), {"type": "FactSet", "facts": [FACT]}),
    "containers": card({"type": "Container", "style": "warning", "items": [columns(TEXT)], "selectAction": EXECUTE}),
    "inputs": card(NOTE, TICK, choices(YES, style="expanded"), {"type": "Input.Number", "id": "count", "label": "n"}),
    "two forms": card(TEXT, actions=[form(NOTE), form({**NOTE, "id": "reason"}), LINK]),
    "a refreshing table": card(
        table(TEXT), refresh=refresh(verb="show"), msteams={"width": "Full"}, fallbackText="x", speak="x"
    ),
    "a fallback and a picture": card({**TEXT, "fallback": TEXT}, {"type": "Image", "url": "https://example.com/a.png"}),
    "six buttons in the body": card({"type": "ActionSet", "actions": [EXECUTE] * 6}),
    "a chart, which only Teams knows": card(CHART),
    "a named schema": card(TEXT) | {"$schema": "http://adaptivecards.io/schemas/adaptive-card.json"},
}

BROKEN_FOR_BOTH: dict[str, Json] = {
    "unknown element": card({"type": "TextBloc", "text": "x"}),
    "element without a type": card({"text": "x"}),
    "unknown action": card(actions=[{"type": "Action.Explode", "title": "x"}]),
    "wrong word": card({**TEXT, "size": "gigantic"}),
    "action among the elements": card(EXECUTE),
    "element among the actions": card(actions=[TEXT]),
    "link to nowhere": card(actions=[without("url", LINK)]),
    "button that opens nothing": card(actions=[{"type": "Action.ShowCard", "title": "x"}]),
    "same input twice": card(NOTE, NOTE),
    "same input in two forms": card(actions=[form(NOTE), form(NOTE)]),
    "input without an id": card(without("id", NOTE)),
    "choice without a value": card(choices({"title": "Yes"})),
    "choices that are words": card(choices("yes")),
    "no card at all": {"type": "Container", "items": [TEXT]},
}

BROKEN_FOR_THE_PARSER: dict[str, Json] = {
    "nothing to choose": card(choices()),
    "required, but no word of what is wrong": card(without("errorMessage", TICK)),
    "required, but not labelled": card(without("label", TICK)),
    "seven buttons": card(actions=[EXECUTE] * 7),
    "same id on two texts": card({**TEXT, "id": "a"}, {**TEXT, "id": "a"}),
}

BROKEN_FOR_THE_MODELS: dict[str, Json] = {
    "misspelt property": card({**TEXT, "warp": True}),
    "property of the models' Python": card({**TEXT, "is_subtle": True}),
    "misspelt in a form": card(actions=[form({**NOTE, "lable": "x"})]),
    "misspelt in a column": card(columns({**TEXT, "colour": "Good"})),
    "misspelt in a cell": card(table({**TEXT, "colour": "Good"})),
    "misspelt run": card(rich_text(text="x", bold=True)),
    "misspelt fact": card({"type": "FactSet", "facts": [{**FACT, "titel": "x"}]}),
    "misspelt choice": card(choices({**YES, "valeu": "x"})),
    "misspelt action": card(actions=[{**EXECUTE, "vreb": "go"}]),
    "misspelt selectAction": card({"type": "Container", "items": [TEXT], "selectAction": {**EXECUTE, "vreb": "x"}}),
    "misspelt inlineAction": card({**NOTE, "inlineAction": {**EXECUTE, "vreb": "x"}}),
    "misspelt fallback": card({**TEXT, "fallback": {**TEXT, "txet": "x"}}),
    "misspelt for Teams": card(TEXT, msteams={"widht": "Full"}),
    "misspelt refresh": card(TEXT, refresh={**refresh(verb="show"), "users": []}),
    "misspelt chart": card({**CHART, "titel": "x"}),
    "button without a verb": card(actions=[without("verb", EXECUTE)]),
    "refresh without a verb": card(TEXT, refresh=refresh()),
    "text block without text": card(without("text", TEXT)),
    "run without text": card(rich_text()),
    "text of null": card({**TEXT, "text": None}),
    "number for text": card({**TEXT, "text": 5}),
    "text for a number": card({**NOTE, "maxLength": "5"}),
    "text for yes or no": card({**TEXT, "wrap": "true"}),
    "body that is no list": {**card(), "body": TEXT},
    "tick box without a title": card({**without("title", TICK), "isRequired": False}),
    "picture that Teams does not draw": card({"type": "Image", "url": "data:image/svg+xml;base64,PHN2Zz4="}),
    "picture without encryption": card({"type": "Image", "url": "http://example.com/a.png"}),
    "version too new": card(TEXT) | {"version": "1.6"},
    "version too new in a form": card(actions=[form(TEXT, version="1.6")]),
    "version that is a number": card(TEXT) | {"version": 1.5},
    "no version": without("version", card(TEXT)),
}
