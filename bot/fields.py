"""What every activity says of where, who and in which language; no field is trusted to have the type it should."""

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
_WHERE = {
    "personal": ConversationKind.PERSONAL,
    "channel": ConversationKind.CHANNEL,
    "groupChat": ConversationKind.GROUP,
}


def dict_in(parent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object of that name, or an empty one."""
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def text_in(parent: Mapping[str, Any], name: str) -> str:
    """The text of that name, or an empty one."""
    value = parent.get(name)
    return value if isinstance(value, str) else ""


def conversation_type(activity: Mapping[str, Any]) -> ConversationKind | None:
    """What kind of conversation it happened in; `None` for a kind we do not know."""
    return _WHERE.get(text_in(dict_in(activity, "conversation"), "conversationType"))


def conversation_of(activity: Mapping[str, Any]) -> ConversationRef | None:
    """Where an answer would go: the chat, or the channel (not the thread) it happened in."""
    conversation = text_in(dict_in(activity, "conversation"), "id")
    service_url = text_in(activity, "serviceUrl")
    if not 0 < len(conversation) <= 500 or not service_url:
        return None
    # In a channel the conversation is a thread of it; we write to the channel.
    channel = conversation.partition(";messageid=")[0]
    team = text_in(dict_in(dict_in(activity, "channelData"), "team"), "id")[:500]
    return ConversationRef(id=channel, service_url=service_url[:500], locale=_locale(activity), team=team)


def sender_of(activity: Mapping[str, Any]) -> TeamsUser | None:
    """Who sent it, by the Entra object id that the signed activity carries."""
    sender = dict_in(activity, "from")
    try:
        # One spelling: braces, capitals or missing dashes are the same person.
        identity = str(UUID(text_in(sender, "aadObjectId")))
    except ValueError:
        return None
    return TeamsUser(id=PersonId(identity), name=text_in(sender, "name")[:200] or identity)


def activity_id(activity: Mapping[str, Any]) -> str:
    """What tells one activity from another in its conversation. Whatever comes without a usable id is told apart by
    its content: no two of them swallow each other."""
    given = text_in(activity, "id")
    if 0 < len(given) <= _ID_AT_MOST:
        return given
    return hashlib.sha256(json.dumps(activity, sort_keys=True).encode()).hexdigest()


def _locale(activity: Mapping[str, Any]) -> str:
    locale = text_in(activity, "locale")
    return locale if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", locale) else "en-GB"
