"""Mentions in what the bot posts: checked as Teams understands them, and whom they notify."""

import re
from collections.abc import Iterator, Set
from typing import Any

from sandbox.people import PEOPLE, TAG_ID

_AT = re.compile(r"</?at>")
_MENTION = re.compile(r"<at>[^<>]+</at>")


def notified_by(activity: dict[str, Any], card: dict[str, Any] | None, team: Set[str], tagged: Set[str]) -> list[str]:
    """The keys of those whom a new message notifies: a mention counts where its text stands, and its entity beside it.

    Raises:
        ValueError: a mention without its entity or the reverse, a broken one, or one of nobody in the team.
    """
    said = _people([str(activity.get("text") or "")], activity.get("entities"), tagged)
    shown = _people([*_texts(card)], (card or {}).get("msteams", {}).get("entities"), tagged)
    if strangers := (said | shown) - team:
        raise ValueError(f"{', '.join(sorted(strangers))} cannot be mentioned here.")
    return sorted(said | shown)


def _people(texts: list[str], entities: Any, tagged: Set[str]) -> set[str]:
    written = [mention for text in texts for mention in _MENTION.findall(text)]
    if sum(len(_AT.findall(text)) for text in texts) != 2 * len(written):
        raise ValueError("A mention is broken.")
    named = [entity for entity in entities or [] if entity.get("type") == "mention"]
    if sorted(set(written)) != sorted(str(entity.get("text")) for entity in named):
        raise ValueError("The mentions and their entities are not the same.")
    return {key for entity in named for key in _meant(entity.get("mentioned"), tagged)}


def _meant(mentioned: Any, tagged: Set[str]) -> Set[str]:
    identity, name = (str(mentioned.get(field) or "") for field in ("id", "name"))
    if not name:
        raise ValueError("A mention names nobody.")
    if mentioned.get("type") == "tag":
        return tagged if identity == TAG_ID else {identity}
    known = (key for key, one in PEOPLE.items() if identity in (one.id, one.upn, one.teams_id))
    return {next(known, identity)}


def _texts(element: Any) -> Iterator[str]:
    """Texts in which Teams knows mentions: those of TextBlocks and of facts."""
    if isinstance(element, list):
        yield from (text for item in element for text in _texts(item))
    elif isinstance(element, dict):
        if element.get("type") == "TextBlock":
            yield str(element.get("text") or "")
        for fact in element["facts"] if element.get("type") == "FactSet" else []:
            yield from (str(fact.get("title") or ""), str(fact.get("value") or ""))
        yield from (text for value in element.values() for text in _texts(value))
