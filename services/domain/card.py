"""A finished card, as the code that stores or sends it sees it."""

from typing import Any, TypeAlias

Card: TypeAlias = dict[str, Any]
"""An Adaptive Card as JSON, ready to be sent. https://adaptivecards.io/explorer/"""


class Remark(dict[str, Any]):
    """A card of one sentence that takes no other's place: whoever pressed a button reads the sentence below the card
    that they see, and can press again."""

    def __init__(self, card: Card, text: str) -> None:
        super().__init__(card)
        self.text = text
