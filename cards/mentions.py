"""Naming people on a card so that Teams notifies them, which a plain post in a channel does not."""

import unicodedata
from collections.abc import Sequence
from itertools import count

from cards.elements import mention_line, to_json
from cards.fit import MESSAGE_AT_MOST, size_of
from cards.view import View
from services.domain.card import Card
from services.domain.mention import Mention

_NAME_AT_MOST = 60
_IN_A_NAME = "LMN"
"""Categories of characters: letters, marks and numbers."""


def mentioning(card: Card, mentions: Sequence[Mention], view: View) -> Card:
    """The card with one more line, which mentions them. Teams notifies of a new message only, so an updated card needs
    no such line.

    https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format#mention-support-within-adaptive-cards"""
    drawn = card
    while mentions and size_of(drawn := _with_line(card, mentions, view)) > MESSAGE_AT_MOST:
        mentions, drawn = mentions[:-1], card  # the card matters more than who is notified of it
    return drawn


def _with_line(card: Card, mentions: Sequence[Mention], view: View) -> Card:
    names = _told_apart([_plain(mention.name) or view.words("mention.unnamed") for mention in mentions])
    entities = [_entity(mention, name) for mention, name in zip(mentions, names, strict=True)]
    said = view.words("mention.line", names=", ".join(str(entity["text"]) for entity in entities))
    msteams = {**card.get("msteams", {}), "entities": entities}
    return {**card, "body": [*card["body"], to_json(mention_line(said))], "msteams": msteams}


def _entity(mention: Mention, name: str) -> dict[str, object]:
    # Teams' documentation and its card models name the same thing differently.
    tag = {"type": "tag", "mentionType": "Tag"} if mention.is_tag else {}
    mentioned = {"id": mention.id, "name": name, **tag}
    return {"type": "mention", "text": f"<at>{name}</at>", "mentioned": mentioned}


def _plain(name: str) -> str:
    """The name without anything that Teams could take for markup: letters, digits, hyphens, apostrophes and single
    blanks. A line with a mention is a TextBlock, in which markdown is read."""
    kept = (char if unicodedata.category(char)[0] in _IN_A_NAME or char in "-'’" else " " for char in name)
    plain = " ".join("".join(kept).split())[:_NAME_AT_MOST].strip()
    return plain if any(char.isalnum() for char in plain) else ""


def _told_apart(names: Sequence[str]) -> list[str]:
    """Teams finds the person by the text of the mention, so two of one name need two texts."""
    apart: list[str] = []
    for name in names:
        others = (f"{name} {number}" for number in count(2))
        apart.append(name if name not in apart else next(other for other in others if other not in apart))
    return apart
