"""Finished cards through the SDK as they are. Its models read each card into objects, copy it deeply and write it out
again, which took more of a reply than everything else together; a card is JSON already and changed by nobody."""

from typing import Any

from botbuilder.schema import Activity, Attachment

from services.domain.card import Card

CARD_TYPE = "application/vnd.microsoft.card.adaptive"


class FinishedCard:
    """A card that the SDK passes on without looking into it."""

    __slots__ = ("card",)

    def __init__(self, card: Card) -> None:
        self.card = card


def card_activity(card: Card, summary: str) -> Activity:
    """A message with one card, for the SDK to send."""
    attachment = Attachment(content_type=CARD_TYPE, content=FinishedCard(card))
    return Activity(type="message", summary=summary, attachments=[attachment], input_hint="acceptingInput")


def as_json(model: Any) -> Any:
    """What the SDK's own `serialize` makes of an activity: fields by their names on the wire, without those that are
    not set. Times, which none of our replies has, are left to it."""
    if isinstance(model, FinishedCard):
        return model.card
    if isinstance(model, list):
        return [as_json(one) for one in model]
    names = getattr(model, "_attribute_map", None)
    if names is None:
        return model
    # In the order of its constructor, which is the map's, without a look at all that could be set.
    set_ones = ((name, value) for name, value in vars(model).items() if value is not None and name in names)
    return {names[name]["key"]: as_json(value) for name, value in set_ones}
