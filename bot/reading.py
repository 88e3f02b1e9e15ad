"""An activity becomes a value, or nothing. Pure, and trusts no field to have the type it should."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from dialogs.heard import Clicked, Said, Where
from services.domain.people import Clicker, PersonId
from services.ports import Heard, Place

_TEXT_AT_MOST = 100_000
_INPUTS_AT_MOST = 50
_VALUE_AT_MOST = 20_000
_WHERE = {"personal": Where.PERSONAL, "channel": Where.CHANNEL, "groupChat": Where.GROUP}


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """The bot was installed for a person."""

    by: Clicker
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The bot was added to a team or a channel of it."""

    place: Place
    by: Clicker | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """The bot was removed from a chat or a team."""

    place: Place


Read: TypeAlias = Said | Clicked | Met | Joined | Left


def read(activity: Mapping[str, Any]) -> Read | None:
    """What the activity says to us; `None` where it says nothing we know (edits, reactions, typing, …)."""
    kind = activity.get("type")
    place, by = _place(activity), _sender(activity)
    where = _WHERE.get(_text(_dict(activity, "conversation"), "conversationType"))
    if place is None:
        return None
    if kind in ("installationUpdate", "conversationUpdate"):
        return _installation(activity, place, by, where)
    if by is None or where is None:
        return None
    heard = Heard(conversation=_text(_dict(activity, "conversation"), "id"), activity=_text(activity, "id"))
    if kind == "invoke" and activity.get("name") == "adaptiveCard/action":
        return _clicked(_dict(_dict(activity, "value"), "action"), by, where, place, heard)
    if kind == "message" and isinstance(activity.get("value"), dict):
        return _submitted(_dict(activity, "value"), by, where, place, heard)
    if kind == "message":
        said, files = _said(activity), _has_file(activity)
        return Said(by=by, text=said, where=where, place=place, heard=heard, has_file=files)
    return None


def _clicked(action: Mapping[str, Any], by: Clicker, where: Where, place: Place, heard: Heard) -> Clicked:
    data = _dict(action, "data")
    return Clicked(
        by=by,
        verb=_text(action, "verb")[:40],
        number=data.get("case"),
        inputs=_inputs(data),
        where=where,
        place=place,
        heard=heard,
    )


def _submitted(value: Mapping[str, Any], by: Clicker, where: Where, place: Place, heard: Heard) -> Clicked:
    """`Action.Submit`: the same button in a client that knows no `Action.Execute`."""
    return Clicked(
        by=by,
        verb=_text(value, "verb")[:40],
        number=value.get("case"),
        inputs=_inputs(value),
        where=where,
        place=place,
        heard=heard,
    )


def _inputs(data: Mapping[str, Any]) -> dict[str, str]:
    texts = ((name, value) for name, value in data.items() if isinstance(value, str))
    return {name[:40]: value[:_VALUE_AT_MOST] for name, value in list(texts)[:_INPUTS_AT_MOST]}


def _installation(
    activity: Mapping[str, Any], place: Place, by: Clicker | None, where: Where | None
) -> Met | Joined | Left | None:
    ours = _text(_dict(activity, "recipient"), "id")
    if activity.get("type") == "installationUpdate":
        if activity.get("action") == "remove":
            return Left(place=place)
        if where is Where.PERSONAL:
            return Met(by=by, place=place) if by else None
        return Joined(place=place, by=by) if where is Where.CHANNEL else None
    if ours and ours in _ids(activity, "membersRemoved"):
        return Left(place=place)
    # An installation is announced twice; the other announcement is the one that is answered.
    return None


def _ids(activity: Mapping[str, Any], name: str) -> set[str]:
    members = activity.get(name)
    return (
        {_text(member, "id") for member in members if isinstance(member, dict)} if isinstance(members, list) else set()
    )


def _place(activity: Mapping[str, Any]) -> Place | None:
    conversation = _text(_dict(activity, "conversation"), "id")
    service_url = _text(activity, "serviceUrl")
    if not 0 < len(conversation) <= 500 or not service_url:
        return None
    # In a channel the conversation is a thread of it; we write to the channel.
    channel = conversation.partition(";messageid=")[0]
    return Place(conversation=channel, service_url=service_url[:500], locale=_locale(activity))


def _locale(activity: Mapping[str, Any]) -> str:
    locale = _text(activity, "locale")
    return locale if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", locale) else "en-GB"


def _sender(activity: Mapping[str, Any]) -> Clicker | None:
    sender = _dict(activity, "from")
    identity = _text(sender, "aadObjectId")
    if not identity or len(identity) > 64:
        return None
    return Clicker(id=PersonId(identity.casefold()), name=_text(sender, "name")[:200] or identity)


def _said(activity: Mapping[str, Any]) -> str:
    """The words without the mention of us; Teams sends some clients' text as XML or HTML."""
    text = _text(activity, "text")[:_TEXT_AT_MOST]
    ours = _text(_dict(activity, "recipient"), "id")
    entities = activity.get("entities")
    for entity in entities if isinstance(entities, list) else []:
        if isinstance(entity, dict) and entity.get("type") == "mention":
            mention = _text(entity, "text")
            if mention and _text(_dict(entity, "mentioned"), "id") == ours:
                text = text.replace(mention, " ", 1)
    if activity.get("textFormat") in ("xml", "html"):
        text = html.unescape(re.sub(r"<[^<>]{0,200}>", " ", text))
    return text.replace("\xa0", " ").strip()


def _has_file(activity: Mapping[str, Any]) -> bool:
    attachments = activity.get("attachments")
    if not isinstance(attachments, list):
        return False
    kinds = [_text(item, "contentType") for item in attachments if isinstance(item, dict)]
    return any(kind and not kind.startswith("text/html") for kind in kinds)


def _dict(parent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def _text(parent: Mapping[str, Any], name: str) -> str:
    value = parent.get(name)
    return value if isinstance(value, str) else ""
