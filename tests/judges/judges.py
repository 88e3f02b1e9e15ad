"""Two judges for every card: Microsoft's JavaScript parser, and the models of `microsoft-teams-cards`.

Each is lenient by itself: the parser passes unknown properties, the models pass unknown element types."""

from collections.abc import Mapping
from typing import Any

from tests.judges.model_judge import complaints_of_the_models
from tests.judges.parser_judge import complaints_of_the_parser


def judge(card: dict[str, Any]) -> list[str]:
    """Returns every complaint about this card, each beginning with its judge; an empty list where there is none."""
    return judge_all({"card": card})["card"]


def judge_all(cards: Mapping[str, dict[str, Any]]) -> dict[str, list[str]]:
    """As `judge`, for many cards at once: Node starts only one time."""
    parsed = complaints_of_the_parser(cards)
    return {
        name: [
            *(f"parser: {complaint}" for complaint in parsed[name]),
            *(f"models: {complaint}" for complaint in complaints_of_the_models(card)),
        ]
        for name, card in cards.items()
    }
