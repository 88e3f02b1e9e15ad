"""Reading the conversation, sender and language of an activity. No field is trusted to have the right type."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from dialogs.conversations.inbound import ConversationKind
from services.domain.people import PersonId, TeamsUser
from services.ports.teams import ConversationRef

_ID_AT_MOST = 250
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_WHERE = {
    "personal": ConversationKind.PERSONAL,
    "channel": ConversationKind.CHANNEL,
    "groupChat": ConversationKind.GROUP,
}


def dict_in(parent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object of that name; an empty one if it is missing or not an object."""
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def text_in(parent: Mapping[str, Any], name: str) -> str:
    """The text of that name; an empty one if it is missing or not a text."""
    value = parent.get(name)
    return value if isinstance(value, str) else ""


def conversation_type(activity: Mapping[str, Any]) -> ConversationKind | None:
    """The kind of conversation of an activity; `None` for an unknown kind."""
    return _WHERE.get(text_in(dict_in(activity, "conversation"), "conversationType"))


def conversation_of(activity: Mapping[str, Any]) -> ConversationRef | None:
    """The reference to an activity's chat, or to its channel (not the thread); `None` if the activity has none."""
    conversation = text_in(dict_in(activity, "conversation"), "id")
    service_url = text_in(activity, "serviceUrl")
    if not 0 < len(conversation) <= 500 or not service_url:
        return None
    # In a channel the conversation is a thread of it; we write to the channel.
    channel = conversation.partition(";messageid=")[0]
    team = text_in(dict_in(dict_in(activity, "channelData"), "team"), "id")[:500]
    return ConversationRef(id=channel, service_url=service_url[:500], locale=_locale(activity), team=team)


def sender_of(activity: Mapping[str, Any]) -> TeamsUser | None:
    """The sender of an activity, by their Entra object id; `None` without a valid one."""
    sender = dict_in(activity, "from")
    try:
        # Normalised: an id with braces, capitals or without dashes is the same person's.
        identity = str(UUID(text_in(sender, "aadObjectId")))
    except ValueError:
        return None
    return TeamsUser(id=PersonId(identity), name=text_in(sender, "name")[:200] or identity)


def activity_id(activity: Mapping[str, Any]) -> str:
    """The id of an activity, unique within its conversation. Without a usable id it is a hash of the activity, so that
    two different activities are never taken for duplicates."""
    given = text_in(activity, "id")
    if 0 < len(given) <= _ID_AT_MOST:
        return given
    return hashlib.sha256(json.dumps(activity, sort_keys=True).encode()).hexdigest()


def _locale(activity: Mapping[str, Any]) -> str:
    locale = text_in(activity, "locale")
    return locale if _LOCALE.fullmatch(locale) else "en-GB"
