"""What of a card is seen before anybody presses a button: without forms, and without what "More" shows."""

from typing import Any

from services.domain.card import Card


def at_one_look(card: Card) -> Card:
    """The card without what is hidden and without what its buttons unfold."""
    return {key: _seen(value) for key, value in card.items()}


def buttons_seen(card: Card) -> list[dict[str, Any]]:
    """The buttons of the card itself, in their order."""
    return list(_buttons(at_one_look(card)))


def behind_more(card: Card) -> list[dict[str, Any]]:
    """What "More" shows."""
    return [item for item in card["body"] if item.get("isVisible") is False]


def _seen(value: Any) -> Any:
    if isinstance(value, list):
        return [_seen(one) for one in value if not (isinstance(one, dict) and one.get("isVisible") is False)]
    if isinstance(value, dict):
        return {key: _seen(one) for key, one in value.items() if key != "card"}
    return value


def _buttons(value: Any) -> Any:
    if isinstance(value, list):
        for one in value:
            yield from _buttons(one)
    elif isinstance(value, dict):
        if str(value.get("type", "")).startswith("Action."):
            yield value
        else:
            yield from _buttons(list(value.values()))
