"""The judges themselves: they refuse what is broken and pass what is not."""

from typing import Any

import pytest

from tests.judges.judges import judge_all


def card(*body: dict[str, Any], actions: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    return {"type": "AdaptiveCard", "version": "1.5", "body": list(body), "actions": actions or [], **more}


TEXT = {"type": "TextBlock", "text": "hello", "wrap": True}
EXECUTE = {"type": "Action.Execute", "title": "Go", "verb": "go", "data": {"case": 1}}
INPUT = {"type": "Input.Text", "id": "note", "label": "Note"}
RICH = {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "a"}]}

GOOD = {
    "text": card(TEXT),
    "rich": card(RICH),
    "form": card(TEXT, actions=[{"type": "Action.ShowCard", "title": "Open", "card": card(INPUT, actions=[EXECUTE])}]),
    "columns": card({"type": "ColumnSet", "columns": [{"type": "Column", "width": "auto", "items": [TEXT]}]}),
    "toggle": card(
        {"type": "Input.Toggle", "id": "t", "label": "Sure?", "title": "Yes", "isRequired": True, "errorMessage": "x"}
    ),
}
BROKEN: dict[str, tuple[str, dict[str, Any]]] = {
    "unknown element": ("models", card({"type": "TextBloc", "text": "x"})),
    "misspelt property": ("models", card({**TEXT, "wrapp": True})),
    "wrong enum": ("models", card({**TEXT, "size": "gigantic"})),
    "unknown action": ("models", card(actions=[{"type": "Action.Explode", "title": "x"}])),
    "no verb": ("models", card(actions=[{"type": "Action.Execute", "title": "Go"}])),
    "version too new": ("models", {**card(TEXT), "version": "1.9"}),
    "no version": ("models", {"type": "AdaptiveCard", "body": [TEXT]}),
    "duplicate input": ("models", card(INPUT, INPUT)),
    "input without id": ("parser", card({"type": "Input.Text", "label": "x"})),
    "misspelt in a form": (
        "models",
        card(actions=[{"type": "Action.ShowCard", "title": "x", "card": card({**INPUT, "lable": "x"})}]),
    ),
    "misspelt in a column": (
        "models",
        card({"type": "ColumnSet", "columns": [{"type": "Column", "items": [{**TEXT, "colour": "x"}]}]}),
    ),
    "misspelt run": (
        "models",
        card({"type": "RichTextBlock", "inlines": [{"type": "TextRun", "txt": "x", "text": "y"}]}),
    ),
    "unknown element for the parser": ("parser", card({"type": "Nothing"})),
    "no url": ("parser", card(actions=[{"type": "Action.OpenUrl", "title": "x"}])),
    "text that is a list": ("models", card({"type": "TextBlock", "text": ["x"]})),
    "toggle without title": ("models", card({"type": "Input.Toggle", "id": "t"})),
    "required without label or error": ("parser", card({"type": "Input.Text", "id": "x", "isRequired": True})),
}
_VERDICTS: dict[str, list[str]] = {}


def verdicts() -> dict[str, list[str]]:
    if not _VERDICTS:
        _VERDICTS.update(judge_all({**GOOD, **{name: broken for name, (_, broken) in BROKEN.items()}}))
    return _VERDICTS


@pytest.mark.parametrize("name", GOOD)
def test_a_good_card_passes_both(name: str) -> None:
    assert verdicts()[name] == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_card_is_refused(name: str) -> None:
    judge = BROKEN[name][0]
    assert any(complaint.startswith(judge) for complaint in verdicts()[name]), verdicts()[name]
