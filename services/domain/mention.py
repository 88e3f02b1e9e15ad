"""Whom a card names so that Teams notifies them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A person, by their Entra object id, or a tag of a team, by its id in Microsoft Graph."""

    id: str
    name: str
    is_tag: bool = False
